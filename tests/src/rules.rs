//! The table of `SECURITY.md`: each rule, and what holds it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `A01`.
    pub id: String,
    /// What holds it.
    pub held: Held,
}

/// What holds a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// Tests by their names, cases by `folder/name`, rows of the catalogue by `C001` or `C001-C009`.
    By(Vec<String>),
    /// Nothing yet: it is about this part, which is not there.
    NotBuilt(String),
}

/// The rows of a text that has the table.
pub fn table(text: &str) -> Vec<Rule> {
    text.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<Rule> {
    let cells: Vec<_> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
    let [id, _, _, held] = cells[..] else { return None };
    let is_id = id.len() == 3 && id.starts_with(|c: char| c.is_ascii_uppercase());
    let held = match held.strip_prefix("not built: ") {
        Some(part) => Held::NotBuilt(part.to_owned()),
        None => Held::By(held.split('`').skip(1).step_by(2).map(str::to_owned).collect()),
    };
    is_id.then(|| Rule { id: id.to_owned(), held })
}

/// Whether a row of the catalogue is one that is named: `C007` by itself, or by `C004-C009`.
pub fn names_row(name: &str, id: &str) -> bool {
    let (first, last) = name.split_once('-').unwrap_or((name, name));
    is_row(first) && is_row(last) && id.get(..1) == first.get(..1) && (first..=last).contains(&id)
}

/// Whether a name is one of a row, or of rows.
pub fn is_row(name: &str) -> bool {
    let one = |name: &str| {
        name.len() == 4
            && name.starts_with(|c: char| c.is_ascii_uppercase())
            && name[1..].bytes().all(|byte| byte.is_ascii_digit())
    };
    name.split_once('-').map_or_else(|| one(name), |(first, last)| one(first) && one(last))
}

/// This repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust source below a folder, with its path.
///
/// # Errors
/// A file cannot be read.
pub fn sources(folder: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && name != "node_modules" && !name.starts_with('.') {
            sources.extend(self::sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)?;
            sources.push((path, text));
        }
    }
    Ok(sources)
}
