//! [`ScopeList`]: scopes in one text.

use crate::{
    scope::{in_list, list_of, plain, prefixed},
    spec::{Scopes, Spec},
};
use std::{borrow::Cow, fmt, sync::Arc};

/// Scopes with one space between each two, as the standard writes them: small, and cheap to share.
///
/// One of a further list stands there with the list's name, as [`Scope`](crate::Scope) holds it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ScopeList(Arc<str>);

impl ScopeList {
    /// The scopes in `text`, which has `separator` between each two. An empty text has none.
    pub(crate) fn parse(text: &str, separator: &str) -> Self {
        let is_tidy =
            separator == " " && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
        if is_tidy { Self(Arc::from(text)) } else { text.split(separator).map(str::trim).collect() }
    }

    /// Without what cannot be a scope of an answer: RFC 6749 §3.3 has no `\` in one, and here it marks those of a further list.
    pub(crate) fn of_answer(self) -> Self {
        if list_of(&self.0).is_none() {
            return self;
        }
        self.iter().filter(|scope| list_of(scope).is_none()).collect()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|scope| !scope.is_empty())
    }

    /// Whether they stand in `text` exactly like this.
    pub(crate) fn is(&self, text: &str) -> bool {
        *self.0 == *text
    }

    pub(crate) fn contains(&self, scope: &str) -> bool {
        self.iter().any(|held| held == scope)
    }

    /// What was granted, from the scopes that an answer names and those that were asked for.
    ///
    /// An answer may name a scope short or whole; it names those of a further list among the others; and some it never names.
    /// What a further token answers for is not said here.
    pub(crate) fn granted(self, spec: &Spec, asked: &Self) -> Self {
        let declared = &spec.scopes;
        let is_as_named =
            declared.prefix.is_empty() && declared.dropped_by_server.is_empty() && declared.sets.is_empty();
        if is_as_named || self == *asked {
            return self;
        }
        let named: Vec<_> = self.iter().map(|scope| prefixed(scope, declared.prefix)).collect();
        let is_named = |scope: &str| named.iter().any(|named| named == scope);
        let is_meant = |scope: &&str| match list_of(scope) {
            Some(list) => {
                spec.response.tokens.iter().all(|token| token.name != list) && is_named(plain(scope))
            }
            None => !is_named(scope) && declared.dropped_by_server.contains(scope),
        };
        named.iter().map(|scope| &**scope).chain(asked.iter().filter(is_meant)).collect()
    }
}

impl Scopes {
    /// What a request asks for: the scopes that it names, or the default ones; and always the required ones.
    pub(crate) fn asked(&self, mut named: Vec<Cow<'static, str>>) -> Vec<Cow<'static, str>> {
        let names_none = named.is_empty();
        if names_none {
            named.extend(self.default.iter().copied().map(Cow::Borrowed));
        }
        for required in self.required {
            if !named.iter().any(|scope| scope == required) {
                named.push(Cow::Borrowed(required));
            }
        }
        for set in self.sets {
            let default = set.default.iter().filter(|_| names_none);
            for scope in default.chain(set.required).map(|scope| in_list(set.name, scope)) {
                if !named.iter().any(|other| *other == scope) {
                    named.push(Cow::Owned(scope));
                }
            }
        }
        named
    }
}

impl<S: AsRef<str>> FromIterator<S> for ScopeList {
    fn from_iter<I: IntoIterator<Item = S>>(scopes: I) -> Self {
        let mut text = String::new();
        for scope in scopes {
            append(&mut text, scope.as_ref());
        }
        Self(text.into())
    }
}

/// By itself, because lists are made in many ways and each way is compiled by itself.
#[inline(never)]
fn append(text: &mut String, scope: &str) {
    if !text.is_empty() && !scope.is_empty() {
        text.push(' ');
    }
    text.push_str(scope);
}

impl Default for ScopeList {
    fn default() -> Self {
        Self(Arc::from(""))
    }
}

impl fmt::Debug for ScopeList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
