//! `[token.response]`, and the answer to another request of the same shape.

use super::Checker;
use crate::{
    draft::{Entry, Node, Table, Value},
    model::{Condition, Field, LifetimeUnit, Scalar, TimeFormat, TokenResponse},
    report::Place,
};

impl Checker<'_> {
    pub(super) fn token_response(&self) -> TokenResponse {
        let table = self.table("token").and_then(|(token, _)| token.get("response")?.table());
        let Some(table) = table else { return TokenResponse::default() };
        self.check_optional(table);
        TokenResponse { tokens: self.named_tokens(table), ..self.shape(table) }
    }

    /// The answer to the request of a table, where it says something about it.
    pub(super) fn response(&self, of: &Table) -> Option<TokenResponse> {
        let table = of.get("response")?.table()?;
        self.refuse_idle(table, &["optional", "tokens"], "only the answer to a code has several tokens");
        Some(self.shape(table))
    }

    pub(super) fn shape(&self, table: &Table) -> TokenResponse {
        let error = table.get("error").and_then(Node::table);
        let response = TokenResponse {
            root: self.field(table, "root"),
            access_token: self.field(table, "access_token"),
            refresh_token: self.field(table, "refresh_token"),
            id_token: self.field(table, "id_token"),
            token_type: self.field(table, "token_type"),
            scope: self.field(table, "scope"),
            expires_in: self.field(table, "expires_in"),
            expires_in_unit: match table.text("expires_in_unit") {
                Some("ms") => LifetimeUnit::Milliseconds,
                _ => LifetimeUnit::Seconds,
            },
            zero_is_never: table.text("expires_in_zero") == Some("never"),
            expires_at: self.field(table, "expires_at"),
            expires_at_format: self.expires_at_format(table),
            refresh_token_expires_in: self.field(table, "refresh_token_expires_in"),
            token_types: self.token_types(table),
            scope_separator: self.answered_separator(table),
            capture: self.capture(table),
            success: self.conditions(table),
            error_code: error.and_then(|error| self.field(error, "code")),
            error_description: error.and_then(|error| self.field(error, "description")),
            default_expires_in: self.default_expires_in(table),
            optional: table.bool("optional").unwrap_or_default(),
            tokens: Vec::new(),
        };
        self.refuse_captured_tokens(table, &response);
        response
    }

    fn expires_at_format(&self, table: &Table) -> TimeFormat {
        if table.get("expires_at").is_none() && self.is_missing("token.response.expires_at") {
            self.refuse_idle(table, &["expires_at_format"], "no `expires_at` says where the time stands");
        }
        match table.text("expires_at_format") {
            Some("unix") => TimeFormat::Unix,
            _ => TimeFormat::Rfc3339,
        }
    }

    /// `data.token`: the names on the way into an object; a number is a place in a list.
    pub(super) fn field(&self, table: &Table, key: &str) -> Field {
        let node = table.get(key)?;
        Some(self.names(node.text()?, &node.place))
    }

    /// The same for a list of them.
    pub(super) fn fields(&self, table: &Table, key: &str) -> Vec<Vec<String>> {
        let nodes = table.list(key);
        self.refuse_repeated(nodes);
        if let Some(node) = table.get(key).filter(|_| nodes.is_empty()) {
            self.error(&node.place, "the list is empty: say where it stands, or remove the key");
        }
        nodes.iter().filter_map(|node| Some(self.names(node.text()?, &node.place))).collect()
    }

    pub(super) fn names(&self, text: &str, place: &Place) -> Vec<String> {
        let names: Vec<_> = text.split('.').map(str::to_owned).collect();
        if names.iter().any(|name| name.is_empty() || name.chars().any(char::is_control)) {
            self.error(
                place,
                "this is no way into an object: names with dots between them, such as `data.token`",
            );
        }
        if names.iter().any(|name| name.len() > 3 && name.bytes().all(|b| b.is_ascii_digit())) {
            self.error(place, "a number on the way is a place in a list: at most 999");
        }
        names
    }

    fn token_types(&self, table: &Table) -> Vec<String> {
        let nodes = table.list("token_types").iter().filter_map(|node| Some((node, node.text()?)));
        nodes
            .map(|(node, text)| {
                if text.trim().is_empty() || !text.chars().all(|c| (' '..='~').contains(&c)) {
                    self.error(&node.place, "a token type is of visible ASCII characters");
                } else if text.eq_ignore_ascii_case("bearer") {
                    self.error(&node.place, "`bearer` is always accepted: remove it");
                }
                text.to_owned()
            })
            .collect()
    }

    fn answered_separator(&self, table: &Table) -> Option<String> {
        let node = table.get("scope_separator")?;
        if node.text().is_some_and(str::is_empty) {
            self.error(&node.place, "a separator cannot be empty");
        }
        node.text().map(str::to_owned)
    }

    fn conditions(&self, table: &Table) -> Vec<Condition> {
        let scalar = |value: &Value| match value {
            Value::Bool(value) => Some(Scalar::Bool(*value)),
            Value::Integer(value) => Some(Scalar::Integer(*value)),
            Value::Text(value) => Some(Scalar::Text(value.clone())),
            _ => None,
        };
        let entries = table.entries("success").iter();
        let condition = |entry: &Entry| {
            let path = self.names(&entry.key.value, &entry.key.place);
            Some(Condition { path, value: scalar(&entry.node.value)? })
        };
        entries.filter_map(condition).collect()
    }

    /// A lifetime that has passed before it begins, or that outlives the client, is a mistake.
    fn default_expires_in(&self, table: &Table) -> Option<u64> {
        const TEN_YEARS: u64 = 10 * 366 * 24 * 3600;
        let defaults = table.get("defaults")?.table()?;
        let seconds = u64::try_from(defaults.integer("expires_in")?).ok();
        let valid = seconds.filter(|seconds| (1..=TEN_YEARS).contains(seconds));
        if let Some(node) = defaults.get("expires_in").filter(|_| valid.is_none()) {
            self.error(&node.place, "a lifetime is a number of seconds, at least one and at most ten years");
        }
        valid
    }
}
