//! [`Refusal`]: an error that a provider named.

use crate::spec::Stage;
use std::{fmt, time::Duration};

/// An error that the provider named (RFC 6749 §4.1.2.1 and §5.2), and what it usually means there.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub(crate) provider: &'static str,
    pub(crate) stage: Stage,
    pub(crate) status: Option<u16>,
    pub(crate) code: String,
    pub(crate) description: Option<String>,
    pub(crate) uri: Option<String>,
    pub(crate) sent: String,
    pub(crate) means: Option<&'static str>,
    pub(crate) hint: Option<String>,
    pub(crate) docs: Option<&'static str>,
    pub(crate) reauthorize: bool,
    pub(crate) retry: bool,
    pub(crate) retry_after: Option<Duration>,
}

impl Refusal {
    /// The provider's `error`, without control characters and shortened.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The standard's code for it, where the provider has one of its own.
    pub fn means(&self) -> &str {
        self.means.unwrap_or(&self.code)
    }

    /// The provider's `error_description`, without control characters and shortened. It is the server's word, not ours: escape it in HTML.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// The provider's `error_uri`, if it is an `https` address.
    pub fn uri(&self) -> Option<&str> {
        self.uri.as_deref()
    }

    /// The step at which it came.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The HTTP status; `None` for a callback.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// What we sent, without anything secret.
    pub fn sent(&self) -> &str {
        &self.sent
    }

    /// What to do, from the provider's definition or for the standard's codes.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// A page about it.
    pub fn docs(&self) -> Option<&str> {
        self.docs
    }

    /// The user has to sign in again.
    pub fn reauthorize(&self) -> bool {
        self.reauthorize
    }

    /// The same request may succeed later.
    pub fn retry(&self) -> bool {
        self.retry
    }

    /// How long the server asked us to wait, by `Retry-After`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.stage {
            Stage::Authorize | Stage::Callback => "the authorization",
            Stage::Token => "the code",
            Stage::Refresh => "the refresh",
            Stage::Exchange => "the exchange of the access token",
            Stage::Revocation => "the revocation",
            Stage::Userinfo | Stage::Api => "the call",
        };
        write!(f, "{} refused {what}: {}", self.provider, self.code)?;
        if let Some(description) = &self.description {
            write!(f, " ({description})")?;
        }
        if let Some(status) = self.status {
            write!(f, ", status {status}")?;
        }
        write!(f, "; sent {}", self.sent)?;
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        if let Some(link) = self.docs.or(self.uri.as_deref()) {
            write!(f, "; see {link}")?;
        }
        Ok(())
    }
}
