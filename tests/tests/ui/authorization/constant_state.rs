use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", authorization(params(state = "fixed")))]
struct Alpha;

fn main() {}
