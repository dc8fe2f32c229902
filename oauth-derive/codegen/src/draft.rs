//! [`Draft`]: what a definition says, each key and each value with its place, before anything is checked.

use crate::report::{Located, Place};

/// A definition as it was written.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) root: Table,
    /// Where something is reported that is missing as a whole: the first line of a file, the name of a struct.
    pub(crate) place: Place,
}

/// A value and where it stands. Of a table under a header, the place is the header.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) place: Place,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    Date(String),
    List(Vec<Node>),
    Table(Table),
}

/// Keys in the order in which they were written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(crate) entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: Located<String>,
    pub(crate) node: Node,
}

impl Value {
    /// What a message calls it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

impl Node {
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The elements of a list; of anything else, the value itself as the only one.
    pub(crate) fn elements(&self) -> &[Node] {
        match &self.value {
            Value::List(nodes) => nodes,
            _ => std::slice::from_ref(self),
        }
    }
}

impl Table {
    pub(crate) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.value == name)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|entry| &entry.node)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    pub(crate) fn bool(&self, name: &str) -> Option<bool> {
        match self.get(name)?.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name)?.value {
            Value::Integer(value) => Some(value),
            _ => None,
        }
    }

    /// The elements of a list, or the one value that stands in its place; nothing where the key is absent.
    pub(crate) fn list(&self, name: &str) -> &[Node] {
        self.get(name).map_or(&[], Node::elements)
    }

    /// The entries of a table below; nothing where the key is absent.
    pub(crate) fn entries(&self, name: &str) -> &[Entry] {
        self.get(name).and_then(Node::table).map_or(&[], |table| &table.entries)
    }
}
