//! The documentation of a generated struct: what the definition says, in words.

use super::{
    note::{list, notes},
    variable,
};
use crate::{
    model::{
        AssertionUse, AuthMethod, BuiltIn, Endpoint, ErrorHint, Example, Part, Provider, RequestOption,
        Scope, ScopeSet, Stage, Template, Variable,
    },
    name,
};
use proc_macro2::TokenStream;
use quote::quote;
use std::borrow::Cow;

const OPTIONS: &str = "What a single sign-in may set, by `AuthorizationRequest::with`:";
const NOTES: &str = "Where it goes other ways than the standard. All of this is done by the library:";
const ERRORS: &str = "What the provider's codes mean. The hint is part of the error:";
const EXAMPLES: &str = "Answers that are read in tests. `TestProvider::answers` plays one by its title:";

/// The page, as one attribute: rustc looks at each.
pub(crate) fn attribute(provider: &Provider) -> TokenStream {
    let indent = |line: String| if line.is_empty() { line } else { format!(" {line}") };
    let text = page(provider).into_iter().map(indent).collect::<Vec<_>>().join("\n");
    quote!(#[doc = #text])
}

/// A text for people in a comment: one line, without links and tags of its own. An address in it is code.
pub(crate) fn plain(text: &str) -> String {
    let words = text.trim_end().trim_end_matches('.').split_whitespace().map(as_code);
    words.collect::<Vec<_>>().join(" ").replace('[', "\\[").replace('<', "\\<")
}

fn as_code(word: &str) -> Cow<'_, str> {
    let address = word.find("https://").or_else(|| word.find("http://")).filter(|_| !word.contains('`'));
    let Some(start) = address else { return word.into() };
    let (before, rest) = word.split_at(start);
    let end = rest.trim_end_matches(['.', ',', ';', ':', ')', '"', '\'']).len();
    let (address, after) = rest.split_at(end);
    format!("{before}`{address}`{after}").into()
}

