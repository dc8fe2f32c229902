//! Both syntaxes say the same: each definition of the tree, written as attributes, becomes what it becomes as a file.

#![allow(clippy::unwrap_used)]

use proc_macro2::TokenStream;
use std::{
    fs,
    path::{Path, PathBuf},
};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

#[test]
fn every_definition_of_the_tree_means_the_same_as_attributes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = ["providers", "tests/quirks/definitions", "tests/bench/builds/hello-ours-folder/providers"];
    let folders = folders.map(|folder| root.join(folder));
    let paths: Vec<_> = folders.iter().flat_map(|folder| definitions(folder)).collect();
    assert!(paths.len() > 500, "{} definitions", paths.len());
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let (folder, file) = (path.parent().unwrap(), path.file_name().unwrap().to_str().unwrap());
        let document = DeTable::parse(&text).unwrap();
        let fields = fields(document.get_ref());
        let stem = path.file_stem().unwrap().to_str().unwrap();
        // A file's own name, which attributes have to say.
        let id = Some(format!("id = {stem:?}, ")).filter(|_| !document.get_ref().contains_key("id"));
        let id = id.unwrap_or_default();
        let written = format!("{id}{}", Writer { text: &text, file }.entries(document.get_ref()));
        let of_attributes = expansion(&written, &fields, folder);
        let of_file = expansion(&format!("file = {file:?}"), &fields, folder);
        assert!(!of_file.contains("compile_error"), "{}: {of_file}", path.display());
        assert!(!of_attributes.contains("compile_error"), "{file}: {of_attributes}");
        assert!(of_attributes == of_file, "{file} means something else as attributes: {written}");
    }
}

/// What the derive writes, without the lines that make cargo look at files again.
fn expansion(attribute: &str, fields: &str, folder: &Path) -> String {
    let item: TokenStream = format!("#[oauth({attribute})] pub struct P {{ {fields} }}").parse().unwrap();
    let written = oauth_codegen::derive(item, folder).to_string();
    written.split("const _ : & [u8]").next().unwrap().trim().to_owned()
}

fn definitions(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml") && !path.ends_with("Cargo.toml"));
    paths.sort();
    paths
}

/// A field for each variable that no sign-in tells.
fn fields(document: &DeTable<'_>) -> String {
    let Some(DeValue::Table(variables)) = document.get("variables").map(Spanned::get_ref) else {
        return String::new();
    };
    let is_learned = |variable: &DeValue<'_>| {
        let from = variable.get("from").and_then(|from| from.get_ref().as_str());
        from.is_some_and(|from| from != "config")
    };
    let given = variables.iter().filter(|(_, variable)| !is_learned(variable.get_ref()));
    given.map(|(name, _)| format!("{}: T, ", name.get_ref())).collect::<Vec<_>>().concat()
}

struct Writer<'a> {
    text: &'a str,
    file: &'a str,
}

impl Writer<'_> {
    fn entries(&self, table: &DeTable<'_>) -> String {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
            .iter()
            .map(|(key, value)| self.entry(key.get_ref(), value) + ", ")
            .collect::<Vec<_>>()
            .concat()
    }

    fn entry(&self, key: &str, value: &Spanned<DeValue<'_>>) -> String {
        let is_name = syn::parse_str::<syn::Ident>(&format!("r#{key}")).is_ok();
        let name = if is_name { key.to_owned() } else { format!("{key:?}") };
        match value.get_ref() {
            DeValue::Table(below) => format!("{name}({})", self.entries(below)),
            DeValue::Array(values) if values.iter().any(|value| value.get_ref().is_table()) => {
                let one = |value: &Spanned<DeValue<'_>>| self.entry(key, value);
                values.iter().map(one).collect::<Vec<_>>().join(", ")
            }
            // In a file the name of the one beside it, in attributes a path.
            DeValue::String(base) if key == "extends" => format!("{name} = \"{base}.toml\""),
            _ => format!("{name} = {}", self.value(value)),
        }
    }

    fn value(&self, value: &Spanned<DeValue<'_>>) -> String {
        match value.get_ref() {
            DeValue::String(text) => format!("{text:?}"),
            DeValue::Array(values) => {
                format!("[{}]", values.iter().map(|value| self.value(value)).collect::<Vec<_>>().join(", "))
            }
            DeValue::Table(_) => panic!("{}: a table in a list", self.file),
            DeValue::Datetime(date) => format!("\"{date}\""),
            _ => self.text[value.span()].to_owned(),
        }
    }
}
