use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth = "https://alpha.example"]
struct Alpha;

fn main() {}
