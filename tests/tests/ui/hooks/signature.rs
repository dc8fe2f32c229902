use oauth_runtime::{
    OAuthProvider,
    hook::{HookError, TokenResponse},
};

#[derive(OAuthProvider)]
#[oauth(
    token_endpoint = "https://id.example.com/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    hooks(token_response = true)
)]
struct Example;

impl TokenResponse for Example {
    fn token_response(body: &str) -> Result<Vec<u8>, HookError> {
        Ok(body.as_bytes().to_vec())
    }
}

fn main() {}
