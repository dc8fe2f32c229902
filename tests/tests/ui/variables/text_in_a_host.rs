use oauth_runtime::{OAuthProvider, variable::Text};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://{shop}.shops.example", variables(shop(description = "The shop")))]
struct Shops {
    shop: Text,
}

fn main() {}
