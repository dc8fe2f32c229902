use oauth_runtime::{OAuthProvider, variable::HostLabel};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://shops.example", variables(shop(format = "host_label")))]
struct Shops {
    shop: HostLabel,
}

fn main() {}
