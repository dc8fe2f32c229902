//! Which of the catalogue's definitions have to be taken apart: whatever one of them says stands in one that is.

#[expect(dead_code, reason = "the build script takes parts out, and here the whole is read")]
#[path = "../build/tree.rs"]
mod tree;

use oauth_codegen::Key;
use oauth_quirks::{TAKEN, is_exempt};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use tree::Node;

#[test]
fn whatever_a_definition_of_the_catalogue_says_is_taken_out_of_some_definition() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (taken, others): (Vec<_>, Vec<_>) =
        definitions(&here.join("../../providers")).into_iter().partition(|path| TAKEN.contains(&name(path)));
    let own = definitions(&here.join("definitions"));
    let proven: BTreeSet<_> = own.iter().chain(&taken).flat_map(|path| said(path)).collect();
    let mut unproven: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for path in &others {
        for what in said(path).difference(&proven) {
            unproven.entry(what.clone()).or_default().push(name(path).to_owned());
        }
    }
    let shown: Vec<_> =
        unproven.iter().map(|(what, files)| format!("{what}: one of {}", files.join(", "))).collect();
    assert!(shown.is_empty(), "add to `TAKEN` in tests/quirks/src/taken.rs, for\n{}", shown.join("\n"));
}

#[test]
fn what_is_taken_is_in_the_catalogue_and_nowhere_else() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (catalogue, own) =
        (definitions(&here.join("../../providers")), definitions(&here.join("definitions")));
    let catalogue: BTreeSet<_> = catalogue.iter().map(|path| name(path)).collect();
    assert_eq!(TAKEN.iter().find(|name| !catalogue.contains(*name)), None, "no such file");
    assert_eq!(
        own.iter().map(|path| name(path)).find(|name| catalogue.contains(name)),
        None,
        "there are two"
    );
}

fn definitions(folder: &Path) -> Vec<PathBuf> {
    let paths =
        fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("readable").path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml") && name(path) != "Cargo")
        .collect()
}

fn name(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).expect("names are plain")
}

/// What the client and the provider do by a definition: its keys, with their values where there are few.
fn said(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).expect("the file can be read");
    let mut said = BTreeSet::new();
    collect(&Node::read(&text).expect("it compiles"), "", &mut said);
    said
}

fn collect(node: &Node, table: &str, said: &mut BTreeSet<String>) {
    match node {
        Node::Table(entries) => {
            for (name, node) in entries {
                if let Some(key) = Key::find(table, name).filter(|key| !is_idle(key.path)) {
                    say(key, name, node, said);
                    collect(node, key.content(), said);
                }
            }
        }
        Node::List(nodes) => nodes.iter().for_each(|node| collect(node, table, said)),
        Node::Leaf(_) => {}
    }
}

/// What changes nothing, and what is alike in all definitions.
fn is_idle(key: &str) -> bool {
    is_exempt(key) || key.starts_with("example") || key.starts_with("errors")
}

fn say(key: &Key, name: &str, node: &Node, said: &mut BTreeSet<String>) {
    let (path, has_few) = (key.path, !key.words().is_empty());
    match node {
        // What would hold anyway is not said.
        Node::Leaf(value) if value == key.default => {}
        _ if path.ends_with(".rename.*") => said.extend([path.replace('*', name)]),
        Node::Leaf(value) if has_few || value == "true" || value == "false" => {
            said.extend([format!("{path} = {value}")]);
        }
        Node::List(values) if has_few || path.rsplit('.').next() == Some("omit") => {
            said.extend(values.iter().map(|value| format!("{path} has {}", value.write())));
        }
        _ => said.extend([path.to_owned()]),
    }
}
