//! The providers of the races.

use oauth_runtime::OAuthProvider;

/// A provider that replaces the refresh token with every refresh.
#[derive(OAuthProvider, Debug, Clone)]
#[oauth(
    name = "Strict",
    authorization_endpoint = "https://strict.example/authorize",
    token_endpoint = "https://strict.example/token",
    token_endpoint_auth_methods = ["client_secret_basic"],
    refresh(support = "rotating")
)]
pub struct Strict;

/// Another one, which hangs.
#[derive(OAuthProvider, Debug, Clone)]
#[oauth(
    name = "Hung",
    authorization_endpoint = "https://hung.example/authorize",
    token_endpoint = "https://hung.example/token",
    token_endpoint_auth_methods = ["client_secret_basic"],
    refresh(support = "rotating")
)]
pub struct Hung;

/// Where users come back.
pub const REDIRECT_URI: &str = "https://app.example/callback";
