//! [`Scope`]: what a client asks for, tied to its provider.

use crate::{provider::HasOpenScopes, provider::OAuthProvider, spec::Scopes};
use std::{borrow::Cow, fmt, marker::PhantomData};

/// Stands between the name of a list and its scope. No scope holds it (RFC 6749 §3.3), so a scope of the first list, which
/// every provider has, is held as it is.
const OF_LIST: char = '\\';

/// The scopes of OpenID Connect Core §5.4 and §11: no provider puts a prefix before them.
const OPENID: &[&str] = &["openid", "profile", "email", "address", "phone", "offline_access"];

/// A scope of the provider `P` (RFC 6749 §3.3).
///
/// The definition's catalogue gives the constants: `GitHub::READ_USER`. A scope of another provider does not compile.
/// Where a provider has a second list of scopes, a scope knows which list it is of: `Slack::USER_SEARCH_READ` goes into
/// `user_scope`.
pub struct Scope<P> {
    value: Cow<'static, str>,
    of: PhantomData<fn() -> P>,
}

impl<P: OAuthProvider> Scope<P> {
    /// A scope that the catalogue does not name, of a provider that has `open = true`.
    ///
    /// Where the definition has a prefix for scopes, the text may be the short one or the whole.
    ///
    /// # Errors
    /// The text is empty, or holds a character that no scope may hold, or the provider's separator; or only another list
    /// of the provider is open.
    pub fn open(value: impl Into<String>) -> Result<Self, InvalidScope>
    where
        P: HasOpenScopes,
    {
        let scopes = &P::SPEC.scopes;
        // With further lists, the trait may be there for one of them.
        Self::checked(scopes, &value.into(), scopes.open || scopes.sets.is_empty())
    }

    /// The same for a further list of scopes, by its name in the definition.
    ///
    /// # Errors
    /// As of [`open`](Self::open); or there is no such list.
    pub fn open_in(list: &str, value: impl AsRef<str>) -> Result<Self, InvalidScope>
    where
        P: HasOpenScopes,
    {
        Self::checked_in(&P::SPEC.scopes, list, value.as_ref())
    }
}

impl<P> Scope<P> {
    /// A scope that the catalogue does not name.
    pub(crate) fn checked(scopes: &Scopes, value: &str, is_open: bool) -> Result<Self, InvalidScope> {
        check(value, scopes.separator, is_open)?;
        Ok(Self::made(prefixed(value, scopes.prefix).into_owned()))
    }

    /// A scope of a further list, which may name it or not.
    pub(crate) fn checked_in(scopes: &Scopes, list: &str, value: &str) -> Result<Self, InvalidScope> {
        let set = scopes.sets.iter().find(|set| set.name == list).ok_or(InvalidScope)?;
        let is_known = set.catalog.iter().any(|known| known.value == value);
        check(value, set.separator, set.open || is_known)?;
        Ok(Self::made(in_list(list, value)))
    }

    fn made(value: String) -> Self {
        Self { value: Cow::Owned(value), of: PhantomData }
    }

    /// For generated code: a scope of the catalogue, one of a further list with the list's name before it.
    #[doc(hidden)]
    pub const fn known(value: &'static str) -> Self {
        Self { value: Cow::Borrowed(value), of: PhantomData }
    }

    /// The scope and the list that it is of, in one text.
    pub(crate) fn into_held(self) -> Cow<'static, str> {
        self.value
    }

    pub(crate) fn held(&self) -> &str {
        &self.value
    }

    /// The value on the wire.
    pub fn as_str(&self) -> &str {
        plain(&self.value)
    }
}

fn check(value: &str, separator: &str, is_open: bool) -> Result<(), InvalidScope> {
    let fits = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
    let is_scope = !value.is_empty() && value.chars().all(fits) && !value.contains(separator);
    if is_open && is_scope { Ok(()) } else { Err(InvalidScope) }
}

/// Whether a scope is written as it is sent.
pub(crate) fn is_whole(scope: &str, prefix: &str) -> bool {
    scope.starts_with(prefix) || scope.contains("://") || OPENID.contains(&scope)
}

/// A scope as it is sent.
pub(crate) fn prefixed<'a>(scope: &'a str, prefix: &str) -> Cow<'a, str> {
    if is_whole(scope, prefix) { Cow::Borrowed(scope) } else { Cow::Owned(format!("{prefix}{scope}")) }
}

/// A scope of a further list, as it is held.
pub(crate) fn in_list(list: &str, scope: &str) -> String {
    format!("{list}{OF_LIST}{scope}")
}

/// The name of the list that a scope is of, if it is not the first.
pub(crate) fn list_of(held: &str) -> Option<&str> {
    held.split_once(OF_LIST).map(|(list, _)| list)
}

/// A scope without the name of its list.
pub(crate) fn plain(held: &str) -> &str {
    held.split_once(OF_LIST).map_or(held, |(_, scope)| scope)
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
        f.write_str(self.as_str())
    }
}

impl<P> PartialEq for Scope<P> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<P> Eq for Scope<P> {}
