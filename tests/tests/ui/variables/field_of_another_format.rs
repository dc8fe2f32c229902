use oauth_runtime::{OAuthProvider, variable::PathSegment};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://{shop}.shops.example", variables(shop(format = "host_label")))]
struct Shops {
    shop: PathSegment,
}

fn main() {}
