use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(file = "tests/ui/file/good.toml", scopes(READ_USER = "read:user"))]
struct Alpha;

fn main() {}
