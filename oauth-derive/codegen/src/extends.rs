//! `extends`: a definition that takes over another one, and changes some of it.

use crate::{
    draft::{Draft, Entry, Table, Value},
    file,
    report::{Place, Report},
    source::Source,
};
use std::{
    mem,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A chain of more files is not understood by anybody.
const DEPTH: usize = 4;

/// What a definition says of itself alone.
const OWN: &[&str] = &["example", "extends", "id", "name", "sources", "verified"];

/// Gives the text of a file by its path below the package, or says why not.
pub(crate) type Read<'a> = &'a dyn Fn(&Path) -> Result<String, String>;

/// Puts what a draft takes over under what it says itself, and returns the paths of the files that were read for it.
///
/// A table is taken over key by key, anything else as a whole; each keeps its place, so that a mistake is shown in the
/// file that has it. `path` is the draft's own; the empty one is that of attributes.
pub(crate) fn resolve(draft: &mut Draft, path: &Path, read: Read<'_>, report: &Report) -> Vec<PathBuf> {
    let mut chain = Chain { read, report, files: vec![path.to_owned()] };
    let root = mem::take(&mut draft.root);
    draft.root = chain.inherit(root);
    chain.files.split_off(1)
}

struct Chain<'a> {
    read: Read<'a>,
    report: &'a Report,
    /// The draft's own file, and each that it rests on.
    files: Vec<PathBuf>,
}

impl Chain<'_> {
    fn inherit(&mut self, mut own: Table) -> Table {
        let Some(at) = own.entries.iter().position(|entry| entry.key.value == "extends") else { return own };
        let extends = own.entries.remove(at);
        match self.base(&extends) {
            Ok(base) => {
                let mut base = self.inherit(base);
                base.entries.retain(|entry| !OWN.contains(&entry.key.value.as_str()));
                merge(base, own)
            }
            Err(message) => {
                self.report.error(&extends.node.place, message);
                own
            }
        }
    }

    fn base(&mut self, extends: &Entry) -> Result<Table, String> {
        let name = extends.node.text().ok_or("`extends` must be a text: the name of another definition")?;
        let path = match &extends.node.place {
            Place::Token(_) => PathBuf::from(name),
            Place::File { .. } => beside(self.files.last().map_or(Path::new(""), PathBuf::as_path), name)?,
        };
        if self.files.contains(&path) {
            return Err(format!("`{name}` takes over this definition itself, by `extends`"));
        }
        if self.files.len() > DEPTH {
            return Err(format!("more than {DEPTH} definitions take each other over: write it down here"));
        }
        let text = (self.read)(&path)?;
        let source = Arc::new(Source::new(path.to_string_lossy().replace('\\', "/"), &text));
        self.files.push(path);
        Ok(file::read(&source, self.report).root)
    }
}

/// The file of this name in the same folder.
fn beside(path: &Path, name: &str) -> Result<PathBuf, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || !name.chars().all(fits) {
        return Err(
            "`extends` is the name of a file beside this one, without its ending: `\"github\"`".to_owned()
        );
    }
    Ok(path.with_file_name(format!("{name}.toml")))
}

fn merge(mut base: Table, own: Table) -> Table {
    for entry in own.entries {
        match base.entries.iter_mut().find(|known| known.key.value == entry.key.value) {
            Some(known) => override_with(known, entry),
            None => base.entries.push(entry),
        }
    }
    base
}

