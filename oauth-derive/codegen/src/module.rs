//! The modules of a folder: one for each file, and one for each folder below.

use crate::{definition::Definition, expand::page::plain};
use std::{collections::BTreeMap, path::Path};

/// A module and those in it, by their names.
#[derive(Debug, Default)]
pub(crate) struct Module {
    code: String,
    /// The name of the struct, if the module is a file's.
    provider: String,
    id: String,
    /// The name that people know.
    title: String,
    below: BTreeMap<String, Module>,
}

impl Module {
    /// Adds the code of the file at the path, whose struct has this name.
    pub(crate) fn add(&mut self, path: &Path, definition: Definition) -> Result<(), String> {
        let mut module = self;
        for part in path {
            let name = identifier(&part.to_string_lossy())?;
            module = module.below.entry(name).or_default();
        }
        module.code = definition.code;
        module.provider = definition.name;
        module.id = definition.provider.id;
        module.title = plain(&definition.provider.name);
        Ok(())
    }

    /// The text of the modules below this one.
    pub(crate) fn write(&self) -> String {
        let module = |(name, module): (&String, &Self)| {
            let title = if module.title.is_empty() { format!("`{name}`") } else { module.title.clone() };
            format!("/// {title}\n{LINTS}\npub mod {name} {{\n{}{}}}\n", module.code, module.write())
        };
        self.below.iter().map(module).collect()
    }

    /// The functions that find a provider at run time, each of them in a place of its own for the linker to drop.
    pub(crate) fn entries(&self) -> String {
        let mut entries: Vec<_> =
            self.structs().into_iter().map(|(_, path, module)| (&module.id, path)).collect();
        entries.sort();
        let entries: Vec<_> = entries
            .into_iter()
            .map(|(_, path)| format!("        ::oauth_runtime::Entry::of::<{path}>(),\n"))
            .collect();
        format!("{ALL}{}{NAMED}", entries.concat()).replace("#LINTS", LINTS)
    }

    /// A call of the macro `each_provider` with the path of every struct, and a name for each.
    pub(crate) fn list(&self) -> String {
        let rows: Vec<_> =
            self.structs().into_iter().map(|(name, path, _)| format!("    {name}: {path},\n")).collect();
        format!("each_provider! {{\n{}}}\n", rows.concat())
    }

    /// Every struct: a name for it, its path, its module.
    fn structs(&self) -> Vec<(String, String, &Self)> {
        let mut found = Vec::new();
        self.structs_below(&[], &mut found);
        found
    }

    fn structs_below<'a>(&'a self, way: &[&str], found: &mut Vec<(String, String, &'a Self)>) {
        if !self.provider.is_empty() {
            let name = way.join("_");
            let name = if way.len() > 1 { name.replace("r#", "") } else { name };
            found.push((name, format!("{}::{}", way.join("::"), self.provider), self));
        }
        for (name, module) in &self.below {
            module.structs_below(&[way, &[name]].concat(), found);
        }
    }
}

// Inlined, so that the tables are made where they are used, and a library of providers pays nothing for its list.
const ALL: &str =
    "/// Every provider here as data, in the order of their ids: for programs that choose at run time.
///
/// A program that never calls it has only those providers in it that it names.
#LINTS
#[inline]
#[must_use]
pub fn all() -> &'static [::oauth_runtime::Entry] {
    const { &[
";

const NAMED: &str = "    ] }
}
/// The provider with this id, such as `github`, or with this name, whatever its letter case.
#LINTS
#[inline]
#[must_use]
pub fn named(text: &str) -> ::core::option::Option<::oauth_runtime::Entry> {
    ::oauth_runtime::Entry::named(all(), text)
}
";

/// Nobody uses every provider of a folder, and nobody reads what is written here.
const LINTS: &str = "#[allow(dead_code, unreachable_pub, clippy::all, clippy::pedantic)]";

/// A module has the name of its file.
fn identifier(name: &str) -> Result<String, String> {
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let message = || {
        format!(
            "`{name}` becomes a module: start with a letter, use lower case letters, digits and `_`; `id` can be anything"
        )
    };
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(lower) {
        return Err(message());
    }
    let raw = format!("r#{name}");
    if syn::parse_str::<syn::Ident>(name).is_ok() {
        Ok(name.to_owned())
    } else {
        syn::parse_str::<syn::Ident>(&raw).map(|_| raw).map_err(|_| message())
    }
}

#[cfg(test)]
mod tests {
    use super::identifier;

    #[test]
    fn a_file_has_the_name_of_a_module() {
        assert_eq!(identifier("stack_exchange"), Ok("stack_exchange".to_owned()));
        assert_eq!(identifier("box"), Ok("r#box".to_owned()));
        for bad in ["500px", "GitHub", "a-b", "self", "crate", "_x", "é"] {
            assert!(identifier(bad).is_err(), "{bad}");
        }
    }
}
