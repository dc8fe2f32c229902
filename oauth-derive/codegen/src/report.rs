//! What is wrong, where, and all of it together.

use crate::{render, source::Position, source::Source};
use proc_macro2::Span;
use std::{cell::RefCell, fmt, ops::Range, sync::Arc};

/// Where something was written: in a file, or in the attributes of a struct.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    File { source: Arc<Source>, range: Range<usize> },
    Token(Span),
}

impl Place {
    pub(crate) fn file(source: &Arc<Source>, range: Range<usize>) -> Self {
        Self::File { source: Arc::clone(source), range }
    }

    /// The place of a part of the text that stands here. Of a token, and of a text with escapes, it is the whole.
    pub(crate) fn inside(&self, text: &str, part: &Range<usize>) -> Self {
        let Self::File { source, range } = self else { return self.clone() };
        let Some(start) = content(&source.text()[range.clone()], text) else { return self.clone() };
        let start = range.start + start;
        Self::file(source, start + part.start..start + part.end)
    }

    /// Comes before others in a list of errors.
    fn order(&self) -> (usize, usize) {
        match self {
            Self::File { range, .. } => (range.start, range.end),
            Self::Token(span) => (span.start().line, span.start().column),
        }
    }
}

/// Where the content of a literal starts, if it is the text letter by letter.
fn content(literal: &str, text: &str) -> Option<usize> {
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| literal.starts_with(quote))?;
    let inner = literal.get(quote.len()..literal.len().checked_sub(quote.len())?)?;
    // A newline right after three quotes is not part of the text.
    let trimmed = inner.trim_start_matches(['\r', '\n']);
    [inner, trimmed].contains(&text).then(|| quote.len() + inner.len() - text.len())
}

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// One mistake in a definition, or one doubt about it. Its `Display` is the message with its place, as rustc lays it out.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    pub(crate) place: Place,
    message: String,
    warning: bool,
}

impl Diagnostic {
    /// What is wrong and what to do about it, in one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The definition compiles in spite of it.
    pub fn is_warning(&self) -> bool {
        self.warning
    }

    /// The path of the file that it is about.
    pub fn file(&self) -> Option<&str> {
        match &self.place {
            Place::File { source, .. } => Some(source.name()),
            Place::Token(_) => None,
        }
    }

    /// Where it stands in the file.
    pub fn position(&self) -> Option<Position> {
        match &self.place {
            Place::File { source, range } => Some(source.position(range.start)),
            Place::Token(_) => None,
        }
    }

    /// How many characters of the line it is about.
    pub fn width(&self) -> usize {
        match &self.place {
            Place::File { source, range } => source.width(range),
            Place::Token(_) => 1,
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.place {
            Place::File { source, range } => render::excerpt(f, source, range),
            Place::Token(_) => Ok(()),
        }
    }
}

/// Collects what is wrong. It must be read: dropping one with something in it panics.
#[derive(Debug, Default)]
pub(crate) struct Report {
    found: RefCell<Vec<Diagnostic>>,
}

impl Report {
    pub(crate) fn error(&self, place: &Place, message: impl Into<String>) {
        self.push(place, message.into(), false);
    }

    pub(crate) fn warning(&self, place: &Place, message: impl Into<String>) {
        self.push(place, message.into(), true);
    }

    fn push(&self, place: &Place, message: String, warning: bool) {
        // What is quoted from a definition may hold anything, and a message is one line.
        let message = if message.contains(char::is_control) { escaped(&message) } else { message };
        self.found.borrow_mut().push(Diagnostic { place: place.clone(), message, warning });
    }

    /// Everything that was found, in the order of the text; what two rules say alike stands once.
    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        let mut found = self.found.take();
        let order = |one: &Diagnostic| (one.place.order(), one.message.clone());
        found.sort_by_cached_key(order);
        found.dedup_by(|one, other| order(one) == order(other));
        found
    }
}

/// The text with its control characters as escapes.
fn escaped(text: &str) -> String {
    let escape = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(escape).collect()
}

impl Drop for Report {
    fn drop(&mut self) {
        let unread = !self.found.get_mut().is_empty();
        assert!(!unread || std::thread::panicking(), "a report was dropped unread");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "dropped unread")]
    fn a_report_cannot_be_forgotten() {
        let report = Report::default();
        report.error(&Place::Token(Span::call_site()), "something");
    }

    #[test]
    fn a_part_of_a_text_has_a_place_of_its_own() {
        let literals = [("\"abc\"", Some(1)), ("'abc'", Some(1)), ("'''\nabc'''", Some(4))];
        for (literal, expected) in literals {
            assert_eq!(content(literal, "abc"), expected, "{literal}");
        }
        assert_eq!(content("\"a\\u0062c\"", "abc"), None, "an escape");
        assert_eq!(content("\"", ""), None, "an unclosed quote");
    }
}
