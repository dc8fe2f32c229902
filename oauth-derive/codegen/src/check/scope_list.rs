//! A list of scopes: that of `[scopes]`, or one of its `sets`.

use super::Checker;
use crate::{
    draft::{Entry, Node, Table, Value},
    model::Scope,
    name,
    report::Place,
    suggest,
};

/// The keys that name scopes of the list.
const LISTED: &[&str] = &["default", "required", "added_by_server", "dropped_by_server"];
/// Those whose scopes are asked for, or expected to be, and so known.
const KNOWN: &[&str] = &["default", "required", "dropped_by_server"];

/// A table with a catalogue, and what the scopes of it have in common.
pub(super) struct List<'t> {
    table: &'t Table,
    /// The way to the table.
    path: String,
    pub(super) separator: &'t str,
    prefix: &'t str,
    /// What its constants start with.
    constants: String,
}

impl<'t> List<'t> {
    pub(super) fn main(table: &'t Table) -> Self {
        Self {
            table,
            path: "scopes".to_owned(),
            separator: separator(table).unwrap_or(" "),
            prefix: table.text("prefix").unwrap_or_default(),
            constants: String::new(),
        }
    }

    pub(super) fn set(name: &str, table: &'t Table, scopes: &'t Table) -> Self {
        Self {
            table,
            path: format!("scopes.sets.{name}"),
            separator: separator(table).or(separator(scopes)).unwrap_or(" "),
            prefix: "",
            constants: format!("{}_", name::constant(name)),
        }
    }

    /// A scope as it is sent.
    pub(super) fn wire(&self, scope: &str) -> String {
        name::prefixed(self.prefix, scope)
    }

    /// What is left without the prefix, of a scope that is written with it.
    fn short<'s>(&self, scope: &'s str) -> Option<&'s str> {
        scope.strip_prefix(self.prefix).filter(|short| !self.prefix.is_empty() && !short.is_empty())
    }

    /// The scopes of a key, as they are sent.
    pub(super) fn sent(&self, key: &str) -> Vec<String> {
        self.table.list(key).iter().filter_map(Node::text).map(|scope| self.wire(scope)).collect()
    }

    fn catalog(&self) -> &'t [Entry] {
        self.table.entries("catalog")
    }
}

fn separator(table: &Table) -> Option<&str> {
    table.text("separator").filter(|text| !text.is_empty())
}

impl Checker<'_> {
    /// The catalogue of a list, all rules of lists applied.
    pub(super) fn list(&self, list: &List<'_>) -> Vec<Scope> {
        self.check_separator(list.table);
        self.refuse_bad_scopes(list);
        for node in KNOWN.iter().flat_map(|key| list.table.list(key)) {
            self.require_known_scope(node, list);
        }
        list.catalog().iter().map(|entry| self.scope(entry, list)).collect()
    }

    /// The separator must not be read as a part of a scope.
    fn check_separator(&self, table: &Table) {
        let Some(node) = table.get("separator") else { return };
        let text = node.text().unwrap_or_default();
        if text.is_empty() || text.chars().any(|c| c.is_ascii_alphanumeric() || !(' '..='~').contains(&c)) {
            self.error(
                &node.place,
                "a separator is a space or a mark such as `,`, never a letter or a digit",
            );
        }
    }

    /// Every scope that is named must be one that can be sent (RFC 6749 section 3.3).
    fn refuse_bad_scopes(&self, list: &List<'_>) {
        let catalog = list.catalog().iter().map(|entry| (entry.key.value.as_str(), &entry.key.place));
        let listed = LISTED.iter().flat_map(|key| list.table.list(key));
        let listed = listed.filter_map(|node| Some((node.text()?, &node.place)));
        for (scope, place) in catalog.chain(listed) {
            if let Some(message) = fault(scope, list) {
                self.error(place, message);
            }
        }
    }

    fn scope(&self, entry: &Entry, list: &List<'_>) -> Scope {
        let short = &entry.key.value;
        let (given, description) = match &entry.node.value {
            Value::Table(table) => (table.get("name"), table.text("description")),
            _ => (None, entry.node.text()),
        };
        let named = given.and_then(Node::text);
        let own = named.map_or_else(|| name::constant(short), str::to_owned);
        let constant = format!("{}{own}", list.constants);
        let (place, named) = given.map_or((&entry.key.place, false), |node| (&node.place, true));
        // Of a list, the start is a name in itself.
        if !short.is_empty() && (own.is_empty() || !name::is_constant(&constant)) {
            self.error(place, not_a_constant(short, &own, named, place));
        }
        Scope { constant, description: description.unwrap_or_default().to_owned(), value: list.wire(short) }
    }

    /// What is asked for by itself is a scope of the catalogue, or one of those that the provider has besides.
    pub(super) fn require_known_scope(&self, node: &Node, list: &List<'_>) {
        let known: Vec<_> = list.catalog().iter().map(|entry| entry.key.value.as_str()).collect();
        // One that is written with the prefix is reported as such.
        let short = |scope| list.short(scope).unwrap_or(scope);
        let unknown = node.text().filter(|scope| !known.contains(&short(scope)));
        if let Some(scope) = unknown.filter(|_| list.table.bool("open") != Some(true)) {
            let hint = match suggest::hint(scope, known.iter().copied()) {
                near if near.is_empty() => ": add it, or say `open = true`".to_owned(),
                near => near,
            };
            let catalog = node.place.under(&format!("{}.catalog", list.path));
            self.error(&node.place, format!("`{scope}` is not {catalog}{hint}"));
        }
    }
}

/// Why the scope cannot be sent as it is written.
fn fault(scope: &str, list: &List<'_>) -> Option<String> {
    let fits = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
    if scope.is_empty() {
        return Some("a scope cannot be empty".to_owned());
    }
    let separator = list.separator;
    if scope.contains(separator) && separator != " " {
        return Some(format!("`{scope}` holds the separator `{separator}`: list the scopes one by one"));
    }
    if let Some(c) = scope.chars().find(|c| !fits(*c)) {
        let c = c.escape_default();
        return Some(format!("no scope can hold `{c}`: only visible ASCII without `\"` and `\\`"));
    }
    let short = list.short(scope)?;
    Some(format!("`prefix` is put before it when it is sent: write `{short}`"))
}

/// How a scope is given the name of its constant.
pub(super) fn naming(place: &Place) -> &'static str {
    place.in_syntax("{ name = \"..\", description = \"..\" }", "NAME = \"value\"")
}

fn not_a_constant(value: &str, constant: &str, named: bool, place: &Place) -> String {
    if named {
        format!("`{constant}` is no name of a constant: use upper case letters, digits and `_`")
    } else {
        format!("`{value}` makes no name of a constant: write `{}`", naming(place))
    }
}
