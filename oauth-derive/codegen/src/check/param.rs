//! Parameters that a definition adds to a request.

use super::{Checker, placeholder::Allowed, text_of, url::RESERVED};
use crate::{draft::Entry, model::Param, report::Place};

impl Checker<'_> {
    /// Parameters with their values, none of them the protocol's own.
    pub(super) fn params(&self, entries: &[Entry], allowed: Allowed) -> Vec<Param> {
        let param = |entry: &Entry| {
            self.refuse_reserved(entry);
            self.check_parameter_name(&entry.key.value, &entry.key.place);
            self.check_parameter_value(entry);
            Param { name: entry.key.value.clone(), value: self.template(&entry.node, allowed) }
        };
        entries.iter().map(param).collect()
    }

    fn refuse_reserved(&self, entry: &Entry) {
        let name = entry.key.value.as_str();
        let message = match name {
            "state" | "nonce" | "code_verifier" | "code_challenge" => {
                format!("`{name}` is made anew for each request: a constant one protects nothing, remove it")
            }
            "client_id" | "client_secret" => {
                format!("`{name}` does not belong in a definition: give it to `Credentials`")
            }
            _ if RESERVED.contains(&name) => {
                format!("`{name}` is a parameter of the protocol: the client sends it, remove it here")
            }
            _ => return,
        };
        self.error(&entry.key.place, message);
    }

    pub(super) fn check_parameter_name(&self, name: &str, place: &Place) {
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_graphic()) {
            self.error(place, "the name of a parameter is of visible ASCII characters, without spaces");
        }
    }

    fn check_parameter_value(&self, entry: &Entry) {
        if text_of(&entry.node).chars().any(char::is_control) {
            self.error(&entry.node.place, "a value cannot hold control characters");
        }
    }
}
