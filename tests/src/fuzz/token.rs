//! Answers of a token endpoint: nothing is accepted that a strict reader refuses.

use super::choice;
use crate::hostile::{
    mutation::{Bench, Summary},
    reference::Answer,
};

/// A status and a label for each choice.
const HEADS: &[(u16, Option<&str>)] = &[
    (200, Some("application/json")),
    (200, Some("application/x-www-form-urlencoded")),
    (200, None),
    (200, Some("text/html")),
    (400, Some("application/json")),
    (400, Some("application/x-www-form-urlencoded")),
    (302, Some("application/json")),
    (503, Some("application/json")),
];

thread_local! {
    static BENCH: Bench = Bench::new().expect("the clients of the bench are complete");
}

/// The first byte chooses the status and the label, the rest is the body.
pub(super) fn answer(data: &[u8]) -> bool {
    let Some((head, body)) = choice(data, HEADS) else { return false };
    let (status, content_type) = HEADS[head];
    holds(&Answer { status, content_type, body })
}

/// Holds both of our readers against the strict one; says whether they accept.
pub(super) fn holds(answer: &Answer<'_>) -> bool {
    let mut summary = Summary::default();
    BENCH.with(|bench| bench.hold(answer, &mut summary));
    assert_eq!(summary.faults, 0, "{summary}");
    summary.accepted > 0
}
