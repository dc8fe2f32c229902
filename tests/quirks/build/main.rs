//! Compiles every definition here and some of the catalogue, whole and with each of its keys taken out.

mod code;
mod constants;
mod definition;
#[allow(unreachable_pub, reason = "the library has them too")]
#[path = "../src/exempt.rs"]
mod exempt;
mod removal;
#[path = "../src/taken.rs"]
mod taken;
mod tree;

use constants::Constants;
use definition::Definition;
use std::{
    env, fs,
    path::{Path, PathBuf},
};
use taken::TAKEN;

/// The definitions of this package.
const OWN: &str = "definitions";
/// Those of the catalogue, of which some are taken.
const CATALOGUE: &str = "../../providers";
fn main() {
    oauth_codegen::build(OWN);
    println!("cargo::rerun-if-changed=build");
    let (root, output) = (variable("CARGO_MANIFEST_DIR"), variable("OUT_DIR"));
    let root = Path::new(&root);
    let taken = TAKEN.iter().map(|name| root.join(CATALOGUE).join(format!("{name}.toml")));
    let taken: Vec<_> =
        taken.inspect(|path| println!("cargo::rerun-if-changed={}", path.display())).collect();
    let (mut cases, mut constants) = (String::new(), Constants::default());
    for path in definitions(&root.join(OWN)).into_iter().chain(taken) {
        match Definition::read(&path).and_then(|definition| removal::case(&definition, &mut constants)) {
            Ok(case) => cases.push_str(&case),
            Err(reason) => println!("cargo::error={}: {reason}", path.display()),
        }
    }
    let written = format!(
        "{}/// Every definition here, and some of the catalogue.\npub static CASES: &[Case] = &[\n{cases}];\n",
        constants.text()
    );
    fs::write(Path::new(&output).join("cases.rs"), written).expect("the output folder can be written");
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}

/// The definitions of a folder, in the order of their names.
fn definitions(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let is_definition = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "toml") && !path.ends_with("Cargo.toml")
    };
    let mut paths: Vec<_> = paths.filter(is_definition).collect();
    paths.sort();
    paths
}
