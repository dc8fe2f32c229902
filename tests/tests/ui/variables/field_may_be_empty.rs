use oauth_runtime::{OAuthProvider, variable::HostLabel};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://{shop}.shops.example", variables(shop(format = "host_label")))]
struct Shops {
    shop: Option<HostLabel>,
}

fn main() {}
