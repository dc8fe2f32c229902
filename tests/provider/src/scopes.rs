//! The lists of scopes in an authorization request, and what an answer says of them.
//!
//! A scope of a further list is held with the list's name before it. No scope holds the character between the two.

use crate::{parameters::Parameters, refusal::Refusal};
use oauth_runtime::spec::{ScopeText, Scopes};

const OF_LIST: char = '\\';

/// The name of a scope's list, if it is not the first.
pub(crate) fn list_of(held: &str) -> Option<&str> {
    held.split_once(OF_LIST).map(|(list, _)| list)
}

/// A scope without the name of its list.
pub(crate) fn plain(held: &str) -> &str {
    held.split_once(OF_LIST).map_or(held, |(_, scope)| scope)
}

/// A list that a definition has.
struct List {
    name: Option<&'static str>,
    parameter: &'static str,
    separator: &'static str,
    default: &'static [&'static str],
    required: &'static [&'static str],
    open: bool,
    catalog: &'static [ScopeText],
}

fn lists(scopes: &'static Scopes) -> Vec<List> {
    let Scopes { parameter, separator, default, required, open, catalog, .. } = *scopes;
    let first = List { name: None, parameter, separator, default, required, open, catalog };
    let sets = scopes.sets.iter().map(|set| List {
        name: Some(set.name),
        parameter: set.parameter,
        separator: set.separator,
        default: set.default,
        required: set.required,
        open: set.open,
        catalog: set.catalog,
    });
    std::iter::once(first).chain(sets).collect()
}

/// Everything that a request asks for, when every rule holds.
pub(crate) fn asked(scopes: &'static Scopes, query: &Parameters) -> Result<Vec<String>, Refusal> {
    let mut asked = Vec::new();
    for list in lists(scopes) {
        asked.extend(list.asked(query)?);
    }
    Ok(asked)
}

impl List {
    fn asked(&self, query: &Parameters) -> Result<Vec<String>, Refusal> {
        let text = query.get(self.parameter).unwrap_or_default();
        let asked: Vec<_> = text.split(self.separator).filter(|scope| !scope.is_empty()).collect();
        if let Some(unknown) = asked.iter().find(|scope| !self.knows(scope)) {
            let parameter = self.parameter;
            return Err(Refusal::invalid_scope(format!("the scope {unknown} is unknown in {parameter}")));
        }
        if let Some(missing) = self.required.iter().find(|scope| !asked.contains(scope)) {
            return Err(Refusal::invalid_scope(format!("the scope {missing} is required")));
        }
        let held = |scope| match self.name {
            Some(list) => format!("{list}{OF_LIST}{scope}"),
            None => String::from(scope),
        };
        Ok(asked.into_iter().map(held).collect())
    }

    fn knows(&self, scope: &str) -> bool {
        let listed = self.catalog.iter().map(|known| known.value);
        self.open
            || listed.chain(self.default.iter().chain(self.required).copied()).any(|known| known == scope)
    }
}

/// What an answer names of the scopes that were granted.
pub(crate) fn named<'a>(scopes: &Scopes, granted: &'a [String]) -> Vec<&'a str> {
    let added = scopes.added_by_server.iter().copied();
    let granted = granted.iter().map(|scope| plain(scope));
    let mut named: Vec<_> = granted.filter(|scope| !scopes.dropped_by_server.contains(scope)).collect();
    for scope in added {
        if !named.contains(&scope) {
            named.push(scope);
        }
    }
    named
}

/// What people read of a scope.
pub(crate) fn describe(scopes: &'static Scopes, held: &str) -> &'static str {
    let mut lists = lists(scopes).into_iter().filter(|list| list.name == list_of(held));
    let known = lists.find_map(|list| list.catalog.iter().find(|known| known.value == plain(held)));
    known.map_or("", |known| known.description)
}
