//! Finds the file of a definition: inside the user's package, and nowhere else.

use crate::{
    draft::{Draft, Node, Table},
    file,
    report::{Place, Report},
    source::Source,
};
use proc_macro2::Span;
use std::{
    fs, io,
    path::{Component, Path},
    sync::Arc,
};

/// The file that `file = ".."` names.
pub(crate) struct File {
    pub(crate) draft: Draft,
    /// The name of the provider, as far as the file's name tells.
    pub(crate) stem: String,
    /// Where the attribute names the file.
    pub(crate) literal: Span,
    /// The path below the package, if there is a file.
    pub(crate) tracked: Option<String>,
}

/// Reads the file. What cannot be read is an empty definition, and reported.
pub(crate) fn file(written: &Draft, node: &Node, root: &Path, report: &Report) -> File {
    for entry in written.root.entries.iter().filter(|entry| entry.key.value != "file") {
        report.error(&entry.key.place, format!("`{}` stands in the file: remove it here", entry.key.value));
    }
    let literal = if let Place::Token(span) = node.place { span } else { Span::call_site() };
    let path = node.text().unwrap_or_default();
    let text = below("file", Path::new(path)).and_then(|()| read(root, Path::new(path)));
    let tracked = text.is_ok().then(|| path.to_owned());
    let draft = match text {
        Ok(text) => file::read(&Arc::new(Source::new(path, &text)), report),
        Err(message) => {
            report.error(&node.place, message);
            Draft { root: Table::default(), place: node.place.clone() }
        }
    };
    File { draft, stem: stem(path), literal, tracked }
}

fn stem(path: &str) -> String {
    Path::new(path).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A path stays below the folder that it is relative to.
pub(crate) fn below(key: &str, path: &Path) -> Result<(), String> {
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    if plain && path != Path::new("") && !path.to_string_lossy().contains('\\') {
        return Ok(());
    }
    Err(format!(
        "`{key}` is a path below the folder of your Cargo.toml, without `..`: `providers/github.toml`"
    ))
}

/// The text of a file below a folder.
pub(crate) fn read(root: &Path, path: &Path) -> Result<String, String> {
    let fail = |error: io::Error| format!("cannot read `{}`: {error}", path.display());
    let mut full = root.to_owned();
    for part in path.components() {
        full.push(part);
        if fs::symlink_metadata(&full).map_err(fail)?.is_symlink() {
            return Err(format!("`{}` is reached by a symbolic link: name the file itself", path.display()));
        }
    }
    if fs::metadata(&full).map_err(fail)?.len() > file::LIMIT {
        return Err(format!("`{}` is larger than 1 MiB: no definition is", path.display()));
    }
    fs::read_to_string(&full).map_err(fail)
}
