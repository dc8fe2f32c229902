use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://alpha.example",
    scopes(default = ["read:users"], READ_USER = "read:user"),
)]
struct Alpha;

fn main() {}
