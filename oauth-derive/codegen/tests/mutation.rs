//! A broken definition is reported, whatever is broken in it: the compiler never panics, and what it writes is Rust.

#![allow(clippy::unwrap_used)]

use proc_macro2::TokenStream;
use std::{fs, path::Path, str::FromStr};

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "\"",
    "'",
    "\\",
    "\n",
    "\r\n",
    "\t",
    "[",
    "]",
    "=",
    ".",
    ",",
    "é",
    "\u{0}",
    "\u{202e}",
    "{host}",
    "{}",
    "http://",
    "https://",
    "../",
    "%",
    "%2e",
    "#",
    "?state=1",
    "0",
    "-1",
    "99999999999999999999",
    "1979-05-27",
    "true",
    "[[example]]",
    "[variables.x]",
    "[scopes.catalog]",
    "enum = [\"a\"]",
    "name",
    "\"\"\"",
    "inf",
    "🦀",
    " ",
    "@",
    ":",
];

/// A text with a few faults in it.
fn mutate(text: &str, other: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(chars.len() + 1);
        let length = random.below(12).min(chars.len() - at);
        match random.below(5) {
            0 => drop(chars.drain(at..at + length)),
            1 => drop(chars.splice(at..at, random.pick(PIECES).chars())),
            2 => drop(chars.splice(at..at + length, random.pick(PIECES).chars())),
            3 => {
                let lines: Vec<_> = other.lines().collect();
                drop(chars.splice(at..at, format!("\n{}\n", random.pick(&lines)).chars()));
            }
            _ => {
                let copy = chars[at..at + length].to_vec();
                drop(chars.splice(at..at, copy));
            }
        }
    }
    chars.into_iter().collect()
}

fn definitions() -> Vec<String> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut paths: Vec<_> =
        fs::read_dir(tests.join("invalid")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut texts: Vec<_> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let whole = fs::read_to_string(tests.join("snapshots/file.toml")).unwrap();
    // The whole one has the most to break.
    texts.extend(std::iter::repeat_n(whole, 100));
    texts
}

#[test]
fn a_mutated_file_is_reported_or_compiles() {
    let texts = definitions();
    let mut random = Random(2026);
    for _ in 0..3000 {
        let (text, other) = (random.pick(&texts).clone(), random.pick(&texts).clone());
        let text = mutate(&text, &other, &mut random);
        let found = match oauth_codegen::expand("providers/x.toml", &text) {
            Ok(code) => {
                assert!(syn::parse_file(&code).is_ok(), "{text}\n{code}");
                continue;
            }
            Err(found) => found,
        };
        for diagnostic in &found {
            let at = diagnostic.position().unwrap();
            assert!(at.line <= text.lines().count() + 1 && at.column >= 1, "{diagnostic}\n{text}");
            assert!(diagnostic.message().lines().count() == 1, "one line: {diagnostic}");
        }
    }
}

#[test]
fn mutated_attributes_are_reported_or_compile() {
    let text = include_str!("snapshots/attributes.rs");
    let mut random = Random(21);
    for _ in 0..2000 {
        let Ok(item) = TokenStream::from_str(&mutate(text, text, &mut random)) else { continue };
        let code = oauth_codegen::derive(item, Path::new("")).to_string();
        assert!(syn::parse_file(&code).is_ok(), "{code}");
    }
}
