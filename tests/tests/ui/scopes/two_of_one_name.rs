use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", scopes("read:user" = "Read", "read.user" = "Read too"))]
struct Alpha;

fn main() {}
