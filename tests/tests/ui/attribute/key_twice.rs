use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", base_uri = "https://beta.example")]
struct Alpha;

fn main() {}
