use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(file = "tests/ui/file/variable.toml")]
struct Alpha;

fn main() {}
