use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(file = "../alpha.toml")]
struct Alpha;

fn main() {}