fn override_with(known: &mut Entry, entry: Entry) {
    let Entry { key, mut node } = entry;
    node.value = match (mem::replace(&mut known.node.value, Value::Bool(false)), node.value) {
        (Value::Table(base), Value::Table(own)) => Value::Table(merge(base, own)),
        (_, own) => own,
    };
    *known = Entry { key, node };
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const BASE: &str = "name = \"Base\"\nid = \"b\"\nverified = 2026-11-21\n\
        token_endpoint = \"https://a.example/token\"\nsources = [\"https://a.example\"]\n\
        [token]\nencoding = \"json\"\nheaders = { A = \"1\", B = \"2\" }\n[scopes]\ndefault = [\"x\", \"y\"]\n";

    /// The keys of the draft `x.toml` with their values, its errors, and the files that it rests on.
    fn resolved(files: &[(&str, &str)]) -> (BTreeMap<String, String>, Vec<String>, Vec<PathBuf>) {
        let find = |path: &Path| {
            let text = files.iter().find(|(name, _)| Path::new(name) == path);
            text.map(|(_, text)| (*text).to_owned())
                .ok_or_else(|| format!("cannot read `{}`", path.display()))
        };
        let report = Report::default();
        let text = find(Path::new("p/x.toml")).expect("the first file");
        let mut draft = file::read(&Arc::new(Source::new("p/x.toml", &text)), &report);
        let read = resolve(&mut draft, Path::new("p/x.toml"), &find, &report);
        let mut values = BTreeMap::new();
        flatten("", &draft.root, &mut values);
        (values, report.finish().iter().map(ToString::to_string).collect(), read)
    }

    fn flatten(prefix: &str, table: &Table, values: &mut BTreeMap<String, String>) {
        for Entry { key, node } in &table.entries {
            let path = format!("{prefix}{}", key.value);
            match &node.value {
                Value::Table(below) => flatten(&format!("{path}."), below, values),
                Value::List(nodes) => {
                    let texts: Vec<_> = nodes.iter().filter_map(crate::draft::Node::text).collect();
                    values.insert(path, texts.join(" "));
                }
                _ => {
                    values.insert(path, node.text().unwrap_or_default().to_owned());
                }
            }
        }
    }

    #[test]
    fn a_table_is_taken_over_key_by_key_and_a_list_as_a_whole() {
        let own = "extends = \"base\"\nname = \"X\"\n[token]\nheaders = { B = \"3\" }\n[scopes]\ndefault = [\"z\"]\n";
        let (values, found, read) = resolved(&[("p/x.toml", own), ("p/base.toml", BASE)]);
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(read, [Path::new("p/base.toml")]);
        let expected = [
            ("name", "X"),
            ("scopes.default", "z"),
            ("token.encoding", "json"),
            ("token.headers.A", "1"),
            ("token.headers.B", "3"),
            ("token_endpoint", "https://a.example/token"),
        ];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(values, BTreeMap::from(expected), "and nothing of what the base says of itself alone");
    }

    #[test]
    fn a_chain_of_definitions_is_followed() {
        let (values, found, read) = resolved(&[
            ("p/x.toml", "extends = \"y\"\nname = \"X\"\n"),
            ("p/y.toml", "extends = \"base\"\nname = \"Y\"\n[token]\nencoding = \"form\"\n"),
            ("p/base.toml", BASE),
        ]);
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(read.len(), 2);
        assert_eq!((&*values["name"], &*values["token.encoding"]), ("X", "form"));
    }

    #[test]
    fn a_chain_that_comes_back_is_an_error_where_it_does() {
        let (_, found, _) =
            resolved(&[("p/x.toml", "extends = \"y\"\n"), ("p/y.toml", "\nextends = \"x\"\n")]);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("`x` takes over this definition itself, by `extends`\n --> p/y.toml:2:11"),
            "{found:?}"
        );
    }

    #[test]
    fn a_chain_that_is_too_long_is_an_error() {
        let names = ["x", "a", "b", "c", "d", "e"];
        let texts: Vec<_> = names.iter().skip(1).map(|next| format!("extends = \"{next}\"\n")).collect();
        let paths: Vec<_> = names.iter().map(|name| format!("p/{name}.toml")).collect();
        let files: Vec<_> = paths.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        let (_, found, _) = resolved(&files);
        assert!(found.len() == 1 && found[0].contains("more than 4 definitions"), "{found:?}");
    }

    #[test]
    fn a_base_that_is_not_there_or_elsewhere_is_an_error_at_its_name() {
        for (name, message) in
            [("y", "cannot read `p/y.toml`"), ("../y", "beside this one"), ("", "beside this one")]
        {
            let (_, found, _) = resolved(&[("p/x.toml", &format!("extends = \"{name}\"\n"))]);
            assert!(
                found.len() == 1 && found[0].contains(message) && found[0].contains("p/x.toml:1:11"),
                "{found:?}"
            );
        }
    }

    #[test]
    fn a_mistake_in_the_base_is_shown_there() {
        let (_, found, _) =
            resolved(&[("p/x.toml", "extends = \"y\"\n"), ("p/y.toml", "name = \"Y\"\nz =\n")]);
        assert!(found.len() == 1 && found[0].contains("p/y.toml:2:"), "{found:?}");
    }
}
