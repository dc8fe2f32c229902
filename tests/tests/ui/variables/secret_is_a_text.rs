use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://id.example",
    token_endpoint_auth_methods = ["client_secret_post"],
    variables(api_key(secret = true)),
    token(params(key = "{api_key}")),
)]
struct Weather {
    api_key: String,
}

fn main() {}
