//! `optional` and `tokens` of `[token.response]`: several tokens in one answer.

use super::{Checker, option};
use crate::{
    draft::{Entry, Node, Table},
    model::{NamedToken, Scopes},
    name,
};

/// What holds for the whole answer, and so for each of its tokens.
const WHOLE: &[&str] = &["success", "error", "tokens"];

impl Checker<'_> {
    /// The further tokens of an answer.
    pub(super) fn named_tokens(&self, table: &Table) -> Vec<NamedToken> {
        table.entries("tokens").iter().filter_map(|entry| self.named_token(entry, table)).collect()
    }

    fn named_token(&self, entry: &Entry, answer: &Table) -> Option<NamedToken> {
        let table = entry.node.table()?;
        let name = &entry.key.value;
        self.check_token_name(entry);
        self.refuse_idle(table, WHOLE, "what holds for the whole answer stands in `token.response` itself");
        let response = self.shape(table);
        let place = |table: &Table| ["root", "access_token"].map(|key| table.text(key).map(str::to_owned));
        if place(table) == place(answer) {
            let message =
                format!("`{name}` is the same token as the first one: say where it stands, `root = \"..\"`");
            self.error(&entry.key.place, message);
        }
        Some(NamedToken { name: name.clone(), constant: name::constant(name), response })
    }

    fn check_token_name(&self, entry: &Entry) {
        let name = &entry.key.value;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(fits) {
            let message = format!("`{name}` becomes a Rust constant: use lower case letters, digits and `_`");
            self.error(&entry.key.place, message);
        }
    }

    /// A sign-in without the first token has another one, and nothing that needs the first.
    pub(super) fn check_optional(&self, table: &Table) {
        let Some(entry) = table.entry("optional").filter(|_| table.bool("optional") == Some(true)) else {
            return;
        };
        if table.entries("tokens").is_empty() && self.is_missing("token.response.tokens") {
            let message = "an answer without a token is no success: say what it has instead, under `tokens`";
            self.error(&entry.key.place, message);
        }
        let asks = |name: &str| self.table("hooks").is_some_and(|(hooks, _)| hooks.bool(name) == Some(true));
        let tables = self.root.entries("variables").iter().filter_map(|entry| entry.node.table());
        let mut from = tables.filter_map(|table| table.text("from"));
        let needs = [
            (!self.root.list("exchange").is_empty(), "`[[exchange]]`"),
            (asks("after_connect"), "the hook `after_connect`"),
            (asks("before_disconnect"), "the hook `before_disconnect`"),
            (from.any(|from| from.starts_with("userinfo.")), "a variable `from` the userinfo endpoint"),
        ];
        for (_, what) in needs.into_iter().filter(|(needs, _)| *needs) {
            self.error(&entry.key.place, format!("{what} needs the access token, which may be missing here"));
        }
    }

    /// Each further token becomes a constant, with a name of its own.
    pub(super) fn refuse_colliding_tokens(&self, scopes: &Scopes) {
        let Some((token, _)) = self.table("token") else { return };
        let Some(response) = token.get("response").and_then(Node::table) else { return };
        let options = self.table("authorization").map_or(&[][..], |(table, _)| table.entries("options"));
        let values = options.iter().flat_map(option::items).filter_map(|(item, what, _)| Some((item?, what)));
        let scopes =
            scopes.all().map(|(_, scope)| (scope.constant.clone(), format!("the scope `{}`", scope.value)));
        let taken: Vec<_> = scopes.chain(values).collect();
        for entry in response.entries("tokens") {
            let constant = name::constant(&entry.key.value);
            if let Some((_, what)) = taken.iter().find(|(item, _)| *item == constant) {
                let message = format!(
                    "the token `{}` and {what} would both be `{constant}`: give one another name",
                    entry.key.value
                );
                self.error(&entry.key.place, message);
            }
        }
    }
}
