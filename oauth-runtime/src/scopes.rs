//! [`ScopeList`]: scopes in one text.

use crate::{
    scope::{in_list, list_of, plain, prefixed},
    spec::{Scopes, Spec},
};
use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, OnceLock},
};

/// Scopes with one space between each two, as the standard writes them: small, and cheap to share.
///
/// One of a further list stands there with the list's name, as [`Scope`](crate::Scope) holds it. It is one pointer,
/// because the tokens of a million users may lie in memory with two of them each.
#[derive(Clone, Default)]
pub(crate) struct ScopeList(Option<Arc<Box<str>>>);

impl ScopeList {
    fn new(text: &str) -> Self {
        Self((!text.is_empty()).then(|| Arc::new(text.into())))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_ref().map_or("", |text| text)
    }

    /// The scopes in `text`, which has `separator` between each two. An empty text has none.
    pub(crate) fn parse(text: &str, separator: &str) -> Self {
        let is_tidy =
            separator == " " && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
        if is_tidy { Self::new(text) } else { text.split(separator).map(str::trim).collect() }
    }

    /// Without what cannot be a scope of an answer: RFC 6749 §3.3 has no `\` in one, and here it marks those of a further list.
    pub(crate) fn of_answer(self) -> Self {
        if list_of(self.as_str()).is_none() {
            return self;
        }
        self.iter().filter(|scope| list_of(scope).is_none()).collect()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.as_str().split(' ').filter(|scope| !scope.is_empty())
    }

    /// Whether it holds these scopes in their order.
    fn is_of(&self, scopes: &[Cow<'static, str>]) -> bool {
        let mut rest = Some(self.as_str());
        for (index, scope) in scopes.iter().enumerate() {
            let between = if index == 0 { "" } else { " " };
            rest = rest.and_then(|rest| rest.strip_prefix(between)?.strip_prefix(&**scope));
        }
        rest == Some("")
    }

    /// Of the whole text.
    pub(crate) fn length(&self) -> usize {
        self.as_str().len()
    }

    /// Whether they stand in `text` exactly like this.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.as_str() == text
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
        let mut text = String::with_capacity(64);
        for scope in scopes {
            append(&mut text, scope.as_ref());
        }
        Self::new(&text)
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

impl PartialEq for ScopeList {
    fn eq(&self, other: &Self) -> bool {
        let is_same = || matches!((&self.0, &other.0), (Some(own), Some(others)) if Arc::ptr_eq(own, others));
        is_same() || self.as_str() == other.as_str()
    }
}

impl Eq for ScopeList {}

/// Lists that many grants of a flow have in common, so that each is there once, and as an authorization URL has it.
/// Most applications ask for one or two.
#[derive(Clone, Default)]
pub(crate) struct SharedLists([OnceLock<(ScopeList, Box<str>)>; 4]);

impl SharedLists {
    /// A list of these scopes, and what `write` makes of it: shared ones, as long as there is room for one more.
    pub(crate) fn of(
        &self,
        scopes: &[Cow<'static, str>],
        write: impl Fn(&ScopeList) -> String,
    ) -> (ScopeList, Cow<'_, str>) {
        let make = || scopes.iter().collect::<ScopeList>();
        for place in &self.0 {
            let (list, written) = place.get_or_init(|| {
                let list = make();
                let written = write(&list).into();
                (list, written)
            });
            if list.is_of(scopes) {
                return (list.clone(), Cow::Borrowed(written));
            }
        }
        let list = make();
        let written = write(&list);
        (list, Cow::Owned(written))
    }

    /// The shared list of the same scopes, or the list itself: what a user agent brings back is not kept for others.
    pub(crate) fn like(&self, list: ScopeList) -> ScopeList {
        let mut kept = self.0.iter().filter_map(OnceLock::get).map(|(kept, _)| kept);
        kept.find(|kept| **kept == list).cloned().unwrap_or(list)
    }
}

impl fmt::Debug for ScopeList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(list: &ScopeList) -> *const str {
        list.as_str()
    }

    #[test]
    fn grants_of_the_same_scopes_share_one_list() {
        let lists = SharedLists::default();
        let asked = |scopes: &[&'static str]| {
            let scopes: Vec<_> = scopes.iter().copied().map(Cow::Borrowed).collect();
            let (list, written) = lists.of(&scopes, |list| list.as_str().replace(' ', "+"));
            assert_eq!(list.iter().collect::<Vec<_>>(), scopes);
            assert_eq!(written, scopes.join("+"));
            list
        };
        let first = asked(&["read", "write"]);
        assert_eq!(address(&first), address(&asked(&["read", "write"])));
        assert_ne!(
            address(&first),
            address(&asked(&["write", "read"])),
            "their order is a part of what was asked"
        );
        for other in [&["read"][..], &["read", "writ"], &["read", "writer"], &["readwrite"], &[]] {
            assert_ne!(address(&first), address(&asked(other)), "{other:?}");
        }
        let brought = ScopeList::parse("read write", " ");
        assert_eq!(address(&lists.like(brought)), address(&first));
    }

    #[test]
    fn what_a_user_agent_brings_takes_no_place_and_many_lists_stay_right() {
        let lists = SharedLists::default();
        for number in 0..10 {
            let brought = lists.like(ScopeList::parse(&format!("brought{number}"), " "));
            assert!(brought.is(&format!("brought{number}")));
            let (asked, _) = lists.of(&[Cow::Owned(format!("asked{number}"))], |_| String::new());
            assert!(asked.is(&format!("asked{number}")));
        }
        assert!(
            lists
                .0
                .iter()
                .all(|place| place.get().is_some_and(|(list, _)| list.as_str().starts_with("asked")))
        );
    }

    #[test]
    fn no_scopes_are_no_text() {
        assert_eq!(ScopeList::parse("", " ").iter().count(), 0);
    }
}
