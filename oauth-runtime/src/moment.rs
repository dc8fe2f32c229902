//! [`Moment`]: a time in eight bytes.

use std::{
    num::NonZeroU64,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A time from the Unix epoch to the year 2554, to the nanosecond; what lies outside is its nearest end. Half as large as
/// a [`SystemTime`], and no larger where there may be none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(NonZeroU64);

impl Moment {
    fn new(nanoseconds: u64) -> Self {
        Self(NonZeroU64::MIN.saturating_add(nanoseconds))
    }

    fn nanoseconds(self) -> u64 {
        self.0.get() - 1
    }

    /// How long after `other` it is; nothing, if it is not.
    pub(crate) fn since(self, other: Self) -> Duration {
        Duration::from_nanos(self.0.get().saturating_sub(other.0.get()))
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = since.as_secs().saturating_mul(1_000_000_000);
        Self::new(seconds.saturating_add(u64::from(since.subsec_nanos())))
    }
}

impl From<Moment> for SystemTime {
    fn from(moment: Moment) -> Self {
        // A platform that cannot hold it has no such time either.
        UNIX_EPOCH.checked_add(Duration::from_nanos(moment.nanoseconds())).unwrap_or(UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_given_back_to_the_nanosecond() {
        let now = SystemTime::now();
        assert_eq!(SystemTime::from(Moment::from(now)), now);
        assert_eq!(SystemTime::from(Moment::from(UNIX_EPOCH)), UNIX_EPOCH);
    }

    #[test]
    fn what_no_moment_can_be_is_the_nearest_one() {
        let before = UNIX_EPOCH - Duration::from_secs(5);
        assert_eq!(SystemTime::from(Moment::from(before)), UNIX_EPOCH);
        let after = UNIX_EPOCH + Duration::from_secs(1 << 40);
        assert!(SystemTime::from(Moment::from(after)) > UNIX_EPOCH + Duration::from_secs(18_000_000_000));
    }

    #[test]
    fn none_takes_no_more_room() {
        assert_eq!(size_of::<Option<Moment>>(), size_of::<u64>());
    }
}
