//! [`AnswerError`]: an answer that cannot be used.

use crate::spec::Stage;
use std::{fmt, time::Duration};

/// An answer that cannot be used. It keeps no part of the body.
#[derive(Debug, Clone)]
pub struct AnswerError {
    pub(crate) provider: &'static str,
    pub(crate) stage: Stage,
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) length: usize,
    pub(crate) kind: AnswerErrorKind,
    pub(crate) sent: String,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerErrorKind {
    /// A redirect: not followed, because what was sent must not go elsewhere.
    Redirect,
    /// The server is overloaded or broken (429 or 5xx); `retry_after` is what it asked for.
    Unavailable {
        /// How long to wait, by `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// Another status than 2xx, and no OAuth error in the body.
    Status,
    /// Neither JSON nor a labelled form.
    NotJson,
    /// The named value is missing.
    Missing(&'static str),
    /// The named value is of the wrong kind, or holds what it may not hold.
    Invalid(&'static str),
    /// The named value stands there twice.
    Duplicated(&'static str),
    /// A `token_type` that is not bearer and that the definition does not declare (RFC 6749 §7.1).
    TokenType,
}

impl AnswerError {
    /// What is wrong.
    pub fn kind(&self) -> AnswerErrorKind {
        self.kind
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The step at which it came.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// How long the server asked us to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.kind {
            AnswerErrorKind::Unavailable { retry_after } => retry_after,
            _ => None,
        }
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = match self.stage {
            Stage::Api => "API",
            Stage::Revocation => "revocation endpoint",
            Stage::Userinfo => "userinfo endpoint",
            _ => "token endpoint",
        };
        write!(f, "{}'s {endpoint} answered with status {}", self.provider, self.status)?;
        match self.kind {
            AnswerErrorKind::Redirect => {
                f.write_str(", a redirect, which is not followed; the declared address may be out of date")
            }
            AnswerErrorKind::Unavailable { retry_after: Some(wait) } => {
                write!(f, ": overloaded or broken; try again in {} s", wait.as_secs())
            }
            AnswerErrorKind::Unavailable { retry_after: None } => f.write_str(": overloaded or broken; try again later"),
            AnswerErrorKind::Status => f.write_str(" and no OAuth error; the declared address may be wrong"),
            AnswerErrorKind::NotJson => {
                f.write_str(" and a body that is not JSON; a gateway or a wrong address may have answered")
            }
            AnswerErrorKind::Missing(name) => write!(f, " and no `{name}`; the definition may name it otherwise"),
            AnswerErrorKind::Invalid(name) => write!(f, " and an unusable `{name}`"),
            AnswerErrorKind::Duplicated(name) => write!(f, " and `{name}` twice"),
            AnswerErrorKind::TokenType => f.write_str(
                " and a `token_type` that is not bearer; declare it under `token_types` if it is used like one",
            ),
        }?;
        write!(f, " ({} bytes", self.length)?;
        if let Some(content_type) = &self.content_type {
            write!(f, " of {content_type}")?;
        }
        write!(f, "); sent {}", self.sent)
    }
}
