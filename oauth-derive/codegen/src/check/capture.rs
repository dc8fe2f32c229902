//! `capture`: further values that are kept.

use super::Checker;
use crate::{
    draft::{Node, Table, Value},
    model::{Capture, Field, TokenResponse},
    report::{Located, Place},
};

impl Checker<'_> {
    /// A list of values, each under the text of its path; or a table of them, each under a name of its own.
    pub(super) fn capture(&self, table: &Table) -> Vec<Capture> {
        self.refuse_repeated(table.list("capture"));
        let captured = named(table).into_iter().filter_map(|(name, node)| {
            if name.value.chars().any(char::is_control) {
                self.error(&name.place, "a name holds no control characters");
            }
            Some(Capture { name: name.value, path: self.names(node.text()?, &node.place) })
        });
        captured.collect()
    }

    /// A token is kept as what it is: nobody looks for one among other values.
    pub(super) fn refuse_captured_tokens(&self, table: &Table, response: &TokenResponse) {
        let tokens = [
            ("access_token", &response.access_token),
            ("refresh_token", &response.refresh_token),
            ("id_token", &response.id_token),
        ];
        for ((_, node), captured) in named(table).iter().zip(&response.capture) {
            let is_at = |path: &Field, name| match path {
                Some(path) => *path == captured.path,
                None => captured.path == [name],
            };
            if let Some((name, _)) = tokens.iter().find(|(name, path)| is_at(path, *name)) {
                self.error(&node.place, format!("the `{name}` stands here, and is kept as such: remove it"));
            }
        }
    }
}

/// What is captured, each value with its name.
pub(super) fn named(table: &Table) -> Vec<(Located<String>, &Node)> {
    let under = |name: &str, place: &Place| Located { value: name.to_owned(), place: place.clone() };
    match table.get("capture").map(|node| &node.value) {
        Some(Value::List(nodes)) => {
            let texts = nodes.iter().filter_map(|node| Some((under(node.text()?, &node.place), node)));
            texts.collect()
        }
        Some(Value::Table(below)) => {
            let entries = below.entries.iter().filter(|entry| entry.node.text().is_some());
            entries.map(|entry| (entry.key.clone(), &entry.node)).collect()
        }
        _ => Vec::new(),
    }
}
