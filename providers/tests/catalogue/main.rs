//! Rules over the whole catalogue, and a sign-in at each of its providers.

mod calendar;
mod lines;
mod listed;
mod rules;
mod signin;

use listed::{Listed, listed};

/// Fails with all that was found, each in a line of its own.
fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n- {}", found.join("\n- "));
}
