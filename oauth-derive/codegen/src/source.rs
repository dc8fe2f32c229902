//! A named text, and what an offset in it is called: line and column.

use std::ops::Range;

/// Where something stands in a text: 1-based, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// A definition's text, by the path that messages show.
#[derive(Debug)]
pub(crate) struct Source {
    name: String,
    text: String,
}

impl Source {
    /// A byte order mark at the start is not part of the text.
    pub(crate) fn new(name: impl Into<String>, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { name: name.into(), text: text.to_owned() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn position(&self, offset: usize) -> Position {
        let before = &self.text[..self.floor(offset)];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 }
    }

    /// The line that holds the offset, without its end.
    pub(crate) fn line(&self, offset: usize) -> &str {
        let range = self.line_range(offset);
        &self.text[range]
    }

    /// How many characters of the range stand in its first line; at least one, so that there is something to point at.
    pub(crate) fn width(&self, range: &Range<usize>) -> usize {
        let start = self.floor(range.start);
        let end = self.floor(range.end).min(self.line_range(start).end).max(start);
        self.text[start..end].chars().count().max(1)
    }

    fn line_range(&self, offset: usize) -> Range<usize> {
        let offset = self.floor(offset);
        let start = self.text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
        let end = self.text[start..].find('\n').map_or(self.text.len(), |length| start + length);
        let end = if self.text[start..end].ends_with('\r') { end - 1 } else { end };
        start..end
    }

    /// The offset itself, or the nearest before it at which a character starts.
    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, offset: usize) -> (usize, usize) {
        let Position { line, column } = Source::new("x.toml", text).position(offset);
        (line, column)
    }

    #[test]
    fn a_column_counts_characters_from_one() {
        assert_eq!(at("name = 1", 0), (1, 1), "line start");
        assert_eq!(at("a = 1\nb = 2", 6), (2, 1), "start of the second line");
        assert_eq!(at("\tb = 2", 1), (1, 2), "after a tab");
        assert_eq!(at("\"é\" = 2", 5), (1, 5), "after a character of two bytes");
        assert_eq!(at("a = 1\r\nb = 2", 7), (2, 1), "after CRLF");
        assert_eq!(at("a = 1\n", 6), (2, 1), "end of file after a newline");
        assert_eq!(at("a = 1", 99), (1, 6), "beyond the end");
    }

    #[test]
    fn a_width_stays_in_its_line() {
        let source = Source::new("x.toml", "a = [\r\n1]");
        assert_eq!(source.width(&(4..9)), 1);
        assert_eq!(source.line(4), "a = [");
        assert_eq!(source.width(&(9..9)), 1, "nothing is pointed at by one caret");
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        assert_eq!(at("\u{feff}name = 1", 0), (1, 1));
        assert_eq!(Source::new("x.toml", "\u{feff}name").text(), "name");
    }
}
