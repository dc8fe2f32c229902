//! Shows a place in a file as rustc does.

use crate::source::Source;
use std::{fmt, ops::Range};

/// ```text
///  --> providers/github.toml:2:26
///   |
/// 2 | authorization_endpoint = "http://github.com/login/oauth/authorize"
///   |                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
/// ```
pub(crate) fn excerpt(f: &mut fmt::Formatter<'_>, source: &Source, range: &Range<usize>) -> fmt::Result {
    let position = source.position(range.start);
    let (line, column) = (position.line, position.column);
    let text = source.line(range.start);
    let gutter = " ".repeat(line.to_string().len());
    let carets = "^".repeat(source.width(range));
    let pad: String = text
        .chars()
        .chain(std::iter::repeat(' '))
        .take(column - 1)
        .map(|c| if c == '\t' { c } else { ' ' })
        .collect();
    write!(f, "\n{gutter}--> {}:{line}:{column}", source.name())?;
    write!(f, "\n{gutter} |\n{line} | {text}\n{gutter} | {pad}{carets}")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Excerpt(Source, Range<usize>);

    impl fmt::Display for Excerpt {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            excerpt(f, &self.0, &self.1)
        }
    }

    #[test]
    fn the_carets_stand_under_what_they_mean() {
        let text = "a = 1\n\té = \"x\"\n";
        let shown = Excerpt(Source::new("p/x.toml", text), 12..15).to_string();
        assert_eq!(shown, "\n --> p/x.toml:2:6\n  |\n2 | \té = \"x\"\n  | \t    ^^^");
    }

    #[test]
    fn the_gutter_is_as_wide_as_the_line_number() {
        let text = format!("{}bad\r\n", "\n".repeat(9));
        let shown = Excerpt(Source::new("x.toml", &text), 9..12).to_string();
        assert_eq!(shown, "\n  --> x.toml:10:1\n   |\n10 | bad\n   | ^^^");
    }
}
