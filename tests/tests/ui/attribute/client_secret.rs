use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", client_secret = "hunter2")]
struct Alpha;

fn main() {}
