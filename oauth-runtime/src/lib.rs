//! OAuth 2.0 clients from declarations.
extern crate self as oauth_runtime;

pub mod provider;
mod scope;
mod secret;
pub mod spec;
pub mod transport;
pub mod variable;

#[cfg(feature = "derive")]
pub use oauth_derive::OAuthProvider;
pub use provider::OAuthProvider;
pub use scope::{InvalidScope, Scope};
pub use secret::Secret;
