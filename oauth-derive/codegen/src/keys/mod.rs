//! The vocabulary: every key of the definition language, once. Unknown keys, values of the wrong kind and the key
//! documentation all come from this table; both syntaxes share it.

mod every;

use crate::kind::Kind;
use every::KEYS;
use std::{collections::BTreeMap, sync::LazyLock};

/// Each key by its table and its name: one is looked up for every entry of every definition.
static INDEX: LazyLock<BTreeMap<(&str, &str), &Key>> =
    LazyLock::new(|| KEYS.iter().map(|key| (split(key.path), key)).collect());

/// A key of the definition language, for documentation.
#[derive(Debug)]
#[non_exhaustive]
pub struct Key {
    /// Its way from the top: `token.response.root`. `*` is a name that the definition chooses.
    pub path: &'static str,
    pub(crate) kind: Kind,
    /// What it says, in one line.
    pub meaning: &'static str,
    /// What holds where it is absent; empty: nothing.
    pub default: &'static str,
    /// A value as it stands in a file; empty: it is a table.
    pub example: &'static str,
}

/// Every key of the definition language, in the order of its documentation.
pub fn keys() -> &'static [Key] {
    KEYS
}

fn exact(parent: &str, name: &str) -> Option<&'static Key> {
    INDEX.get(&(parent, name)).copied()
}

/// The keys of the table at `parent`.
pub(crate) fn below(parent: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| split(key.path).0 == parent)
}

/// The names in the table at `parent`.
pub(crate) fn names(parent: &str) -> impl Iterator<Item = &'static str> {
    below(parent).map(Key::name).filter(|name| *name != "*")
}

/// The table below the top in which the name has a meaning, if it stands in the wrong one.
pub(crate) fn home(name: &str) -> Option<&'static str> {
    KEYS.iter()
        .map(|key| split(key.path))
        .find(|(of, known)| *known == name && !of.contains('*'))
        .map(|(of, _)| of)
}

/// The key that a doc comment before an entry of the table at `parent` stands for.
pub(crate) fn documented(parent: &str) -> Option<&'static str> {
    match parent {
        "variables" | "scopes.catalog" | "scopes.sets.*.catalog" => Some("description"),
        "errors" => Some("hint"),
        _ => None,
    }
}

fn split(path: &'static str) -> (&'static str, &'static str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

impl Key {
    /// The key that `name` is in the table at `parent`; `""` is the top, where names of RFC 8414 may end in `_supported`.
    pub fn find(parent: &str, name: &str) -> Option<&'static Self> {
        let own = exact(parent, name);
        let pasted = || match name.strip_suffix("_supported") {
            Some(name) if parent.is_empty() => exact(parent, name),
            _ => None,
        };
        own.or_else(pasted).or_else(|| exact(parent, "*"))
    }

    /// The path of the table whose keys may stand in its value: its own, or, of `refresh.response`, `token.response`.
    pub fn content(&self) -> &'static str {
        match self.kind {
            Kind::Like(path) => path,
            _ => self.path,
        }
    }

    /// The only values that it has, or that a list of it may hold; empty: there are others.
    pub fn words(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Word(words) | Kind::Words(words) | Kind::WordOrWords(words) => words,
            _ => &[],
        }
    }

    /// Whether there are keys below it.
    pub fn has_keys(&self) -> bool {
        below(self.path).next().is_some()
    }

    /// Its own name, without the way to it.
    pub(crate) fn name(&self) -> &'static str {
        split(self.path).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_stands_once_and_below_a_key_of_its_own() {
        for (at, key) in KEYS.iter().enumerate() {
            let (parent, _) = split(key.path);
            assert!(KEYS[..at].iter().all(|other| other.path != key.path), "{} twice", key.path);
            assert!(parent.is_empty() || KEYS[..at].iter().any(|other| other.path == parent), "{}", key.path);
        }
    }

    #[test]
    fn a_metadata_document_can_be_pasted() {
        assert_eq!(
            Key::find("", "code_challenge_methods_supported").map(Key::name),
            Some("code_challenge_methods")
        );
        assert!(Key::find("token", "method_supported").is_none(), "only at the top");
    }

    #[test]
    fn a_name_that_the_definition_chooses_has_a_key() {
        assert_eq!(Key::find("variables", "tenant").map(|key| key.path), Some("variables.*"));
        assert_eq!(Key::find("variables.*", "format").map(|key| key.path), Some("variables.*.format"));
    }
}
