use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri)]
struct Alpha;

fn main() {}
