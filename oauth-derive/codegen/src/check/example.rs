//! `[[example]]`

use super::{Checker, hint::stage};
use crate::{
    draft::{Node, Table},
    json,
    model::Example,
};

impl Checker<'_> {
    pub(super) fn examples(&self) -> Vec<Example> {
        self.root.list("example").iter().filter_map(|node| self.example(node)).collect()
    }

    fn example(&self, node: &Node) -> Option<Example> {
        let table = node.table()?;
        let text = |key: &str| table.text(key).map(str::to_owned);
        let content_type = text("content_type").unwrap_or_else(|| "application/json".to_owned());
        self.check_body(table, &content_type);
        let status = self.status(table);
        let Some(stage) = table.text("stage").and_then(stage) else {
            if table.get("stage").is_none() && self.is_missing("example.stage") {
                self.error(&node.place, "no `stage`: say where the answer comes, `stage = \"token\"`");
            }
            return None;
        };
        Some(Example {
            stage,
            title: text("title").unwrap_or_default(),
            status,
            content_type,
            body: text("body").unwrap_or_default(),
            expect: table.get("expect").map_or_else(|| "{}".to_owned(), json::write),
        })
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
        let is_json = content_type.starts_with("application/json") || content_type.contains("+json");
        let Some(node) = table.get("body").filter(|_| is_json) else { return };
        let text = node.text().unwrap_or_default();
        if let Err(at) = json::check(text) {
            let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            let place = if end > at { node.place.inside(text, &(at..end)) } else { node.place.clone() };
            self.error(&place, "the body is not JSON from here on: mend it, or set `content_type`");
        }
    }
}
