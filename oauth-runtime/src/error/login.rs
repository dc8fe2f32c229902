//! [`LoginRequired`]: why the user has to sign in again.

use std::fmt;

/// Why the user has to sign in again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginRequired {
    /// Nothing is stored for this owner.
    NoTokens,
    /// The token lapsed and there is no way to refresh it.
    Expired,
    /// The provider does not honour the refresh token any more: withdrawn, lapsed, or used twice. The code is the provider's.
    GrantDead(String),
}

impl fmt::Display for LoginRequired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTokens => f.write_str("no tokens are stored for this user, who has to sign in"),
            Self::Expired => f.write_str(
                "the access token lapsed and cannot be refreshed, so the user has to sign in again",
            ),
            Self::GrantDead(code) => {
                write!(
                    f,
                    "the provider no longer honours the grant ({code}), so the user has to sign in again"
                )
            }
        }
    }
}

impl std::error::Error for LoginRequired {}
