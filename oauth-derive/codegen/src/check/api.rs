//! `[api]`

use super::{
    Checker,
    placeholder::{API, API_ADDRESS},
    url::Shape,
};
use crate::{
    draft::Table,
    model::{Api, Placement},
    report::Place,
};

impl Checker<'_> {
    pub(super) fn api(&self) -> Option<Api> {
        let (table, place) = self.table("api")?;
        self.require_base_url(table, place);
        self.check_carrier(table);
        self.refuse_idle_placement(table);
        let text = |key: &str| table.text(key).map(str::to_owned);
        Some(Api {
            base_url: self.urls(table.get("base_url"), Shape::Base, API_ADDRESS),
            origins: self.urls(table.get("origins"), Shape::Origin, API_ADDRESS),
            placement: if is_in_query(table) { Placement::Query } else { Placement::Header },
            header: text("header"),
            scheme: text("scheme"),
            parameter: text("parameter"),
            headers: self.headers(table.entries("headers"), API),
            query: self.params(table.entries("query"), API.in_address()),
        })
    }

    fn require_base_url(&self, table: &Table, place: &Place) {
        if table.get("base_url").is_none() && self.is_missing("api.base_url") {
            let message = format!("no `base_url`: add `base_url = \"https://..\"` {}", place.under("api"));
            self.error(place, message);
        }
    }

    /// What carries the token must be something that a request can have.
    fn check_carrier(&self, table: &Table) {
        if let Some(node) = table.get("header") {
            self.check_header_name(node.text().unwrap_or_default(), &node.place);
        }
        if let Some(node) = table.get("parameter") {
            self.check_parameter_name(node.text().unwrap_or_default(), &node.place);
        }
        let scheme = table.get("scheme").and_then(|node| Some((node, node.text()?)));
        if let Some((node, _)) = scheme.filter(|(_, text)| !text.chars().all(|c| c.is_ascii_graphic())) {
            self.error(&node.place, "a scheme is one word: the space after it is not written");
        }
    }

    /// A key that says something about the other placement does nothing.
    fn refuse_idle_placement(&self, table: &Table) {
        let (idle, placement): (&[&str], _) =
            if is_in_query(table) { (&["header", "scheme"], "query") } else { (&["parameter"], "header") };
        for entry in idle.iter().filter_map(|key| table.entry(key)) {
            let message = format!("`{}` does nothing with `placement = \"{placement}\"`", entry.key.value);
            self.error(&entry.key.place, message);
        }
    }
}

fn is_in_query(table: &Table) -> bool {
    table.text("placement") == Some("query")
}
