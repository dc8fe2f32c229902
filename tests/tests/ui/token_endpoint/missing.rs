use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(authorization_endpoint = "https://alpha.example/authorize")]
struct Alpha;

fn main() {}
