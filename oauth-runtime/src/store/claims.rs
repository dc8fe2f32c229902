//! [`Claims`]: who may refresh what, within this process, for a store that cannot say it itself.

use super::{Claim, Lease, TokenKey, progress::Progress};
use crate::sync::{Mutex, MutexGuard};
use std::{
    any::type_name,
    collections::HashMap,
    sync::{
        LazyLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// The claims of all stores of one type.
#[derive(Default)]
pub(super) struct Claims(Mutex<HashMap<(TokenKey, u64), Progress>>);

/// The claims of every store of the type `S` in this process.
///
/// A store is often a cheap handle that is made anew for each use, so one value cannot be told from another. Stores
/// of one type share their claims; the grants of two stores are told apart by their generations, which are drawn by lot.
pub(super) fn shared<S: ?Sized>() -> &'static Claims {
    static SHARED: LazyLock<Mutex<HashMap<&'static str, &'static Claims>>> = LazyLock::new(Mutex::default);
    // One small value for each type of store in the program, so it may live as long as the program.
    lock(&SHARED).entry(type_name::<S>()).or_insert_with(|| Box::leak(Box::default()))
}

/// A number that tells a claim in this process from every other.
pub(super) fn new_holder() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

impl Claims {
    /// Gives the right to refresh `key` unless another one has it, or a failure asks for a wait.
    pub(super) fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Claim {
        let now = Instant::now();
        let mut kept = lock(&self.0);
        if kept.len() >= 1024 && kept.len().is_power_of_two() {
            kept.retain(|_, progress| !progress.is_over(now));
        }
        let progress = kept.entry((key.clone(), generation)).or_default();
        progress.claim(now, generation, new_holder(), lease)
    }

    /// Does `change` to what is known of the generation of `lease`, if anything is.
    pub(super) fn with<T>(
        &self,
        key: &TokenKey,
        lease: &Lease,
        change: impl FnOnce(Instant, &mut Progress) -> T,
    ) -> Option<T> {
        let mut kept = lock(&self.0);
        let progress = kept.get_mut(&(key.clone(), lease.generation))?;
        Some(change(Instant::now(), progress))
    }

    /// Whether `lease` is still the claim on `key`.
    pub(super) fn holds(&self, key: &TokenKey, lease: &Lease) -> bool {
        self.with(key, lease, |now, progress| progress.holds(now, lease)).unwrap_or_default()
    }

    /// Forgets a claim whose refresh succeeded.
    pub(super) fn forget(&self, key: &TokenKey, lease: &Lease) {
        if self.holds(key, lease) {
            lock(&self.0).remove(&(key.clone(), lease.generation));
        }
    }
}

/// The maps here are whole after every statement, so a panic elsewhere does not spoil them.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Failure;

    #[test]
    fn a_claim_that_is_over_is_dropped_when_there_are_many_and_a_wait_is_not() {
        let claims = Claims::default();
        let key = |owner: usize| TokenKey::new("acme", "", owner.to_string());
        let claim = |owner| claims.claim(&key(owner), 1, Duration::ZERO);
        let Claim::Granted(lease) = claims.claim(&key(0), 1, Duration::from_secs(60)) else {
            panic!("nobody else has it")
        };
        let failure = Failure::postponed(Duration::from_secs(60), "503");
        assert_eq!(
            claims.with(&key(0), &lease, |now, progress| progress.fail(now, &lease, &failure)),
            Some(true)
        );
        for owner in 1..1024 {
            claim(owner);
            assert_eq!(lock(&claims.0).len(), owner + 1, "each is kept while there are few");
        }
        claim(1024);
        assert_eq!(lock(&claims.0).len(), 2, "the one that waits, and the new one");
        assert!(matches!(claim(0), Claim::Postponed { .. }));
    }

    #[test]
    fn a_claim_is_forgotten_by_its_holder_alone() {
        let (claims, key) = (Claims::default(), TokenKey::new("acme", "", "ada"));
        let Claim::Granted(lease) = claims.claim(&key, 1, Duration::from_secs(60)) else {
            panic!("nobody else has it")
        };
        let another = Lease::new(1, lease.holder + 1);
        assert!(claims.holds(&key, &lease) && !claims.holds(&key, &another));
        claims.forget(&key, &another);
        assert!(claims.holds(&key, &lease));
        claims.forget(&key, &lease);
        assert!(!claims.holds(&key, &lease) && lock(&claims.0).is_empty());
    }
}
