//! What looks like a secret does not compile: a definition is published.

use super::format;
use crate::{
    draft::{Node, Table, Value},
    model::Format,
    report::Report,
};

/// How well-known secrets begin, and how long they are at least.
const PREFIXES: &[(&str, usize)] = &[
    ("-----BEGIN", 10),
    ("AIza", 35),
    ("AKIA", 20),
    ("EAAC", 40),
    ("GOCSPX-", 28),
    ("eyJ", 60),
    ("gho_", 36),
    ("ghp_", 36),
    ("ghr_", 36),
    ("ghs_", 36),
    ("ghu_", 36),
    ("github_pat_", 40),
    ("glpat-", 20),
    ("sk-", 40),
    ("sk_live_", 24),
    ("shpat_", 32),
    ("shpss_", 32),
    ("xoxb-", 30),
    ("xoxp-", 30),
    ("ya29.", 40),
];

/// Refuses every text in the definition that has the form of a known secret, and every constant parameter or header
/// that looks random.
pub(super) fn refuse(root: &Table, report: &Report) {
    for entry in &root.entries {
        scan(&entry.node, &entry.key.value, report);
    }
}

fn scan(node: &Node, table: &str, report: &Report) {
    match &node.value {
        Value::Text(text) => refuse_text(text, ["params", "headers", "query"].contains(&table), node, report),
        Value::List(nodes) => nodes.iter().for_each(|node| scan(node, table, report)),
        Value::Table(below) => {
            for entry in &below.entries {
                // A plain value belongs to the table's name, a table to its own.
                let name = if entry.node.table().is_some() { &entry.key.value } else { table };
                scan(&entry.node, name, report);
            }
        }
        _ => {}
    }
}

fn refuse_text(text: &str, is_sent: bool, node: &Node, report: &Report) {
    let part = |c: char| !(c.is_ascii_alphanumeric() || "-_.+/".contains(c));
    let words = || text.split(part);
    let known = text.contains("-----BEGIN") || words().any(is_known);
    if known || (is_sent && words().any(is_random)) {
        let message = "this looks like a secret: a definition is no place for one, give it to `Credentials`";
        report.error(&node.place, message);
    }
}

fn is_known(word: &str) -> bool {
    PREFIXES.iter().any(|(prefix, length)| word.starts_with(prefix) && word.len() >= *length)
}

/// Long, with letters and digits mixed, as nobody writes by hand.
fn is_random(word: &str) -> bool {
    let count = |kind: fn(&char) -> bool| word.chars().filter(kind).count();
    word.len() >= 24
        && !word.contains(['.', '/'])
        && !format::fits(Format::Uuid, word)
        && count(char::is_ascii_digit) >= 4
        && count(char::is_ascii_alphabetic) >= 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_form() {
        assert!(is_known(&format!("ghp_{}", "a".repeat(36))));
        assert!(!is_known("gho_x"), "an example is not a secret");
        assert!(is_random("8f14e45fceea167a5a36dedd4bea2543"));
        for plain in ["application/vnd.github+json", "urn:ietf:params:oauth", "https://api.example.com/v2"] {
            assert!(!plain.split(':').any(is_random), "{plain}");
        }
    }
}
