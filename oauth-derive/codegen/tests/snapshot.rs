//! What the compiler writes, formatted, for review. `BLESS=1 cargo test -p oauth-codegen --test snapshot` keeps it.

#![allow(clippy::unwrap_used)]

use std::{env, fs, path::Path};

fn compare(name: &str, code: &str) {
    let formatted = prettyplease::unparse(&syn::parse_file(code).unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if env::var_os("BLESS").is_some() {
        fs::write(&path, &formatted).unwrap();
    }
    assert_eq!(formatted, fs::read_to_string(&path).unwrap(), "{name}");
}

#[test]
fn a_file_becomes_a_table_and_one_line_methods() {
    let text = include_str!("snapshots/file.toml");
    compare("file.expanded.rs", &oauth_codegen::expand("providers/file.toml", text).unwrap());
}

#[test]
fn attributes_become_the_same() {
    let item = include_str!("snapshots/attributes.rs").parse().unwrap();
    let derived = oauth_codegen::derive(item, Path::new(""));
    compare("attributes.expanded.rs", &derived.to_string());
}
