//! The player has to be able to fail: what it says of a client that believes everything.

use super::rows;
use oauth_tests::hostile::{Fate, Pace, Report, naive::Naive, play};

fn findings<'a>(report: &'a Report, id: &str) -> &'a [String] {
    match report.fate(id) {
        Some(Fate::Short(findings)) => findings,
        fate => panic!("{id} did not fall short: {fate:?}"),
    }
}

#[test]
fn a_naive_client_falls_short_in_every_way_that_is_judged() {
    let report = play(&rows(), &Naive, Pace::QUICK).unwrap();
    for (id, finding) in [
        // Verdict: an error beside a token, half an answer, a token of no type, a callback of somebody else.
        ("S003", "accepted what is to be refused"),
        ("B004", "accepted what is to be refused"),
        ("F014", "accepted what is to be refused"),
        ("C009", "accepted what is to be refused"),
        ("J016", "accepted what is to be refused"),
        // What it reads.
        ("F042", "where"),
        ("R001", "where"),
        // The class of the error.
        ("S021", "an error of the class OAuth is expected"),
        // The number of requests, and where they go.
        ("S018", "requests where 1 are allowed"),
        ("S013", "times to another origin"),
        ("R012", "times to another origin"),
        // Time, memory, and secrets in what is printed.
        ("B015", "ms are allowed"),
        ("B009", "KiB at once"),
        ("E010", "prints the secret"),
        ("E002", "control characters"),
        ("E009", "javascript:"),
        // What it sends.
        ("S001", "did not send the fields of its grant"),
        ("V004", "accepted what is to be refused"),
    ] {
        let found = findings(&report, id);
        assert!(found.iter().any(|found| found.contains(finding)), "{id}: {finding:?} is not in {found:?}");
    }
    let (passed, played) = report.score();
    assert!(passed * 4 < played, "{report}");
}
