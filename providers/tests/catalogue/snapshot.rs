//! What is written of the definitions, for people to read: the requests of a sign-in, and the table of providers.

use crate::signin::JOURNEYS;
use std::{env, fs, path::PathBuf};

const HEAD: &str = "\
What is sent for a sign-in at each provider, and for what it declares besides: a call of its API, a refresh, who the
user is, a revocation. Made of the definitions, at a test provider: `UPDATE=1 cargo test -p oauth-providers` writes it anew.
";

const TABLE: &str = "\
# Providers

The definitions of `oauth-providers`, each with the provider's documentation, its type, what it has besides signing in, the
variables that an application has to give, and the day on which it was last checked. `UPDATE=1 cargo test -p oauth-providers`
writes this page anew.

";

fn requests() -> String {
    let section =
        |journey: &crate::signin::Journey| format!("\n[{}]\n{}\n", journey.id, journey.requests.join("\n"));
    HEAD.to_owned() + &JOURNEYS.iter().map(section).collect::<Vec<_>>().concat()
}

/// The table of the crate's documentation, whose links lead nowhere outside of it.
fn table() -> String {
    let rows = include_str!(concat!(env!("OUT_DIR"), "/provider_table.md"));
    TABLE.to_owned() + &rows.replace("[`", "`").replace("`]", "`")
}

/// Compares a file with what it should be, or writes it.
fn assert_current(path: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    if env::var_os("UPDATE").is_some() {
        return fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    if let Some(line) = first_difference(&written, text) {
        panic!(
            "{} is not what the definitions are, from line {line} on: run `UPDATE=1 cargo test -p oauth-providers` and \
             read the difference",
            path.display()
        );
    }
}

/// The first line in which two texts differ.
fn first_difference(left: &str, right: &str) -> Option<usize> {
    let (mut left, mut right) = (left.lines(), right.lines());
    let mut number = 1;
    loop {
        match (left.next(), right.next()) {
            (None, None) => return None,
            (left, right) if left != right => return Some(number),
            _ => number += 1,
        }
    }
}

#[test]
fn the_requests_of_every_sign_in_are_those_that_were_read() {
    assert_current("tests/requests.txt", &requests());
}

#[test]
fn the_table_of_providers_is_that_of_the_definitions() {
    assert_current("../docs/providers.md", &table());
}

#[test]
fn a_line_that_differs_is_found() {
    assert_eq!(first_difference("a\nb", "a\nb"), None);
    assert_eq!(
        [first_difference("a\nb", "a\nc"), first_difference("a", "a\nb"), first_difference("", "a")],
        [Some(2), Some(2), Some(1)]
    );
}
