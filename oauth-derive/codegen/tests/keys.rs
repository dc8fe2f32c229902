//! The compiler's keys are those of the language: `keys.txt` has each, a path a line; `*` is a name of the definition's choice.

use std::collections::BTreeSet;

const LANGUAGE: &str = include_str!("keys.txt");

/// Keys of the language that no definition has, each with the reason.
const ABSENT: &[(&str, &str)] =
    &[("client.assertion.key", "a private key is a credential: `Credentials::private_key` takes it")];

/// Keys that came later, each with who needs it.
const FURTHER: &[(&str, &str)] = &[
    ("response_types", "a metadata document that is pasted (RFC 8414)"),
    ("scopes_supported", "a metadata document that is pasted (RFC 8414)"),
    ("scope_separator", "the libraries that this one follows, and attributes"),
    ("token.response.token_types", "Slack, eBay: types of their own for bearer tokens"),
    ("userinfo.params", "GraphQL, as of Linear and monday.com"),
    ("userinfo.encoding", "GraphQL, as of Linear and monday.com"),
    ("token.response.expires_in_zero", "Mailchimp: 0 for tokens that do not lapse"),
];

fn names(list: &[(&'static str, &str)]) -> BTreeSet<&'static str> {
    list.iter().map(|(name, _)| *name).collect()
}

#[test]
fn every_key_of_the_language_is_one_of_the_compilers() {
    let known: BTreeSet<_> = oauth_codegen::keys().iter().map(|key| key.path).collect();
    let absent: BTreeSet<_> = LANGUAGE.lines().filter(|key| !known.contains(key)).collect();
    assert_eq!(absent, names(ABSENT));
}

#[test]
fn every_key_of_the_compiler_is_one_of_the_language_or_stands_in_a_table_of_it() {
    let language: BTreeSet<_> = LANGUAGE.lines().collect();
    let known: BTreeSet<_> = language.union(&names(FURTHER)).copied().collect();
    let is_in_table = |path: &str| path.match_indices('.').any(|(at, _)| known.contains(&path[..at]));
    let is_table = |path: &str| {
        language.iter().any(|key| key.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
    };
    let keys = oauth_codegen::keys().iter().map(|key| key.path);
    let further: BTreeSet<_> =
        keys.filter(|path| !language.contains(path) && !is_in_table(path) && !is_table(path)).collect();
    assert_eq!(further, names(FURTHER));
}
