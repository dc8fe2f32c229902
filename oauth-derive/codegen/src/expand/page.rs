//! The documentation of a generated struct: what the definition says, in words.

use super::variable;
use crate::{
    model::{BuiltIn, Endpoint, Part, Pkce, Provider, RefreshSupport, Scope, Template, Variable},
    name,
};
use proc_macro2::TokenStream;
use quote::quote;

/// The page, as attributes.
pub(crate) fn attributes(provider: &Provider) -> TokenStream {
    page(provider)
        .iter()
        .map(|line| if line.is_empty() { String::new() } else { format!(" {line}") })
        .map(|line| quote!(#[doc = #line]))
        .collect()
}

/// A text for people in a comment: one line, without links and tags of its own.
pub(super) fn plain(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_end_matches('.').replace('[', "\\[").replace('<', "\\<")
}

/// The lines of the page.
fn page(provider: &Provider) -> Vec<String> {
    let mut lines = vec![format!("{}.", plain(&provider.name))];
    let sections =
        [links(provider), endpoints(provider), scopes(provider), variables(provider), notes(provider)];
    for section in sections.into_iter().filter(|section| !section.is_empty()) {
        lines.push(String::new());
        lines.extend(section);
    }
    lines
}

fn links(provider: &Provider) -> Vec<String> {
    let link = |text: &str, url: &Option<String>| url.as_ref().map(|url| format!("[{text}](<{url}>)"));
    let links = [
        link("Documentation", &provider.service_documentation),
        link("Where a client is registered", &provider.console),
        provider.verified.as_ref().map(|day| format!("last checked on {day}")),
    ];
    let links: Vec<_> = links.into_iter().flatten().collect();
    if links.is_empty() { Vec::new() } else { vec![format!("{}.", links.join("; "))] }
}

fn endpoints(provider: &Provider) -> Vec<String> {
    let (endpoints, none) = (&provider.endpoints, Endpoint::new());
    let named = [
        ("Authorization", &endpoints.authorization),
        ("Token", &endpoints.token),
        ("Refresh", &provider.refresh.endpoint),
        ("Revocation", &endpoints.revocation),
        ("User", &endpoints.userinfo),
        ("API", provider.api.as_ref().map_or(&none, |api| &api.base_url)),
    ];
    let rows = named.iter().flat_map(|(name, endpoint)| rows(name, endpoint, provider)).collect();
    section("Endpoints", rows)
}

fn rows(name: &str, endpoint: &Endpoint, provider: &Provider) -> Vec<String> {
    endpoint.iter().map(|template| format!("- {name}: `{}`", text(template, provider))).collect()
}

fn scopes(provider: &Provider) -> Vec<String> {
    let row = |scope: &Scope| {
        let text = plain(&scope.description);
        let text = if text.is_empty() { text } else { format!(". {text}.") };
        format!("- [`{0}`](Self::{0}): `{1}`{text}", scope.constant, scope.value)
    };
    let mut rows: Vec<_> = provider.scopes.catalog.iter().map(row).collect();
    if provider.scopes.open && !rows.is_empty() {
        rows.push("- others by `Scope::open`".to_owned());
    }
    section("Scopes", rows)
}

fn variables(provider: &Provider) -> Vec<String> {
    let row = |variable: &Variable| format!("- `{}`:{}", variable.name, variable::describe(variable));
    section("Variables", provider.variables.iter().map(row).collect())
}

fn notes(provider: &Provider) -> Vec<String> {
    let refresh = match provider.refresh.support {
        RefreshSupport::None => Some("- tokens cannot be refreshed"),
        RefreshSupport::Rotating => Some("- a refresh token is good once: the answer has the next"),
        RefreshSupport::Reusable => None,
    };
    let pkce = (provider.pkce == Pkce::Refused).then_some("- no PKCE: the provider refuses it");
    let rows = refresh.into_iter().chain(pkce).map(str::to_owned).collect();
    section("Notes", rows)
}

fn section(title: &str, mut rows: Vec<String>) -> Vec<String> {
    if !rows.is_empty() {
        rows.insert(0, format!("# {title}"));
        rows.insert(1, String::new());
    }
    rows
}

/// A template as it was written.
fn text(template: &Template, provider: &Provider) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Variable(index) => format!("{{{}}}", provider.variables[*index].name),
        Part::BuiltIn(BuiltIn::Console) => "{client.console}".to_owned(),
        Part::BuiltIn(value) => format!("{{{}}}", name::snake_case(&format!("{value:?}"))),
    };
    template.iter().map(part).collect()
}
