use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", encoding = "json")]
struct Alpha;

fn main() {}
