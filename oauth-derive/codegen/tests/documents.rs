//! What is made from the table of keys and checked in. `UPDATE=1 cargo test -p oauth-codegen --test documents` writes it anew.

#![allow(clippy::unwrap_used)]

use std::{env, fs, path::Path};

fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "docs/{name} is out of date: UPDATE=1 writes it anew");
}

#[test]
fn the_schema_for_editors_is_up_to_date() {
    compare("definition.schema.json", &oauth_codegen::schema());
}

#[test]
fn the_page_of_keys_is_up_to_date() {
    compare("definitions.md", &oauth_codegen::reference());
}
