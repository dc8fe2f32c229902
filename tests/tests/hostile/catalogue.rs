//! The catalogue against our client.

use super::{holds, own_row, rows};
use oauth_tests::{
    hostile::{Fate, Pace, Row, ours::Ours, play, row::Verdict},
    rules::{self, Held, is_row, names_row},
};
use serde_json::json;

/// What our client does where the catalogue leaves a choice. A change here is a change of behaviour.
const CHOICES: &[(&str, Verdict)] = &[
    // Content-Length beside chunks: the chunks win, and the connection ends.
    ("B005", Verdict::Accept),
    ("B023", Verdict::Accept),
    ("J024", Verdict::Accept),
    // A token of more than 64 KiB is none.
    ("F012", Verdict::Reject),
    // A lifetime that is no number is an error, a huge one is cut to ten years, a negative one is over.
    ("F028", Verdict::Reject),
    ("F029", Verdict::Accept),
    ("F031", Verdict::Accept),
    ("F032", Verdict::Reject),
    ("F036", Verdict::Accept),
    // An id_token that nobody asked for is kept as an unverified text.
    ("F052", Verdict::Accept),
    ("R013", Verdict::Accept),
    // Broken percent signs stand for themselves.
    ("C018", Verdict::Accept),
    // Tokens in a callback are parameters that the standard does not name there: left alone.
    ("C029", Verdict::Accept),
    ("C030", Verdict::Accept),
];

/// The rows that `SECURITY.md` names.
fn rows_of_rules() -> Vec<String> {
    let rules = rules::table(include_str!("../../../SECURITY.md"));
    let named = rules.into_iter().flat_map(|rule| match rule.held {
        Held::By(names) => names,
        Held::NotBuilt(_) => Vec::new(),
    });
    named.filter(|name| is_row(name)).collect()
}

#[test]
fn every_row_that_can_be_played_passes() {
    let report = play(&rows(), &Ours, Pace::QUICK).unwrap();
    assert!(report.short().next().is_none(), "{report}");
    for name in rows_of_rules() {
        let named = report.rows.iter().filter(|(row, _)| names_row(&name, &row.id));
        let unplayed: Vec<_> =
            named.filter(|(_, fate)| *fate != Fate::Passed).map(|(row, _)| &row.id).collect();
        assert!(unplayed.is_empty(), "SECURITY.md names {name}, but these are not played: {unplayed:?}");
    }
    let (passed, _) = report.score();
    assert!(passed >= 169, "rows that were played are left out by now: {report}");
}

#[test]
fn where_the_catalogue_leaves_a_choice_ours_stays_the_same() {
    let is_open = |row: &Row| row.verdict == Verdict::Either && row.recipe.get("scenario").is_none();
    let mut chosen: Vec<Row> = rows().into_iter().filter(is_open).collect();
    for row in &mut chosen {
        let choice = CHOICES.iter().find(|(id, _)| *id == row.id);
        row.verdict = choice.map_or(row.verdict, |(_, verdict)| *verdict);
    }
    let report = play(&chosen, &Ours, Pace::QUICK).unwrap();
    assert!(report.short().next().is_none(), "{report}");
    for (row, fate) in &report.rows {
        assert!(
            row.verdict != Verdict::Either || matches!(fate, Fate::NotBuilt(_)),
            "{} has no choice",
            row.id
        );
    }
}

#[test]
fn rows_about_parts_that_are_not_there_are_never_counted_as_passed() {
    let rows = [
        own_row("token", &json!({"id_token_raw": "a.b.c"}), "reject"),
        own_row("refresh", &json!({"scenario": "slow_down"}), "accept"),
        own_row("callback", &json!({"scenario": "nobody knows"}), "accept"),
    ];
    let report = play(&rows, &Ours, Pace::QUICK).unwrap();
    assert_eq!(report.score(), (0, 0));
    assert!(report.to_string().ends_with("passed 0 of 0"));
}

#[test]
fn a_recipe_that_is_not_understood_falls_short() {
    let row = own_row("token", &json!({"steps": [{"juggle": 3}]}), "reject");
    let report = play(&[row], &Ours, Pace::QUICK).unwrap();
    assert_eq!(report.score(), (0, 1));
}

#[test]
fn an_honest_certificate_is_accepted() {
    holds(own_row("token", &json!({"tls": "control: valid certificate"}), "accept"));
}

#[test]
fn certificates_that_are_not_honest_are_refused() {
    for fault in ["expired certificate", "not yet valid", "certificate of an unknown CA", "wrong host"] {
        holds(own_row("token", &json!({"tls": fault}), "reject"));
    }
}
