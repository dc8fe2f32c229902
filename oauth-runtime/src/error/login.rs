//! [`LoginRequired`]: why the user has to sign in again.

use crate::store::StoredGrant;
use std::fmt;

/// Why the user has to sign in again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginRequired {
    /// Nothing is stored for this owner.
    NoTokens,
    /// The token lapsed and there is no way to refresh it.
    Expired,
    /// The provider does not honour the refresh token any more: withdrawn, lapsed, or used twice.
    GrantDead {
        /// The provider's code.
        code: String,
        /// What the definition says about it.
        hint: Option<String>,
    },
    /// The refresh token was sent once and the answer was lost, with a process or a connection; sent once more, it was refused.
    ///
    /// The provider had most likely replaced it the first time. No client can get that answer back.
    OutcomeUnknown,
    /// Its sign-in did not tell the value of this variable, which stands in an address: the definition may have changed since.
    NotLearned(&'static str),
}

impl LoginRequired {
    /// Why a grant is dead, from what is stored as its reason.
    pub(crate) fn dead(reason: String, hint: impl FnOnce(&str) -> Option<String>) -> Self {
        if reason == StoredGrant::OUTCOME_UNKNOWN {
            return Self::OutcomeUnknown;
        }
        Self::GrantDead { hint: hint(&reason), code: reason }
    }
}

impl fmt::Display for LoginRequired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTokens => f.write_str("no tokens are stored for this user, who has to sign in"),
            Self::Expired => f.write_str(
                "the access token lapsed and cannot be refreshed, so the user has to sign in again",
            ),
            Self::OutcomeUnknown => f.write_str(
                "the answer to a refresh was lost and the provider does not take the old refresh token again, \
                 so the user has to sign in again",
            ),
            Self::NotLearned(name) => write!(
                f,
                "the sign-in did not tell `{name}`, which an address needs, so the user has to sign in again"
            ),
            Self::GrantDead { code, hint } => {
                write!(f, "the provider no longer honours the grant ({code}), so the user has to sign in again")?;
                hint.as_ref().map_or(Ok(()), |hint| write!(f, "; {hint}"))
            }
        }
    }
}

impl std::error::Error for LoginRequired {}
