//! Rules over the whole catalogue, and a sign-in at each of its providers.
//!
//! `UPDATE=1 cargo test -p oauth-providers` writes what is made of the definitions: `requests.txt` and `docs/providers.md`.

mod answers;
mod calendar;
mod compiled;
mod lines;
mod listed;
mod rules;
mod signin;
mod snapshot;

use listed::{Listed, listed};

/// Fails with all that was found, each in a line of its own.
fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n- {}", found.join("\n- "));
}
