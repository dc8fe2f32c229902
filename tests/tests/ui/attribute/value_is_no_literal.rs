use oauth_runtime::OAuthProvider;

const BASE: &str = "https://alpha.example";

#[derive(OAuthProvider)]
#[oauth(base_uri = BASE)]
struct Alpha;

fn main() {}
