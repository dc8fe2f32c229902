//! `from`: values that a sign-in tells, and where they are good for something.

use super::{
    Checker,
    placeholder::{Resolved, Slot},
    url::RESERVED,
};
use crate::{
    draft::{Node, Table},
    model::{Endpoint, Format, Source, Variable},
    report::{Place, Report},
};

/// The step of a sign-in from which on a value is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    Begin,
    Callback,
    Token,
    Userinfo,
}

impl Source {
    pub(super) fn moment(&self) -> Moment {
        match self {
            Self::Config => Moment::Begin,
            Self::Callback(_) => Moment::Callback,
            Self::Token(_) => Moment::Token,
            Self::Userinfo(_) => Moment::Userinfo,
        }
    }

    /// Who tells the value.
    fn teller(&self) -> &'static str {
        match self {
            Self::Config => "the struct",
            Self::Callback(_) => "the callback",
            Self::Token(_) => "the token answer",
            Self::Userinfo(_) => "the userinfo endpoint",
        }
    }
}

/// `from`, every rule of it applied.
pub(super) fn source(table: &Table, report: &Report) -> Source {
    let Some((node, text)) = table.get("from").and_then(|node| Some((node, node.text()?))) else {
        return Source::Config;
    };
    let source = match parse(text) {
        Ok(source) => source,
        Err(message) => {
            report.error(&node.place, message);
            return Source::Config;
        }
    };
    let has_shape = table.get("format").is_some() || table.get("enum").is_some();
    if source != Source::Config && !has_shape && table.bool("secret") != Some(true) {
        let message = format!(
            "what {} says may be anything: give the variable a `format`, or an `enum`",
            source.teller()
        );
        report.error(&node.place, message);
    }
    source
}

fn parse(text: &str) -> Result<Source, String> {
    let path = |rest: &str| rest.split('.').map(str::to_owned).collect::<Vec<_>>();
    let source = match text.split_once('.') {
        None if text == "config" => return Ok(Source::Config),
        Some(("callback", parameter)) => Source::Callback(parameter.to_owned()),
        Some(("token", rest)) => Source::Token(path(rest)),
        Some(("userinfo", rest)) => Source::Userinfo(path(rest)),
        _ => {
            return Err(format!(
                "`{text}` is no place that a value comes from: it is `config`, `callback.X`, `token.X` or `userinfo.X`"
            ));
        }
    };
    match &source {
        Source::Callback(parameter) => check_parameter(parameter),
        Source::Token(path) | Source::Userinfo(path) => check_path(path),
        Source::Config => Ok(()),
    }
    .map(|()| source)
}

fn check_parameter(name: &str) -> Result<(), String> {
    const ANSWER: &[&str] = &["error", "error_description", "error_uri", "iss"];
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_graphic()) {
        return Err("the name of a parameter is of visible ASCII characters, without spaces".to_owned());
    }
    if RESERVED.contains(&name) || ANSWER.contains(&name) {
        return Err(format!("`{name}` is a parameter of the protocol, and different each time"));
    }
    Ok(())
}

fn check_path(path: &[String]) -> Result<(), String> {
    if path.iter().any(|name| name.is_empty() || name.chars().any(char::is_control)) {
        return Err("this is no way into an object: names with dots between them".to_owned());
    }
    let last = path.last().map(String::as_str).unwrap_or_default();
    if ["access_token", "refresh_token", "id_token"].contains(&last) {
        return Err(format!("`{last}` is a token and no variable: it would stand in addresses"));
    }
    Ok(())
}

/// A secret comes from the application, and nothing in the definition says what it looks like.
pub(super) fn check_secret(table: &Table, report: &Report) {
    if table.bool("secret") != Some(true) {
        return;
    }
    for key in ["default", "enum", "example", "format", "prefix", "suffix"] {
        if let Some(entry) = table.entry(key) {
            report.error(&entry.key.place, format!("a secret has no `{key}`: remove it"));
        }
    }
    let from = table.get("from").filter(|node| node.text() != Some("config"));
    if let Some(Node { place, .. }) = from {
        report.error(place, "a secret is given by the application: what is learned is none");
    }
}

/// Why a variable is not good here, in words; `None`: it is.
pub(super) fn unknown_yet(variable: &Variable, known: Moment) -> Option<String> {
    let Variable { name, source, .. } = variable;
    let is_late = source.moment() > known;
    is_late.then(|| format!("`{{{name}}}` is learned from {}: it is not known here yet", source.teller()))
}

impl Checker<'_> {
    /// A value that the userinfo endpoint tells needs one.
    pub(super) fn require_userinfo_for_variables(&self, endpoint: &Endpoint) {
        let forms = ["userinfo_endpoint", "userinfo_path"];
        if !endpoint.is_empty() || forms.iter().any(|key| !self.is_missing(key)) {
            return;
        }
        let tables = self.root.entries("variables").iter().filter_map(|entry| entry.node.table());
        let from = tables.filter_map(|table| table.get("from"));
        for node in from.filter(|node| node.text().is_some_and(|text| text.starts_with("userinfo."))) {
            self.error(
                &node.place,
                "there is no endpoint that says who the user is: add `userinfo_endpoint`",
            );
        }
    }

    /// What must not go astray goes to a host of a list, or to one that ends with the provider's own name.
    pub(super) fn refuse_loose_host(
        &self,
        resolved: &Resolved<'_>,
        piece: usize,
        is_guarded: bool,
        place: &Place,
    ) {
        let (range, Slot::Variable(index)) = &resolved.pieces[piece] else { return };
        let variable = self.variables.get(*index);
        // The access token may go where the server that made it says, but not where a user agent says.
        let from_user_agent = matches!(variable.source, Source::Callback(_));
        let is_loose = from_user_agent || (variable.is_learned() && is_guarded);
        if is_loose && variable.format != Format::Enum && !has_fixed_end(resolved, piece) {
            let (name, teller) = (&variable.name, variable.source.teller());
            let message = format!(
                "{teller} names this host, and a token or a secret goes there: give `{name}` an `enum`, or write the end of the host behind it, as in `https://{{{name}}}.example.com`"
            );
            self.error(&place.inside(resolved.text, range), message);
        }
    }
}

/// Whether the host ends with a text of two labels or more.
fn has_fixed_end(resolved: &Resolved<'_>, piece: usize) -> bool {
    let mut end = "";
    for (range, slot) in &resolved.pieces[piece + 1..] {
        if *slot != Slot::Text {
            end = "";
            continue;
        }
        let text = &resolved.text[range.clone()];
        let host = text.find(['/', '?', ':']);
        end = &text[..host.unwrap_or(text.len())];
        if host.is_some() {
            break;
        }
    }
    end.strip_prefix('.').is_some_and(|labels| labels.contains('.'))
}
