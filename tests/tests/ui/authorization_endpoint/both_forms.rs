use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://alpha.example",
    authorization_endpoint = "https://alpha.example/authorize",
    authorization_path = "/authorize",
)]
struct Alpha;

fn main() {}
