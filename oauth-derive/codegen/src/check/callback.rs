//! `[callback]`

use super::{Checker, capture::named};
use crate::{
    draft::{Node, Table},
    model::{AuthMethod, Callback, Method, Rename, Source},
    report::Place,
};

/// The parameters whose names a definition can change, with the keys for it.
const NAMES: &[(&str, &str)] =
    &[("code", "code_parameter"), ("state", "state_parameter"), ("error", "error_parameter")];
/// The others that the standards name.
const FIXED: &[&str] = &["iss", "error_description", "error_uri"];

impl Checker<'_> {
    pub(super) fn callback(&self, auth_methods: &[AuthMethod]) -> Callback {
        let table = self.table("callback").map(|(table, _)| table);
        self.refuse_unread_form(table);
        self.refuse_learned_answers(table);
        let Some(table) = table else { return Callback::default() };
        for (standard, key) in NAMES {
            self.check_answer_name(table, standard, key);
        }
        let text = |key: &str| table.text(key).map(str::to_owned);
        Callback {
            methods: self.callback_methods(table),
            code: text("code_parameter"),
            state: text("state_parameter"),
            error: text("error_parameter"),
            capture: self.captured_parameters(table),
            json: self.json_parameters(table),
            is_restart: table.text("without_state") == Some("restart"),
            verify: self.verify(table, auth_methods),
        }
    }

    fn callback_methods(&self, table: &Table) -> Vec<Method> {
        let nodes = table.list("methods");
        self.refuse_repeated(nodes);
        if let Some(node) = table.get("methods").filter(|_| nodes.is_empty()) {
            self.error(&node.place, "a callback comes by a method: name `GET`, `POST` or both");
        }
        let method = |node: &Node| if node.text() == Some("POST") { Method::Post } else { Method::Get };
        nodes.iter().map(method).collect()
    }

    /// A new name is one, is new, and is that of nothing else.
    fn check_answer_name(&self, table: &Table, standard: &str, key: &str) {
        let Some((node, name)) = table.get(key).and_then(|node| Some((node, node.text()?))) else { return };
        self.check_parameter_name(name, &node.place);
        let mut others = NAMES.iter().filter(|(other, _)| *other != standard);
        if name == standard {
            self.error(&node.place, format!("`{standard}` has this name already: remove it"));
        } else if let Some((other, _)) = others.find(|(other, key)| answer_name(table, other, key) == name) {
            self.error(&node.place, format!("`{other}` has the name `{name}` as well: choose one"));
        } else if FIXED.contains(&name) {
            self.error(&node.place, format!("`{name}` means something else in a callback"));
        }
    }

    fn captured_parameters(&self, table: &Table) -> Vec<Rename> {
        self.refuse_repeated(table.list("capture"));
        let captured = named(table).into_iter().filter_map(|(name, node)| {
            let parameter = node.text()?;
            if name.value.chars().any(char::is_control) {
                self.error(&name.place, "a name holds no control characters");
            }
            self.check_parameter_name(parameter, &node.place);
            self.refuse_kept_answer(table, parameter, &node.place);
            Some(Rename { standard: name.value, theirs: parameter.to_owned() })
        });
        captured.collect()
    }

    /// What a sign-in is made of is used up by it.
    fn refuse_kept_answer(&self, table: &Table, parameter: &str, place: &Place) {
        if is_answer(table, parameter) {
            self.error(place, format!("`{parameter}` is used up by the sign-in: it is not kept"));
        }
    }

    fn json_parameters(&self, table: &Table) -> Vec<String> {
        let nodes = table.list("json");
        self.refuse_repeated(nodes);
        let captured = named(table);
        let texts = nodes.iter().filter_map(|node| Some((node, node.text()?)));
        texts
            .map(|(node, text)| {
                let is_captured = captured.iter().any(|(_, node)| node.text() == Some(text));
                if !is_captured {
                    let message = format!("nobody reads `{text}`: add it to `capture`");
                    self.error(&node.place, message);
                }
                text.to_owned()
            })
            .collect()
    }

    /// The parameter that holds the signature. Everything else about it has one value so far.
    fn verify(&self, table: &Table, auth_methods: &[AuthMethod]) -> Option<String> {
        let node = table.get("verify")?;
        let verify = node.table()?;
        let has_secret = auth_methods
            .iter()
            .any(|method| matches!(method, AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost));
        if !has_secret {
            self.error(
                &node.place,
                "the key is the client secret, and `token_endpoint_auth_methods` names no way with one",
            );
        }
        let Some(parameter) = verify.get("hmac") else {
            if self.is_missing("callback.verify.hmac") {
                self.error(&node.place, "no `hmac`: name the parameter that holds the signature");
            }
            return None;
        };
        let name = parameter.text()?;
        self.check_parameter_name(name, &parameter.place);
        if is_answer(table, name) {
            self.error(&parameter.place, format!("`{name}` means something else in a callback"));
        }
        Some(name.to_owned())
    }

    /// `response_mode=form_post` asks for a callback that nobody would take.
    fn refuse_unread_form(&self, callback: Option<&Table>) {
        let params = self.table("authorization").map_or(&[][..], |(table, _)| table.entries("params"));
        let asked = params.iter().find(|entry| entry.key.value == "response_mode");
        let methods = callback.map_or(&[][..], |callback| callback.list("methods"));
        let takes = methods.iter().any(|node| node.text() == Some("POST"));
        let asked = asked.map(|entry| &entry.node).filter(|node| node.text() == Some("form_post"));
        // The provider may know no other way.
        let modes = self.root.get("response_modes");
        let only = modes.filter(|node| {
            let known = |mode| node.elements().iter().any(|node| node.text() == Some(mode));
            known("form_post") && !known("query")
        });
        if let Some(node) = asked.or(only).filter(|_| !takes && self.is_missing("callback.methods")) {
            let place = &node.place;
            let message = format!(
                "the callback comes as a form: add `methods = [\"POST\"]` {}",
                place.under("callback")
            );
            self.error(place, message);
        }
    }

    /// A variable is nothing that is different in each callback.
    fn refuse_learned_answers(&self, callback: Option<&Table>) {
        let Some(callback) = callback else { return };
        for entry in self.root.entries("variables") {
            let Some(node) = entry.node.table().and_then(|table| table.get("from")) else { continue };
            let index = self.variables.names().position(|name| name == entry.key.value);
            let source = index.map(|index| &self.variables.get(index).source);
            if let Some(Source::Callback(name)) = source
                && NAMES.iter().any(|(standard, key)| answer_name(callback, standard, key) == name)
            {
                let message = format!("`{name}` is a parameter of the protocol, and different each time");
                self.error(&node.place, message);
            }
        }
    }
}

/// The name of a standard parameter in this callback.
fn answer_name<'t>(table: &'t Table, standard: &'t str, key: &str) -> &'t str {
    table.text(key).unwrap_or(standard)
}

fn is_answer(table: &Table, parameter: &str) -> bool {
    FIXED.contains(&parameter)
        || NAMES.iter().any(|(standard, key)| answer_name(table, standard, key) == parameter)
}
