//! Place-holders of the recipes: `{PORT2}`, `{REP:text:n}`, `{KEYS:n}` and the others.

use serde_json::Value;

/// More than this no text of a recipe is made to repeat.
const LONGEST: usize = 64 << 20;

/// Holds the repetitions in a recipe to what fits into memory, many rows at a time.
///
/// # Errors
/// One is too long.
pub(crate) fn check(recipe: &Value) -> Result<(), String> {
    match recipe {
        Value::String(text) if expanded_length(text) > LONGEST => {
            Err(format!("{text:.60?} is repeated to more than {} MiB", LONGEST >> 20))
        }
        Value::Array(values) => values.iter().try_for_each(check),
        Value::Object(members) => members.values().try_for_each(check),
        _ => Ok(()),
    }
}

/// How long the repetitions in a text become, without making them.
fn expanded_length(text: &str) -> usize {
    let long = |at: usize| {
        let rest = &text[at..];
        let repeated = [repetition(rest, "{REP:", ':'), repetition(rest, "{", '*')];
        let repeated =
            repeated.into_iter().flatten().map(|(text, count, _)| text.len().saturating_mul(count));
        // A member of an object: `"k1":1,`, and the number of a large one has more digits.
        let keys = number_of_keys(rest).map(|(count, _)| count.saturating_mul(24));
        repeated.chain(keys).max().unwrap_or(0)
    };
    text.match_indices('{').fold(text.len(), |sum, (at, _)| sum.saturating_add(long(at)))
}

/// What the place-holders of one exchange stand for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    pairs: Vec<(&'static str, String)>,
}

impl Values {
    /// Adds one.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.pairs.push((name, value.into()));
        self
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The text with every known place-holder filled. What looks like one and is none stays: JSON has braces too.
    pub(crate) fn expand(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let taken = self.fill(rest, &mut out);
            if taken == 0 {
                out.push('{');
            }
            rest = &rest[taken.max(1)..];
        }
        out.push_str(rest);
        out
    }

    /// The bytes of the text: one code point is one byte.
    pub(crate) fn bytes(&self, text: &str) -> Vec<u8> {
        to_latin_1(&self.expand(text))
    }

    /// Writes what stands for the place-holder at the head of `rest` and says how much of `rest` that was.
    fn fill(&self, rest: &str, out: &mut String) -> usize {
        if let Some((text, count, length)) = repetition(rest, "{REP:", ':') {
            out.push_str(&text.repeat(count));
            return length;
        }
        if let Some((count, length)) = number_of_keys(rest) {
            keys(count, rest[length..].trim_start(), out);
            return length;
        }
        let Some(end) = rest.find('}') else { return 0 };
        if let Some(value) = self.get(&rest[1..end]) {
            out.push_str(value);
            return end + 1;
        }
        // `{A*1000000}`
        match repetition(rest, "{", '*') {
            Some((text, count, length)) if length == end + 1 => {
                out.push_str(&text.repeat(count));
                length
            }
            _ => 0,
        }
    }
}

/// One code point is one byte; a text beyond latin-1 is written as UTF-8.
pub(crate) fn to_latin_1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect::<Option<_>>()
        .unwrap_or_else(|| text.into())
}

/// `<head>text<separator>123}`: the text, the number and the length of the whole. The text may hold anything.
fn repetition<'a>(rest: &'a str, head: &str, separator: char) -> Option<(&'a str, usize, usize)> {
    let body = rest.strip_prefix(head)?;
    body.match_indices(separator).filter(|(at, _)| *at > 0).find_map(|(at, _)| {
        let tail = &body[at + 1..];
        let end = tail.find('}')?;
        let count = tail[..end].parse().ok()?;
        Some((&body[..at], count, head.len() + at + 1 + end + 1))
    })
}

fn number_of_keys(rest: &str) -> Option<(usize, usize)> {
    let body = rest.strip_prefix("{KEYS:")?;
    let end = body.find('}')?;
    Some((body[..end].parse().ok()?, "{KEYS:".len() + end + 1))
}

/// That many members, so that the object around them stays well-formed: a whole object where a value has to stand.
fn keys(count: usize, after: &str, out: &mut String) {
    let before = out.trim_end().chars().next_back();
    let is_value = before == Some(':');
    if is_value {
        out.push('{');
    } else if !matches!(before, None | Some('{' | ',')) {
        out.push(',');
    }
    let members: Vec<_> = (0..count).map(|number| format!("\"k{number}\":{number}")).collect();
    out.push_str(&members.join(","));
    if is_value {
        out.push('}');
    } else if after.starts_with('"') {
        out.push(',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_holder_is_filled_and_json_stays() {
        let values = Values::default().with("STATE", "S").with("PORT2", "99");
        for (text, expanded) in [
            ("code={A*3}&state={STATE}", "code=AAA&state=S"),
            ("{\"a\":\"{REP:x:2}\",\"b\":{REP:[:3}{REP:]:3}}", "{\"a\":\"xx\",\"b\":[[[]]]}"),
            ("{REP: :2}|{REP:a:b:2}|{REP:}:2}", "  |a:ba:b|}}"),
            ("http://127.0.0.1:{PORT2}/", "http://127.0.0.1:99/"),
            ("{\"x\":1,{KEYS:2}}", "{\"x\":1,\"k0\":0,\"k1\":1}"),
            ("{\"x\":1{KEYS:1}}", "{\"x\":1,\"k0\":0}"),
            ("{\"x\":{KEYS:1}}", "{\"x\":{\"k0\":0}}"),
            ("{{KEYS:1}\"y\":2}", "{\"k0\":0,\"y\":2}"),
            ("{UNKNOWN} {", "{UNKNOWN} {"),
        ] {
            assert_eq!(values.expand(text), expanded, "{text}");
        }
    }

    #[test]
    fn a_repetition_that_no_memory_holds_is_found_before_it_is_made() {
        let huge = usize::MAX;
        for text in
            [format!("{{REP:ab:{huge}}}"), format!("x{{A*{huge}}}"), format!("{{\"x\":{{KEYS:{huge}}}}}")]
        {
            assert!(check(&serde_json::json!({"steps": [{"send": text}]})).is_err(), "{text}");
        }
        assert_eq!(check(&serde_json::json!({"body": "{REP:x:2000000}{A*1000000}{KEYS:100000}"})), Ok(()));
    }

    #[test]
    fn one_code_point_is_one_byte() {
        assert_eq!(Values::default().bytes("\u{ff}\u{0}a"), [0xff, 0, b'a']);
    }
}