/// The lines of the page.
fn page(provider: &Provider) -> Vec<String> {
    let mut lines = vec![format!("{} as an OAuth 2.0 provider.", plain(&provider.name))];
    let sections = [
        links(provider),
        clients(provider),
        endpoints(provider),
        scopes(provider),
        options(provider),
        variables(provider),
        section("Notes", NOTES, notes(provider)),
        section("Errors", ERRORS, provider.errors.iter().map(|error| refusal(error, provider)).collect()),
        section("Examples", EXAMPLES, provider.examples.iter().map(answer).collect()),
    ];
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

/// Which credentials there are, the preferred ones first.
fn clients(provider: &Provider) -> Vec<String> {
    let signs = provider.assertion.as_ref().is_some_and(|own| own.used_as == AssertionUse::ClientSecret);
    let mut kinds: Vec<&str> = Vec::new();
    for method in &provider.token_endpoint_auth_methods {
        let kind = match method {
            AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost if signs => "private_key",
            AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost => "confidential",
            AuthMethod::PrivateKeyJwt => "private_key",
            AuthMethod::None => "public",
            AuthMethod::Bearer => continue,
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let kinds: Vec<_> = kinds.iter().map(|kind| format!("Credentials::{kind}")).collect();
    if kinds.is_empty() { Vec::new() } else { vec![format!("Its clients: {}.", list(&kinds, "or"))] }
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
    let exchanges = provider.exchanges.iter().map(|exchange| ("Exchange", &exchange.url));
    let named: Vec<_> = named.into_iter().chain(exchanges).collect();
    let rows = named.iter().filter_map(|(name, endpoint)| row(name, endpoint, provider)).collect();
    section("Endpoints", "", rows)
}

/// One row: of several addresses, the first whose variables have values counts.
fn row(name: &str, endpoint: &Endpoint, provider: &Provider) -> Option<String> {
    let addresses: Vec<_> = endpoint.iter().map(|template| text(template, provider)).collect();
    (!addresses.is_empty()).then(|| format!("- {name}: {}", list(&addresses, "or")))
}

fn scopes(provider: &Provider) -> Vec<String> {
    let row = |(set, scope): (Option<&ScopeSet>, &Scope)| {
        let text = plain(&scope.description);
        let text = if text.is_empty() { text } else { format!(". {text}.") };
        let list = set.map(|set| format!(" in `{}`", set.parameter)).unwrap_or_default();
        format!("- [`{0}`](Self::{0}): `{1}`{list}{text}", scope.constant, scope.value)
    };
    let scopes = &provider.scopes;
    let mut rows: Vec<_> = scopes.all().map(row).collect();
    if scopes.open && !rows.is_empty() {
        rows.push("- others, by their names: `Scope::open`".to_owned());
    }
    for (asked, when) in [(&scopes.default, "where a request names none"), (&scopes.required, "always")] {
        let asked: Vec<_> = asked.iter().map(|scope| format!("`{scope}`")).collect();
        rows.extend((!asked.is_empty()).then(|| format!("- asked for {when}: {}", asked.join(", "))));
    }
    for set in scopes.sets.iter().filter(|set| set.open) {
        rows.push(format!("- others of `{}`, by their names: `Scope::open_in`", set.name));
    }
    rows.extend(scopes.source.as_ref().map(|url| format!("\nTaken from [here](<{url}>).")));
    section("Scopes", "", rows)
}

fn variables(provider: &Provider) -> Vec<String> {
    let row = |variable: &Variable| format!("- `{}`:{}", variable.name, variable::describe(variable));
    section("Variables", "", provider.variables.iter().map(row).collect())
}

/// The items that set a parameter of a single authorization request.
fn options(provider: &Provider) -> Vec<String> {
    let row = |option: &RequestOption| {
        let items = if option.choices.is_empty() {
            name::option_function(&option.name).into_iter().collect()
        } else {
            let constant = |value: &String| name::option_constant(&option.name, value);
            option.choices.iter().filter_map(constant).collect::<Vec<_>>()
        };
        let link = |item: &String| format!("[`{0}`](Self::{0})", item.trim_start_matches("r#"));
        let links: Vec<_> = items.iter().map(link).collect();
        let default = option.default.as_ref().map(|value| format!("; otherwise `{value}` is sent"));
        format!("- `{}`: {}{}", option.name, links.join(", "), default.unwrap_or_default())
    };
    section("Options", OPTIONS, provider.authorization.options.iter().map(row).collect())
}

/// What an error code means here, and what to do.
fn refusal(error: &ErrorHint, provider: &Provider) -> String {
    let means = error.means.as_ref().map(|means| format!(" means `{means}`")).unwrap_or_default();
    let hint = plain(&advice(&error.hint, provider));
    let hint = if hint.is_empty() { hint } else { format!(". {hint}.") };
    format!("- `{}`{means}{hint}", error.code.replace('`', "'"))
}

/// A hint, with the console's address in it, and names in place of what only a sign-in knows.
fn advice(hint: &Template, provider: &Provider) -> String {
    let part = |part: &Part| match part {
        Part::BuiltIn(BuiltIn::Console) => {
            provider.console.clone().unwrap_or_else(|| "the console".to_owned())
        }
        Part::Text(text) => text.clone(),
        other => format!("`{}`", text(&vec![other.clone()], provider)),
    };
    hint.iter().map(part).collect()
}

/// An example: the answer that `TestProvider::answers` plays.
fn answer(example: &Example) -> String {
    let what = match example.stage {
        Stage::Authorize | Stage::Callback => "callback",
        Stage::Token => "answer to a code",
        Stage::Exchange => "answer to the exchange",
        Stage::Refresh => "answer to a refresh",
        Stage::Revocation => "answer to a revocation",
        Stage::Userinfo => "answer about the user",
        Stage::Api => "answer of the API",
    };
    // Its parameters stand in an address or in a form, and have no status.
    let status = match example.stage {
        Stage::Authorize | Stage::Callback => String::new(),
        _ => format!(", status {}", example.status),
    };
    format!("- {what}{status}: {}", plain(&example.title))
}

fn section(title: &str, introduction: &str, rows: Vec<String>) -> Vec<String> {
    if rows.is_empty() {
        return rows;
    }
    let introduction = [introduction, ""].into_iter().filter(|_| !introduction.is_empty()).map(str::to_owned);
    [format!("# {title}"), String::new()].into_iter().chain(introduction).chain(rows).collect()
}

/// A template as it was written.
pub(super) fn text(template: &Template, provider: &Provider) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Variable(index) => format!("{{{}}}", provider.variables[*index].name),
        Part::BuiltIn(value) => format!("{{{}}}", value.name()),
    };
    template.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn an_address_in_a_text_is_code_and_no_link() {
        assert_eq!(plain("As in https://SITE.example."), "As in `https://SITE.example`");
        assert_eq!(plain("One (https://a.example/x), two"), "One (`https://a.example/x`), two");
        assert_eq!(plain("`https://a.example` [x] <y>"), "`https://a.example` \\[x] \\<y>");
    }
}
