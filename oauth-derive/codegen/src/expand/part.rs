//! The pieces that tables are made of.

use crate::model::{Endpoint, Param, Part, Template};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use std::fmt::Debug;

/// A struct of the runtime's table: only the fields that are set, the others as in its constant `PLAIN`.
pub(super) struct Literal {
    name: Ident,
    rest: Ident,
    fields: TokenStream,
}

impl Literal {
    pub(super) fn new(name: &str) -> Self {
        Self::based(name, "PLAIN")
    }

    pub(super) fn based(name: &str, rest: &str) -> Self {
        Self { name: format_ident!("{name}"), rest: format_ident!("{rest}"), fields: TokenStream::new() }
    }

    /// Sets a field, where there is a value.
    pub(super) fn set(&mut self, field: &str, value: Option<impl ToTokens>) -> &mut Self {
        if let Some(value) = value {
            let field = format_ident!("{field}");
            self.fields.extend(quote!(#field: #value,));
        }
        self
    }

    /// The literal, if it says anything.
    pub(super) fn some(&self) -> Option<&Self> {
        (!self.fields.is_empty()).then_some(self)
    }
}

impl ToTokens for Literal {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { name, rest, fields } = self;
        tokens.extend(quote! {
            ::oauth_runtime::spec::#name { #fields ..::oauth_runtime::spec::#name::#rest }
        });
    }
}

/// `Some("..")`, where there is a text.
pub(super) fn optional(text: Option<&String>) -> Option<TokenStream> {
    text.map(|text| quote!(::core::option::Option::Some(#text)))
}

/// `&["..", ".."]`
pub(super) fn texts(texts: &[String]) -> TokenStream {
    quote!(&[#(#texts),*])
}

/// The value, where it is not empty.
pub(super) fn unless_empty<T>(values: &[T], write: impl FnOnce(&[T]) -> TokenStream) -> Option<TokenStream> {
    (!values.is_empty()).then(|| write(values))
}

/// A variant, by its name in the model, where it is not the default one.
pub(super) fn unless_default<T: Debug + Default + PartialEq>(of: &str, value: &T) -> Option<TokenStream> {
    (*value != T::default()).then(|| variant(of, value))
}

/// A variant, by its name in the model.
pub(super) fn variant(of: &str, value: &impl Debug) -> TokenStream {
    let (of, value) = (format_ident!("{of}"), format_ident!("{value:?}"));
    quote!(::oauth_runtime::spec::#of::#value)
}

/// `true`, where it holds.
pub(super) fn flag(value: bool) -> Option<bool> {
    value.then_some(true)
}

/// `&[&[..], ..]`
pub(super) fn endpoint(endpoint: &Endpoint) -> Option<TokenStream> {
    unless_empty(endpoint, |templates| {
        let templates = templates.iter().map(template);
        quote!(&[#(#templates),*])
    })
}

/// `&[Part::Text(".."), ..]`
pub(super) fn template(template: &Template) -> TokenStream {
    let parts = template.iter().map(|part| match part {
        Part::Text(text) => quote!(::oauth_runtime::spec::Part::Text(#text)),
        Part::Variable(index) => quote!(::oauth_runtime::spec::Part::Variable(#index)),
        Part::BuiltIn(value) => {
            let value = variant("BuiltIn", value);
            quote!(::oauth_runtime::spec::Part::BuiltIn(#value))
        }
    });
    quote!(&[#(#parts),*])
}

/// `&[Param { .. }, ..]`
pub(super) fn params(params: &[Param]) -> TokenStream {
    let params = params.iter().map(|Param { name, value }| {
        let value = template(value);
        quote!(::oauth_runtime::spec::Param { name: #name, value: #value })
    });
    quote!(&[#(#params),*])
}
