//! `[authorization]`: the parameters of the authorization request, and what a single one may set.

use super::{Checker, rename::AUTHORIZATION_REQUEST, url::RESERVED};
use crate::{
    draft::{Entry, Node, Table},
    model::{Authorization, RequestOption, Scope, Scopes},
    name,
    report::Place,
};

/// What would change how the answer comes back, or stand in place of the other parameters (RFC 9101).
const FIXED: &[&str] = &["request", "request_uri", "response_mode"];

impl Checker<'_> {
    pub(super) fn authorization(&self, scopes: &Scopes) -> Authorization {
        let Some((table, _)) = self.table("authorization") else { return Authorization::default() };
        let entries = table.entries("options");
        for entry in entries {
            self.check_option_name(entry, table);
            self.check_option_values(entry);
        }
        self.refuse_colliding_options(entries, scopes);
        self.refuse_scope_params(table.entries("params"));
        self.refuse_empty_params(table);
        Authorization {
            raw: self.raw(table),
            skip_empty: table.bool("skip_empty").unwrap_or_default(),
            fragment: self.fragment(table),
            params: self.own_params(table, "params", &AUTHORIZATION_REQUEST, AUTHORIZATION_REQUEST.allowed),
            rename: self.renamed(table, &AUTHORIZATION_REQUEST),
            omit: self.omitted(table, &AUTHORIZATION_REQUEST),
            options: entries.iter().filter_map(option).collect(),
        }
    }

    fn check_option_name(&self, entry: &Entry, table: &Table) {
        let (name, place) = (entry.key.value.as_str(), &entry.key.place);
        self.check_parameter_name(name, place);
        let is_parameter = RESERVED.contains(&name)
            || FIXED.contains(&name)
            || table.entries("rename").iter().any(|entry| entry.node.text() == Some(name))
            || self.scope_parameters().contains(&name);
        if is_parameter {
            self.error(place, format!("the client sends `{name}` itself: it can be no option"));
        } else if table.entries("params").iter().any(|param| param.key.value == name) {
            let message = format!("`{name}` is in `params` as well: there it is sent always, here by choice");
            self.error(place, message);
        }
    }

    /// A constant cannot have the name of a parameter that carries scopes.
    fn refuse_scope_params(&self, params: &[Entry]) {
        for entry in params.iter().filter(|entry| self.scope_parameters().contains(&entry.key.value.as_str()))
        {
            let name = &entry.key.value;
            // The standard's own is refused in any message.
            if !RESERVED.contains(&name.as_str()) {
                let message = format!("the client sends the scopes as `{name}`: remove it here");
                self.error(&entry.key.place, message);
            }
        }
    }

    fn check_option_values(&self, entry: &Entry) {
        let Some(table) = entry.node.table() else { return };
        let choices = table.list("enum");
        self.refuse_repeated(choices);
        if let Some(node) = table.get("enum").filter(|_| choices.is_empty()) {
            self.error(&node.place, "`enum` is empty: name the values that there are");
        }
        for node in choices.iter().chain(table.get("default")) {
            if node.text().is_some_and(|text| text.is_empty() || text.chars().any(char::is_control)) {
                self.error(&node.place, "a value is not empty, and holds no control characters");
            }
        }
        let is_outside = |node: &&Node| choices.iter().all(|choice| choice.text() != node.text());
        let default = table.get("default").filter(|_| !choices.is_empty());
        if let Some(node) = default.filter(is_outside) {
            self.error(&node.place, "`default` is none of the values of `enum`");
        }
    }

    /// Each value becomes a constant and each free option a function: with a name of its own.
    fn refuse_colliding_options(&self, entries: &[Entry], scopes: &Scopes) {
        let mut taken: Vec<_> = scopes.all().map(|(_, scope)| Taken::scope(scope)).collect();
        taken.extend(self.variables.names().map(Taken::parser));
        for (item, what, place) in entries.iter().flat_map(items) {
            let Some(item) = item else {
                self.error(place, format!("{what} makes no Rust name: start with a letter"));
                continue;
            };
            if let Some(other) = taken.iter().find(|other| other.item == item) {
                let Taken { what: other, remedy, .. } = other;
                self.error(place, format!("{what} and {other} would both be `{item}`: {remedy}"));
            }
            taken.push(Taken { item, what, remedy: "keep one" });
        }
    }
}

/// A Rust name of the provider, what has it, and what to do about another that would.
struct Taken {
    item: String,
    what: String,
    remedy: &'static str,
}

impl Taken {
    fn scope(scope: &Scope) -> Self {
        let what = format!("the scope `{}`", scope.value);
        Self { item: scope.constant.clone(), what, remedy: "give the scope another name" }
    }

    fn parser(variable: &str) -> Self {
        let what = format!("the parser of the variable `{variable}`");
        Self { item: format!("parse_{variable}"), what, remedy: "give the variable another name" }
    }
}

/// The Rust names of an option, each with what it is and where it stands.
pub(super) fn items<'e>(entry: &'e Entry) -> Vec<(Option<String>, String, &'e Place)> {
    let option = &entry.key.value;
    let choices = entry.node.table().map_or(&[][..], |table| table.list("enum"));
    if choices.is_empty() {
        return vec![(name::option_function(option), format!("`{option}`"), &entry.key.place)];
    }
    let item = |(at, node): (usize, &'e Node)| {
        let value = node.text()?;
        let what = format!("the value `{value}` of `{option}`");
        // One that stands twice is reported as such.
        let is_first = choices[..at].iter().all(|other| other.text() != Some(value));
        is_first.then(|| (name::option_constant(option, value), what, &node.place))
    };
    choices.iter().enumerate().filter_map(item).collect()
}

fn option(entry: &Entry) -> Option<RequestOption> {
    let table: &Table = entry.node.table()?;
    Some(RequestOption {
        name: entry.key.value.clone(),
        choices: table.list("enum").iter().filter_map(Node::text).map(str::to_owned).collect(),
        default: table.text("default").map(str::to_owned),
    })
}
