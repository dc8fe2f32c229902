//! `#[derive(OAuthProvider)]`: a provider of OAuth 2.0 from attributes or from a TOML file.
//!
//! Use it through `oauth-runtime`, which re-exports it beside the trait. The work is done in `oauth-codegen`.

use proc_macro::TokenStream;
use std::{env, path::PathBuf};

/// Makes a struct an OAuth 2.0 provider, by the definition in its `#[oauth(..)]` attribute.
///
/// `#[oauth(file = "providers/github.toml")]` reads the definition from a file below the folder of your `Cargo.toml`.
/// Otherwise the attribute holds the same keys as a file: `key = "value"`, tables as `token(method = "GET")`, scopes as
/// constants with their texts as doc comments. Each variable of the definition is a field of its name.
///
/// ```
/// use oauth_runtime::OAuthProvider;
///
/// #[derive(OAuthProvider, Clone)]
/// #[oauth(
///     base_uri = "https://stackoverflow.com",
///     authorization_path = "/oauth",
///     access_token_path = "/oauth/access_token/json",
///     token_endpoint_auth_methods = ["client_secret_post"],
///     scopes(
///         separator = ",",
///         /// The token does not lapse.
///         NO_EXPIRY = "no_expiry",
///     ),
/// )]
/// pub struct StackExchange;
/// ```
#[proc_macro_derive(OAuthProvider, attributes(oauth))]
pub fn derive(input: TokenStream) -> TokenStream {
    let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    oauth_codegen::derive(input.into(), &root).into()
}
