//! [`Constants`]: the tables, each written once however many definitions have it.

use crate::code::Code;
use std::collections::HashMap;

#[derive(Default)]
pub(crate) struct Constants {
    names: HashMap<String, String>,
    text: String,
}

impl Constants {
    /// The fields of a definition: `spec: .., examples: ..`.
    pub(crate) fn tables(&mut self, code: &Code) -> String {
        let spec = self.name("SPEC", "&::oauth_runtime::spec::Spec", &code.spec);
        let examples = self.name("EXAMPLES", "&[::oauth_runtime::spec::Example]", &code.examples);
        format!("spec: {spec}, examples: {examples}")
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn name(&mut self, prefix: &str, of: &str, value: &str) -> String {
        let next = self.names.len();
        let entry = self.names.entry(value.to_owned());
        let text = &mut self.text;
        let name = entry.or_insert_with(|| {
            let name = format!("{prefix}_{next}");
            text.extend(["const ", &name, ": ", of, " = ", value, ";\n"]);
            name
        });
        name.clone()
    }
}
