use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(file = "tests/ui/file/nowhere.toml")]
struct Alpha;

fn main() {}
