//! The front that reads TOML.

use crate::{
    draft::{Draft, Entry, Node, Table, Value},
    report::{Located, Place, Report},
    source::Source,
};
use std::sync::Arc;
use toml::{
    Spanned,
    de::{DeInteger, DeTable, DeValue},
};

/// The longest file that is read, in bytes. Real definitions have a few thousand.
pub(crate) const LIMIT: u64 = 1 << 20;

/// Reads a file's text. Every syntax error is reported; what stands between them is still read.
pub(crate) fn read(source: &Arc<Source>, report: &Report) -> Draft {
    let (document, errors) = DeTable::parse_recoverable(source.text());
    for error in errors {
        let place = Place::file(source, error.span().unwrap_or(0..0));
        report.error(&place, message(&error, &place, source));
    }
    Draft { root: table(source, document.get_ref(), report), place: Place::file(source, 0..0) }
}

/// toml's own words, in ours where they name no key.
fn message(error: &toml::de::Error, place: &Place, source: &Source) -> String {
    match place {
        Place::File { range, .. } if error.message() == "duplicate key" => {
            format!("`{}` is set twice", source.text()[range.clone()].trim_matches(['"', '\'']))
        }
        _ => error.message().to_owned(),
    }
}

fn table(source: &Arc<Source>, table: &DeTable<'_>, report: &Report) -> Table {
    let mut sorted: Vec<_> = table.iter().collect();
    sorted.sort_by_key(|(key, _)| key.span().start);
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| Entry {
        key: Located { value: key.to_string(), place: Place::file(source, key.span()) },
        node: node(source, value, report),
    };
    Table { entries: sorted.into_iter().map(entry).collect() }
}

fn node(source: &Arc<Source>, value: &Spanned<DeValue<'_>>, report: &Report) -> Node {
    let place = Place::file(source, value.span());
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Integer(integer(number, &place, report)),
        DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(nodes) => Value::List(nodes.iter().map(|value| node(source, value, report)).collect()),
        DeValue::Table(entries) => Value::Table(table(source, entries, report)),
    };
    Node { value, place }
}

fn integer(number: &DeInteger<'_>, place: &Place, report: &Report) -> i64 {
    i64::from_str_radix(number.as_str(), number.radix()).unwrap_or_else(|_| {
        report.error(place, "the number is too large: 64 bits at most");
        0
    })
}
