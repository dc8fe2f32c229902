//! Every file of `tests/invalid` has a mistake, and says in comments what must be reported, and where.
//!
//! - `#   ^^^^ message` is about the line above: the carets stand under the faulty part;
//! - `#<<<< message` likewise, from the first character on: one `<` for each faulty character;
//! - `#! message` is about the file as a whole.
//!
//! `BLESS=1 cargo test -p oauth-codegen --test invalid` writes the comments anew: read the difference before keeping it.

#![allow(clippy::unwrap_used)]

use oauth_codegen::Diagnostic;
use std::{env, fs, path::Path};

/// Line, column, width and message.
type Found = (usize, usize, usize, String);

#[test]
fn every_mistake_is_reported_where_it_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        if env::var_os("BLESS").is_some() {
            fs::write(&path, bless(name, &text)).unwrap();
        } else {
            assert_eq!(found(name, &text), expected(&text), "{name}");
        }
        assert!(!found(name, &text).is_empty(), "{name} has no mistake");
    }
}

fn found(name: &str, text: &str) -> Vec<Found> {
    let found = |diagnostic: &Diagnostic| {
        let at = diagnostic.position().unwrap();
        let kind = if diagnostic.is_warning() { "warning: " } else { "" };
        (at.line, at.column, diagnostic.width(), format!("{kind}{}", diagnostic.message()))
    };
    oauth_codegen::check(name, text).iter().map(found).collect()
}

fn expected(text: &str) -> Vec<Found> {
    let mut about = 0;
    let mut expected = Vec::new();
    for (at, line) in text.lines().enumerate() {
        match annotation(line) {
            Some((0, width, message)) => expected.push((1, 1, width, message)),
            Some((column, width, message)) => expected.push((about, column, width, message)),
            None => about = at + 1,
        }
    }
    expected
}

/// Column, width and message of a comment that is one of ours; column 0 is the file as a whole.
fn annotation(line: &str) -> Option<(usize, usize, String)> {
    let rest = line.strip_prefix('#')?;
    if let Some(message) = rest.strip_prefix("! ") {
        return Some((0, 1, message.to_owned()));
    }
    let mark = if rest.starts_with('<') { '<' } else { '^' };
    let pad = rest.chars().take_while(|c| c.is_whitespace()).count();
    let width = rest.chars().skip(pad).take_while(|c| *c == mark).count();
    let message = rest.chars().skip(pad + width).collect::<String>();
    let column = if mark == '<' { 1 } else { pad + 2 };
    (width > 0).then(|| (column, width, message.trim_start().to_owned()))
}

fn bless(name: &str, text: &str) -> String {
    let source: Vec<_> = text.lines().filter(|line| annotation(line).is_none()).collect();
    let found = found(name, &(source.join("\n") + "\n"));
    let whole = |found: &&Found| (found.0, found.1, found.2) == (1, 1, 1);
    let mut blessed: Vec<_> = found.iter().filter(whole).map(|found| format!("#! {}", found.3)).collect();
    for (at, line) in source.iter().enumerate() {
        blessed.push((*line).to_owned());
        for (_, column, width, message) in found.iter().filter(|found| found.0 == at + 1 && !whole(found)) {
            let tab = |c| if c == '\t' { '\t' } else { ' ' };
            let pad: String = line
                .chars()
                .map(tab)
                .chain(std::iter::repeat(' '))
                .skip(1)
                .take(column.saturating_sub(2))
                .collect();
            let marks = if *column == 1 { "<" } else { "^" }.repeat(*width);
            blessed.push(format!("#{pad}{marks} {message}"));
        }
    }
    blessed.join("\n") + "\n"
}
