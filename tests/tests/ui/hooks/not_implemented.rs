use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(
    token_endpoint = "https://id.example.com/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    hooks(sign_token_request = true)
)]
struct Example;

fn main() {}
