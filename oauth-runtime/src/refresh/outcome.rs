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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::AnswerError, spec::Stage, transport::TransportError};

    fn answered(status: u16, kind: AnswerErrorKind) -> Error {
        Error::Answer(Box::new(AnswerError {
            provider: "Acme",
            stage: Stage::Refresh,
            status,
            content_type: None,
            length: 0,
            kind,
            sent: String::new(),
        }))
    }

    fn unavailable(seconds: Option<u64>) -> Error {
        answered(503, AnswerErrorKind::Unavailable { retry_after: seconds.map(Duration::from_secs) })
    }

    #[test]
    fn each_failure_waits_twice_as_long_as_the_one_before_up_to_a_minute() {
        let waits = [0, 1, 2, 5, 6, 10, 11, u32::MAX]
            .map(|failures| back_off(&unavailable(None), failures).as_secs());
        assert_eq!(waits, [1, 2, 4, 32, 60, 60, 60, 60]);
    }

    #[test]
    fn a_server_that_asks_for_a_longer_wait_gets_it_and_one_that_was_asked_for_holds() {
        assert_eq!(back_off(&unavailable(Some(300)), 0).as_secs(), 300);
        assert_eq!(back_off(&unavailable(Some(0)), 2).as_secs(), 4);
        let postponed = Error::Postponed { wait: Duration::from_millis(7), reason: String::new() };
        assert_eq!(back_off(&postponed, 3), Duration::from_millis(7));
    }

    #[test]
    fn only_silence_a_gateways_error_and_an_unreadable_success_leave_the_token_in_doubt() {
        let is_noted = |error: &Error| failure(error, 0).outcome_unknown;
        for status in [200, 204, 299, 500, 502, 504] {
            assert!(is_noted(&answered(status, AnswerErrorKind::NotJson)), "{status}");
        }
        for status in [400, 401, 429, 499, 503] {
            assert!(!is_noted(&answered(status, AnswerErrorKind::Status)), "{status}");
        }
        for status in [300, 302, 308] {
            assert!(!is_noted(&answered(status, AnswerErrorKind::Redirect)), "{status}");
        }
        let by = |kind| is_noted(&Error::Transport(TransportError::new(kind)));
        assert!(by(TransportErrorKind::Timeout) && by(TransportErrorKind::Other));
        assert!(!by(TransportErrorKind::Connect) && !by(TransportErrorKind::Tls));
        assert!(!is_noted(&Error::Configuration(String::new())));
    }
}
