//! [`Claims`]: who may refresh what, within this process.

use super::{Claim, Lease, TokenKey};
use std::{
    any::type_name,
    collections::HashMap,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long to wait before asking again for a claim that another one has.
const ASK_AGAIN: Duration = Duration::from_millis(20);

/// A time that is as good as endless.
pub(super) const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// The claims of one store, or of all stores of one type.
#[derive(Default)]
pub(super) struct Claims(Mutex<State>);

#[derive(Default)]
struct State {
    held: HashMap<TokenKey, (Lease, Instant)>,
    last_holder: u64,
}

/// The claims of every store of the type `S` in this process.
///
/// A store is often a cheap handle that is made anew for each use, so one value cannot be told from another. Stores
/// of one type share their claims: at worst, one waits for another's refresh of a grant with the same key.
pub(super) fn shared<S: ?Sized>() -> &'static Claims {
    static SHARED: LazyLock<Mutex<HashMap<&'static str, &'static Claims>>> = LazyLock::new(Mutex::default);
    // One small value for each type of store in the program, so it may live as long as the program.
    lock(&SHARED).entry(type_name::<S>()).or_insert_with(|| Box::leak(Box::default()))
}

impl Claims {
    /// Gives the right to refresh `key` unless another one has it.
    pub(super) fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Claim {
        let now = Instant::now();
        let mut state = lock(&self.0);
        if let Some((_, until)) = state.held.get(key)
            && *until > now
        {
            return Claim::Held(ASK_AGAIN.min(*until - now));
        }
        state.last_holder += 1;
        let granted = Lease { generation, holder: state.last_holder };
        // A lease beyond what the clock can hold is a very long one.
        let until = now.checked_add(lease).unwrap_or(now + LONGEST);
        state.held.insert(key.clone(), (granted.clone(), until));
        Claim::Granted(granted)
    }

    /// Whether `lease` is still the claim on `key`.
    pub(super) fn holds(&self, key: &TokenKey, lease: &Lease) -> bool {
        lock(&self.0).held.get(key).is_some_and(|(held, _)| held == lease)
    }

    /// Takes `lease` back.
    pub(super) fn release(&self, key: &TokenKey, lease: &Lease) {
        let mut state = lock(&self.0);
        if state.held.get(key).is_some_and(|(held, _)| held == lease) {
            state.held.remove(key);
        }
    }
}

/// The maps here are whole after every statement, so a panic elsewhere does not spoil them.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
