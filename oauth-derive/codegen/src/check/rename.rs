//! `rename` and `omit`: the standard's parameters under other names, or not at all.

use super::{
    Checker,
    placeholder::{AUTHORIZATION, Allowed, REFRESH, REVOCATION, TOKEN},
    url::RESERVED,
};
use crate::{
    draft::{Entry, Node, Table},
    model::Rename,
    report::Place,
    suggest,
};

/// A message to the provider, as the standard has it.
pub(super) struct Message {
    /// What errors call it.
    pub(super) name: &'static str,
    /// Its parameters.
    pub(super) standard: &'static [&'static str],
    /// Those that it can do without.
    pub(super) optional: &'static [&'static str],
    /// Those whose names stay.
    pub(super) fixed: &'static [&'static str],
    /// What may stand in braces in further ones.
    pub(super) allowed: Allowed,
}

/// RFC 6749 section 4.1.1. The scopes have `parameter` of `[scopes]`; nobody gives PKCE other names.
pub(super) const AUTHORIZATION_REQUEST: Message = Message {
    name: "the authorization request",
    standard: &["response_type", "client_id", "redirect_uri", "state"],
    optional: &["response_type", "client_id", "redirect_uri"],
    fixed: &["scope", "code_challenge", "code_challenge_method"],
    allowed: AUTHORIZATION,
};
/// RFC 6749 section 4.1.3.
pub(super) const TOKEN_REQUEST: Message = Message {
    name: "the token request",
    standard: &["grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_secret", "state"],
    optional: &["grant_type", "redirect_uri", "client_id"],
    fixed: &[],
    allowed: TOKEN,
};
/// RFC 6749 section 6.
pub(super) const REFRESH_REQUEST: Message = Message {
    name: "the refresh",
    standard: &["grant_type", "refresh_token", "client_id", "client_secret"],
    optional: &["grant_type", "client_id"],
    fixed: &[],
    allowed: REFRESH,
};
/// RFC 7009 section 2.1.
pub(super) const REVOCATION_REQUEST: Message = Message {
    name: "the revocation",
    standard: &["token", "token_type_hint", "client_id", "client_secret"],
    optional: &["token_type_hint", "client_id"],
    fixed: &[],
    allowed: REVOCATION,
};

impl Checker<'_> {
    pub(super) fn renamed(&self, table: &Table, message: &Message) -> Vec<Rename> {
        for entry in table.entries("rename") {
            self.require_standard(&entry.key.value, &entry.key.place, message);
            self.check_new_name(entry, table, message);
            self.refuse_shared_name(entry, table, message);
        }
        self.refuse_taken_params(table, message);
        let rename = |entry: &Entry| {
            Some(Rename { standard: entry.key.value.clone(), theirs: entry.node.text()?.to_owned() })
        };
        table.entries("rename").iter().filter_map(rename).collect()
    }

    pub(super) fn omitted(&self, table: &Table, message: &Message) -> Vec<String> {
        let nodes = table.list("omit");
        self.refuse_repeated(nodes);
        for (node, name) in nodes.iter().filter_map(|node| Some((node, node.text()?))) {
            self.require_standard(name, &node.place, message);
            self.refuse_needed(name, node, table, message);
        }
        nodes.iter().filter_map(Node::text).map(str::to_owned).collect()
    }

    fn require_standard(&self, name: &str, place: &Place, message: &Message) {
        if message.standard.contains(&name) {
            return;
        }
        let hint = match suggest::hint(name, message.standard.iter().copied()) {
            near if near.is_empty() => format!("; it has `{}`", message.standard.join("`, `")),
            near => near,
        };
        self.error(place, format!("`{name}` is no standard parameter of {}{hint}", message.name));
    }

    /// The new name is one, is new, and is that of something which is sent.
    fn check_new_name(&self, entry: &Entry, table: &Table, message: &Message) {
        let (standard, theirs) = (entry.key.value.as_str(), entry.node.text().unwrap_or_default());
        self.check_parameter_name(theirs, &entry.node.place);
        if standard == theirs {
            self.error(&entry.node.place, format!("`{standard}` has this name already: remove it"));
        }
        if is_omitted(standard, table) {
            let place = &entry.key.place;
            self.error(place, format!("`omit` leaves `{standard}` out: what is not sent has no name"));
        }
        let is_unsent = message.name == TOKEN_REQUEST.name && table.bool("send_state") != Some(true);
        if standard == "state" && is_unsent {
            self.error(&entry.key.place, "`state` is sent here only with `send_state = true`");
        }
    }

    /// Two parameters cannot have one name.
    fn refuse_shared_name(&self, entry: &Entry, table: &Table, message: &Message) {
        let theirs = entry.node.text().unwrap_or_default();
        let all = message.standard.iter().chain(message.fixed);
        let mut others = all.filter(|other| **other != entry.key.value);
        if let Some(other) = others.find(|other| wire_name(other, table) == Some(theirs)) {
            self.error(&entry.node.place, format!("`{other}` has the name `{theirs}` as well: choose one"));
        }
    }

    /// A further parameter cannot have the name of one that the client sends.
    fn refuse_taken_params(&self, table: &Table, message: &Message) {
        let further = table.entries("params").iter().chain(table.entries("query"));
        for entry in further {
            let name = entry.key.value.as_str();
            // The standard's own names are refused in any message.
            let taken = message.standard.iter().find(|standard| wire_name(standard, table) == Some(name));
            if let Some(standard) = taken.filter(|_| !RESERVED.contains(&name)) {
                let message = format!("the client sends `{standard}` under this name: remove it here");
                self.error(&entry.key.place, message);
            }
        }
    }

    /// Without some parameters a request asks for nothing, or proves nothing.
    fn refuse_needed(&self, name: &str, node: &Node, table: &Table, message: &Message) {
        let auth = table.list("auth");
        let by_itself = !auth.is_empty() && auth.iter().all(|auth| auth.text() == Some("bearer"));
        let in_header = name == "token" && by_itself;
        if message.optional.contains(&name) || !message.standard.contains(&name) || in_header {
            return;
        }
        let why = match name {
            "state" if message.name == TOKEN_REQUEST.name => "it is sent here only with `send_state = true`",
            "state" => "it binds the answer to the user who began",
            "code_verifier" => "where a provider refuses PKCE, say `code_challenge_methods = []`",
            "client_secret" if message.name == TOKEN_REQUEST.name => {
                "say in `token_endpoint_auth_methods` how a client authenticates"
            }
            "client_secret" => "say in `auth` how a client authenticates",
            "token" => "only with `auth = \"bearer\"` it stands in a header",
            _ => "it is what the request is about",
        };
        self.error(&node.place, format!("`{name}` cannot be left out: {why}"));
    }
}

/// The name under which a standard parameter is sent, if it is.
fn wire_name<'t>(standard: &'t str, table: &'t Table) -> Option<&'t str> {
    if is_omitted(standard, table) {
        return None;
    }
    let renamed = table.entries("rename").iter().find(|entry| entry.key.value == standard);
    Some(renamed.and_then(|entry| entry.node.text()).unwrap_or(standard))
}

fn is_omitted(standard: &str, table: &Table) -> bool {
    table.list("omit").iter().any(|node| node.text() == Some(standard))
}
