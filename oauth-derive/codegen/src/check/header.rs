//! Headers that a definition adds to a request.

use super::{Checker, placeholder::Allowed, text_of};
use crate::{draft::Entry, model::Param, report::Place};

/// Written by the client itself, or able to change where a request ends.
const OWN: &[&str] = &[
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl Checker<'_> {
    pub(super) fn headers(&self, entries: &[Entry], allowed: Allowed) -> Vec<Param> {
        for (at, entry) in entries.iter().enumerate() {
            let name = &entry.key.value;
            self.check_header_name(name, &entry.key.place);
            self.refuse_own_header(entry);
            self.check_header_value(entry);
            if entries[..at].iter().any(|other| other.key.value.eq_ignore_ascii_case(name)) {
                self.error(
                    &entry.key.place,
                    format!("header `{name}` is set twice: letter case does not matter"),
                );
            }
        }
        let param = |entry: &Entry| Param {
            name: entry.key.value.clone(),
            value: self.template(&entry.node, allowed),
        };
        entries.iter().map(param).collect()
    }

    /// A token of RFC 9110 section 5.6.2.
    pub(super) fn check_header_name(&self, name: &str, place: &Place) {
        let fits = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || !name.chars().all(fits) {
            self.error(place, format!("`{}` is no name of a header", name.escape_default()));
        }
    }

    fn refuse_own_header(&self, entry: &Entry) {
        let name = entry.key.value.to_ascii_lowercase();
        if name == "authorization" {
            let api = entry.key.place.under("api");
            let message = format!(
                "the client writes `Authorization`: say how in `token_endpoint_auth_methods` or {api}"
            );
            self.error(&entry.key.place, message);
        } else if OWN.contains(&name.as_str()) {
            self.error(
                &entry.key.place,
                format!("the client writes `{}` by itself: remove it", entry.key.value),
            );
        }
    }

    fn check_header_value(&self, entry: &Entry) {
        let text = text_of(&entry.node);
        let fits = |c: char| c.is_ascii_graphic() || c == ' ';
        if text.is_empty() || text.trim() != text || !text.chars().all(fits) {
            self.error(&entry.node.place, "the value of a header is visible ASCII, without spaces around it");
        }
    }
}
