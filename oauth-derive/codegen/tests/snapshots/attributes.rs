#[oauth(
    base_uri = "https://stackoverflow.com",
    authorization_path = "/oauth",
    access_token_path = "/oauth/access_token/json",
    token_endpoint_auth_methods = ["client_secret_post"],
    scope_separator = ",",
    scopes(
        /// The token does not lapse.
        NO_EXPIRY = "no_expiry",
    ),
    refresh(support = "none"),
)]
pub struct StackExchange;
