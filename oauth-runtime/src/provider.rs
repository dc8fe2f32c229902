//! [`OAuthProvider`], and the traits that say what a provider has.
//!
//! The compiler implements them; a capability is implemented only where the definition declares it, so a method
//! that needs one does not exist for the others, and rustc says which line of the definition is missing.

use crate::spec::{Example, Spec};

/// A provider of OAuth 2.0, made from a definition by `#[derive(OAuthProvider)]` or `oauth_codegen::build`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an OAuth provider",
    label = "not an OAuth provider",
    note = "add `#[derive(OAuthProvider)]` and an `#[oauth(..)]` attribute to it"
)]
pub trait OAuthProvider: Send + Sync + 'static {
    /// What the definition says.
    const SPEC: &'static Spec;
    /// The definition's `[[example]]` blocks.
    const EXAMPLES: &'static [Example] = &[];

    /// What the definition of this very value says. For tools whose definitions are known at run time only.
    #[doc(hidden)]
    fn spec(&self) -> &'static Spec {
        Self::SPEC
    }

    /// The value of the variable at `index` of [`Spec::variables`]; `None`: its default, if it has one.
    fn variable(&self, index: usize) -> Option<&str> {
        let _ = index;
        None
    }
}

/// A provider with an authorization endpoint: users can sign in.
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares no authorization endpoint",
    label = "no sign-in for this provider",
    note = "add `authorization_endpoint = \"https://..\"`, or `base_uri` and `authorization_path`, to its definition",
    note = "a struct without `#[derive(OAuthProvider)]` is no provider at all"
)]
pub trait HasAuthorizationEndpoint: OAuthProvider {}

/// A provider whose tokens can be refreshed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares that its tokens cannot be refreshed",
    label = "no refresh for this provider",
    note = "its definition says `support = \"none\"` under `[refresh]`"
)]
pub trait HasRefresh: OAuthProvider {}

/// A provider whose API can be called.
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares no API",
    label = "no API calls for this provider",
    note = "add `base_url = \"https://..\"` under `[api]` to its definition"
)]
pub trait HasApi: OAuthProvider {}

/// A provider with more scopes than its catalogue names.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has only the scopes of its definition",
    label = "no scope can be made from a text for this provider",
    note = "add the scope under `[scopes.catalog]`, or `open = true` under `[scopes]`, to its definition"
)]
pub trait HasOpenScopes: OAuthProvider {}

/// A provider whose tokens can be revoked.
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares no revocation",
    label = "no revocation for this provider",
    note = "add `revocation_endpoint = \"https://..\"` to its definition"
)]
pub trait HasRevocation: OAuthProvider {}

/// A provider that says who the user is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare how to ask who the user is",
    label = "no userinfo for this provider",
    note = "add `userinfo_endpoint = \"https://..\"`, and `[userinfo]` where its claims have other names, to its definition"
)]
pub trait HasUserinfo: OAuthProvider {}
