//! [`Pause`]: how long to wait between two questions whether another one's claim has ended.

use std::time::Duration;

/// Most refreshes on a fast network are over soon.
const FIRST: Duration = Duration::from_millis(5);

/// Whoever waits for a slow provider adds this much at the most to what the answer took.
const LONGEST: Duration = Duration::from_millis(100);

/// Waits that grow, for one who waits: each is up to twice as long as the one before it.
///
/// Of many processes that wait for the same claim each draws its waits by lot, so that they do not ask all at once.
#[derive(Default)]
pub(super) struct Pause(u32);

impl Pause {
    /// The next wait.
    pub(super) fn next(&mut self) -> Duration {
        let mut lot = [0; 1];
        getrandom::fill(&mut lot).expect("the operating system has randomness");
        let longest = FIRST.saturating_mul(1 << self.0.min(16)).min(LONGEST);
        self.0 = self.0.saturating_add(1);
        longest * (256 + u32::from(lot[0])) / 512
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_up_to_twice_as_long_and_none_is_longer_than_the_longest() {
        let mut pause = Pause::default();
        for longest in [5, 10, 20, 40, 80, 100, 100].map(Duration::from_millis) {
            let wait = pause.next();
            assert!(wait >= longest / 2 && wait <= longest, "{wait:?}, not up to {longest:?}");
        }
        assert!((0..100).all(|_| (LONGEST / 2..=LONGEST).contains(&pause.next())));
    }

    #[test]
    fn two_who_begin_to_wait_at_once_do_not_ask_at_once() {
        let waits = || {
            std::iter::repeat_with({
                let mut pause = Pause::default();
                move || pause.next()
            })
            .take(16)
        };
        assert!(!waits().eq(waits()));
    }
}
