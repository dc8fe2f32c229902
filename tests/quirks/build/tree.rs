//! [`Node`]: a definition as a tree, from which a part can be taken out.

use toml::{Spanned, de::DeTable, de::DeValue};

/// A value, as it was written.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Leaf(String),
    List(Vec<Node>),
    Table(Vec<(String, Node)>),
}

/// A step on the way into a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

impl Node {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let document = DeTable::parse(text).map_err(|error| error.to_string())?;
        Ok(table(text, document.get_ref()))
    }

    /// The tree without what stands at the end of the way.
    pub(crate) fn without(&self, way: &[Step]) -> Self {
        let mut tree = self.clone();
        tree.remove(way);
        tree
    }

    fn remove(&mut self, way: &[Step]) {
        let Some((first, rest)) = way.split_first() else { return };
        match (self, first) {
            (Self::Table(entries), Step::Key(key)) if rest.is_empty() => {
                entries.retain(|(name, _)| name != key);
            }
            (Self::List(nodes), Step::Index(at)) if rest.is_empty() => drop(nodes.remove(*at)),
            (Self::Table(entries), Step::Key(key)) => {
                entries.iter_mut().filter(|(name, _)| name == key).for_each(|(_, node)| node.remove(rest));
            }
            (Self::List(nodes), Step::Index(at)) => nodes[*at].remove(rest),
            _ => {}
        }
    }

    /// The definition as a text.
    pub(crate) fn write(&self) -> String {
        match self {
            Self::Table(entries) => {
                let entry = |(name, node): &(String, Self)| format!("{} = {}\n", quote(name), node.inline());
                entries.iter().map(entry).collect::<Vec<_>>().concat()
            }
            other => other.inline(),
        }
    }

    fn inline(&self) -> String {
        match self {
            Self::Leaf(text) => text.clone(),
            Self::List(nodes) => {
                format!("[{}]", nodes.iter().map(Self::inline).collect::<Vec<_>>().join(", "))
            }
            Self::Table(entries) => {
                let entry = |(name, node): &(String, Self)| format!("{} = {}", quote(name), node.inline());
                format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn table(text: &str, table: &DeTable<'_>) -> Node {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    Node::Table(
        entries.into_iter().map(|(key, value)| (key.get_ref().to_string(), node(text, value))).collect(),
    )
}

fn node(text: &str, value: &Spanned<DeValue<'_>>) -> Node {
    match value.get_ref() {
        DeValue::Array(values) => Node::List(values.iter().map(|value| node(text, value)).collect()),
        DeValue::Table(below) => table(text, below),
        _ => Node::Leaf(text[value.span()].to_owned()),
    }
}

/// A key is quoted, so that it may be anything.
fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
