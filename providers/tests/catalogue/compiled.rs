//! What the compiler says of the files. Errors end the build before any test; here it is doubts too.

use crate::assert_none;
use std::{fs, path::Path};

fn said(path: &str, text: &str) -> Vec<String> {
    let found = oauth_codegen::check(path, text);
    found.iter().map(|found| format!("{path}: {}", found.message())).collect()
}

#[test]
fn the_compiler_has_nothing_to_say_of_any_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(root).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let definitions = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let definitions: Vec<_> = definitions.filter(|path| !path.ends_with("Cargo.toml")).collect();
    assert_eq!(definitions.len(), oauth_providers::all().len());
    let said = definitions.iter().flat_map(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).expect("the file can be read");
        // One that takes over another file is read with it, by the build alone.
        if text.lines().any(|line| line.starts_with("extends")) { Vec::new() } else { said(&name, &text) }
    });
    assert_none("doubts", &said.collect::<Vec<_>>());
}

#[test]
fn a_file_that_leaves_it_open_how_a_client_proves_itself_is_found() {
    let text = "name = \"X\"\nauthorization_endpoint = \"https://x.example/a\"\ntoken_endpoint = \"https://x.example/t\"\n";
    let said = said("x.toml", text);
    assert!(said.len() == 1 && said[0].contains("token_endpoint_auth_methods"), "{said:?}");
}
