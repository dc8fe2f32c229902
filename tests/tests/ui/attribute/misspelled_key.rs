use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(
    authorization_endpont = "https://alpha.example/authorize",
    token_endpoint = "https://alpha.example/token",
)]
struct Alpha;

fn main() {}
