//! [`Progress`]: the refreshing of one grant, as a store in memory keeps it. Pure: time comes in as an argument.

use super::{Claim, Failure, Lease};
use std::time::{Duration, Instant};

/// How long to wait before asking again for a claim that another one has.
const ASK_AGAIN: Duration = Duration::from_millis(20);

/// A time that is as good as endless.
pub(super) const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// `length` from `now` on. One beyond what the clock can hold is a very long one.
pub(super) fn after(now: Instant, length: Duration) -> Instant {
    now.checked_add(length).unwrap_or(now + LONGEST)
}

/// What goes on with one generation of a grant, and what failed.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    /// Who has the claim, until when.
    held: Option<(u64, Instant)>,
    /// Who marked last that the refresh token was sent, with no outcome since.
    sender: Option<u64>,
    failures: u32,
    not_before: Option<Instant>,
    reason: String,
}

impl Progress {
    /// Whether it says nothing that the next one has to know.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        !self.is_held(now) && self.sender.is_none() && self.not_before.is_none_or(|time| time <= now)
    }

    /// Whether somebody has a claim that did not lapse.
    pub(super) fn is_held(&self, now: Instant) -> bool {
        self.held.is_some_and(|(_, until)| until > now)
    }

    /// Gives the claim to `holder`, or says why not.
    pub(super) fn claim(&mut self, now: Instant, generation: u64, holder: u64, lease: Duration) -> Claim {
        if let Some((of, until)) = self.held {
            let patience =
                if self.sender == Some(of) { lease.saturating_mul(Lease::PATIENCE) } else { Duration::ZERO };
            let free = after(until, patience);
            if free > now {
                return Claim::Held(ASK_AGAIN.min(free - now));
            }
        }
        if let Some(wait) =
            self.not_before.and_then(|time| time.checked_duration_since(now)).filter(|wait| !wait.is_zero())
        {
            return Claim::Postponed { wait, reason: self.reason.clone() };
        }
        self.held = Some((holder, after(now, lease)));
        Claim::Granted(Lease {
            generation,
            holder,
            failures: self.failures,
            outcome_unknown: self.sender.is_some(),
        })
    }

    /// Lengthens the claim, or takes it from one who has not sent, or whose claim lapsed.
    pub(super) fn renew(&mut self, now: Instant, lease: &Lease, length: Duration) -> bool {
        let is_owed =
            |(of, until): (u64, Instant)| of != lease.holder && until > now && self.sender == Some(of);
        if self.held.is_some_and(is_owed) {
            return false;
        }
        self.held = Some((lease.holder, after(now, length)));
        self.sender = Some(lease.holder);
        true
    }

    /// Whether `lease` is the claim, and did not lapse.
    pub(super) fn holds(&self, now: Instant, lease: &Lease) -> bool {
        self.held.is_some_and(|(of, until)| of == lease.holder && until > now)
    }

    /// Notes that the refresh token is about to be sent.
    pub(super) fn mark_sent(&mut self, now: Instant, lease: &Lease) -> bool {
        let holds = self.holds(now, lease);
        if holds {
            self.sender = Some(lease.holder);
        }
        holds
    }

    /// Takes the claim back and keeps what went wrong.
    pub(super) fn fail(&mut self, now: Instant, lease: &Lease, failure: &Failure) -> bool {
        if !self.holds(now, lease) {
            return false;
        }
        self.held = None;
        self.sender = failure.outcome_unknown.then_some(lease.holder);
        if let Some(wait) = failure.wait {
            self.failures = self.failures.saturating_add(1);
            self.not_before = Some(after(now, wait));
            self.reason.clone_from(&failure.reason);
        }
        true
    }
}
