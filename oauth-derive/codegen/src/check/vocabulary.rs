//! Only known keys with values of the right kind pass; the rules after this one see nothing else.

use crate::{
    draft::{Draft, Entry, Node, Table, Value},
    keys::{self, Key},
    kind::Kind,
    report::{Place, Report},
    suggest,
};
use std::{cell::RefCell, collections::BTreeSet};

/// What is left of a draft when every unknown key and every value of the wrong kind is reported and taken out.
pub(super) struct Admitted {
    /// Keys have the names of [`keys::keys`].
    pub(super) root: Table,
    /// The keys that somebody tried to write: one that is only misspelled is not called missing as well.
    pub(super) attempted: BTreeSet<String>,
}

/// Applies the vocabulary.
pub(super) fn admit(draft: &Draft, report: &Report) -> Admitted {
    let gate = Gate { report, attempted: RefCell::default() };
    let mut root = gate.table("", &draft.root);
    gate.expand_shorthand(&mut root);
    Admitted { root, attempted: gate.attempted.into_inner() }
}

struct Gate<'a> {
    report: &'a Report,
    attempted: RefCell<BTreeSet<String>>,
}

impl Gate<'_> {
    fn table(&self, parent: &str, draft: &Table) -> Table {
        let mut admitted = Table::default();
        for entry in &draft.entries {
            let name = &entry.key.value;
            let Some(key) = Key::find(parent, name) else {
                self.refuse_unknown(parent, entry);
                continue;
            };
            let name = if key.name() == "*" { name } else { key.name() };
            if admitted.entry(name).is_some() {
                self.report.error(&entry.key.place, format!("`{name}` is set twice"));
            } else if let Some(node) = self.value(key, &entry.key.value, &entry.node) {
                let mut key = entry.key.clone();
                name.clone_into(&mut key.value);
                admitted.entries.push(Entry { key, node });
            } else {
                self.attempted.borrow_mut().insert(key.path.to_owned());
            }
        }
        admitted
    }

    /// The value, if it is of the key's kind; of a list or a table, what is right in it.
    fn value(&self, key: &'static Key, name: &str, node: &Node) -> Option<Node> {
        let value = match (key.kind, &node.value) {
            (Kind::Table | Kind::Like(_) | Kind::TableOrText | Kind::TextsOrTable, Value::Table(below)) => {
                Value::Table(self.table(key.content(), below))
            }
            (Kind::Tables, Value::List(nodes)) => {
                Value::List(nodes.iter().filter_map(|node| self.element(key, name, node)).collect())
            }
            (
                Kind::Texts
                | Kind::TextsOrTable
                | Kind::Links
                | Kind::Words(_)
                | Kind::WordOrWords(_)
                | Kind::Urls
                | Kind::Fields,
                Value::List(nodes),
            ) => {
                let texts: Vec<_> =
                    nodes.iter().filter(|node| self.is_text(key, name, node)).cloned().collect();
                // A list that is only wrong is not the same as an empty one.
                (nodes.is_empty() || !texts.is_empty()).then_some(Value::List(texts))?
            }
            (Kind::Integers, Value::List(nodes)) => {
                let numbers: Vec<_> =
                    nodes.iter().filter(|node| self.is_integer(name, node)).cloned().collect();
                (nodes.is_empty() || !numbers.is_empty()).then_some(Value::List(numbers))?
            }
            (Kind::Word(words) | Kind::WordOrWords(words), Value::Text(text)) => {
                self.is_one_of(words, name, text, node).then(|| node.value.clone())?
            }
            (kind, value) if is_plain(kind, value) => value.clone(),
            (kind, value) => {
                let example = example(key, node).map(|example| format!(": `{name} = {example}`"));
                let example = example.unwrap_or_default();
                let message = format!("`{name}` must be {}, not {}{example}", expected(kind), value.kind());
                self.report.error(&node.place, message);
                return None;
            }
        };
        Some(Node { value, place: node.place.clone() })
    }

    fn element(&self, key: &Key, name: &str, node: &Node) -> Option<Node> {
        let Some(below) = node.table() else {
            let message = format!("`{name}` must be {}; this is {}", expected(key.kind), node.value.kind());
            self.report.error(&node.place, message);
            return None;
        };
        Some(Node { value: Value::Table(self.table(key.path, below)), place: node.place.clone() })
    }

    fn is_text(&self, key: &Key, name: &str, node: &Node) -> bool {
        match (key.kind, &node.value) {
            (Kind::Words(words) | Kind::WordOrWords(words), Value::Text(text)) => {
                self.is_one_of(words, name, text, node)
            }
            (_, Value::Text(_)) => true,
            (_, value) => {
                self.report
                    .error(&node.place, format!("`{name}` is a list of texts; this is {}", value.kind()));
                false
            }
        }
    }

    fn is_integer(&self, name: &str, node: &Node) -> bool {
        let is_integer = matches!(node.value, Value::Integer(_));
        if !is_integer {
            let kind = node.value.kind();
            self.report.error(&node.place, format!("`{name}` is a list of whole numbers; this is {kind}"));
        }
        is_integer
    }

    fn is_one_of(&self, words: &[&str], name: &str, text: &str, node: &Node) -> bool {
        let known = words.contains(&text);
        if !known {
            let list: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
            let hint = match suggest::nearest(text, words.iter().copied()) {
                Some(word) => format!("; did you mean `{word}`?"),
                None => format!("; it is one of {}", list.join(", ")),
            };
            self.report.error(&node.place, format!("`{text}` is no value of `{name}`{hint}"));
        }
        known
    }

    fn refuse_unknown(&self, parent: &str, entry: &Entry) {
        let name = &entry.key.value;
        let place = &entry.key.place;
        if let Some(near) = suggest::nearest(name, names(parent, place)) {
            let path = if parent.is_empty() { near.to_owned() } else { format!("{parent}.{near}") };
            self.attempted.borrow_mut().insert(path);
        }
        self.report.error(place, unknown(parent, name, place));
    }

    /// `scope_separator` at the top is `separator` of `[scopes]`.
    fn expand_shorthand(&self, root: &mut Table) {
        let Some(at) = root.entries.iter().position(|entry| entry.key.value == "scope_separator") else {
            return;
        };
        let mut entry = root.entries.remove(at);
        "separator".clone_into(&mut entry.key.value);
        if root.entry("scopes").is_none() {
            let mut key = entry.key.clone();
            "scopes".clone_into(&mut key.value);
            let node = Node { value: Value::Table(Table::default()), place: key.place.clone() };
            root.entries.push(Entry { key, node });
        }
        let scopes = root.entries.iter_mut().find(|entry| entry.key.value == "scopes");
        let Some(Value::Table(scopes)) = scopes.map(|entry| &mut entry.node.value) else { return };
        if scopes.entry("separator").is_some() {
            let message = format!("`separator` is set twice: here, and {}", entry.key.place.under("scopes"));
            self.report.error(&entry.key.place, message);
        } else {
            scopes.entries.push(entry);
        }
    }
}

