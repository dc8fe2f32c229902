//! What a failed refresh means: how long the next one waits, and whether anybody knows what became of the refresh token.

use crate::{
    error::{AnswerErrorKind, Error},
    store::Failure,
    transport::TransportErrorKind,
};
use std::time::Duration;

/// After a failure, the next try waits this long, and twice as long after each further one.
const FIRST_BACK_OFF: Duration = Duration::from_secs(1);
/// It never waits longer, unless the server asks for more.
pub(super) const LAST_BACK_OFF: Duration = Duration::from_secs(60);

/// How long to wait after `error`, when so many tries failed before it.
pub(super) fn back_off(error: &Error, failures: u32) -> Duration {
    let asked = match error {
        Error::Answer(answer) => answer.retry_after(),
        Error::Refused(refusal) => refusal.retry_after(),
        Error::Postponed { wait, .. } => return *wait,
        _ => None,
    };
    let doubled = FIRST_BACK_OFF.saturating_mul(1 << failures.min(10)).min(LAST_BACK_OFF);
    doubled.max(asked.unwrap_or_default())
}

/// What the store has to keep of `error`.
pub(super) fn failure(error: &Error, failures: u32) -> Failure {
    Failure::postponed(back_off(error, failures), error.reason()).outcome_unknown(is_unknown(error))
}

/// Whether the provider may have replaced the refresh token, although no new one arrived.
///
/// An error that it named, a 4xx and a 503 say that it did not. Silence, another 5xx, which may be a gateway's, and
/// a success that cannot be read leave it open.
fn is_unknown(error: &Error) -> bool {
    match error {
        Error::Transport(error) => {
            !matches!(error.kind(), TransportErrorKind::Connect | TransportErrorKind::Tls)
        }
        Error::Answer(answer) => match answer.kind() {
            AnswerErrorKind::Redirect => false,
            _ => !matches!(answer.status(), 300..=499 | 503),
        },
        _ => false,
    }
}
