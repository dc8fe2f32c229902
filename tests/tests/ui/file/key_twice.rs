use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(file = "tests/ui/file/key_twice.toml")]
struct Alpha;

fn main() {}
