//! `[errors.CODE]`

use super::{Checker, placeholder::HINT};
use crate::{
    draft::{Entry, Table},
    model::{ErrorHint, Stage},
};

impl Checker<'_> {
    pub(super) fn error_hints(&self) -> Vec<ErrorHint> {
        self.root.entries("errors").iter().filter_map(|entry| self.error_hint(entry)).collect()
    }

    fn error_hint(&self, entry: &Entry) -> Option<ErrorHint> {
        let table = entry.node.table()?;
        self.check_code(entry);
        self.refuse_contradiction(table);
        self.require_console(table);
        Some(ErrorHint {
            code: entry.key.value.clone(),
            stage: table.text("stage").and_then(stage),
            means: table.text("means").map(str::to_owned),
            hint: table.get("hint").map(|node| self.template(node, HINT)).unwrap_or_default(),
            docs: table.get("docs").and_then(|node| self.link(node)),
            reauthorize: table.bool("reauthorize").unwrap_or_default(),
            retry: table.bool("retry").unwrap_or_default(),
        })
    }

    fn check_code(&self, entry: &Entry) {
        let code = &entry.key.value;
        if code.is_empty() || code.chars().any(|c| !(' '..='~').contains(&c)) {
            self.error(&entry.key.place, "an error code is of visible ASCII characters");
        }
    }

    /// A request that may succeed later needs no user; one that needs the user will not succeed later.
    fn refuse_contradiction(&self, table: &Table) {
        let both = table.bool("retry") == Some(true) && table.bool("reauthorize") == Some(true);
        if let Some(entry) = table.entry("reauthorize").filter(|_| both) {
            self.error(&entry.key.place, "`retry` and `reauthorize` exclude each other: keep one");
        }
    }

    fn require_console(&self, table: &Table) {
        let Some(node) = table.get("hint") else { return };
        let text = node.text().unwrap_or_default();
        let known = self.table("client").is_some_and(|(client, _)| client.get("console").is_some())
            || !self.is_missing("client.console");
        if let Some(at) = text.find("{client.console}").filter(|_| !known) {
            let place = node.place.inside(text, &(at..at + "{client.console}".len()));
            self.error(&place, format!("there is no `console` {}: add it", place.under("client")));
        }
    }
}

/// The stage of a name in a definition.
pub(super) fn stage(name: &str) -> Option<Stage> {
    match name {
        "authorize" => Some(Stage::Authorize),
        "callback" => Some(Stage::Callback),
        "token" => Some(Stage::Token),
        "refresh" => Some(Stage::Refresh),
        "exchange" => Some(Stage::Exchange),
        "revocation" => Some(Stage::Revocation),
        "userinfo" => Some(Stage::Userinfo),
        "api" => Some(Stage::Api),
        _ => None,
    }
}