/// The key's example, as it would stand in the place of this value.
fn example(key: &Key, node: &Node) -> Option<String> {
    let shown = !key.example.is_empty() && key.name() != "*";
    let attribute =
        if key.kind == Kind::Date { format!("\"{}\"", key.example) } else { key.example.to_owned() };
    shown.then(|| node.place.in_syntax(key.example, &attribute).to_owned())
}

fn is_plain(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Text
        | Kind::Template
        | Kind::Url
        | Kind::Urls
        | Kind::Path
        | Kind::Link
        | Kind::Field
        | Kind::Fields
        | Kind::Duration
        | Kind::TableOrText => matches!(value, Value::Text(_)),
        Kind::Integer => matches!(value, Value::Integer(_)),
        Kind::Bool => matches!(value, Value::Bool(_)),
        Kind::Date => matches!(value, Value::Date(_) | Value::Text(_)),
        Kind::Constant | Kind::Value => matches!(value, Value::Text(_) | Value::Integer(_) | Value::Bool(_)),
        Kind::Links
        | Kind::Word(_)
        | Kind::Words(_)
        | Kind::WordOrWords(_)
        | Kind::Texts
        | Kind::Integers
        | Kind::TextsOrTable
        | Kind::Table
        | Kind::Like(_)
        | Kind::Tables => false,
    }
}

fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Urls | Kind::WordOrWords(_) | Kind::Fields => "a text, or a list of texts",
        Kind::Links | Kind::Words(_) | Kind::Texts => "a list of texts",
        Kind::Integer => "a whole number",
        Kind::Integers => "a list of whole numbers",
        Kind::Bool => "true or false",
        Kind::Date => "a date",
        Kind::Constant | Kind::Value => "a text, a whole number, or true or false",
        Kind::Table | Kind::Like(_) => "a table",
        Kind::TableOrText => "a text, or a table",
        Kind::TextsOrTable => "a list of texts, or a table of texts",
        Kind::Tables => "a list of tables",
        Kind::Text
        | Kind::Template
        | Kind::Url
        | Kind::Path
        | Kind::Link
        | Kind::Field
        | Kind::Duration
        | Kind::Word(_) => "a text",
    }
}

/// The names in the table at `parent`. Only an attribute can be in a file instead.
fn names(parent: &str, place: &Place) -> impl Iterator<Item = &'static str> {
    let file = matches!(place, Place::Token(_)) && parent.is_empty();
    keys::names(parent).chain(file.then_some("file"))
}

fn unknown(parent: &str, name: &str, place: &Place) -> String {
    match name {
        "client_id" | "client_secret" => {
            return format!("`{name}` does not belong in a definition: give it to `Credentials`");
        }
        "state" | "nonce" | "code_verifier" => {
            return format!("`{name}` is made anew for each request: remove it");
        }
        _ => {}
    }
    let hint = suggest::hint(name, names(parent, place));
    if !hint.is_empty() {
        return format!("unknown key `{name}`{hint}");
    }
    match keys::home(name) {
        Some("") => {
            let top = place.in_syntax("at the top, before any table", "in `oauth(..)` itself");
            format!("unknown key `{name}`: it stands {top}")
        }
        Some(table) => format!("unknown key `{name}`: it stands {}", place.under(table)),
        None => format!("unknown key `{name}`"),
    }
}
