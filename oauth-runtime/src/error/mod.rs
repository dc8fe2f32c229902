//! [`Error`]: what the server said, what was sent, what it usually means here, and what to do.

mod answer;
mod callback;
mod login;
mod refusal;

pub use self::{
    answer::{AnswerError, AnswerErrorKind},
    callback::CallbackError,
    login::LoginRequired,
    refusal::Refusal,
};

use crate::form_post::Repost;
use crate::hook::HookError;
use crate::transport::{TransportError, TransportErrorKind};
use std::{fmt, sync::Arc, time::Duration};

/// What a store of the user's own fails with.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Everything that can go wrong. It never holds a secret, not even one that a server echoed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Error {
    /// A flow cannot be made like this: the text says which argument is wrong.
    Configuration(String),
    /// The authorization endpoint sent the user back with an error; `access_denied` is a user who said no.
    Denied(Box<Refusal>),
    /// The callback is not one that this flow may use.
    Callback(CallbackError),
    /// The provider's page posted the callback, and the user agent has to bring it once more from a page of the
    /// application. Answer with this error itself, which is a response with the feature `axum`, or with the [`Repost`].
    Repost(Repost),
    /// The token endpoint answered with an error (RFC 6749 §5.2).
    Refused(Box<Refusal>),
    /// The answer cannot be used.
    Answer(Box<AnswerError>),
    /// No answer came.
    Transport(TransportError),
    /// The user has to sign in again.
    LoginRequired(LoginRequired),
    /// The last refresh failed, perhaps in another process, and the next one has to wait.
    Postponed {
        /// For how long.
        wait: Duration,
        /// In a word or two, what went wrong with the last one.
        reason: String,
    },
    /// A hook of the definition failed.
    Hook {
        /// Its name under `[hooks]`.
        name: &'static str,
        /// What it says.
        error: HookError,
    },
    /// A store failed.
    Store(Arc<dyn std::error::Error + Send + Sync>),
    /// An API call was not made: the address is not one that the token may go to.
    ForeignOrigin(String),
}

impl Error {
    /// Whether only the user can help, by signing in again.
    pub fn needs_login(&self) -> bool {
        match self {
            Self::Denied(_) | Self::Callback(_) | Self::LoginRequired(_) => true,
            Self::Refused(refusal) => refusal.reauthorize(),
            _ => false,
        }
    }

    /// Whether the same call may succeed later, with nothing changed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Transport(error) => error.kind() != TransportErrorKind::Tls,
            Self::Answer(error) => matches!(error.kind(), AnswerErrorKind::Unavailable { .. }),
            Self::Refused(refusal) => refusal.retry(),
            Self::Store(_) | Self::Postponed { .. } => true,
            _ => false,
        }
    }

    /// The OAuth error code, if the provider named one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Denied(refusal) | Self::Refused(refusal) => Some(refusal.code()),
            _ => None,
        }
    }

    /// What went wrong in a word or two, for a store or an event: a code, or the kind of failure.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Refused(refusal) | Self::Denied(refusal) => refusal.code().to_owned(),
            Self::Answer(answer) => format!("status {}", answer.status()),
            Self::Transport(error) => match error.kind() {
                TransportErrorKind::Connect => "no connection",
                TransportErrorKind::Tls => "certificate not accepted",
                TransportErrorKind::Timeout => "no answer in time",
                _ => "answer broken off",
            }
            .to_owned(),
            Self::Postponed { reason, .. } => reason.clone(),
            Self::Store(_) => "store failed".to_owned(),
            _ => "not sent".to_owned(),
        }
    }

    pub(crate) fn hook(name: &'static str) -> impl FnOnce(HookError) -> Self {
        move |error| Self::Hook { name, error }
    }

    pub(crate) fn store(error: BoxError) -> Self {
        Self::Store(Arc::from(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(problem) => write!(f, "the flow cannot be made: {problem}"),
            Self::Denied(refusal) | Self::Refused(refusal) => refusal.fmt(f),
            Self::Callback(error) => error.fmt(f),
            Self::Repost(_) => {
                f.write_str("the callback has to be brought once more, by the page that this error is")
            }
            Self::Answer(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::LoginRequired(reason) => reason.fmt(f),
            Self::Postponed { wait, reason } => write!(
                f,
                "the last refresh failed ({reason}), and the next one waits another {} s",
                wait.as_secs_f64().ceil()
            ),
            Self::Hook { name, error } => write!(f, "the hook `{name}` failed: {error}"),
            Self::Store(_) => f.write_str("the store failed"),
            Self::ForeignOrigin(origin) => write!(
                f,
                "{origin} is no address of this provider's API, so the token does not go there; \
                 declare it under `origins` in `[api]` if it is one"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => std::error::Error::source(error),
            Self::Store(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}

impl From<CallbackError> for Error {
    fn from(error: CallbackError) -> Self {
        Self::Callback(error)
    }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

impl From<LoginRequired> for Error {
    fn from(reason: LoginRequired) -> Self {
        Self::LoginRequired(reason)
    }
}
