//! Reads `https://{shop}.example/{tenant}` into pieces.

use std::ops::Range;

/// A piece of a template, with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(Range<usize>),
    /// The range holds the braces.
    Placeholder(Range<usize>),
}

/// The pieces, and where a brace is wrong.
pub(crate) fn parse(text: &str) -> (Vec<Piece>, Vec<(Range<usize>, &'static str)>) {
    let mut pieces = Vec::new();
    let mut faults = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if let Some(length) = placeholder(rest) {
            pieces.push(Piece::Placeholder(at..at + length));
            at += length;
            continue;
        }
        // A brace at the start is none of a placeholder: it is reported, and taken as a letter.
        let length = rest.find(['{', '}']).unwrap_or(rest.len()).max(1);
        match rest.chars().next() {
            Some('{') => {
                faults.push((at..at + 1, "this `{` is not closed: a placeholder is a name in braces"));
            }
            Some('}') => faults.push((at..at + 1, "this `}` closes nothing")),
            _ => {}
        }
        pieces.push(Piece::Text(at..at + length));
        at += length;
    }
    (pieces, faults)
}

/// The length of the placeholder at the start, if there is one.
fn placeholder(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('{')?;
    let close = inner.find(['{', '}'])?;
    inner[close..].starts_with('}').then_some(close + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Piece::{Placeholder, Text};

    #[test]
    fn names_in_braces_are_placeholders() {
        let (pieces, faults) = parse("https://{shop}.example/{tenant}");
        assert_eq!(pieces, [Text(0..8), Placeholder(8..14), Text(14..23), Placeholder(23..31)]);
        assert!(faults.is_empty());
    }

    #[test]
    fn a_lonely_brace_is_a_fault_and_the_rest_is_read() {
        for (text, at) in [("a{b", 1), ("a}b", 1), ("a{{b}", 1), ("é{", 2)] {
            let (_, faults) = parse(text);
            assert_eq!(faults.len(), 1, "{text}");
            assert_eq!(faults[0].0, at..at + 1, "{text}");
        }
        assert_eq!(parse("{x").0, [Text(0..1), Text(1..2)]);
    }
}
