//! [`Claim`], [`Lease`] and [`Failure`]: the words in which a store gives the right to refresh and takes it back.

use std::time::Duration;

/// The answer to a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// The right is given.
    Granted(Lease),
    /// Another one has it, and this time is left of it, unless it is renewed. Whoever wants it may ask again sooner: it may be given back.
    Held(Duration),
    /// The last try failed, here or in another process, and the next one has to wait.
    Postponed {
        /// For how long.
        wait: Duration,
        /// The [`Failure::reason`] of the last try.
        reason: String,
    },
    /// Nothing is stored, or a grant of another generation: load it again.
    Superseded,
}

/// The right to refresh a grant, for a time, and what the one who gets it has to know.
///
/// `generation` and `holder` tell it from every other; a store compares nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The generation that was claimed.
    pub generation: u64,
    /// Tells this claim from every other.
    pub holder: u64,
    /// How many tries to refresh this generation failed before, one after another.
    pub failures: u32,
    /// Somebody sent the refresh token of this generation, and nobody knows what came of it.
    pub outcome_unknown: bool,
}

impl Lease {
    /// How long a claim that was marked as sent is kept from others after it lapsed, in leases of its holder.
    ///
    /// Its holder may only be paused, with the answer waiting for it; to send the same refresh token again would make
    /// a strict provider end the grant. It is not longer because providers that forgive a second use do so for a short time.
    pub const PATIENCE: u32 = 4;

    /// A first claim of `generation`, of which no failure is known.
    pub fn new(generation: u64, holder: u64) -> Self {
        Self { generation, holder, failures: 0, outcome_unknown: false }
    }
}

/// How a refresh ended without a new grant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The reason why the grant will never work again, as [`StoredGrant::dead`](super::StoredGrant::dead) keeps it.
    pub dead: Option<String>,
    /// How long nobody may try again, by the store's clock; `None` if nothing was tried.
    pub wait: Option<Duration>,
    /// In a word or two, and without a secret: what went wrong.
    pub reason: String,
    /// The refresh token was sent, by this holder or a former one, and nobody knows what came of it.
    pub outcome_unknown: bool,
}

impl Failure {
    /// The claim is given back, and nothing was tried.
    pub fn untried() -> Self {
        Self::default()
    }

    /// A try failed because of `reason`, and the next one has to wait.
    pub fn postponed(wait: Duration, reason: impl Into<String>) -> Self {
        Self { wait: Some(wait), reason: reason.into(), ..Self::default() }
    }

    /// The grant will never work again.
    pub fn dead(reason: impl Into<String>) -> Self {
        Self { dead: Some(reason.into()), ..Self::default() }
    }

    /// The same, noting whether a refresh token was sent of which nobody knows what came of it.
    #[must_use]
    pub fn outcome_unknown(self, outcome_unknown: bool) -> Self {
        Self { outcome_unknown, ..self }
    }
}
