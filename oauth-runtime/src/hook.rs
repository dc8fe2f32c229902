//! Hooks: functions for what a definition cannot say. A definition names one under `[hooks]`, and compiles only with it.
//!
//! The function is that of a trait here, implemented for the provider: for the struct of a derive, or for the struct of a
//! module that `oauth_codegen::build` made, in the same crate. State, stores and locks stay with the flow. What a hook
//! gives back is read by the same rules as what the provider sends, and what it fails with holds no secret.
//!
//! ```
//! use oauth_runtime::{OAuthProvider, Secret, hook::{HookError, SignTokenRequest, UnsignedRequest}};
//!
//! /// A provider that wants a checksum.
//! #[derive(OAuthProvider)]
//! #[oauth(
//!     token_endpoint = "https://id.acme.example/token",
//!     token_endpoint_auth_methods = ["client_secret_post"],
//!     hooks(sign_token_request = true)
//! )]
//! struct Acme;
//!
//! impl SignTokenRequest for Acme {
//!     fn sign_token_request(request: &mut UnsignedRequest) -> Result<(), HookError> {
//!         let secret = request.client_secret().ok_or(HookError::new("a checksum needs the client secret"))?;
//!         let sum = secret.expose().len() + request.body().len();
//!         request.set("sum", sum.to_string());
//!         request.remove("client_secret");
//!         Ok(())
//!     }
//! }
//! ```

mod connection;
mod request;

pub use self::{connection::Connection, request::UnsignedRequest};

use crate::{error::Error, provider::OAuthProvider, transport::BoxFuture};
use serde_json::{Map, Value};
use std::fmt;

/// `sign_token_request`: changes each request to the token endpoint, for a code, a refresh or a revocation, before it is sent.
#[diagnostic::on_unimplemented(
    message = "the definition of `{Self}` has the hook `sign_token_request`, and there is no such function",
    label = "no `sign_token_request` for this provider",
    note = "add `impl oauth_runtime::hook::SignTokenRequest for {Self}`, or remove the hook under `[hooks]`"
)]
pub trait SignTokenRequest: OAuthProvider {
    /// Sets and removes parameters, and adds headers.
    ///
    /// # Errors
    /// Why the request cannot be signed: nothing is sent.
    fn sign_token_request(request: &mut UnsignedRequest) -> Result<(), HookError>;
}

/// `token_response`: makes JSON of each answer to a code or a refresh, before it is read by `[token.response]`.
#[diagnostic::on_unimplemented(
    message = "the definition of `{Self}` has the hook `token_response`, and there is no such function",
    label = "no `token_response` for this provider",
    note = "add `impl oauth_runtime::hook::TokenResponse for {Self}`, or remove the hook under `[hooks]`"
)]
pub trait TokenResponse: OAuthProvider {
    /// The text of a JSON object.
    ///
    /// # Errors
    /// Why the answer cannot be used. Of an answer with another status than 2xx the failure counts as not being said.
    fn token_response(body: &[u8]) -> Result<Vec<u8>, HookError>;
}

/// `profile`: turns what the userinfo endpoint answers into what `[userinfo]` reads.
#[diagnostic::on_unimplemented(
    message = "the definition of `{Self}` has the hook `profile`, and there is no such function",
    label = "no `profile` for this provider",
    note = "add `impl oauth_runtime::hook::Profile for {Self}`, or remove the hook under `[hooks]`"
)]
pub trait Profile: OAuthProvider {
    /// The claims.
    ///
    /// # Errors
    /// Why the answer cannot be used.
    fn profile(answer: Value) -> Result<Value, HookError>;
}

/// `after_connect`: calls the API with the new token when a sign-in is adopted, before its tokens are stored.
#[diagnostic::on_unimplemented(
    message = "the definition of `{Self}` has the hook `after_connect`, and there is no such function",
    label = "no `after_connect` for this provider",
    note = "add `impl oauth_runtime::hook::AfterConnect for {Self}`, or remove the hook under `[hooks]`"
)]
pub trait AfterConnect: OAuthProvider {
    /// What is kept with the tokens, to be found by [`TokenSet::captured`](crate::TokenSet::captured).
    ///
    /// # Errors
    /// Why the grant is of no use: [`Session::adopt`](crate::Session::adopt) fails with it, and nothing is stored.
    fn after_connect(
        connection: Connection,
    ) -> impl Future<Output = Result<Map<String, Value>, HookError>> + Send;
}

/// `before_disconnect`: calls the API with a fresh token before [`Session::disconnect`](crate::Session::disconnect) ends a grant.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no hook `before_disconnect`",
    label = "no `before_disconnect` for this provider",
    note = "say `before_disconnect = true` under `[hooks]` in its definition, and add `impl oauth_runtime::hook::BeforeDisconnect for {Self}`"
)]
pub trait BeforeDisconnect: OAuthProvider {
    /// Cleans up at the provider.
    ///
    /// # Errors
    /// Why the grant cannot be ended now: it stays as it is.
    fn before_disconnect(connection: Connection) -> impl Future<Output = Result<(), HookError>> + Send;
}

/// Why a hook fails: a constant text, so that nothing secret is in it, or an error of this crate, which holds none either.
#[derive(Debug, Clone)]
pub struct HookError {
    reason: &'static str,
    cause: Option<Box<Error>>,
}

impl HookError {
    /// A failure for this reason.
    pub const fn new(reason: &'static str) -> Self {
        Self { reason, cause: None }
    }

    /// What the call to the API failed with, if it was that.
    pub fn cause(&self) -> Option<&Error> {
        self.cause.as_deref()
    }
}

impl From<Error> for HookError {
    fn from(error: Error) -> Self {
        Self { reason: "a call to the API failed", cause: Some(Box::new(error)) }
    }
}

impl fmt::Display for HookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason)?;
        self.cause.iter().try_for_each(|cause| write!(f, ": {cause}"))
    }
}

impl std::error::Error for HookError {}

/// What `after_connect` keeps, as the table of a definition holds it.
#[doc(hidden)]
pub fn after_connect<P: AfterConnect>(
    connection: Connection,
) -> BoxFuture<'static, Result<Map<String, Value>, HookError>> {
    Box::pin(P::after_connect(connection))
}

/// `before_disconnect`, as the table of a definition holds it.
#[doc(hidden)]
pub fn before_disconnect<P: BeforeDisconnect>(
    connection: Connection,
) -> BoxFuture<'static, Result<(), HookError>> {
    Box::pin(P::before_disconnect(connection))
}
