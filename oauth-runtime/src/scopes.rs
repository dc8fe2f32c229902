//! [`ScopeList`]: scopes in one text.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, sync::Arc};

/// Scopes with one space between each two, as the standard writes them: small, and cheap to share.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ScopeList(Arc<str>);

impl ScopeList {
    /// The scopes in `text`, which has `separator` between each two. An empty text has none.
    pub(crate) fn parse(text: &str, separator: &str) -> Self {
        let is_tidy =
            separator == " " && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
        if is_tidy { Self(Arc::from(text)) } else { text.split(separator).map(str::trim).collect() }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|scope| !scope.is_empty())
    }

    pub(crate) fn contains(&self, scope: &str) -> bool {
        self.iter().any(|held| held == scope)
    }
}

impl<S: AsRef<str>> FromIterator<S> for ScopeList {
    fn from_iter<I: IntoIterator<Item = S>>(scopes: I) -> Self {
        let mut text = String::new();
        for scope in scopes {
            if !text.is_empty() && !scope.as_ref().is_empty() {
                text.push(' ');
            }
            text.push_str(scope.as_ref());
        }
        Self(text.into())
    }
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

impl Serialize for ScopeList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ScopeList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::parse(&text, " "))
    }
}
