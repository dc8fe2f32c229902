//! Compiles every definition of a folder into one text of Rust.

use crate::{
    definition, locate,
    module::Module,
    report::{Diagnostic, Place, Report},
    source::Source,
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
            Ok(text) => compiled.add(&shown, &modules, &text),
            Err(message) => compiled.refuse(&shown, message),
        }
    }
    Folder { found: compiled.found, code: compiled.tree.write() }
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
    /// The file of each `id`.
    ids: BTreeMap<String, String>,
}

impl Compiled {
    fn add(&mut self, shown: &str, modules: &Path, text: &str) {
        let definition = definition::compile(shown, text);
        self.found.extend(definition.found);
        let report = Report::default();
        if let Some(other) = self.ids.get(&definition.provider.id) {
            let message = format!("`{other}` has the same `id`: give one of them another, `id = \"..\"`");
            report.error(&definition.place, message);
        } else {
            self.ids.insert(definition.provider.id, shown.to_owned());
        }
        if let Err(message) = self.tree.add(modules, definition.code) {
            report.error(&definition.place, message);
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
