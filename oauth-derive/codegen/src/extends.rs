//! `extends`: a definition that takes over another one, and changes some of it.

use crate::{
    draft::{Draft, Entry, Node, Table, Value},
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
    let own = names(&root);
    draft.root = chain.inherit(root);
    drop_idle(&mut draft.root, &own);
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
                over(base, own)
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

/// Keys that say the same in two ways: an address as a whole, or as a path below `base_uri`.
const FORMS: [(&str, &str); 4] = [
    ("authorization_endpoint", "authorization_path"),
    ("token_endpoint", "access_token_path"),
    ("revocation_endpoint", "revocation_path"),
    ("userinfo_endpoint", "userinfo_path"),
];

/// The top of a definition over that of another one: what is said here in one way is not taken over in another.
fn over(mut base: Table, own: Table) -> Table {
    let has = |name: &str| own.entry(name).is_some();
    let has_refresh =
        own.get("refresh").and_then(Node::table).is_some_and(|of| of.entry("endpoint").is_some());
    let is_said = |name: &str| {
        let other = FORMS.iter().find_map(|(whole, path)| match name {
            name if name == *whole => Some(*path),
            name if name == *path => Some(*whole),
            _ => None,
        });
        // A pasted metadata document has other names for the same.
        let pasted =
            name.strip_suffix("_supported").map(str::to_owned).unwrap_or(format!("{name}_supported"));
        other.is_some_and(has) || has(&pasted) || (name == "refresh_path" && has_refresh)
    };
    let has_separator =
        own.get("scopes").and_then(Node::table).is_some_and(|scopes| scopes.entry("separator").is_some());
    base.entries.retain(|entry| {
        let name = &entry.key.value;
        !(is_said(name) || name == "scope_separator" && has_separator)
    });
    if let Some(Value::Table(scopes)) = value_mut(&mut base, "scopes").filter(|_| has("scope_separator")) {
        scopes.entries.retain(|entry| entry.key.value != "separator");
    }
    if let Some(Value::Table(refresh)) = value_mut(&mut base, "refresh").filter(|_| has("refresh_path")) {
        refresh.entries.retain(|entry| entry.key.value != "endpoint");
    }
    merge(base, own)
}

fn value_mut<'t>(table: &'t mut Table, name: &str) -> Option<&'t mut Value> {
    table.entries.iter_mut().find(|entry| entry.key.value == name).map(|entry| &mut entry.node.value)
}

/// What a definition says itself, of what another one may say for nothing: its variables, and `base_uri`.
fn names(root: &Table) -> Vec<String> {
    let variables = root.entries("variables").iter().map(|entry| entry.key.value.clone());
    variables.chain(root.entry("base_uri").map(|entry| entry.key.value.clone())).collect()
}

/// Drops what was taken over and is of no use any more, because what used it is another here.
fn drop_idle(root: &mut Table, own: &[String]) {
    let paths = FORMS.iter().map(|(_, path)| *path).chain(["refresh_path"]);
    let has = |name: &str| root.entry(name).is_some();
    let is_whole = has("authorization_endpoint") && has("token_endpoint") && !paths.into_iter().any(has);
    let is_own = |name: &str| own.iter().any(|own| own == name);
    if is_whole && !is_own("base_uri") {
        root.entries.retain(|entry| entry.key.value != "base_uri");
    }
    let mentions = |name: &str| {
        let placeholder = format!("{{{name}}}");
        let mut others = root.entries.iter().filter(|entry| entry.key.value != "variables");
        others.any(|entry| holds(&entry.node.value, &placeholder))
    };
    let idle: Vec<_> = root.entries("variables").iter().map(|entry| entry.key.value.clone()).collect();
    let idle: Vec<_> = idle.into_iter().filter(|name| !is_own(name) && !mentions(name)).collect();
    if let Some(Value::Table(variables)) = value_mut(root, "variables") {
        variables.entries.retain(|entry| !idle.contains(&entry.key.value));
    }
}

/// Whether a text stands somewhere in a value.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::Text(held) => held.contains(text),
        Value::List(nodes) => nodes.iter().any(|node| holds(&node.value, text)),
        Value::Table(table) => table.entries.iter().any(|entry| holds(&entry.node.value, text)),
        _ => false,
    }
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
    fn what_is_said_in_one_way_is_not_taken_over_in_another() {
        let base = "base_uri = \"https://a.example\"\nauthorization_path = \"/a\"\nuserinfo_endpoint = \"https://a.example/me\"\n\
            code_challenge_methods_supported = [\"S256\"]\nrefresh_path = \"/r\"\n[refresh]\nsupport = \"rotating\"\n";
        let own = "extends = \"base\"\nauthorization_endpoint = \"https://b.example/a\"\nuserinfo_path = \"/me\"\n\
            code_challenge_methods = []\n[refresh]\nendpoint = \"https://b.example/r\"\n";
        let (values, found, _) = resolved(&[("p/x.toml", own), ("p/base.toml", base)]);
        assert!(found.is_empty(), "{found:?}");
        let keys: Vec<_> = values.keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            [
                "authorization_endpoint",
                "base_uri",
                "code_challenge_methods",
                "refresh.endpoint",
                "refresh.support",
                "userinfo_path"
            ]
        );
        let own = "extends = \"base\"\nrefresh_path = \"/r\"\n";
        let base = "[refresh]\nendpoint = \"https://b.example/r\"\nsupport = \"rotating\"\n";
        let (values, ..) = resolved(&[("p/x.toml", own), ("p/base.toml", base)]);
        assert!(values.contains_key("refresh_path") && !values.contains_key("refresh.endpoint"));
    }

    #[test]
    fn what_is_taken_over_and_of_no_use_any_more_is_dropped() {
        let base = "base_uri = \"https://{region}.a.example\"\n[variables]\nregion = { enum = [\"eu\"] }\n\
            shop = { format = \"host_label\" }\n[token]\nheaders = { Shop = \"{shop}\" }\n";
        let own = "extends = \"base\"\nauthorization_endpoint = \"https://b.example/a\"\n\
            token_endpoint = \"https://b.example/t\"\n";
        let (values, found, _) = resolved(&[("p/x.toml", own), ("p/base.toml", base)]);
        assert!(found.is_empty(), "{found:?}");
        let keys: Vec<_> = values.keys().map(String::as_str).collect();
        let kept =
            ["authorization_endpoint", "token.headers.Shop", "token_endpoint", "variables.shop.format"];
        assert_eq!(keys, kept, "and what the definition says itself is judged as always");
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
