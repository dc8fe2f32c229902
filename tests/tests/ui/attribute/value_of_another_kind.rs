use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", scopes(open = "yes"))]
struct Alpha;

fn main() {}
