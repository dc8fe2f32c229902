//! The vocabulary as a JSON Schema, for editors.

use crate::{
    file,
    json::{self, quote},
    keys::{self, Key},
    kind::Kind,
    report::Report,
    source::Source,
};
use std::sync::Arc;

/// A JSON Schema (draft 2020-12) of definitions in TOML, from the same table that the compiler uses.
///
/// Editors complete and explain keys by it, and mark unknown ones; every further rule is [`check`](crate::check)'s.
pub fn schema() -> String {
    let mut members = vec![
        member("$schema", text("https://json-schema.org/draft/2020-12/schema")),
        member("title", text("A definition of an OAuth 2.0 provider")),
        member("required", texts(&["name"])),
        // The names of a metadata document (RFC 8414) may be pasted.
        member("patternProperties", Json::Object(vec![member("_supported$", raw("true"))])),
    ];
    members.extend(object(""));
    let mut written = String::new();
    Json::Object(members).write(0, &mut written);
    written + "\n"
}

enum Json {
    /// Written already.
    Raw(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

fn member(name: &'static str, value: Json) -> (&'static str, Json) {
    (name, value)
}

fn raw(text: &str) -> Json {
    Json::Raw(text.to_owned())
}

fn text(text: &str) -> Json {
    Json::Raw(quote(text))
}

fn texts(all: &[&str]) -> Json {
    Json::List(all.iter().map(|one| text(one)).collect())
}

impl Json {
    fn write(&self, depth: usize, out: &mut String) {
        match self {
            Self::Raw(text) => out.push_str(text),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    item.write(depth, out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    new_line(depth + 1, out);
                    out.push_str(&quote(name));
                    out.push_str(": ");
                    value.write(depth + 1, out);
                }
                new_line(depth, out);
                out.push('}');
            }
        }
    }
}

fn new_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
}

/// What makes a table of the keys at `parent`.
fn object(parent: &'static str) -> Vec<(&'static str, Json)> {
    let below: Vec<_> = keys::below(parent).collect();
    let (chosen, named): (Vec<_>, Vec<_>) = below.into_iter().partition(|key| key.name() == "*");
    let mut members = vec![member("type", text("object"))];
    if !named.is_empty() {
        members.push(member("properties", Json::Object(named.into_iter().map(property).collect())));
    }
    let further = chosen.first().map_or_else(|| raw("false"), |key| property(key).1);
    members.push(member("additionalProperties", further));
    members
}

fn property(key: &'static Key) -> (&'static str, Json) {
    let default = literal(key.default);
    let prose = if default.is_none() && !key.default.is_empty() {
        format!("; without it: {}", key.default)
    } else {
        String::new()
    };
    let mut members = vec![member("description", text(&format!("{}{prose}", key.meaning)))];
    members.extend(kind(key));
    members.extend(default.map(|value| member("default", Json::Raw(value))));
    members.extend(literal(key.example).map(|value| member("examples", Json::List(vec![Json::Raw(value)]))));
    (key.name(), Json::Object(members))
}

fn kind(key: &'static Key) -> Vec<(&'static str, Json)> {
    let list = |items| vec![member("type", text("array")), member("items", Json::Object(items))];
    let either = |one, other| vec![member("anyOf", Json::List(vec![Json::Object(one), Json::Object(other)]))];
    match key.kind {
        Kind::Text | Kind::Template | Kind::Path => string(),
        Kind::Url => address(),
        Kind::Urls => either(address(), list(address())),
        Kind::Link => link(),
        Kind::Links => list(link()),
        Kind::Field => field(),
        Kind::Fields => either(field(), list(field())),
        Kind::Integer => vec![member("type", text("integer"))],
        Kind::Integers => list(vec![member("type", text("integer"))]),
        Kind::Bool => vec![member("type", text("boolean"))],
        Kind::Date => vec![member("type", text("string")), member("format", text("date"))],
        Kind::Word(words) => vec![member("enum", texts(words))],
        Kind::Words(words) => list(vec![member("enum", texts(words))]),
        Kind::WordOrWords(words) => {
            either(vec![member("enum", texts(words))], list(vec![member("enum", texts(words))]))
        }
        Kind::Texts => list(string()),
        Kind::Constant | Kind::Value => vec![member("type", texts(&["string", "integer", "boolean"]))],
        Kind::Duration => pattern("^[1-9][0-9]*[smhd]$"),
        Kind::Table => object(key.path),
        Kind::Like(path) => vec![member("$ref", text(&pointer(path)))],
        Kind::TableOrText => either(string(), object(key.path)),
        Kind::TextsOrTable => either(list(string()), object(key.path)),
        Kind::Tables => list(object(key.path)),
    }
}

/// Where the table at the path stands in the schema.
fn pointer(path: &str) -> String {
    format!("#/properties/{}", path.replace('.', "/properties/"))
}

fn string() -> Vec<(&'static str, Json)> {
    vec![member("type", text("string"))]
}

fn pattern(pattern: &str) -> Vec<(&'static str, Json)> {
    vec![member("type", text("string")), member("pattern", text(pattern))]
}

fn field() -> Vec<(&'static str, Json)> {
    pattern("^[^.]+(\\.[^.]+)*$")
}

/// A variable may stand for the start.
fn address() -> Vec<(&'static str, Json)> {
    pattern("^(https?://|\\{)")
}

fn link() -> Vec<(&'static str, Json)> {
    pattern("^https://")
}

/// A value as it stands in a file, as JSON; `None`: it is said in words.
fn literal(value: &str) -> Option<String> {
    let report = Report::default();
    let draft = file::read(&Arc::new(Source::new("", &format!("x = {value}"))), &report);
    let is_value = report.finish().is_empty();
    draft.root.get("x").filter(|_| is_value).map(json::write)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_json_and_has_every_key() {
        let schema = schema();
        assert_eq!(json::check(&schema), Ok(()));
        for key in keys::keys().iter().filter(|key| key.name() != "*") {
            assert!(schema.contains(&format!("{}: {{", quote(key.name()))), "{}", key.path);
        }
    }

    #[test]
    fn a_default_in_words_is_told_from_a_value() {
        assert_eq!(literal("[\"S256\"]").as_deref(), Some("[\"S256\"]"));
        assert_eq!(literal("the token endpoint"), None);
        assert_eq!(literal(""), None);
    }
}
