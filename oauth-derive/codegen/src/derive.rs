//! The front of `#[derive(OAuthProvider)]`.

use crate::{
    attr,
    check::{self, Origin},
    expand, extends, locate, name,
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
    let tracked = file.as_ref().and_then(|file| file.tracked.clone());
    let (mut draft, literal) = file.map_or((written, None), |file| (file.draft, Some(file.literal)));
    let path = tracked.clone().unwrap_or_default();
    let read = |path: &Path| locate::below("extends", path).and_then(|()| locate::read(root, path));
    let bases = extends::resolve(&mut draft, Path::new(&path), &read, &report);
    let bases = bases.iter().map(|path| path.to_string_lossy().replace('\\', "/"));
    let checked = check::compile(&draft, &origin, report);
    let expand = || expand::provider(&checked.provider, &subject, checked.is_faulty());
    let expanded = (!subject.is_generic).then(expand);
    let tracking = tracked.into_iter().chain(bases).map(|path| track(&path));
    let tracking: TokenStream = tracking.collect();
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
