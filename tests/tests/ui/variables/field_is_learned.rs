use oauth_runtime::{OAuthProvider, variable::HttpsUrl};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://id.example",
    token_endpoint_auth_methods = ["client_secret_post"],
    variables(api_domain(from = "token.api_domain", format = "https_url")),
    api(base_url = "{api_domain}"),
)]
struct Suite {
    api_domain: HttpsUrl,
}

fn main() {}
