//! Hostile servers, callbacks and definitions: the catalogue, mutations of it, and properties of what stands in between.
#![allow(clippy::unwrap_used, reason = "what serves a test fails as the test does")]

mod catalogue;
mod naive;
mod over_http;
mod properties;
mod readers;
mod unseen;

use oauth_tests::hostile::{Fate, Pace, Row, ours::Ours, play, row};
use serde_json::{Value, json};

/// The rows of the catalogue.
fn rows() -> Vec<Row> {
    row::parse(oauth_tests::hostile::CATALOGUE).unwrap()
}

/// A row that is not in the catalogue.
fn own_row(endpoint: &str, recipe: &Value, verdict: &str) -> Row {
    let row = json!({
        "id": "X001", "endpoint": endpoint, "behaviour": "", "bytes_or_recipe": recipe, "expected": "", "verdict": verdict,
        "error": null, "max_ms": 5000, "max_requests": 1,
    });
    row::parse(&row.to_string()).unwrap().remove(0)
}

/// Plays one row and shows what is wrong.
fn holds(row: Row) {
    let report = play(&[row], &Ours, Pace::QUICK).unwrap();
    assert!(matches!(report.rows[0].1, Fate::Passed), "{report}");
}
