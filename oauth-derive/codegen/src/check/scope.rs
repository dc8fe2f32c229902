//! `[scopes]`

use super::{Checker, url::RESERVED};
use crate::{
    draft::{Entry, Node, Table, Value},
    model::{Scope, Scopes},
    name,
    report::Place,
    suggest,
};

impl Checker<'_> {
    pub(super) fn scopes(&self) -> Scopes {
        let Some((table, _)) = self.table("scopes") else { return Scopes::default() };
        self.check_parameter(table);
        self.check_separator(table);
        let catalog: Vec<_> = table.entries("catalog").iter().map(|entry| self.scope(entry)).collect();
        self.refuse_bad_scopes(table);
        self.refuse_colliding_constants(table, &catalog);
        self.refuse_unknown_scopes(table);
        let texts = |key: &str| table.list(key).iter().filter_map(Node::text).map(str::to_owned).collect();
        Scopes {
            parameter: table.text("parameter").map(str::to_owned),
            separator: table.text("separator").map(str::to_owned),
            default: texts("default"),
            required: texts("required"),
            open: table.bool("open").unwrap_or_default(),
            catalog,
        }
    }

    fn check_parameter(&self, table: &Table) {
        let Some(node) = table.get("parameter") else { return };
        let name = node.text().unwrap_or_default();
        if name != "scope" && RESERVED.contains(&name) {
            self.error(
                &node.place,
                format!("`{name}` is a parameter of the protocol and cannot carry the scopes"),
            );
        } else {
            self.check_parameter_name(name, &node.place);
        }
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
    fn refuse_bad_scopes(&self, table: &Table) {
        let separator = table.text("separator").filter(|text| !text.is_empty()).unwrap_or(" ");
        let catalog =
            table.entries("catalog").iter().map(|entry| (entry.key.value.as_str(), &entry.key.place));
        let listed = ["default", "required"].into_iter().flat_map(|key| table.list(key));
        let listed = listed.filter_map(|node| Some((node.text()?, &node.place)));
        for (scope, place) in catalog.chain(listed) {
            let fits = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
            if scope.is_empty() {
                self.error(place, "a scope cannot be empty");
            } else if scope.contains(separator) && separator != " " {
                let message =
                    format!("`{scope}` holds the separator `{separator}`: list the scopes one by one");
                self.error(place, message);
            } else if let Some(c) = scope.chars().find(|c| !fits(*c)) {
                let c = c.escape_default();
                self.error(
                    place,
                    format!("no scope can hold `{c}`: only visible ASCII without `\"` and `\\`"),
                );
            }
        }
    }

    fn scope(&self, entry: &Entry) -> Scope {
        let value = entry.key.value.clone();
        let (given, description) = match &entry.node.value {
            Value::Table(table) => (table.get("name"), table.text("description")),
            _ => (None, entry.node.text()),
        };
        let named = given.and_then(Node::text);
        let constant = named.map_or_else(|| name::constant(&value), str::to_owned);
        let (place, named) = given.map_or((&entry.key.place, false), |node| (&node.place, true));
        if !name::is_constant(&constant) {
            self.error(place, not_a_constant(&value, &constant, named, place));
        }
        Scope { constant, description: description.unwrap_or_default().to_owned(), value }
    }

    /// Two scopes cannot have one constant.
    fn refuse_colliding_constants(&self, table: &Table, catalog: &[Scope]) {
        for (at, (scope, entry)) in catalog.iter().zip(table.entries("catalog")).enumerate() {
            let Some(other) = catalog[..at].iter().find(|other| other.constant == scope.constant) else {
                continue;
            };
            if name::is_constant(&scope.constant) {
                let place = name_place(entry);
                let message = format!(
                    "`{}` and `{}` would both be the constant `{}`: write `{}`",
                    other.value,
                    scope.value,
                    scope.constant,
                    naming(place)
                );
                self.error(place, message);
            }
        }
    }

    /// What is asked for by itself must be known, or the provider must have more than the catalogue.
    fn refuse_unknown_scopes(&self, table: &Table) {
        for node in ["default", "required"].into_iter().flat_map(|key| table.list(key)) {
            self.require_known_scope(node, table);
        }
    }

    /// A scope of the catalogue, or one of those that the provider has besides.
    pub(super) fn require_known_scope(&self, node: &Node, table: &Table) {
        let known: Vec<_> = table.entries("catalog").iter().map(|entry| entry.key.value.as_str()).collect();
        let unknown = node.text().filter(|scope| !known.contains(scope));
        if let Some(scope) = unknown.filter(|_| table.bool("open") != Some(true)) {
            let hint = match suggest::hint(scope, known.iter().copied()) {
                near if near.is_empty() => ": add it, or say `open = true`".to_owned(),
                near => near,
            };
            self.error(&node.place, format!("`{scope}` is not {}{hint}", node.place.under("scopes.catalog")));
        }
    }
}

fn name_place(entry: &Entry) -> &Place {
    let name = entry.node.table().and_then(|table| table.get("name"));
    name.map_or(&entry.key.place, |node| &node.place)
}

/// How a scope is given the name of its constant.
fn naming(place: &Place) -> &'static str {
    place.in_syntax("{ name = \"..\", description = \"..\" }", "NAME = \"value\"")
}

fn not_a_constant(value: &str, constant: &str, named: bool, place: &Place) -> String {
    if named {
        format!("`{constant}` is no name of a constant: use upper case letters, digits and `_`")
    } else {
        format!("`{value}` makes no name of a constant: write `{}`", naming(place))
    }
}
