//! [`Clock`]: the time by which the test provider's tokens lapse.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

/// The test provider's clock: the system's, moved ahead by what a test says.
///
/// Every clone is the same clock. A flow keeps its own: to it, a token may look fresh that the provider no longer takes,
/// which is how revoked tokens and skewed clocks look. `flow.clock(move || clock.now())` makes them one.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead: Arc<Mutex<Duration>>,
}

impl Clock {
    /// Moves the clock ahead, so that codes and tokens lapse without a wait.
    pub fn advance(&self, by: Duration) {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = ahead.saturating_add(by);
    }

    /// What this clock shows. An advance past the end of all time is ignored.
    pub fn now(&self) -> SystemTime {
        let ahead = *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        let now = SystemTime::now();
        now.checked_add(ahead).unwrap_or(now)
    }
}
