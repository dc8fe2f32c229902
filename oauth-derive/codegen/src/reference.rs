//! The vocabulary as a page of documentation.

use crate::{
    keys::{self, Key},
    kind::Kind,
};

/// What stands before the tables of keys.
const INTRODUCTION: &str = include_str!("reference.md");

/// The definition language as Markdown: every key with its meaning, its default and an example, from the same table that
/// the compiler uses.
pub fn reference() -> String {
    let (tables, plain): (Vec<_>, Vec<_>) = keys::below("").partition(|key| is_table(key));
    let mut page = INTRODUCTION.to_owned();
    page.push_str(&section("Top level", "what stands before any table", &plain));
    for table in tables {
        let title = if table.kind == Kind::Tables { "`[[X]]`" } else { "`[X]`" }.replace('X', table.path);
        page.push_str(&section(&title, table.meaning, &within(table.path)));
    }
    page
}

fn is_table(key: &Key) -> bool {
    matches!(key.kind, Kind::Table | Kind::Like(_) | Kind::Tables)
}

/// Every key in the table, and in those below it.
fn within(table: &str) -> Vec<&'static Key> {
    let prefix = format!("{table}.");
    keys::keys().iter().filter(|key| key.path.starts_with(&prefix)).collect()
}

fn section(title: &str, meaning: &str, keys: &[&Key]) -> String {
    let rows: String = keys.iter().map(|key| row(key)).collect();
    format!(
        "\n## {title}\n\n{}.\n\n| Key | Meaning | Default | Example |\n|---|---|---|---|\n{rows}",
        capital(meaning)
    )
}

fn row(key: &Key) -> String {
    let path = key.path.split_once('.').map_or(key.path, |(_, rest)| rest);
    let example = match (key.example, is_table(key)) {
        ("", true) => "a table".to_owned(),
        ("", false) => String::new(),
        (example, _) => code(&format!("{} = {example}", chosen(key.name()))),
    };
    let cells = [code(&chosen(path)), key.meaning.to_owned(), default(key.default), example];
    format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}

/// A value as code, words as words.
fn default(text: &str) -> String {
    let is_value =
        text.starts_with(['"', '[']) && text.ends_with(['"', ']']) || ["true", "false"].contains(&text);
    if is_value || text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty() {
        code(text)
    } else {
        text.to_owned()
    }
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// A path with `X` for each name that the definition chooses.
fn chosen(path: &str) -> String {
    path.replace('*', "X")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_row() {
        let page = reference();
        let rows = page.lines().filter(|line| line.starts_with("| `")).count();
        let tables = keys::below("").filter(|key| is_table(key)).count();
        assert_eq!(rows, keys::keys().len() - tables);
    }
}
