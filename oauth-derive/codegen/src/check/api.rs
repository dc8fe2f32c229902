//! `[api]`

use super::{
    Checker,
    placeholder::{API, API_ADDRESS},
    url::Shape,
};
use crate::{
    draft::{Table, Value},
    model::{Api, Placement, RetryAfter, WaitUnit},
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
            placement: placement(table),
            header: text("header"),
            scheme: text("scheme"),
            parameter: text("parameter"),
            headers: self.headers(table.entries("headers"), API),
            query: self.params(table.entries("query"), API.in_address()),
            expired_status: self.expired_status(table),
            retry_after: self.retry_after(table),
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

    /// Answers of the API to a token that it does not take: 4xx, but for those that mean something else everywhere.
    fn expired_status(&self, table: &Table) -> Vec<u16> {
        let mut statuses = Vec::new();
        if let Some(node) = table.get("expired_status").filter(|node| node.elements().is_empty()) {
            self.error(&node.place, "the list is empty: name a status, or remove the key");
        }
        for node in table.list("expired_status") {
            let Value::Integer(number) = node.value else { continue };
            let message = match u16::try_from(number) {
                Ok(401) => "401 means it always: remove it",
                Ok(404 | 429) => "this status means something else: no refresh mends it",
                Ok(status @ 400..=499) if !statuses.contains(&status) => {
                    statuses.push(status);
                    continue;
                }
                Ok(400..=499) => "this value stands in the list already",
                _ => "a status that refuses a token is a number from 400 to 499",
            };
            self.error(&node.place, message);
        }
        statuses
    }

    fn retry_after(&self, table: &Table) -> Option<RetryAfter> {
        let node = table.get("retry_after")?;
        let below = node.table();
        let Some(name) = below.map_or(Some(node), |below| below.get("header")) else {
            if self.is_missing("api.retry_after.header") {
                self.error(&node.place, "no `header`: say which one it is, `header = \"..\"`");
            }
            return None;
        };
        let header = name.text()?;
        self.check_header_name(header, &name.place);
        if header.eq_ignore_ascii_case("Retry-After") {
            self.error(&name.place, "`Retry-After` is read everywhere: remove it");
        }
        let unit = below.and_then(|below| below.text("unit"));
        let unit = if unit == Some("unix_time") { WaitUnit::UnixTime } else { WaitUnit::Seconds };
        Some(RetryAfter { header: header.to_owned(), unit })
    }

    /// A key that says something about the other placement does nothing.
    fn refuse_idle_placement(&self, table: &Table) {
        let is_header = placement(table) == Placement::Header;
        let idle: &[&str] = if is_header { &["parameter"] } else { &["header", "scheme"] };
        let placement = table.text("placement").unwrap_or("header");
        for entry in idle.iter().filter_map(|key| table.entry(key)) {
            let message = format!("`{}` does nothing with `placement = \"{placement}\"`", entry.key.value);
            self.error(&entry.key.place, message);
        }
    }
}

fn placement(table: &Table) -> Placement {
    match table.text("placement") {
        Some("query") => Placement::Query,
        Some("body") => Placement::Body,
        _ => Placement::Header,
    }
}
