//! `[[example]]`

use super::{Checker, hint::stage};
use crate::{
    draft::{Entry, Node, Table},
    json,
    model::{Example, Stage},
    report::Place,
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// What a name in `expect` is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Code,
    Tokens,
    User,
    Error,
}

impl Subject {
    fn of(name: &str) -> Self {
        match name {
            "code" => Self::Code,
            "error" | "means" | "description" => Self::Error,
            "subject" | "email" | "email_verified" | "name" | "preferred_username" | "picture" => Self::User,
            _ => Self::Tokens,
        }
    }

    /// Where it is read.
    fn stages(self) -> &'static str {
        match self {
            Self::Code => "`callback`",
            Self::Tokens => "`token`, `refresh` or `exchange`",
            Self::User => "`userinfo`",
            Self::Error => "every stage",
        }
    }

    fn is_read_at(self, stage: Stage) -> bool {
        match self {
            Self::Code => stage == Stage::Callback,
            Self::Tokens => matches!(stage, Stage::Token | Stage::Refresh | Stage::Exchange),
            Self::User => stage == Stage::Userinfo,
            Self::Error => true,
        }
    }
}

impl Checker<'_> {
    pub(super) fn examples(&self) -> Vec<Example> {
        let nodes = self.root.list("example");
        for (at, node) in nodes.iter().enumerate() {
            self.refuse_same_title(&nodes[..at], node);
        }
        nodes.iter().filter_map(|node| self.example(node)).collect()
    }

    fn example(&self, node: &Node) -> Option<Example> {
        let table = node.table()?;
        let text = |key: &str| table.text(key).map(str::to_owned);
        let stage = self.stage(table, &node.place);
        let usual = if stage == Some(Stage::Callback) { FORM } else { JSON };
        let content_type = text("content_type").unwrap_or_else(|| usual.to_owned());
        self.check_body(table, &content_type);
        let status = self.status(table);
        self.require_title(table, &node.place);
        let stage = stage?;
        self.check_expect(table, stage, &node.place);
        Some(Example {
            stage,
            title: text("title").unwrap_or_default(),
            status,
            content_type,
            body: text("body").unwrap_or_default(),
            expect: table.get("expect").map_or_else(|| "{}".to_owned(), json::write),
        })
    }

    fn stage(&self, table: &Table, place: &Place) -> Option<Stage> {
        let Some(node) = table.get("stage") else {
            if self.is_missing("example.stage") {
                self.error(place, "no `stage`: say where the answer comes, `stage = \"token\"`");
            }
            return None;
        };
        let stage = node.text().and_then(stage).filter(|stage| *stage != Stage::Authorize);
        if stage.is_none() {
            self.error(&node.place, "a page of the provider's own is no answer: no client ever reads it");
        }
        stage
    }

    fn require_title(&self, table: &Table, place: &Place) {
        match table.get("title") {
            None if self.is_missing("example.title") => {
                self.error(place, "no `title`: say what the example shows");
            }
            Some(node) if node.text().is_some_and(|title| title.trim().is_empty()) => {
                self.error(&node.place, "a `title` says what the example shows");
            }
            _ => {}
        }
    }

    /// The test provider plays an example by its title.
    fn refuse_same_title(&self, before: &[Node], node: &Node) {
        let title = |node: &Node| node.table()?.text("title").map(str::to_owned);
        let Some(node_of_title) = node.table().and_then(|table| table.get("title")) else { return };
        if before.iter().any(|other| title(other) == title(node)) {
            self.error(&node_of_title.place, "another example has this `title`: say what is different here");
        }
    }

    fn status(&self, table: &Table) -> u16 {
        let Some(number) = table.integer("status") else { return 200 };
        let status = u16::try_from(number).ok().filter(|status| (100..=599).contains(status));
        if let Some(node) = table.get("status").filter(|_| status.is_none()) {
            self.error(&node.place, "a `status` is a number from 100 to 599");
        }
        status.unwrap_or(200)
    }

    /// A body that is called JSON is JSON.
    fn check_body(&self, table: &Table, content_type: &str) {
        let is_json = content_type.starts_with(JSON) || content_type.contains("+json");
        let Some(node) = table.get("body").filter(|_| is_json) else { return };
        let text = node.text().unwrap_or_default();
        if let Err(at) = json::check(text) {
            let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            let place = if end > at { node.place.inside(text, &(at..end)) } else { node.place.clone() };
            self.error(&place, "the body is not JSON from here on: mend it, or set `content_type`");
        }
    }

    /// An example is a test, so it says what is read out of it, as far as anything is.
    fn check_expect(&self, table: &Table, stage: Stage, place: &Place) {
        let entries = table.entries("expect");
        let says_nothing = table.get("expect").is_none() && self.is_missing("example.expect");
        let something = match stage {
            Stage::Token | Stage::Refresh | Stage::Exchange => "access_token",
            Stage::Callback => "code",
            Stage::Userinfo => "subject",
            Stage::Authorize | Stage::Revocation | Stage::Api => return self.check_readings(entries, stage),
        };
        if says_nothing {
            let message =
                format!("no `expect`: say what is read out of it, `expect = {{ {something} = \"..\" }}`");
            self.error(place, message);
        }
        self.check_readings(entries, stage);
    }

    fn check_readings(&self, entries: &[Entry], stage: Stage) {
        let has = |name: &str| entries.iter().any(|entry| entry.key.value == name);
        for Entry { key, node } in entries {
            let (name, subject) = (&key.value, Subject::of(&key.value));
            if !subject.is_read_at(stage) {
                let stages = subject.stages();
                self.error(&key.place, format!("`{name}` is not read at this stage: it is at {stages}"));
            } else if subject == Subject::Error && !has("error") {
                self.error(
                    &key.place,
                    format!("`{name}` is about an `error`: add its code, `error = \"..\"`"),
                );
            } else if name == "tokens" {
                self.check_named_readings(node);
            } else if subject != Subject::Error && has("error") {
                self.error(&key.place, format!("an error has no `{name}`: keep `error` or `{name}`"));
            }
        }
    }

    /// What is read of further tokens is of tokens, and of declared ones.
    fn check_named_readings(&self, node: &Node) {
        let Some(table) = node.table() else { return };
        let response = self.table("token").and_then(|(token, _)| token.get("response")?.table());
        let declared = response.map_or(&[][..], |response| response.entries("tokens"));
        for Entry { key, node } in &table.entries {
            if declared.iter().all(|token| token.key.value != key.value) {
                let message = format!(
                    "there is no token `{}`: add it {}",
                    key.value,
                    key.place.under("token.response.tokens")
                );
                self.error(&key.place, message);
            }
            for Entry { key, .. } in node.table().map_or(&[][..], |table| &table.entries) {
                if Subject::of(&key.value) != Subject::Tokens || key.value == "tokens" {
                    self.error(&key.place, format!("`{}` is nothing that a token has", key.value));
                }
            }
        }
    }
}
