//! What holds for every file of the catalogue, and for all of them together.
//!
//! A rule is a function of files, so that it is tried on bad ones as well.

use crate::{Listed, assert_none, calendar::today, listed};
use oauth_runtime::spec::{Endpoint, Part, Variable};
use std::collections::BTreeMap;

/// Files that may have the same addresses, and why.
const SAME_ADDRESSES: &[(&[&str], &str)] =
    &[(&["fitbit", "google"], "Fitbit signs in at Google, for an API of its own")];

fn named(files: &[Listed], is_wrong: impl Fn(&Listed) -> bool) -> Vec<String> {
    files.iter().filter(|file| is_wrong(file)).map(|file| file.spec.id.to_owned()).collect()
}

fn without_date(files: &[Listed]) -> Vec<String> {
    named(files, |file| file.spec.verified.is_none())
}

/// Days are compared as texts: they are written as `2026-11-21`, or do not compile.
fn of_the_future(files: &[Listed], today: &str) -> Vec<String> {
    named(files, |file| file.spec.verified.is_some_and(|day| day > today))
}

fn without_source(files: &[Listed]) -> Vec<String> {
    named(files, |file| file.spec.sources.is_empty())
}

/// One page alone is a source where it is the provider's own.
fn with_one_foreign_source(files: &[Listed]) -> Vec<String> {
    let is_own = |file: &Listed, source: &str| {
        let documentation = file.spec.service_documentation.unwrap_or_default();
        site(documentation) == site(source)
    };
    named(files, |file| matches!(file.spec.sources, [one] if !is_own(file, one)))
}

/// The registered name of an address, near enough: the last two labels of its host.
fn site(url: &str) -> String {
    let host =
        url.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let mut labels: Vec<_> = host.rsplit('.').take(2).collect();
    labels.reverse();
    labels.join(".")
}

fn without_documentation(files: &[Listed]) -> Vec<String> {
    named(files, |file| file.spec.service_documentation.is_none())
}

fn with_silent_scopes(files: &[Listed]) -> Vec<String> {
    let is_silent = |file: &Listed| {
        let sets = file.spec.scopes.sets.iter().flat_map(|set| set.catalog);
        file.spec.scopes.catalog.iter().chain(sets).any(|scope| scope.description.is_empty())
    };
    named(files, is_silent)
}

/// The files that share what a key says of them.
fn sharing(files: &[Listed], key: impl Fn(&Listed) -> String) -> Vec<Vec<&'static str>> {
    let mut by_key: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for file in files {
        by_key.entry(key(file)).or_default().push(file.spec.id);
    }
    by_key.into_values().filter(|ids| ids.len() > 1).collect()
}

fn with_the_same(files: &[Listed], key: impl Fn(&Listed) -> String) -> Vec<String> {
    sharing(files, key).iter().map(|ids| ids.join(", ")).collect()
}

fn with_the_same_addresses(files: &[Listed], explained: &[(&[&str], &str)]) -> Vec<String> {
    let pair = |file: &Listed| {
        let endpoints = &file.spec.endpoints;
        format!("{} and {}", written(file, endpoints.authorization), written(file, endpoints.token))
    };
    // A server that anybody runs on a host of their own has the paths that many others have.
    let compared: Vec<_> = files.iter().filter(|file| !is_anywhere(file)).cloned().collect();
    let shared = sharing(&compared, pair);
    let is_explained = |ids: &&Vec<&str>| explained.iter().any(|(known, _)| known == &ids.as_slice());
    shared.iter().filter(|ids| !is_explained(ids)).map(|ids| ids.join(", ")).collect()
}

