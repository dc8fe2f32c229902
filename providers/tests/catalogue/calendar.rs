//! Days, as definitions write them.

use std::time::{SystemTime, UNIX_EPOCH};

/// Today, as the system's clock has it in UTC: `2026-11-21`.
pub(crate) fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is set");
    day(since.as_secs() / (24 * 3600))
}

/// The day that is so many days after the first of 1970, counted year by year and month by month.
fn day(mut days: u64) -> String {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}

#[test]
fn days_are_those_of_the_calendar() {
    for (days, expected) in [
        (0, "1970-01-01"),
        (59, "1970-03-01"),
        (11_016, "2000-02-29"),
        (20_412, "2025-11-20"),
        (20_818, "2026-12-31"),
    ] {
        assert_eq!(day(days), expected);
    }
}
