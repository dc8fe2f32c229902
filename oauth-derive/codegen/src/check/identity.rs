//! Who the provider is: `schema`, `id`, `name`, documentation, dates, issuer.

use super::{Checker, Origin, placeholder::ISSUER, url::Shape};
use crate::{
    draft::{Node, Value},
    model::Provider,
};

impl Checker<'_> {
    pub(super) fn identify(&self, provider: &mut Provider, origin: &Origin<'_>) {
        self.check_schema();
        provider.id = self.id(origin);
        provider.name = self.name(origin);
        provider.service_documentation =
            self.root.get("service_documentation").and_then(|node| self.link(node));
        provider.verified = self.verified();
        provider.sources = self.root.list("sources").iter().filter_map(|node| self.link(node)).collect();
        provider.issuer = self.urls(self.root.get("issuer"), Shape::Base, ISSUER);
        provider.authorization_response_iss_parameter = self.iss_parameter();
    }

    fn check_schema(&self) {
        let Some(node) = self.root.get("schema") else { return };
        if !matches!(node.value, Value::Integer(1)) {
            self.error(&node.place, "this compiler knows `schema = 1` only");
        }
    }

    fn id(&self, origin: &Origin<'_>) -> String {
        let Some(node) = self.root.get("id") else { return origin.id.clone() };
        let id = node.text().unwrap_or_default();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        if id.is_empty() || !id.chars().all(fits) {
            self.error(&node.place, "an `id` has lower case letters, digits, `_` and `-`");
        }
        id.to_owned()
    }

    fn name(&self, origin: &Origin<'_>) -> String {
        match (self.root.get("name"), &origin.name) {
            (Some(node), _) => {
                let name = node.text().unwrap_or_default();
                if name.trim().is_empty() || name.chars().any(char::is_control) {
                    self.error(&node.place, "a `name` is one line of text");
                }
                name.to_owned()
            }
            (None, Some(name)) => name.clone(),
            (None, None) => {
                if self.is_missing("name") {
                    self.error(self.place, "no `name`: add `name = \"..\"`, as people know the provider");
                }
                origin.id.clone()
            }
        }
    }

    /// A day in the form of RFC 3339, and one that exists.
    fn verified(&self) -> Option<String> {
        let node = self.root.get("verified")?;
        let (Value::Date(text) | Value::Text(text)) = &node.value else { return None };
        if !is_day(text) {
            self.error(&node.place, "`verified` is a day: `2026-11-21`");
        }
        Some(text.clone())
    }

    fn iss_parameter(&self) -> bool {
        const KEY: &str = "authorization_response_iss_parameter";
        let promised = self.root.bool(KEY) == Some(true);
        if let Some(node) = self
            .root
            .get(KEY)
            .filter(|_| promised && self.root.get("issuer").is_none() && self.is_missing("issuer"))
        {
            self.error(
                &node.place,
                "`iss` in a callback is compared with `issuer`, and there is none: add it",
            );
        }
        promised
    }

    /// An address for people: nobody's tokens go there, but it is shown as a link.
    pub(super) fn link(&self, node: &Node) -> Option<String> {
        let text = node.text()?;
        let fits = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c);
        let host =
            text.strip_prefix("https://").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
        if !text.chars().all(fits) || host.is_none_or(|host| !host.contains('.') || host.contains('@')) {
            self.error(&node.place, "a link is a plain address that starts with `https://`");
        }
        Some(text.to_owned())
    }
}

fn is_day(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok());
    let shape = text
        .bytes()
        .enumerate()
        .all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() });
    let (Some(year), Some(month), Some(day), 10, true) =
        (digits(0..4), digits(5..7), digits(8..10), text.len(), shape)
    else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn a_day_is_one_of_the_calendar() {
        for good in ["2026-11-21", "2024-02-29", "2000-02-29"] {
            assert!(is_day(good), "{good}");
        }
        for bad in
            ["2026-02-29", "1900-02-29", "2026-13-01", "2026-1-1", "2026-11-21T10:00:00", "+026-11-21", ""]
        {
            assert!(!is_day(bad), "{bad}");
        }
    }
}
