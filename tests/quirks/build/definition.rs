//! [`Definition`]: a file, and what the compiler makes of it and of its variants.

use crate::{code::Code, tree::Node};
use std::{
    fs,
    path::{Path, PathBuf},
};

pub(crate) struct Definition {
    /// The name of the file.
    pub(crate) name: String,
    pub(crate) tree: Node,
    folder: PathBuf,
}

impl Definition {
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let definition = Self { name, tree: Node::read(&text)?, folder };
        let found = oauth_codegen::check_with(&definition.name, &text, &|path| definition.beside(path));
        match found.first() {
            Some(problem) => Err(format!("it does not compile without a word: {}", problem.message())),
            None => Ok(definition),
        }
    }

    /// What is left of a definition.
    pub(crate) fn compile(&self, tree: &Node) -> Result<Code, String> {
        let text = tree.write();
        let read = |path: &Path| self.beside(path);
        let found = oauth_codegen::check_with(&self.name, &text, &read);
        if let Some(warning) = found.iter().find(|found| found.is_warning()) {
            return Err(warning.message().to_owned());
        }
        let code = oauth_codegen::expand_with(&self.name, &text, &read).map_err(|found| {
            found.iter().map(|one| one.message().to_owned()).collect::<Vec<_>>().join("; ")
        })?;
        Code::read(&code, self.name.trim_end_matches(".toml"))
    }

    /// The text of a definition that this one takes over.
    fn beside(&self, path: &Path) -> Result<String, String> {
        let path = self.folder.join(path.file_name().unwrap_or_default());
        println!("cargo::rerun-if-changed={}", path.display());
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    }
}
