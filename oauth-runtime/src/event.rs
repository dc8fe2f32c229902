//! [`GrantEvent`]: what happens to stored grants, for logs and counters, and to tell a user to sign in again.

use crate::{core::Core, error::LoginRequired, store::TokenKey};
use std::{fmt, sync::Arc, time::Duration};

/// What happened to a stored grant when it was to be refreshed. It holds no secret.
///
/// [`AuthCodeFlow::observer`](crate::AuthCodeFlow::observer) is told of each, in the process in which it happens. With the feature `tracing` each is
/// an event with the target `oauth_runtime::grant` and the fields `provider`, `tenant` and `owner`, too.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GrantEvent {
    /// New tokens are stored.
    Refreshed,
    /// A try failed. No process that shares the store tries again before `wait` has passed.
    Failed {
        /// In a word or two, what went wrong: the provider's code, a status, the kind of failure.
        reason: String,
        /// How long to wait.
        wait: Duration,
    },
    /// Somebody sent the refresh token before and vanished with the answer, so it is sent once more.
    ///
    /// What comes next is [`Refreshed`](Self::Refreshed), [`Failed`](Self::Failed), or [`Dead`](Self::Dead) with
    /// [`LoginRequired::OutcomeUnknown`].
    OutcomeUnknown,
    /// The store refused new tokens because this process came too late with them: it was paused, or the store was away.
    ///
    /// It asks for its claim again, as [`TokenStore`](crate::TokenStore) describes, so this is no loss.
    Fenced,
    /// The store does not take the new tokens. They are kept in this process and tried again; should it end before, they are lost.
    Unsaved {
        /// What the store said.
        reason: String,
    },
    /// The grant will never work again: its user has to sign in. It comes once for a grant, from the process that found out.
    Dead(LoginRequired),
}

impl fmt::Display for GrantEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refreshed => f.write_str("the grant was refreshed"),
            Self::Failed { reason, wait } => {
                write!(
                    f,
                    "a refresh failed ({reason}), and the next one waits {} s",
                    wait.as_secs_f64().ceil()
                )
            }
            Self::OutcomeUnknown => {
                f.write_str("the answer to a former refresh was lost, so its refresh token is sent once more")
            }
            Self::Fenced => f.write_str("new tokens came too late for their claim, which is asked for again"),
            Self::Unsaved { reason } => write!(f, "the store does not take new tokens ({reason})"),
            Self::Dead(reason) => reason.fmt(f),
        }
    }
}

/// Who is told.
pub(crate) type Observer = Arc<dyn Fn(&TokenKey, &GrantEvent) + Send + Sync>;

impl Core {
    /// Tells whoever listens.
    pub(crate) fn tell(&self, key: &TokenKey, event: &GrantEvent) {
        #[cfg(feature = "tracing")]
        trace(key, event);
        if let Some(observer) = &self.observer {
            observer(key, event);
        }
    }
}

#[cfg(feature = "tracing")]
fn trace(key: &TokenKey, event: &GrantEvent) {
    macro_rules! at {
        ($level:ident) => {
            tracing::event!(
                target: "oauth_runtime::grant",
                tracing::Level::$level,
                provider = key.provider(),
                tenant = key.tenant(),
                owner = key.owner(),
                "{event}"
            )
        };
    }
    match event {
        GrantEvent::Refreshed => at!(INFO),
        GrantEvent::Unsaved { .. } => at!(ERROR),
        _ => at!(WARN),
    }
}
