//! What can be taken out of a definition, and what the compiler makes of the rest.

use crate::{
    constants::Constants,
    definition::Definition,
    exempt::{ADDRESSES, DOCUMENTATION, METADATA, SINGLE, UNUSED},
    tree::{Node, Step},
};

/// A catalogue has many scopes, which are all alike: so many of them are taken out.
const SCOPES: usize = 2;

/// A key that stands in a definition.
struct Found {
    /// Its path in the vocabulary: `errors.*.hint`.
    key: String,
    way: Vec<Step>,
}

/// The text of a `Case`: the definition, and each variant of it.
pub(crate) fn case(definition: &Definition, constants: &mut Constants) -> Result<String, String> {
    let (name, tree) = (&definition.name, &definition.tree);
    let whole = definition.compile(tree)?;
    let mut places = Vec::new();
    walk(tree, "", &mut Vec::new(), &mut places);
    let tables = constants.tables(&whole);
    let mut removals = Vec::new();
    for place in &places {
        let outcome = match definition.compile(&tree.without(&place.way)) {
            Err(message) => format!("Outcome::Refused({message:?})"),
            Ok(rest) => {
                let items_differ = rest.items != whole.items;
                format!("Outcome::Compiled {{ {}, items_differ: {items_differ} }}", constants.tables(&rest))
            }
        };
        let (key, at) = (&place.key, shown(&place.way));
        removals.push(format!("    Removal {{ key: {key:?}, at: {at:?}, outcome: {outcome} }},\n"));
    }
    let removals = removals.concat();
    Ok(format!("Case {{ file: {name:?}, {tables}, removals: &[\n{removals}] }},\n"))
}

/// Every key in the tree that has a meaning of its own: those with a value, and those whose name the definition chose.
fn walk(node: &Node, key: &str, way: &mut Vec<Step>, found: &mut Vec<Found>) {
    match node {
        Node::Table(entries) => {
            for (at, (name, node)) in entries.iter().enumerate() {
                let Some(key) = known(key, name) else { continue };
                if key == "errors.*" && is_on_a_page(node) {
                    continue;
                }
                way.push(Step::Key(name.clone()));
                let is_meant = !matches!(node, Node::Table(_)) || key.ends_with('*') || !is_table(&key);
                let is_exempt = [DOCUMENTATION, ADDRESSES, METADATA, SINGLE, UNUSED]
                    .iter()
                    .any(|keys| keys.contains(&&*key));
                let is_one_of_many = key == "scopes.catalog.*" && at >= SCOPES;
                if is_meant && !is_one_of_many && !is_exempt {
                    found.push(Found { key: key.clone(), way: way.clone() });
                }
                walk(node, content(&key), way, found);
                way.pop();
            }
        }
        Node::List(nodes) if is_table(key) => {
            for (at, node) in nodes.iter().enumerate() {
                way.push(Step::Index(at));
                walk(node, key, way, found);
                way.pop();
            }
        }
        _ => {}
    }
}

/// Whether an error is one of the provider's own pages, which no client ever reads: its words are documentation.
fn is_on_a_page(error: &Node) -> bool {
    let Node::Table(entries) = error else { return false };
    entries
        .iter()
        .any(|(name, node)| name == "stage" && matches!(node, Node::Leaf(text) if text == "\"authorize\""))
}

/// The key of a name in the table at `parent`.
fn known(parent: &str, name: &str) -> Option<String> {
    let path = |name: &str| if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
    let names = [Some(name), name.strip_suffix("_supported").filter(|_| parent.is_empty()), Some("*")];
    let mut paths = names.into_iter().flatten().map(path);
    paths.find(|path| oauth_codegen::keys().iter().any(|key| key.path == path))
}

/// The table whose keys stand below a key.
fn content(key: &str) -> &str {
    oauth_codegen::keys().iter().find(|known| known.path == key).map_or(key, |known| known.content())
}

/// Whether there are keys below this one.
fn is_table(key: &str) -> bool {
    let below = |other: &&str| other.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
    oauth_codegen::keys().iter().map(|key| key.path).any(|path| below(&path))
}

fn shown(way: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Key(name) => name.clone(),
        Step::Index(at) => at.to_string(),
    };
    way.iter().map(step).collect::<Vec<_>>().join(" > ")
}
