//! The rules: the only place that says what a definition may hold.
//!
//! A rule is a function. All of them run, so that all mistakes come out together, and the [`Provider`] is made even
//! when there are some: what is right in it keeps the rest of the user's crate compiling.

mod api;
mod assertion;
mod callback;
mod capture;
mod client;
mod duration;
mod endpoint;
mod example;
mod exchange;
mod field;
mod format;
mod header;
mod hint;
mod hook;
mod host;
mod identity;
mod learned;
mod metadata;
mod named;
mod option;
mod param;
mod placeholder;
mod refresh;
mod registration;
mod rename;
mod request;
mod response;
mod revocation;
mod scope;
mod scope_list;
mod secret;
mod spot;
mod token;
mod url;
mod userinfo;
mod variable;
mod verbatim;
mod vocabulary;

use crate::{
    draft::{Draft, Node, Table},
    model::{Provider, Template},
    report::{Diagnostic, Place, Report},
    subject::Subject,
};
use placeholder::Resolved;
use std::collections::BTreeSet;
use variable::Variables;
use vocabulary::Admitted;

/// What a definition is without saying so.
#[derive(Debug)]
pub(crate) struct Origin<'a> {
    /// Its `id`, where it names none.
    pub(crate) id: String,
    /// Its `name`, where it names none; a file must name one.
    pub(crate) name: Option<String>,
    /// The struct that it is for, if the user wrote one.
    pub(crate) subject: Option<&'a Subject>,
}

/// A definition and what was found in it.
pub(crate) struct Checked {
    pub(crate) provider: Provider,
    pub(crate) found: Vec<Diagnostic>,
}

impl Checked {
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter().filter(|diagnostic| !diagnostic.is_warning())
    }

    pub(crate) fn is_faulty(&self) -> bool {
        self.errors().next().is_some()
    }
}

/// Checks a definition by every rule. What a syntax error has left of a definition is not judged.
pub(crate) fn compile(draft: &Draft, origin: &Origin<'_>, syntax: Report) -> Checked {
    let rules = Report::default();
    let provider = check(draft, origin, &rules);
    let (mut found, rules) = (syntax.finish(), rules.finish());
    if found.iter().all(Diagnostic::is_warning) {
        found.extend(rules);
    }
    Checked { provider, found }
}

fn check(draft: &Draft, origin: &Origin<'_>, report: &Report) -> Provider {
    let Admitted { root, attempted } = vocabulary::admit(draft, report);
    let variables = Variables::declared(&root, report);
    let checker = Checker { root, attempted, place: &draft.place, report, variables };
    secret::refuse(&draft.root, report);
    let provider = checker.provider(origin);
    checker.variables.refuse_unused(report);
    // With a misspelled `file`, what the definition holds is not known.
    if let Some(subject) = origin.subject.filter(|_| checker.is_missing("file")) {
        field::match_variables(subject, draft, &provider, report);
    }
    provider
}

/// What the rules share.
struct Checker<'a> {
    root: Table,
    attempted: BTreeSet<String>,
    place: &'a Place,
    report: &'a Report,
    variables: Variables,
}

impl Checker<'_> {
    fn provider(&self, origin: &Origin<'_>) -> Provider {
        let (scopes, endpoints) = (self.scopes(), self.endpoints());
        self.require_userinfo_for_variables(&endpoints.userinfo);
        let (token, api) = (self.token_request(), self.api());
        let (methods, pkce) = (self.auth_methods(), self.pkce());
        let mut provider = Provider {
            client: self.client(&methods, pkce),
            callback: self.callback(&methods),
            token_endpoint_auth_methods: methods,
            assertion: self.assertion(),
            pkce,
            console: self.console(),
            authorization: self.authorization(&scopes),
            response: self.token_response(),
            exchanges: self.exchanges(),
            refresh: self.refresh(&token),
            revocation: self.revocation(&token),
            userinfo: self.userinfo(&endpoints.userinfo, api.as_ref()),
            scopes,
            endpoints,
            token,
            api,
            hooks: self.hooks(),
            errors: self.error_hints(),
            examples: self.examples(),
            variables: self.variables.models(),
            ..Provider::default()
        };
        self.refuse_colliding_tokens(&provider.scopes);
        self.refuse_id_token();
        self.check_metadata();
        self.identify(&mut provider, origin);
        provider
    }

    fn error(&self, place: &Place, message: impl Into<String>) {
        self.report.error(place, message);
    }

    /// Is there no trace of a key that is absent, not even a misspelled one?
    fn is_missing(&self, path: &str) -> bool {
        !self.attempted.contains(path)
    }

    /// A table below the top, and where it stands.
    fn table(&self, name: &str) -> Option<(&Table, &Place)> {
        let node = self.root.get(name)?;
        Some((node.table()?, &node.place))
    }

    /// The template of a text, with its placeholders resolved and nothing else checked.
    fn template(&self, node: &Node, allowed: placeholder::Allowed) -> Template {
        let text = text_of(node);
        Resolved::read(&text, &node.place, allowed, self).parts()
    }
}

/// A text, or a number or boolean as its text.
fn text_of(node: &Node) -> String {
    use crate::draft::Value;
    match &node.value {
        Value::Text(text) | Value::Date(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Float(_) | Value::List(_) | Value::Table(_) => String::new(),
    }
}
