//! A time as a definition says that the provider writes it.

use oauth_runtime::spec::TimeFormat;
use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) fn written(format: TimeFormat, time: SystemTime) -> Value {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    match format {
        TimeFormat::Unix => seconds.into(),
        TimeFormat::Rfc3339 => rfc3339(seconds).into(),
    }
}

/// `2026-11-21T20:00:00Z`
fn rfc3339(seconds: u64) -> String {
    let (mut day, time) = (seconds / 86_400, seconds % 86_400);
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while day >= 365 + u64::from(is_leap(year)) {
        day -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for days in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < days {
            break;
        }
        day -= days;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}T{:02}:{:02}:{:02}Z", day + 1, time / 3600, time / 60 % 60, time % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_the_calendar_has_it() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_825_600), "2000-02-29T12:00:00Z");
        assert_eq!(rfc3339(1_795_291_200), "2026-11-21T20:00:00Z");
    }
}
