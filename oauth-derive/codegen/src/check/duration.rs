//! Lengths of time: `90s`, `5m`, `12h`, `30d`.

use super::Checker;
use crate::draft::Node;

const YEAR: u64 = 366 * 24 * 3600;

impl Checker<'_> {
    /// In seconds.
    pub(super) fn duration(&self, node: &Node) -> Option<u64> {
        let seconds = node.text().and_then(parse);
        if seconds.is_none() {
            self.error(
                &node.place,
                "a length of time is a number and a unit, `90s`, `5m`, `12h` or `30d`, and at most a year",
            );
        }
        seconds
    }
}

fn parse(text: &str) -> Option<u64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 24 * 3600,
        _ => return None,
    };
    let number = &text[..text.len() - 1];
    // `parse` takes a sign.
    let number = number.starts_with(|c: char| c.is_ascii_digit()).then(|| number.parse::<u64>().ok())??;
    number.checked_mul(unit).filter(|seconds| (1..=YEAR).contains(seconds))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_length_of_time_has_one_number_and_one_unit() {
        for (text, seconds) in [("90s", 90), ("5m", 300), ("12h", 43_200), ("30d", 2_592_000)] {
            assert_eq!(parse(text), Some(seconds), "{text}");
        }
        for wrong in
            ["", "s", "5", "0m", "+5m", "-5m", "5 m", "1.5h", "1h30m", "5M", "367d", "99999999999999999999s"]
        {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
