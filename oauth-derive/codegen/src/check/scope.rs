//! `[scopes]`: what holds for the whole of it. The rules of a single list are those of [`scope_list`](super::scope_list).

use super::{Checker, scope_list::List, url::RESERVED};
use crate::{
    draft::{Entry, Node, Table},
    model::{Scope, ScopeSet, Scopes},
    name,
    report::Place,
};

impl Checker<'_> {
    pub(super) fn scopes(&self) -> Scopes {
        let Some((table, _)) = self.table("scopes") else { return Scopes::default() };
        self.check_parameter(table);
        self.check_prefix(table);
        self.refuse_contradicting_server(table);
        let main = List::main(table);
        let catalog = self.list(&main);
        let sets: Vec<_> = table.entries("sets").iter().filter_map(|entry| self.set(entry, table)).collect();
        self.refuse_colliding_constants(table, &catalog, &sets);
        Scopes {
            parameter: table.text("parameter").map(str::to_owned),
            separator: table.text("separator").map(str::to_owned),
            default: main.sent("default"),
            required: main.sent("required"),
            open: table.bool("open").unwrap_or_default(),
            catalog,
            source: table.get("source").and_then(|node| self.link(node)),
            prefix: table.text("prefix").map(str::to_owned),
            added_by_server: main.sent("added_by_server"),
            dropped_by_server: main.sent("dropped_by_server"),
            refresh_scope: table.bool("refresh_scope").unwrap_or_default(),
            sets,
        }
    }

    fn set(&self, entry: &Entry, scopes: &Table) -> Option<ScopeSet> {
        let table = entry.node.table()?;
        self.check_set_name(entry);
        self.check_set_parameter(entry, table, scopes);
        let list = List::set(&entry.key.value, table, scopes);
        Some(ScopeSet {
            name: entry.key.value.clone(),
            parameter: table.text("parameter").unwrap_or_default().to_owned(),
            separator: list.separator.to_owned(),
            default: list.sent("default"),
            required: list.sent("required"),
            open: table.bool("open").unwrap_or_default(),
            catalog: self.list(&list),
        })
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

    fn check_set_name(&self, entry: &Entry) {
        let name = &entry.key.value;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(fits) {
            let message =
                format!("`{name}` is the start of Rust constants: use lower case letters, digits and `_`");
            self.error(&entry.key.place, message);
        }
    }

    /// A list has a parameter of its own.
    fn check_set_parameter(&self, entry: &Entry, table: &Table, scopes: &Table) {
        let Some(node) = table.get("parameter") else {
            if self.is_missing("scopes.sets.*.parameter") {
                let message = "no `parameter`: say which one carries these scopes, `parameter = \"..\"`";
                self.error(&entry.node.place, message);
            }
            return;
        };
        self.check_parameter(table);
        let name = node.text().unwrap_or_default();
        let others = scopes.entries("sets").iter().take_while(|other| !std::ptr::eq(*other, entry));
        let mut others = others.filter_map(|other| other.node.table()?.text("parameter"));
        if name == scopes.text("parameter").unwrap_or("scope") || others.any(|other| other == name) {
            self.error(&node.place, format!("`{name}` carries another list of scopes: choose another"));
        }
    }

    fn check_prefix(&self, table: &Table) {
        let Some(node) = table.get("prefix") else { return };
        let text = node.text().unwrap_or_default();
        let fits = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
        let separator = table.text("separator").filter(|text| !text.is_empty()).unwrap_or(" ");
        if text.is_empty() || !text.chars().all(fits) || text.contains(separator) {
            self.error(&node.place, "a prefix is the start of scopes: it has the characters of a scope");
        }
    }

    /// A server that adds a scope does not leave it out.
    fn refuse_contradicting_server(&self, table: &Table) {
        for key in ["added_by_server", "dropped_by_server"] {
            self.refuse_repeated(table.list(key));
        }
        let added: Vec<_> = table.list("added_by_server").iter().filter_map(Node::text).collect();
        for node in table.list("dropped_by_server") {
            if let Some(scope) = node.text().filter(|scope| added.contains(scope)) {
                let message = format!("`added_by_server` names `{scope}` as well: keep one of the two");
                self.error(&node.place, message);
            }
        }
    }

    /// Two scopes cannot have one constant, whatever lists they are of.
    fn refuse_colliding_constants(&self, table: &Table, catalog: &[Scope], sets: &[ScopeSet]) {
        let of_sets = table.entries("sets").iter().filter_map(|entry| entry.node.table()).zip(sets);
        let of_sets = of_sets.map(|(table, set)| (table, set.catalog.as_slice()));
        let lists = std::iter::once((table, catalog)).chain(of_sets);
        let all: Vec<_> =
            lists.flat_map(|(table, scopes)| scopes.iter().zip(table.entries("catalog"))).collect();
        for (at, (scope, entry)) in all.iter().enumerate() {
            let Some((other, _)) = all[..at].iter().find(|(other, _)| other.constant == scope.constant)
            else {
                continue;
            };
            if name::is_constant(&scope.constant) {
                let place = name_place(entry);
                let message = format!(
                    "`{}` and `{}` would both be the constant `{}`: write `{}`",
                    other.value,
                    scope.value,
                    scope.constant,
                    super::scope_list::naming(place)
                );
                self.error(place, message);
            }
        }
    }

    /// The parameters that carry scopes.
    pub(super) fn scope_parameters(&self) -> Vec<&str> {
        let Some((scopes, _)) = self.table("scopes") else { return vec!["scope"] };
        let sets = scopes.entries("sets").iter().filter_map(|entry| entry.node.table()?.text("parameter"));
        std::iter::once(scopes.text("parameter").unwrap_or("scope")).chain(sets).collect()
    }

    /// A scope of `[scopes]` as it is sent; one that is not known is reported.
    pub(super) fn known_scope(&self, node: &Node, table: &Table) -> Option<String> {
        let list = List::main(table);
        self.require_known_scope(node, &list);
        node.text().map(|scope| list.wire(scope))
    }
}

fn name_place(entry: &Entry) -> &Place {
    let name = entry.node.table().and_then(|table| table.get("name"));
    name.map_or(&entry.key.place, |node| &node.place)
}
