use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(file = "/etc/alpha.toml")]
struct Alpha;

fn main() {}
