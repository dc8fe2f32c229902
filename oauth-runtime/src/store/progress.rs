//! [`Progress`]: the refreshing of one grant, as a store in memory keeps it. Pure: time comes in as an argument.

use super::{Claim, Failure, Lease};
use std::time::{Duration, Instant};

/// A time that is as good as endless.
pub(super) const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// `length` from `now` on. One beyond what the clock can hold is a very long one.
pub(super) fn after(now: Instant, length: Duration) -> Instant {
    now.checked_add(length).unwrap_or(now + LONGEST)
}

/// A claim that was given: to whom, until when, and for how long at a time.
#[derive(Debug, Clone, Copy)]
struct Held {
    holder: u64,
    until: Instant,
    lease: Duration,
}

impl Held {
    fn new(holder: u64, now: Instant, lease: Duration) -> Self {
        Self { holder, until: after(now, lease), lease }
    }
}

/// What goes on with one generation of a grant, and what failed.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    held: Option<Held>,
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
        self.held.is_some_and(|held| held.until > now)
    }

    /// When another one may have the claim; `None` if nobody has it.
    fn free_at(&self) -> Option<Instant> {
        let Held { holder, until, lease } = self.held?;
        let is_sent = self.sender == Some(holder);
        Some(if is_sent { after(until, lease.saturating_mul(Lease::PATIENCE)) } else { until })
    }

    /// Gives the claim to `holder`, or says why not.
    pub(super) fn claim(&mut self, now: Instant, generation: u64, holder: u64, lease: Duration) -> Claim {
        let left =
            |time: Option<Instant>| Some(time?.saturating_duration_since(now)).filter(|left| !left.is_zero());
        if let Some(left) = left(self.free_at()) {
            return Claim::Held(left);
        }
        if let Some(wait) = left(self.not_before) {
            return Claim::Postponed { wait, reason: self.reason.clone() };
        }
        self.held = Some(Held::new(holder, now, lease));
        Claim::Granted(Lease {
            generation,
            holder,
            failures: self.failures,
            outcome_unknown: self.sender.is_some(),
        })
    }

    /// Lengthens the claim, or takes it from one who has not sent, or whose claim lapsed.
    pub(super) fn renew(&mut self, now: Instant, lease: &Lease, length: Duration) -> bool {
        let is_anothers = |held: Held| held.holder != lease.holder && self.sender == Some(held.holder);
        if self.is_held(now) && self.held.is_some_and(is_anothers) {
            return false;
        }
        self.held = Some(Held::new(lease.holder, now, length));
        self.sender = Some(lease.holder);
        true
    }

    /// Whether `lease` is the claim, and did not lapse.
    pub(super) fn holds(&self, now: Instant, lease: &Lease) -> bool {
        self.is_held(now) && self.held.is_some_and(|held| held.holder == lease.holder)
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

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(10);

    fn granted(claim: Claim) -> Lease {
        match claim {
            Claim::Granted(lease) => lease,
            other => panic!("not granted: {other:?}"),
        }
    }

    fn is_held(claim: &Claim) -> bool {
        matches!(claim, Claim::Held(_))
    }

    #[test]
    fn a_claim_that_was_not_sent_is_free_when_it_lapses() {
        let (mut progress, now) = (Progress::default(), Instant::now());
        assert!(progress.is_over(now));
        granted(progress.claim(now, 1, 7, LEASE));
        assert!(!progress.is_over(now) && progress.is_held(now));
        assert!(is_held(&progress.claim(now + LEASE / 2, 1, 8, LEASE)));
        assert!(progress.is_over(now + LEASE));
        let next = granted(progress.claim(now + LEASE, 1, 8, LEASE));
        assert!(!next.outcome_unknown && next.failures == 0);
    }

    #[test]
    fn a_claim_that_was_sent_is_kept_for_its_holder_for_some_leases_more() {
        let (mut progress, now) = (Progress::default(), Instant::now());
        let lease = granted(progress.claim(now, 1, 7, LEASE));
        assert!(progress.mark_sent(now, &lease));
        let free = now + LEASE * (1 + Lease::PATIENCE);
        assert!(is_held(&progress.claim(now + LEASE * Lease::PATIENCE, 1, 8, LEASE)));
        assert!(!progress.is_over(free), "that it was sent has to be known");
        assert!(granted(progress.claim(free, 1, 8, LEASE)).outcome_unknown);
        assert!(!progress.mark_sent(free, &lease), "it is another one's now");
    }

    #[test]
    fn a_claim_can_be_taken_again_only_from_who_did_not_send_or_lapsed() {
        let (mut progress, now) = (Progress::default(), Instant::now());
        let first = granted(progress.claim(now, 1, 7, LEASE));
        let late = now + LEASE;
        let second = granted(progress.claim(late, 1, 8, LEASE));
        assert!(progress.renew(late, &first, LEASE), "the second sent nothing");
        assert!(progress.holds(late, &first) && !progress.holds(late, &second));
        assert!(!progress.renew(late, &second, LEASE), "the first is a sender");
        assert!(progress.renew(late + LEASE, &second, LEASE), "but it lapsed");
        assert!(progress.renew(late + LEASE, &second, LEASE), "its own is lengthened");
    }

    #[test]
    fn a_failure_is_noted_by_the_holder_alone_and_makes_the_next_one_wait() {
        let (mut progress, now) = (Progress::default(), Instant::now());
        let lease = granted(progress.claim(now, 1, 7, LEASE));
        let wait = Duration::from_secs(3);
        let failure = Failure::postponed(wait, "503");
        assert!(!progress.fail(now, &Lease::new(1, 8), &failure));
        assert!(!progress.fail(now + LEASE, &lease, &failure), "it lapsed");
        assert!(progress.fail(now, &lease, &failure));
        assert!(!progress.is_over(now) && progress.is_over(now + wait));
        let next = progress.claim(now + Duration::from_secs(1), 1, 8, LEASE);
        assert_eq!(next, Claim::Postponed { wait: Duration::from_secs(2), reason: "503".to_owned() });
        assert_eq!(granted(progress.claim(now + wait, 1, 8, LEASE)).failures, 1);
    }
}
