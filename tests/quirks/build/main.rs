//! Compiles every definition here, and some of the catalogue, whole and with each of its keys taken out.

mod code;
mod constants;
#[allow(unreachable_pub, reason = "the library has them too")]
#[path = "../src/exempt.rs"]
mod exempt;
mod removal;
mod tree;

use constants::Constants;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The catalogue, from this package.
const CATALOGUE: &str = "../../providers";

/// The definitions of the catalogue that are taken apart as well. Not all of them: each key costs a definition.
const OF_CATALOGUE: [&str; 8] =
    ["apaleo", "github", "google", "microsoft", "stack_exchange", "tiktok", "x", "zoho"];

fn main() {
    oauth_codegen::build("definitions");
    println!("cargo::rerun-if-changed=build");
    let (root, output) = (variable("CARGO_MANIFEST_DIR"), variable("OUT_DIR"));
    let (mut cases, mut constants) = (String::new(), Constants::default());
    println!("cargo::rerun-if-changed=definitions");
    let mut paths = definitions(&Path::new(&root).join("definitions"));
    for name in OF_CATALOGUE {
        let path = format!("{CATALOGUE}/{name}.toml");
        println!("cargo::rerun-if-changed={path}");
        paths.push(Path::new(&root).join(path));
    }
    for path in paths {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match removal::case(&name, &text, &mut constants) {
            Ok(case) => cases.push_str(&case),
            Err(reason) => println!("cargo::error={}: {reason}", path.display()),
        }
    }
    let written = format!(
        "{}/// Every definition that is taken apart.\npub static CASES: &[Case] = &[\n{cases}];\n",
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
