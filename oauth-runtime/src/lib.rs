//! OAuth 2.0 clients from declarations.
//!
//! A provider is data, a TOML file or attributes on a struct; the compiler turns it into a type, and this crate does the
//! rest: the authorization request with state and PKCE, the callback, the exchange, the refresh and the API call.
//!
//! ```
//! use oauth_runtime::{AuthCodeFlow, Callback, Credentials, Error, OAuthProvider};
//!
//! /// Questions and answers.
//! #[derive(OAuthProvider)]
//! #[oauth(
//!     name = "Stack Exchange",
//!     base_uri = "https://stackoverflow.com",
//!     authorization_path = "/oauth",
//!     access_token_path = "/oauth/access_token/json",
//!     token_endpoint_auth_methods = ["client_secret_post"],
//!     scopes(separator = ",", NO_EXPIRY = "no_expiry")
//! )]
//! pub struct StackExchange;
//!
//! # async fn login() -> Result<(), Error> {
//! let credentials = Credentials::confidential("id", "secret");
//! let flow = AuthCodeFlow::new(StackExchange, credentials, "https://app.example/callback")?;
//!
//! // Send the user to `url`, and keep `pending` for this user's browser alone.
//! let (url, pending) = flow.begin([StackExchange::NO_EXPIRY]).into_parts();
//!
//! // The user is back with a query.
//! # let query = "";
//! let tokens = flow.finish(Callback::new(query, pending)).await?;
//! flow.session("ada").adopt(tokens).await?;
//!
//! // From now on:
//! let token = flow.session("ada").access_token().await?;
//! # Ok(()) }
//! ```
//!
//! # Features
//!
//! - `derive` (default): `#[derive(OAuthProvider)]`.
//! - `reqwest` (default): requests by reqwest with rustls on ring. Without it, [`AuthCodeFlow::transport`] takes another client.
//! - `tracing`: what happens to grants as events of `tracing`; see [`GrantEvent`].
//! - `axum`: a begun authorization is a response, a callback is an extractor.
//! - `hmac`: callbacks that the provider signs, as Shopify does.
//! - `private-key`: `PrivateKey::from_pem`, for providers that want a signature in place of a secret.

// Generated code names this crate as `::oauth_runtime`, in its own tests too.
extern crate self as oauth_runtime;
// Tasks and channels by which Shuttle tries schedules.
#[cfg(all(test, shuttle))]
extern crate shuttle_tokio as tokio;

mod address;
mod api;
mod authentication;
mod authorization;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg(oauth_bench)]
#[doc(hidden)]
pub mod bench;
mod callback;
mod chosen;
mod client;
mod code;
mod core;
mod credentials;
mod entry;
mod error;
mod event;
mod exchange;
mod form_post;
pub mod hook;
mod learned;
mod moment;
mod named;
mod pending;
mod private_key;
pub mod provider;
mod random;
mod rare;
mod record;
mod redirect;
mod refresh;
mod return_to;
mod revocation;
#[cfg(all(test, shuttle))]
mod schedules;
mod scope;
mod scopes;
mod secret;
mod session;
#[cfg(feature = "hmac")]
mod signature;
pub mod spec;
mod store;
mod sync;
mod tokens;
pub mod transport;
mod userinfo;
pub mod variable;
mod wire;

pub use api::{ApiRequest, ApiResponse};
pub use authorization::{AuthorizationOption, AuthorizationRequest};
pub use callback::Callback;
pub use chosen::Chosen;
pub use code::AuthCodeFlow;
pub use credentials::Credentials;
pub use entry::Entry;
pub use error::{AnswerError, AnswerErrorKind, BoxError, CallbackError, Error, LoginRequired, Refusal};
pub use event::GrantEvent;
pub use form_post::Repost;
pub use named::TokenName;
#[cfg(feature = "derive")]
pub use oauth_derive::OAuthProvider;
pub use pending::PendingAuthorization;
#[cfg(feature = "private-key")]
pub use private_key::InvalidPrivateKey;
pub use private_key::PrivateKey;
pub use provider::OAuthProvider;
pub use return_to::{InvalidReturnTo, ReturnTo};
pub use scope::{InvalidScope, Scope};
pub use secret::Secret;
pub use session::Session;
pub use spec::SigningAlgorithm;
pub use store::{
    Claim, Failure, Lease, MemoryStateStore, MemoryTokenStore, StateStore, StoredGrant, TokenKey, TokenStore,
};
pub use tokens::{StoredTokens, TokenSet};
pub use userinfo::Userinfo;

/// The providers that `oauth_codegen::build` made in the build script: a module for each file of its folder.
#[macro_export]
macro_rules! providers {
    () => {
        include!(concat!(env!("OUT_DIR"), "/providers.rs"));
    };
}
