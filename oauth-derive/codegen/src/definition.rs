//! One file of definitions, from its text to its module.

use crate::{
    check::{self, Origin},
    expand::{self, page},
    extends::{self, Read},
    file,
    model::Provider,
    name,
    report::{Diagnostic, Place, Report},
    source::Source,
    subject::Subject,
};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use std::{path::Path, sync::Arc};

/// What a file became. `found` says whether it is good for anything.
pub(crate) struct Definition {
    pub(crate) found: Vec<Diagnostic>,
    pub(crate) provider: Provider,
    /// Where the definition says its `id`, or the start of the file.
    pub(crate) place: Place,
    /// The name of its struct.
    pub(crate) name: String,
    /// The content of its module.
    pub(crate) code: String,
}

/// Checks the text of a definition by every rule, and returns everything that is wrong or doubtful, in its order.
///
/// The path is what messages show; its stem is the provider's `id` where the text names none. Nothing is read from disk,
/// so a definition that `extends` another one is told so.
///
/// ```
/// let found = oauth_codegen::check("providers/x.toml", "name = \"X\"\ntoken_endpoint = \"http://x.example/token\"\n\
///     token_endpoint_auth_methods = [\"none\"]");
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].message(), "an address must use https; http is only for 127.0.0.1, [::1] and localhost");
/// ```
pub fn check(path: &str, text: &str) -> Vec<Diagnostic> {
    compile(path, text, &from_nowhere).found
}

/// The same for a definition that may `extends` another one: `read` gives the text of a file by its path, or says why not.
///
/// ```
/// let base = "name = \"Y\"\ntoken_endpoint = \"https://y.example/token\"\ntoken_endpoint_auth_methods = [\"none\"]";
/// let read = |_: &std::path::Path| Ok(base.to_owned());
/// let found = oauth_codegen::check_with("providers/x.toml", "extends = \"y\"\nname = \"X\"", &read);
/// assert!(found.is_empty());
/// ```
pub fn check_with(path: &str, text: &str, read: &dyn Fn(&Path) -> Result<String, String>) -> Vec<Diagnostic> {
    compile(path, text, read).found
}

/// The Rust that [`build`](crate::build) writes for the text of a definition: a struct and its impls.
///
/// # Errors
/// What [`check`] finds, if there is more than warnings.
pub fn expand(path: &str, text: &str) -> Result<String, Vec<Diagnostic>> {
    expand_with(path, text, &from_nowhere)
}

/// The same for a definition that may `extends` another one: `read` gives the text of a file by its path, or says why not.
///
/// # Errors
/// What [`check_with`] finds, if there is more than warnings.
pub fn expand_with(
    path: &str,
    text: &str,
    read: &dyn Fn(&Path) -> Result<String, String>,
) -> Result<String, Vec<Diagnostic>> {
    let definition = compile(path, text, read);
    if definition.found.iter().all(Diagnostic::is_warning) {
        Ok(definition.code)
    } else {
        Err(definition.found)
    }
}

fn from_nowhere(_: &Path) -> Result<String, String> {
    Err("`extends` takes over another file, and no file is read here".to_owned())
}

/// Compiles a text; of a faulty one, the names that the rest of a crate may use.
pub(crate) fn compile(path: &str, text: &str, read: Read<'_>) -> Definition {
    let source = Arc::new(Source::new(path, text));
    let syntax = Report::default();
    let mut draft = file::read(&source, &syntax);
    extends::resolve(&mut draft, Path::new(path), read, &syntax);
    let place = draft.root.get("id").map_or(&draft.place, |node| &node.place).clone();
    let stem =
        Path::new(path).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let origin = Origin { id: stem.clone(), name: None, subject: None };
    let checked = check::compile(&draft, &origin, syntax);
    let name = name::provider(&stem, &checked.provider.name);
    let code = code(&checked.provider, &name, checked.is_faulty());
    Definition { found: checked.found, provider: checked.provider, place, name, code }
}

/// The struct and its impls.
fn code(provider: &Provider, name: &str, is_faulty: bool) -> String {
    let Ok(name) = syn::parse_str::<Ident>(name) else { return String::new() };
    let subject = Subject::generated(Ident::new(&name.to_string(), Span::call_site()));
    let page = if is_faulty { TokenStream::new() } else { page::attribute(provider) };
    let item = item(provider, &subject.name);
    let impls = expand::provider(provider, &subject, is_faulty);
    lines(quote!(#page #item #impls))
}

fn item(provider: &Provider, name: &Ident) -> TokenStream {
    // Each derive costs a user's build as much as four scopes, so a struct without fields, which is made by its name
    // alone, has only two.
    let mut fields = provider.variables.iter().filter(|variable| !variable.is_learned()).peekable();
    let has_fields = fields.peek().is_some();
    let is_default = has_fields && fields.all(|variable| !variable.required);
    let is_default = is_default.then(|| quote!(, Default));
    let fields = expand::variable::fields(&provider.variables, name);
    let body = if has_fields { quote!({ #fields }) } else { quote!(;) };
    quote!(#[derive(Clone, Debug #is_default)] pub struct #name #body)
}

/// The text of items, one a line.
fn lines(items: TokenStream) -> String {
    let mut text = String::new();
    let mut item = TokenStream::new();
    for token in items {
        let ends = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        item.extend([token]);
        if ends {
            text.push_str(&std::mem::take(&mut item).to_string());
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_is_left_of_a_faulty_definition_is_rust() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid");
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("the folder can be read").path();
            let text = fs::read_to_string(&path).expect("the file can be read");
            let code = compile("providers/x.toml", &text, &from_nowhere).code;
            assert!(syn::parse_file(&code).is_ok(), "{}\n{code}", path.display());
        }
    }
}
