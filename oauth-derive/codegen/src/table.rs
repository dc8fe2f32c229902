//! [`Table`]: a folder's providers in a table of Markdown.

use crate::{definition::Definition, expand::page::plain, model::Provider};
use std::path::Path;

/// The rows, each with the name that it is sorted by.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<(String, String)>);

impl Table {
    /// Adds the provider whose module has this path.
    pub(crate) fn add(&mut self, definition: &Definition, modules: &Path) {
        let provider = &definition.provider;
        let way: Vec<_> = modules.iter().map(|part| part.to_string_lossy()).collect();
        let path = format!("{}::{}", way.join("::"), definition.name);
        let name = plain(&provider.name).replace('|', "\\|");
        let linked = provider.service_documentation.as_ref().map(|url| format!("[{name}](<{url}>)"));
        let linked = linked.as_ref().unwrap_or(&name);
        let (has, verified) = (has(provider), provider.verified.as_deref().unwrap_or_default());
        let row = format!("| {linked} | [`{path}`] | {has} | {} | {verified} |\n", variables(provider));
        self.0.push((provider.name.to_lowercase(), row));
    }

    /// The table, in the order of the names.
    pub(crate) fn text(mut self) -> String {
        self.0.sort();
        let rows: Vec<_> = self.0.into_iter().map(|(_, row)| row).collect();
        format!("{HEAD}{}", rows.concat())
    }
}

const HEAD: &str = "| Provider | Type | Has | Needs | Checked |\n|---|---|---|---|---|\n";

/// What there is besides signing in.
fn has(provider: &Provider) -> String {
    let capabilities = [
        ("refresh", provider.has_refresh()),
        ("revocation", !provider.endpoints.revocation.is_empty()),
        ("userinfo", provider.has_userinfo()),
        ("API", provider.api.is_some()),
    ];
    let has: Vec<_> = capabilities.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect();
    has.join(", ")
}

/// What an application has to say.
fn variables(provider: &Provider) -> String {
    let needed = provider.variables.iter().filter(|variable| variable.required && !variable.is_learned());
    let names: Vec<_> = needed.map(|variable| format!("`{}`", variable.name)).collect();
    names.join(", ")
}
