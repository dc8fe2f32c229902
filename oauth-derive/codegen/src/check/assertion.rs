//! `[client.assertion]`: what a client with a private key signs.

use super::{Checker, placeholder::ASSERTION, text_of};
use crate::{
    draft::{Entry, Node, Table},
    model::{Assertion, AssertionUse, Param, SigningAlgorithm},
    report::Place,
};

/// Made anew for each request.
const OWN: &[&str] = &["alg", "exp", "iat", "jti", "typ"];

impl Checker<'_> {
    pub(super) fn assertion(&self) -> Option<Assertion> {
        let (client, _) = self.table("client")?;
        let node = client.get("assertion")?;
        let table = node.table()?;
        let used_as = match table.text("as") {
            Some("client_secret") => AssertionUse::ClientSecret,
            _ => AssertionUse::ClientAssertion,
        };
        self.require_use(table, used_as, &node.place);
        Some(Assertion {
            used_as,
            algorithm: table.text("alg").and_then(algorithm),
            header: self.signed(table.entries("header")),
            claims: self.signed(table.entries("claims")),
            ttl: table.get("ttl").and_then(|node| self.duration(node)),
        })
    }

    /// Something must send it.
    fn require_use(&self, table: &Table, used_as: AssertionUse, place: &Place) {
        const KEY: &str = "token_endpoint_auth_methods";
        let of_use = match used_as {
            AssertionUse::ClientAssertion => ["private_key_jwt"].as_slice(),
            AssertionUse::ClientSecret => &["client_secret_post", "client_secret_basic"],
        };
        let mut methods = self.root.list(KEY).iter().filter_map(Node::text);
        let is_known =
            self.root.get(KEY).is_some() && table.get("as").is_none_or(|node| node.text().is_some());
        if is_known && !methods.any(|method| of_use.contains(&method)) {
            let message = format!("nothing sends this: add `\"{}\"` to `{KEY}`", of_use[0]);
            self.error(place, message);
        }
    }

    fn signed(&self, entries: &[Entry]) -> Vec<Param> {
        let member = |entry: &Entry| {
            let name = entry.key.value.as_str();
            if OWN.contains(&name) {
                let message = format!("the client writes `{name}` by itself: remove it");
                self.error(&entry.key.place, message);
            }
            if text_of(&entry.node).chars().any(char::is_control) {
                self.error(&entry.node.place, "a value cannot hold control characters");
            }
            Param { name: name.to_owned(), value: self.template(&entry.node, ASSERTION) }
        };
        entries.iter().map(member).collect()
    }
}

fn algorithm(name: &str) -> Option<SigningAlgorithm> {
    SigningAlgorithm::ALL.into_iter().find(|algorithm| algorithm.name() == name)
}