/// Whether the whole host of the authorization endpoint is for the application to say.
fn is_anywhere(file: &Listed) -> bool {
    let is_any = |variable: &Variable| variable.default.is_none() && variable.choices.is_empty();
    let templates: Vec<_> = file.spec.endpoints.authorization.templates().collect();
    let [template] = templates[..] else { return false };
    match template.parts().collect::<Vec<_>>()[..] {
        [Part::Variable(index), ..] => is_any(&file.spec.variables[index]),
        [Part::Text("https://"), Part::Variable(index), Part::Text(rest), ..] => {
            rest.starts_with('/') && is_any(&file.spec.variables[index])
        }
        _ => false,
    }
}

/// An address with the values of its variables, or without the names of those that may be anything.
fn written(file: &Listed, endpoint: Endpoint) -> String {
    let value = |variable: &Variable| match (variable.default, variable.choices) {
        (Some(default), _) => default.to_owned(),
        (None, choices) => choices.join("|"),
    };
    let text = |part| match part {
        Part::Text(text) => text.to_owned(),
        Part::Variable(index) => value(&file.spec.variables[index]),
        Part::BuiltIn(_) => String::new(),
    };
    endpoint
        .templates()
        .map(|template| template.parts().map(text).collect::<String>())
        .collect::<Vec<_>>()
        .join(" or ")
}

#[test]
fn every_file_says_when_it_was_checked() {
    assert_none("no `verified`", &without_date(&listed()));
}

#[test]
fn no_file_was_checked_in_the_future() {
    assert_none("a day that has not come yet", &of_the_future(&listed(), &today()));
}

#[test]
fn every_file_says_against_what_it_was_checked() {
    assert_none("no `sources`", &without_source(&listed()));
    assert_none("a single source, which is not the provider's own", &with_one_foreign_source(&listed()));
}

#[test]
fn every_file_links_the_providers_documentation() {
    assert_none("no `service_documentation`", &without_documentation(&listed()));
}

#[test]
fn every_scope_has_a_text() {
    assert_none("a scope without a text", &with_silent_scopes(&listed()));
}

#[test]
fn names_ids_and_types_are_unique() {
    let files = listed();
    assert_none("the same name", &with_the_same(&files, |file| file.spec.name.to_lowercase()));
    assert_none("the same id", &with_the_same(&files, |file| file.spec.id.to_owned()));
    assert_none("the same type", &with_the_same(&files, |file| file.type_name().to_owned()));
}

#[test]
fn no_two_files_have_the_same_addresses() {
    assert_none("the same addresses", &with_the_same_addresses(&listed(), SAME_ADDRESSES));
}

#[test]
fn every_exception_is_needed() {
    let files = listed();
    let all = with_the_same_addresses(&files, &[]);
    let unneeded = SAME_ADDRESSES.iter().map(|(ids, _)| ids.join(", ")).filter(|ids| !all.contains(ids));
    assert_none("no longer the same addresses", &unneeded.collect::<Vec<_>>());
}

/// The rules, tried on files that break them.
mod planted {
    use super::*;
    use oauth_runtime::spec::{Endpoints, Format, ScopeText, Scopes, Spec};

    const GOOD: Spec = Spec {
        id: "good",
        name: "Good",
        service_documentation: Some("https://docs.good.example/oauth"),
        verified: Some("2026-11-21"),
        sources: &["https://www.good.example/api"],
        endpoints: Endpoints {
            authorization: Endpoint::new("https://good.example/authorize"),
            token: Endpoint::new("https://good.example/token"),
            ..Endpoints::NONE
        },
        ..Spec::PLAIN
    };

    fn file(path: &'static str, spec: &'static Spec) -> Listed {
        Listed { path, spec, examples: &[] }
    }

    fn good() -> Listed {
        file("good::Good", &GOOD)
    }

    /// The rule finds the bad file beside the good one, and only that.
    fn assert_finds(rule: impl Fn(&[Listed]) -> Vec<String>, bad: &'static Spec) {
        assert_eq!(rule(&[good(), file("bad::Bad", bad)]), [bad.id]);
    }

