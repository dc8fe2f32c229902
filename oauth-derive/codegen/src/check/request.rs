//! What `[token]`, `[refresh]` and `[revocation]` share: requests with a grant or a token.

use super::{
    Checker,
    placeholder::{Allowed, TOKEN_HEADER},
    rename::Message,
    text_of,
};
use crate::{
    draft::{Node, Table},
    model::{AuthMethod, Encoding, Method, TokenRequest},
};

/// The keys that make a request of its own.
pub(super) const OWN: &[&str] =
    &["method", "encoding", "params", "query", "headers", "rename", "omit", "auth", "grant_type"];

impl Checker<'_> {
    /// The request of a table that says something about it, with the encoding and the headers of `[token]` where it
    /// is silent.
    pub(super) fn own_request(
        &self,
        table: &Table,
        message: &Message,
        token: &TokenRequest,
    ) -> Option<TokenRequest> {
        OWN.iter().any(|key| table.get(key).is_some()).then(|| self.request(table, message, token))
    }

    pub(super) fn request(&self, table: &Table, message: &Message, inherited: &TokenRequest) -> TokenRequest {
        let encoding = encoding(table).unwrap_or(inherited.encoding);
        self.check_method(table, encoding);
        let in_header = Allowed { known: message.allowed.known, ..TOKEN_HEADER };
        let headers = table.get("headers").map(|_| self.headers(table.entries("headers"), in_header));
        let in_query = message.allowed.in_address();
        let in_params = if encoding == Encoding::Query { in_query } else { message.allowed };
        TokenRequest {
            method: method(table),
            encoding,
            params: self.own_params(table, "params", message, in_params),
            query: self.own_params(table, "query", message, in_query),
            headers: headers.unwrap_or_else(|| inherited.headers.clone()),
            rename: self.renamed(table, message),
            omit: self.omitted(table, message),
            grant_type: self.grant_type(table),
            auth: self.own_auth(table),
            send_state: table.bool("send_state").unwrap_or_default(),
        }
    }

    /// A GET has no body.
    pub(super) fn check_method(&self, table: &Table, encoding: Encoding) {
        if method(table) != Method::Get || encoding == Encoding::Query {
            return;
        }
        if let Some(node) = table.get("encoding").or(table.get("method")) {
            self.error(&node.place, "a GET request has no body: it needs `encoding = \"query\"`");
        }
    }

    fn grant_type(&self, table: &Table) -> Option<String> {
        let node = table.get("grant_type")?;
        let text = text_of(node);
        if text.is_empty() || !text.chars().all(|c| c.is_ascii_graphic()) {
            self.error(&node.place, "a grant type is a word or an address, of visible ASCII characters");
        }
        if table.list("omit").iter().any(|node| node.text() == Some("grant_type")) {
            self.error(&node.place, "`omit` leaves `grant_type` out: remove one of the two");
        }
        Some(text)
    }

    fn own_auth(&self, table: &Table) -> Vec<AuthMethod> {
        table.get("auth").map(|node| self.methods("auth", node)).unwrap_or_default()
    }

    /// A key that says something about a request which is never sent.
    pub(super) fn refuse_idle(&self, table: &Table, keys: &[&str], why: &str) {
        for entry in keys.iter().filter_map(|key| table.entry(key)) {
            self.error(&entry.key.place, format!("{why}: remove `{}`", entry.key.value));
        }
    }
}

pub(super) fn method(table: &Table) -> Method {
    match table.text("method") {
        Some("GET") => Method::Get,
        Some("DELETE") => Method::Delete,
        _ => Method::Post,
    }
}

pub(super) fn encoding(table: &Table) -> Option<Encoding> {
    match table.get("encoding").and_then(Node::text)? {
        "json" => Some(Encoding::Json),
        "query" => Some(Encoding::Query),
        _ => Some(Encoding::Form),
    }
}
