//! How long a token is good, however an answer says it: a lifetime, or a time.

use super::plain::Field;
use crate::{
    error::AnswerErrorKind,
    spec::{LifetimeUnit, TimeFormat},
};
use serde_json::Value;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// No lifetime is longer than this, whatever a server says.
const TEN_YEARS: f64 = 10.0 * 365.0 * 86_400.0;

/// A lifetime. Zero and less mean lapsed, never "for ever".
pub(crate) fn lifetime(
    field: &Field<'_>,
    unit: LifetimeUnit,
    name: &'static str,
) -> Result<Option<Duration>, AnswerErrorKind> {
    let factor = match unit {
        LifetimeUnit::Seconds => 1.0,
        LifetimeUnit::Milliseconds => 1000.0,
    };
    Ok(number(field, name)?.map(|number| clamped(number / factor)))
}

/// How long it is from `now` to the time that an answer names. One that has passed means lapsed.
pub(crate) fn until(
    field: &Field<'_>,
    format: TimeFormat,
    now: SystemTime,
) -> Result<Option<Duration>, AnswerErrorKind> {
    const NAME: &str = "expires_at";
    let seconds = match (format, field) {
        (TimeFormat::Unix, field) => number(field, NAME)?,
        (TimeFormat::Rfc3339, Field::None) => None,
        (TimeFormat::Rfc3339, Field::Text(text)) if text.is_empty() => None,
        (TimeFormat::Rfc3339, Field::Text(text)) => {
            Some(rfc3339(text).ok_or(AnswerErrorKind::Invalid(NAME))?)
        }
        (TimeFormat::Rfc3339, Field::Other(_)) => return Err(AnswerErrorKind::Invalid(NAME)),
    };
    let now = || now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    Ok(seconds.map(|seconds| clamped(seconds - now())))
}

fn clamped(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds.floor().clamp(0.0, TEN_YEARS))
}

/// A number, or a text that is one.
fn number(field: &Field<'_>, name: &'static str) -> Result<Option<f64>, AnswerErrorKind> {
    let number = match field {
        Field::None => return Ok(None),
        Field::Text(text) if text.is_empty() => return Ok(None),
        Field::Text(text) => text.trim().parse::<f64>().ok(),
        Field::Other(Value::Number(number)) => number.as_f64(),
        Field::Other(_) => None,
    };
    number.filter(|number| number.is_finite()).map(Some).ok_or(AnswerErrorKind::Invalid(name))
}

/// Seconds of the Unix epoch (RFC 3339 §5.6): date, time and offset, all of them.
fn rfc3339(text: &str) -> Option<f64> {
    let (date, rest) = (text.get(..10)?, text.get(10..)?.strip_prefix(['T', 't', ' '])?);
    let (time, rest) = (rest.get(..8)?, rest.get(8..)?);
    let [year, month, day] = three(date, '-')?;
    let [hour, minute, second] = three(time, ':')?;
    let fraction =
        rest.strip_prefix('.').map_or(0, |digits| 1 + digits.bytes().take_while(u8::is_ascii_digit).count());
    let offset = (fraction != 1).then(|| rest.get(fraction..)).flatten().and_then(offset)?;
    // A second of 60 is a leap second.
    let fits = (1..=days_in(month, year)?).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    // What was before the epoch has passed, whenever it was.
    fits.then(|| Duration::from_secs(u64::try_from(seconds).unwrap_or(0)).as_secs_f64())
}

/// `Z`, or hours and minutes to the east or the west, in seconds.
fn offset(text: &str) -> Option<i64> {
    let (sign, text) = match text.as_bytes().first()? {
        b'Z' | b'z' if text.len() == 1 => return Some(0),
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn three(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator);
    let first = parts.next()?;
    // A year has four digits and everything else two.
    let numbers = [digits(first, text.len() - 6)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?];
    parts.next().is_none().then_some(numbers)
}

fn digits(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn days_in(month: i64, year: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => Some(if is_leap { 29 } else { 28 }),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar, with years that begin in March so that a leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let whole = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    whole + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_rfc_3339_writes_it() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0.0),
            ("1969-12-31T23:59:59Z", 0.0),
            ("2000-02-29T12:00:00z", 951_825_600.0),
            ("2024-02-29T00:00:00Z", 1_709_164_800.0),
            ("2026-11-21T20:00:00Z", 1_795_291_200.0),
            ("2026-11-21t20:00:00.123456+00:00", 1_795_291_200.0),
            ("2026-11-22 01:30:00+05:30", 1_795_291_200.0),
            ("2026-11-21T12:00:00-08:00", 1_795_291_200.0),
            ("1990-12-31T23:59:60Z", 662_688_000.0),
        ] {
            assert_eq!(rfc3339(text), Some(seconds), "{text}");
        }
        assert!(rfc3339("9999-12-31T23:59:59Z").is_some_and(|seconds| seconds > 2e11), "the last year");
    }

    #[test]
    fn what_is_no_time_is_not_read_as_one() {
        for text in [
            "",
            "2026",
            "2026-11-21",
            "2026-11-21T20:00:00",
            "2026-11-21T20:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "2026-11-31T00:00:00Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T20:60:00Z",
            "2026-11-21T20:00:61Z",
            "2026-11-21T20:00:00.Z",
            "2026-11-21T20:00:00+0530",
            "2026-11-21T20:00:00+24:00",
            "2026-11-21T20:00:00+05:60",
            "2026-11-21T20:00:00Zx",
            "+026-11-21T20:00:00Z",
            "2026-1-021T20:00:00Z",
            "2026-11-21T20:00:00.5",
            "2026-11-2\u{e9}T20:00:00Z",
            "1795291200",
        ] {
            assert_eq!(rfc3339(text), None, "{text}");
        }
    }
}
