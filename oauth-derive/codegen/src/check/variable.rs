//! `[variables.X]`

use super::{format, learned, placeholder::is_built_in};
use crate::{
    draft::{Entry, Node, Table},
    model::{Format, Variable},
    report::{Located, Report},
};
use std::cell::Cell;

/// The declared variables, and which of them are used.
pub(super) struct Variables(Vec<Declared>);

struct Declared {
    name: Located<String>,
    model: Variable,
    used: Cell<bool>,
}

impl Variables {
    pub(super) fn declared(root: &Table, report: &Report) -> Self {
        Self(root.entries("variables").iter().filter_map(|entry| declare(entry, report)).collect())
    }

    /// The index of the variable of this name, which is used from now on.
    pub(super) fn use_of(&self, name: &str) -> Option<usize> {
        let index = self.0.iter().position(|declared| declared.name.value == name)?;
        self.0[index].used.set(true);
        Some(index)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|declared| declared.name.value.as_str())
    }

    pub(super) fn get(&self, index: usize) -> &Variable {
        &self.0[index].model
    }

    /// Those that can be fields: of a definition without mistakes, all of them.
    pub(super) fn models(&self) -> Vec<Variable> {
        let fields = self.0.iter().filter(|declared| is_field_name(&declared.name.value));
        fields.map(|declared| declared.model.clone()).collect()
    }

    /// A variable that stands nowhere is a mistake: its field would do nothing.
    pub(super) fn refuse_unused(&self, report: &Report) {
        for declared in self.0.iter().filter(|declared| !declared.used.get()) {
            let name = &declared.name.value;
            let message =
                format!("variable `{name}` is never used: write `{{{name}}}` in an address, or remove it");
            report.error(&declared.name.place, message);
        }
    }
}

fn declare(entry: &Entry, report: &Report) -> Option<Declared> {
    let table = entry.node.table()?;
    let name = &entry.key;
    let text = |key: &str| table.text(key).map(str::to_owned);
    let choices: Vec<_> = table.list("enum").iter().filter_map(Node::text).map(str::to_owned).collect();
    let format = if table.get("enum").is_some() { Format::Enum } else { format_of(table) };
    check_name(name, report);
    check_values(table, report);
    check_required(table, report);
    learned::check_secret(table, report);
    let model = Variable {
        name: name.value.clone(),
        description: text("description"),
        format,
        default: text("default"),
        choices,
        example: text("example"),
        required: table.bool("required").unwrap_or(table.get("default").is_none()),
        prefix: text("prefix").unwrap_or_default(),
        suffix: text("suffix").unwrap_or_default(),
        source: learned::source(table, report),
        secret: table.bool("secret").unwrap_or_default(),
    };
    // A variable that cannot be used is not called unused as well.
    let used = Cell::new(is_built_in(&name.value) || !is_field_name(&name.value));
    Some(Declared { name: name.clone(), model, used })
}

fn format_of(table: &Table) -> Format {
    table.text("format").map_or(Format::Text, format::named)
}

/// The name is that of a field, so it is a Rust identifier; and no name that already means something in braces.
fn check_name(name: &Located<String>, report: &Report) {
    let text = &name.value;
    if is_built_in(text) {
        report.error(
            &name.place,
            format!("`{{{text}}}` already has a meaning: give the variable another name"),
        );
    } else if !is_field_name(text) {
        let message = format!(
            "variable `{text}` cannot be a field: use lower case letters, digits and `_`, and no Rust keyword"
        );
        report.error(&name.place, message);
    }
}

fn is_field_name(name: &str) -> bool {
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.chars().all(lower) && name != "_" && syn::parse_str::<syn::Ident>(name).is_ok()
}

/// Each value that the definition names must be one that a user could give.
fn check_values(table: &Table, report: &Report) {
    let format = format_of(table);
    let choices: Vec<_> = table.list("enum").iter().filter_map(Node::text).collect();
    for (at, node) in table.list("enum").iter().enumerate() {
        check_value(format, node, report);
        if node.text().is_some_and(|text| choices[..at].contains(&text)) {
            report.error(&node.place, "this value stands in the list already");
        }
    }
    if let Some(node) = table.get("enum").filter(|_| choices.is_empty()) {
        report.error(&node.place, "`enum` is empty: name the values that there are");
    }
    for (key, node) in ["default", "example"].into_iter().filter_map(|key| Some((key, table.get(key)?))) {
        let outside = !choices.is_empty() && node.text().is_some_and(|text| !choices.contains(&text));
        if outside {
            report.error(&node.place, format!("`{key}` is none of the values of `enum`"));
        } else {
            check_value(format, node, report);
        }
    }
}

fn check_value(format: Format, node: &Node, report: &Report) {
    if node.text().is_some_and(|text| !format::fits(format, text)) {
        report.error(&node.place, format!("the value is not {}", format::describe(format)));
    }
}

fn check_required(table: &Table, report: &Report) {
    let required = table.get("required").filter(|_| table.bool("required") == Some(true));
    if let Some(node) = required.filter(|_| table.get("default").is_some()) {
        report.error(&node.place, "a variable with a `default` is never required: remove one of the two");
    }
}