    #[test]
    fn a_file_without_a_date_is_found() {
        const BAD: Spec = Spec { id: "bad", verified: None, ..GOOD };
        assert_finds(without_date, &BAD);
    }

    #[test]
    fn a_date_in_the_future_is_found_and_today_is_none() {
        assert_eq!(of_the_future(&[good()], "2026-11-20"), ["good"]);
        assert!(of_the_future(&[good()], "2026-11-21").is_empty());
    }

    #[test]
    fn a_file_without_a_source_is_found() {
        const BAD: Spec = Spec { id: "bad", sources: &[], ..GOOD };
        assert_finds(without_source, &BAD);
    }

    #[test]
    fn a_single_source_of_somebody_else_is_found() {
        const BAD: Spec = Spec { id: "bad", sources: &["https://blog.example/good"], ..GOOD };
        const TWO: Spec = Spec { sources: &["https://blog.example/a", "https://other.example/b"], ..GOOD };
        assert_eq!(
            with_one_foreign_source(&[good(), file("bad::Bad", &BAD), file("two::Two", &TWO)]),
            ["bad"]
        );
    }

    #[test]
    fn a_file_without_documentation_is_found() {
        const BAD: Spec = Spec { id: "bad", service_documentation: None, ..GOOD };
        assert_finds(without_documentation, &BAD);
    }

    #[test]
    fn a_scope_without_a_text_is_found() {
        const SILENT: &[ScopeText] = &[ScopeText { value: "read", description: "" }];
        const BAD: Spec = Spec { id: "bad", scopes: Scopes { catalog: SILENT, ..Scopes::PLAIN }, ..GOOD };
        assert_finds(with_silent_scopes, &BAD);
    }

    #[test]
    fn what_two_files_share_is_found() {
        const BAD: Spec = Spec { id: "bad", name: "GOOD", ..GOOD };
        let both = [good(), file("bad::Good", &BAD)];
        assert_eq!(with_the_same(&both, |file| file.spec.name.to_lowercase()), ["good, bad"]);
        assert_eq!(with_the_same(&both, |file| file.type_name().to_owned()), ["good, bad"]);
        assert!(with_the_same(&both, |file| file.spec.id.to_owned()).is_empty());
    }

    const OF_SHOP: Endpoint = Endpoint::new("https://{0}.shop.example/authorize");
    const ANYWHERE: Endpoint = Endpoint::new("https://{0}/authorize");
    const SHOP: Variable = Variable { name: "shop", format: Format::HostLabel, ..Variable::PLAIN };

    const fn of_shops(id: &'static str, authorization: Endpoint) -> Spec {
        let endpoints = Endpoints { authorization, ..GOOD.endpoints };
        Spec { id, endpoints, variables: &[SHOP], ..GOOD }
    }

    #[test]
    fn the_same_addresses_are_found_whatever_their_variables_are_called() {
        const ONE: Spec = of_shops("one", OF_SHOP);
        const STORE: &[Variable] = &[Variable { name: "store", ..SHOP }];
        const TWO: Spec = Spec { id: "two", variables: STORE, ..ONE };
        const OWN: &[Variable] = &[Variable { default: Some("own"), ..SHOP }];
        const OTHER: Spec = Spec { id: "other", variables: OWN, ..ONE };
        let files = [file("one::One", &ONE), file("two::Two", &TWO), file("other::Other", &OTHER)];
        assert_eq!(with_the_same_addresses(&files, &[]), ["one, two"]);
        assert!(with_the_same_addresses(&files, &[(&["one", "two"], "two products")]).is_empty());
    }

    #[test]
    fn servers_that_anybody_runs_may_have_the_paths_of_others() {
        const ONE: Spec = of_shops("one", ANYWHERE);
        const TWO: Spec = of_shops("two", ANYWHERE);
        assert!(with_the_same_addresses(&[file("one::One", &ONE), file("two::Two", &TWO)], &[]).is_empty());
    }
}
