//! Whoever denies `missing_docs` has to document their own items, and nothing that we write.
#![deny(missing_docs)]

use oauth_runtime::{OAuthProvider, variable::HostLabel};

/// Shops.
#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://{shop}.shops.{region}",
    variables(shop(format = "host_label", suffix = ".shops.example"), region(enum = ["com", "eu"])),
    scopes(READ_ORDERS = "read_orders"),
)]
pub struct Shops {
    /// The shop.
    pub shop: HostLabel,
    /// Where its data lie.
    pub region: ShopsRegion,
}

pub fn undocumented() {}

fn main() {}
