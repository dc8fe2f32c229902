//! Parameters that a definition adds to a request.

use super::{
    Checker,
    placeholder::Allowed,
    rename::{AUTHORIZATION_REQUEST, Message},
    text_of,
    url::RESERVED,
};
use crate::{
    draft::{Entry, Table},
    model::Param,
    report::Place,
};

/// Response types of OpenID Connect and RFC 6749 section 4.2 that put a token into a URL.
const IMPLICIT: &[&str] = &["token", "id_token"];

impl Checker<'_> {
    /// Parameters of a call of the API with their values, none of them the protocol's own. The call may say which client calls.
    pub(super) fn params(&self, entries: &[Entry], allowed: Allowed) -> Vec<Param> {
        let param = |entry| {
            if !is_the_client_id(entry) {
                self.refuse_reserved(entry);
            }
            self.param(entry, allowed)
        };
        entries.iter().map(param).collect()
    }

    /// Those of a message, which may have a value of its own for a parameter of the protocol that it leaves out.
    pub(super) fn own_params(
        &self,
        table: &Table,
        key: &str,
        message: &Message,
        allowed: Allowed,
    ) -> Vec<Param> {
        let entries = table.entries(key);
        for entry in entries {
            if !is_left_out(&entry.key.value, table, message) {
                self.refuse_reserved(entry);
            } else if message.name == AUTHORIZATION_REQUEST.name {
                self.refuse_implicit(entry);
            }
        }
        entries.iter().map(|entry| self.param(entry, allowed)).collect()
    }

    fn param(&self, entry: &Entry, allowed: Allowed) -> Param {
        self.check_parameter_name(&entry.key.value, &entry.key.place);
        self.check_parameter_value(entry);
        Param { name: entry.key.value.clone(), value: self.template(&entry.node, allowed) }
    }

    /// RFC 9700 section 2.1.2: no token comes through a browser.
    fn refuse_implicit(&self, entry: &Entry) {
        let text = text_of(&entry.node);
        if entry.key.value == "response_type" && text.split_whitespace().any(|word| IMPLICIT.contains(&word))
        {
            self.error(
                &entry.node.place,
                "an answer with a token in it is not safe: there is the code alone",
            );
        }
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

    pub(super) fn check_parameter_value(&self, entry: &Entry) {
        if text_of(&entry.node).chars().any(char::is_control) {
            self.error(&entry.node.place, "a value cannot hold control characters");
        }
    }
}

/// Whether a parameter is the client id under its own name, which is not written down but filled in.
fn is_the_client_id(entry: &Entry) -> bool {
    entry.key.value == "client_id" && text_of(&entry.node) == "{client_id}"
}

/// Whether a parameter of the protocol is none of this message, or no more.
fn is_left_out(name: &str, table: &Table, message: &Message) -> bool {
    let is_omitted = table.list("omit").iter().any(|node| node.text() == Some(name));
    let is_foreign = ["redirect_uri", "response_type"].contains(&name) && !message.standard.contains(&name);
    is_foreign || is_omitted && name != "client_id" && message.optional.contains(&name)
}
