use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(file = "tests/ui/file/linked.toml")]
struct Alpha;

fn main() {}
