//! [`Scope`]: what a client asks for, tied to its provider.

use crate::{provider::HasOpenScopes, provider::OAuthProvider};
use std::{borrow::Cow, fmt, marker::PhantomData};

/// A scope of the provider `P` (RFC 6749 §3.3).
///
/// The definition's catalogue gives the constants: `GitHub::READ_USER`. A scope of another provider does not compile.
pub struct Scope<P> {
    value: Cow<'static, str>,
    of: PhantomData<fn() -> P>,
}

impl<P: OAuthProvider> Scope<P> {
    /// A scope that the catalogue does not name, of a provider that has `open = true`.
    ///
    /// # Errors
    /// The text is empty, or holds a character that no scope may hold, or the provider's separator.
    pub fn open(value: impl Into<String>) -> Result<Self, InvalidScope>
    where
        P: HasOpenScopes,
    {
        let value = value.into();
        let fits = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
        if value.is_empty() || !value.chars().all(fits) || value.contains(P::SPEC.scopes.separator) {
            return Err(InvalidScope);
        }
        Ok(Self { value: Cow::Owned(value), of: PhantomData })
    }
}

impl<P> Scope<P> {
    /// For generated code: a scope of the catalogue.
    #[doc(hidden)]
    pub const fn known(value: &'static str) -> Self {
        Self { value: Cow::Borrowed(value), of: PhantomData }
    }

    pub(crate) fn into_value(self) -> Cow<'static, str> {
        self.value
    }

    /// The value on the wire.
    pub fn as_str(&self) -> &str {
        &self.value
    }
}

/// A text that is no scope: RFC 6749 §3.3 allows visible ASCII without `"` and `\`, and the provider's separator is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidScope;

impl fmt::Display for InvalidScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a scope: it is empty, or holds a character that no scope may hold")
    }
}

impl std::error::Error for InvalidScope {}

impl<P> Clone for Scope<P> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), of: PhantomData }
    }
}

impl<P> fmt::Debug for Scope<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scope").field(&self.value).finish()
    }
}

impl<P> fmt::Display for Scope<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value)
    }
}

impl<P> PartialEq for Scope<P> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<P> Eq for Scope<P> {}
