use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", token_endpoint_auth_methods = ["client_secret_pots"])]
struct Alpha;

fn main() {}
