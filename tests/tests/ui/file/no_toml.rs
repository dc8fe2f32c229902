use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(file = "tests/ui/file/no_toml.toml")]
struct Alpha;

fn main() {}
