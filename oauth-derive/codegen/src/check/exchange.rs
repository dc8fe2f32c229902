//! `[[exchange]]`

use super::{
    Checker,
    placeholder::{EXCHANGE, EXCHANGE_ADDRESS},
    request::{encoding, method},
    text_of,
    url::{RESERVED, Shape},
};
use crate::{
    draft::{Entry, Node, Table},
    model::{BuiltIn, Encoding, Exchange, OnFailure, Param, Part, Stage},
    report::Place,
};

/// Parameters of the protocol that an exchange may have.
const OWN: &[&str] = &["client_id", "client_secret", "grant_type", "scope"];

impl Checker<'_> {
    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        self.root.list("exchange").iter().filter_map(|node| self.exchange(node)).collect()
    }

    fn exchange(&self, node: &Node) -> Option<Exchange> {
        let (table, place) = (node.table()?, &node.place);
        let encoding = encoding(table).unwrap_or_default();
        self.check_method(table, encoding);
        let params = self.exchange_params(table, encoding);
        self.require_token(&params, table, place);
        Some(Exchange {
            after: self.after(table),
            url: self.exchange_url(table, place),
            method: method(table),
            encoding,
            params,
            response: self.response(table),
            on_failure: match table.text("on_failure") {
                Some("keep") => OnFailure::Keep,
                _ => OnFailure::Fail,
            },
        })
    }

    fn after(&self, table: &Table) -> Vec<Stage> {
        let Some(node) = table.get("after") else { return vec![Stage::Token] };
        if node.elements().is_empty() {
            self.error(&node.place, "the list is empty: name what the exchange follows, or remove the key");
        }
        self.refuse_repeated(node.elements());
        let support = self.table("refresh").and_then(|(refresh, _)| refresh.text("support"));
        let stage = |node: &Node| match node.text() {
            Some("refresh") => {
                self.check_after_refresh(node, support);
                Stage::Refresh
            }
            _ => Stage::Token,
        };
        node.elements().iter().map(stage).collect()
    }

    fn check_after_refresh(&self, node: &Node, support: Option<&str>) {
        let message = match support {
            Some("none") => "there is no refresh here (`support = \"none\"`)",
            Some("in_place") => {
                "what is renewed in place is the token of the exchange itself: it is not exchanged again"
            }
            _ => return,
        };
        self.error(&node.place, message);
    }

    fn exchange_url(&self, table: &Table, place: &Place) -> crate::model::Endpoint {
        if table.get("url").is_none() && self.is_missing("exchange.url") {
            self.error(place, "no `url`: add the address of the call, `url = \"https://..\"`");
        }
        self.urls(table.get("url"), Shape::Endpoint, EXCHANGE_ADDRESS)
    }

    fn exchange_params(&self, table: &Table, encoding: Encoding) -> Vec<Param> {
        let allowed = if encoding == Encoding::Query { EXCHANGE.in_address() } else { EXCHANGE };
        let param = |entry: &Entry| {
            let name = entry.key.value.as_str();
            self.check_exchange_name(name, entry);
            self.check_parameter_name(name, &entry.key.place);
            self.check_parameter_value(entry);
            Param { name: name.to_owned(), value: self.template(&entry.node, allowed) }
        };
        table.entries("params").iter().map(param).collect()
    }

    /// What the protocol sends elsewhere does not stand here, and no constant stands for the client.
    fn check_exchange_name(&self, name: &str, entry: &Entry) {
        let is_client = matches!(name, "client_id" | "client_secret");
        if is_client && text_of(&entry.node) != format!("{{{name}}}") {
            let message = format!("`{name}` is that of `Credentials`: write `{name} = \"{{{name}}}\"`");
            self.error(&entry.node.place, message);
        } else if RESERVED.contains(&name) && !OWN.contains(&name) {
            let message = format!("`{name}` is none of the parameters of an exchange: remove it");
            self.error(&entry.key.place, message);
        }
    }

    /// Without the first token there is nothing to trade.
    fn require_token(&self, params: &[Param], table: &Table, place: &Place) {
        // What is in braces still has no meaning, and that was reported.
        let is_token = |part: &Part| match part {
            Part::Text(text) => text.contains('{'),
            part => *part == Part::BuiltIn(BuiltIn::AccessToken),
        };
        let holds = |param: &Param| param.value.iter().any(is_token);
        if params.iter().any(holds) || !self.is_missing("exchange.params") {
            return;
        }
        let place = table.get("params").map_or(place, |node| &node.place);
        self.error(
            place,
            "nothing here holds the token that is exchanged: give a parameter `{access_token}`",
        );
    }
}
