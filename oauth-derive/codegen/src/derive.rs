//! The front of `#[derive(OAuthProvider)]`.

use crate::{
    attr,
    check::{self, Origin},
    expand, locate, name,
    report::{Diagnostic, Place, Report},
    subject::Subject,
};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use std::path::Path;
use syn::DeriveInput;

/// What the derive writes for a struct; `root` is the folder of the user's `Cargo.toml`.
///
/// Mistakes become `compile_error!`s, and the impls are still there.
pub fn derive(input: TokenStream, root: &Path) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let report = Report::default();
    let subject = Subject::written(&input, &report);
    let written = attr::read(&input.attrs, &input.ident, &report);
    let struct_name = input.ident.to_string();
    let file = written.root.entry("file").map(|entry| locate::file(&written, &entry.node, root, &report));
    let origin = Origin {
        id: file.as_ref().map_or_else(|| name::snake_case(&struct_name), |file| file.stem.clone()),
        name: file.is_none().then_some(struct_name),
        subject: Some(&subject),
    };
    let draft = file.as_ref().map_or(&written, |file| &file.draft);
    let checked = check::compile(draft, &origin, report);
    let expand = || expand::provider(&checked.provider, &subject, checked.is_faulty());
    let expanded = (!subject.is_generic).then(expand);
    let tracking = file.as_ref().and_then(|file| file.tracked.as_deref()).map(track);
    let literal = file.as_ref().map(|file| file.literal);
    let errors = checked.errors().map(|error| compile_error(error, literal));
    quote!(#expanded #tracking #(#errors)*)
}

/// Makes rustc, and with it cargo, look at the file again when it changes.
fn track(path: &str) -> TokenStream {
    let path = format!("/{path}");
    quote! {
        const _: &[u8] = ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #path));
    }
}

/// At the token, or at the name of the file with the place in it.
fn compile_error(error: &Diagnostic, literal: Option<Span>) -> TokenStream {
    let span = match error.place {
        Place::Token(span) => span,
        Place::File { .. } => literal.unwrap_or_else(Span::call_site),
    };
    let message = error.to_string();
    quote_spanned!(span=> ::core::compile_error! { #message })
}
