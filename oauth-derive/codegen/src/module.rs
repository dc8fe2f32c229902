//! The modules of a folder: one for each file, and one for each folder below.

use std::{collections::BTreeMap, path::Path};

/// A module and those in it, by their names.
#[derive(Debug, Default)]
pub(crate) struct Module {
    code: String,
    /// The name of the struct, if the module is a file's.
    provider: String,
    below: BTreeMap<String, Module>,
}

impl Module {
    /// Adds the code of the file at the path, whose struct has this name.
    pub(crate) fn add(&mut self, path: &Path, provider: String, code: String) -> Result<(), String> {
        let mut module = self;
        for part in path {
            let name = identifier(&part.to_string_lossy())?;
            module = module.below.entry(name).or_default();
        }
        module.code = code;
        module.provider = provider;
        Ok(())
    }

    /// The text of the modules below this one.
    pub(crate) fn write(&self) -> String {
        let module = |(name, module): (&String, &Self)| {
            format!("/// `{name}`\n{LINTS}\npub mod {name} {{\n{}{}}}\n", module.code, module.write())
        };
        self.below.iter().map(module).collect()
    }

    /// A call of the macro `each_provider` with the path of every struct, and a name for each.
    pub(crate) fn list(&self) -> String {
        let mut rows = Vec::new();
        self.list_below(&[], &mut rows);
        format!("each_provider! {{\n{}}}\n", rows.concat())
    }

    fn list_below(&self, way: &[&str], rows: &mut Vec<String>) {
        if !self.provider.is_empty() {
            let name = way.join("_");
            let name = if way.len() > 1 { name.replace("r#", "") } else { name };
            rows.push(format!("    {name}: {}::{},\n", way.join("::"), self.provider));
        }
        for (name, module) in &self.below {
            module.list_below(&[way, &[name]].concat(), rows);
        }
    }
}

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
