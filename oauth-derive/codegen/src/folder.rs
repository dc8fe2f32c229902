//! Compiles every definition of a folder into one text of Rust.

use crate::{
    definition,
    extends::Read,
    locate,
    module::Module,
    report::{Diagnostic, Place, Report},
    source::Source,
    table::Table,
};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A compiled folder.
pub(crate) struct Folder {
    pub(crate) found: Vec<Diagnostic>,
    pub(crate) code: String,
    pub(crate) list: String,
    pub(crate) table: String,
}

/// Reads a folder below the root, and those below it, in the order of their names.
pub(crate) fn read(root: &Path, folder: &str) -> Folder {
    let mut files = Vec::new();
    let mut compiled = Compiled::default();
    if let Err(error) = list(root, Path::new(folder), &mut files) {
        compiled.refuse(folder, format!("cannot read the folder: {error}"));
    }
    files.sort();
    for path in files {
        let shown = path.to_string_lossy().replace('\\', "/");
        let modules = path.strip_prefix(folder).unwrap_or(&path).with_extension("");
        match locate::read(root, &path) {
            Ok(text) => compiled.add(&shown, &modules, &text, &|path| locate::read(root, path)),
            Err(message) => compiled.refuse(&shown, message),
        }
    }
    let Compiled { found, tree, table, .. } = compiled;
    Folder { found, code: tree.write() + &tree.entries(), list: tree.list(), table: table.text() }
}

/// Every `*.toml` in the folder and below, but for what is cargo's where the folder is a package's own.
fn list(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = match folder.to_str() {
            Some(".") => PathBuf::from(entry.file_name()),
            _ => folder.join(entry.file_name()),
        };
        if entry.file_name() == "Cargo.toml" || entry.file_name() == "target" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            list(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    Ok(())
}

#[derive(Default)]
struct Compiled {
    found: Vec<Diagnostic>,
    tree: Module,
    table: Table,
    /// The file of each `id`.
    ids: BTreeMap<String, String>,
}

impl Compiled {
    fn add(&mut self, shown: &str, modules: &Path, text: &str, read: Read<'_>) {
        let mut definition = definition::compile(shown, text, read);
        self.found.append(&mut definition.found);
        let report = Report::default();
        if let Some(other) = self.ids.get(&definition.provider.id) {
            let message = format!("`{other}` has the same `id`: give one of them another, `id = \"..\"`");
            report.error(&definition.place, message);
        } else {
            self.ids.insert(definition.provider.id.clone(), shown.to_owned());
        }
        self.table.add(&definition, modules);
        let place = definition.place.clone();
        if let Err(message) = self.tree.add(modules, definition) {
            report.error(&place, message);
        }
        self.found.extend(report.finish());
    }

    /// Something about a file, or the folder, as a whole.
    fn refuse(&mut self, shown: &str, message: String) {
        let report = Report::default();
        report.error(&Place::file(&Arc::new(Source::new(shown, "")), 0..0), message);
        self.found.extend(report.finish());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "name = \"X\"\ntoken_endpoint = \"https://x.example/token\"\ntoken_endpoint_auth_methods = [\"none\"]\n";

    /// A package with these files in it.
    fn package(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("oauth-codegen-{}-{name}", std::process::id()));
        for (path, text) in files {
            let path = root.join(path);
            let folder = path.parent().expect("a file is in a folder");
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&path, text))
                .expect("a temporary folder can be written");
        }
        root
    }

    fn compile(name: &str, files: &[(&str, &str)]) -> (Vec<String>, String) {
        let root = package(name, files);
        let Folder { found, code, list, .. } = read(&root, "providers");
        let again = read(&root, "providers").code;
        fs::remove_dir_all(root).expect("a temporary folder can be removed");
        assert_eq!(code, again, "the same files are the same code");
        assert!(syn::parse_file(&list).is_ok(), "{list}");
        (found.iter().map(ToString::to_string).collect(), code)
    }

    #[test]
    fn each_file_is_a_module_and_each_folder_is_one_around_its_files() {
        let files = [
            ("providers/zoho.toml", TEXT),
            ("providers/box.toml", TEXT),
            ("providers/azure/entra_id.toml", TEXT),
            ("providers/azure.toml", TEXT),
            ("providers/notes.txt", "nothing"),
        ];
        let (found, code) = compile("modules", &files);
        assert!(found.is_empty(), "{found:?}");
        let places: Vec<_> = [
            "pub mod azure",
            "pub struct Azure",
            "pub mod entra_id",
            "pub struct EntraId",
            "pub mod r#box",
            "pub struct Box",
            "pub mod zoho",
        ]
        .iter()
        .map(|part| code.find(part).expect(part))
        .collect();
        assert!(places.is_sorted(), "{code}");
        assert!(syn::parse_file(&code).is_ok(), "{code}");
    }

    #[test]
    fn two_files_cannot_have_one_id() {
        let other = format!("id = \"x\"\n{TEXT}");
        let (found, _) = compile("ids", &[("providers/x.toml", TEXT), ("providers/y.toml", &other)]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("`providers/x.toml` has the same `id`: give one of them another, `id = \"..\"`\n --> providers/y.toml:1:6"), "{found:?}");
    }

    #[test]
    fn a_file_that_cannot_be_a_module_is_named() {
        let (found, code) = compile("names", &[("providers/500px.toml", TEXT), ("providers/ok.toml", TEXT)]);
        assert!(found[0].starts_with("`500px` becomes a module: "), "{found:?}");
        assert!(code.contains("pub mod ok"), "the others are still there");
    }

    #[test]
    fn a_faulty_file_still_has_its_module() {
        let faulty = TEXT.replace("https", "http");
        let (found, code) =
            compile("faulty", &[("providers/x.toml", &faulty), ("providers/y.toml", "name =\n")]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(code.contains("pub struct X") && code.contains("pub struct Y"), "{code}");
        assert!(syn::parse_file(&code).is_ok(), "{code}");
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let (found, code) = compile("none", &[("other/x.toml", TEXT)]);
        assert!(found[0].starts_with("cannot read the folder: "), "{found:?}");
        assert!(!code.contains("pub mod"), "{code}");
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_is_not_followed() {
        let root = package("link", &[("providers/x.toml", TEXT), ("y.toml", TEXT)]);
        std::os::unix::fs::symlink("../y.toml", root.join("providers/y.toml")).expect("a link can be made");
        let found = read(&root, "providers").found;
        fs::remove_dir_all(root).expect("a temporary folder can be removed");
        assert_eq!(found.len(), 1);
        assert!(found[0].message().contains("reached by a symbolic link"), "{}", found[0]);
    }
}
