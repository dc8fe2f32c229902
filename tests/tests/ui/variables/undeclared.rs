use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://{shop}.shops.example")]
struct Shops;

fn main() {}
