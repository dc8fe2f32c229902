//! What can be taken out of a definition, and what the compiler makes of the rest.

use crate::{
    constants::Constants,
    definition::Definition,
    exempt::is_exempt,
    tree::{Node, Step},
};
use oauth_codegen::Key;

/// A catalogue has many scopes, which are all alike: so many of them are taken out.
const SCOPES: usize = 2;

/// A key that stands in a definition.
struct Found {
    /// Its path in the vocabulary: `errors.*.hint`.
    key: &'static str,
    way: Vec<Step>,
}

/// The text of a `Case`: the definition, and each variant of it.
pub(crate) fn case(definition: &Definition, constants: &mut Constants) -> Result<String, String> {
    let (name, tree) = (&definition.name, &definition.tree);
    let whole = definition.compile(tree)?;
    let mut walk = Walk::default();
    walk.enter(tree, "");
    let tables = constants.tables(&whole);
    let mut removals = Vec::new();
    for place in &walk.found {
        let outcome = match definition.compile(&tree.without(&place.way)) {
            Err(message) => format!("Outcome::Refused({message:?})"),
            Ok(rest) => {
                let items_differ = rest.items != whole.items;
                format!("Outcome::Compiled {{ {}, items_differ: {items_differ} }}", constants.tables(&rest))
            }
        };
        let (key, at) = (place.key, shown(&place.way));
        removals.push(format!("    Removal {{ key: {key:?}, at: {at:?}, outcome: {outcome} }},\n"));
    }
    let removals = removals.concat();
    Ok(format!("Case {{ file: {name:?}, {tables}, removals: &[\n{removals}] }},\n"))
}

/// Finds every key in a tree that has a meaning of its own: those with a value, and those whose name the definition chose.
#[derive(Default)]
struct Walk {
    way: Vec<Step>,
    found: Vec<Found>,
}

impl Walk {
    /// Through the table at this path of the vocabulary, or through a list of such.
    fn enter(&mut self, node: &Node, table: &str) {
        match node {
            Node::Table(entries) => {
                for (at, (name, node)) in entries.iter().enumerate() {
                    if let Some(key) = Key::find(table, name) {
                        self.way.push(Step::Key(name.clone()));
                        self.pass(key, at, node);
                        self.way.pop();
                    }
                }
            }
            Node::List(nodes) => {
                for (at, node) in nodes.iter().enumerate() {
                    self.way.push(Step::Index(at));
                    self.enter(node, table);
                    self.way.pop();
                }
            }
            Node::Leaf(_) => {}
        }
    }

    /// A key, which stands in its table as the one with this number.
    fn pass(&mut self, key: &'static Key, at: usize, node: &Node) {
        if key.path == "errors.*" && is_on_a_page(node) {
            return;
        }
        let is_meant = !matches!(node, Node::Table(_)) || key.path.ends_with('*') || !key.has_keys();
        let is_one_of_many = key.path == "scopes.catalog.*" && at >= SCOPES;
        // What would hold anyway is no quirk.
        let is_default = matches!(node, Node::Leaf(text) if text == key.default);
        if is_meant && !is_one_of_many && !is_default && !is_exempt(key.path) {
            self.found.push(Found { key: key.path, way: self.way.clone() });
        }
        self.enter(node, key.content());
    }
}

/// Whether an error is one of the provider's own pages, which no client ever reads: its words are documentation.
fn is_on_a_page(error: &Node) -> bool {
    let Node::Table(entries) = error else { return false };
    entries
        .iter()
        .any(|(name, node)| name == "stage" && matches!(node, Node::Leaf(text) if text == "\"authorize\""))
}

fn shown(way: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Key(name) => name.clone(),
        Step::Index(at) => at.to_string(),
    };
    way.iter().map(step).collect::<Vec<_>>().join(" > ")
}
