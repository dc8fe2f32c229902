use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(fil = "providers/alpha.toml")]
struct Alpha;

fn main() {}
