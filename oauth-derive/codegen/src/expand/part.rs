//! The pieces that tables are made of.

use crate::model::{Endpoint, Field, Param, Part, Rename};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use std::fmt::Debug;

/// A table as statements: `spec.name = "..";` for each field that differs from the standard setting.
///
/// A struct literal with `..PLAIN` says the same, but rustc copies every field that it leaves out: a folder of 500
/// providers took a fifth longer.
pub(super) struct Assignments {
    table: TokenStream,
    statements: TokenStream,
}

impl Assignments {
    /// Of the local variable of this name. A user's constant of the same name is another.
    pub(super) fn new(table: &str) -> Self {
        let table = Ident::new(table, Span::mixed_site());
        Self { table: table.into_token_stream(), statements: TokenStream::new() }
    }

    /// Sets a field, where there is a value.
    pub(super) fn set(&mut self, field: &str, value: Option<impl ToTokens>) -> &mut Self {
        if let Some(value) = value {
            let (table, field) = (&self.table, format_ident!("{field}"));
            self.statements.extend(quote!(#table.#field = #value;));
        }
        self
    }

    /// Sets an address, where there is one.
    pub(super) fn set_endpoint(&mut self, field: &str, endpoint: &Endpoint) -> &mut Self {
        let text = (!endpoint.is_empty()).then(|| lines(endpoint));
        self.within(field, |field| _ = field.set("text", text))
    }

    /// Sets fields of a table in a field.
    pub(super) fn within(&mut self, field: &str, set: impl FnOnce(&mut Self)) -> &mut Self {
        let (table, name) = (&self.table, format_ident!("{field}"));
        let mut below = Self { table: quote!(#table.#name), statements: TokenStream::new() };
        set(&mut below);
        self.statements.extend(below.statements);
        self
    }

    /// Does it leave everything as it is?
    pub(super) fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// The statements as a block that starts with the constant `PLAIN` of the type, and has the table as its value.
    pub(super) fn block(&self, of: &str) -> TokenStream {
        let Self { table, statements } = self;
        let of = format_ident!("{of}");
        if statements.is_empty() {
            // A variable that nothing is assigned to would be a warning in the user's crate.
            return quote!(::oauth_runtime::spec::#of::PLAIN);
        }
        quote!({ let mut #table = ::oauth_runtime::spec::#of::PLAIN; #statements #table })
    }
}

/// A struct of the runtime's table in a list: the fields that are set, the others as in its constant `PLAIN`.
pub(super) struct Literal {
    name: Ident,
    fields: TokenStream,
}

impl Literal {
    pub(super) fn new(name: &str) -> Self {
        Self { name: format_ident!("{name}"), fields: TokenStream::new() }
    }

    /// Sets a field, where there is a value.
    pub(super) fn set(&mut self, field: &str, value: Option<impl ToTokens>) -> &mut Self {
        if let Some(value) = value {
            let field = format_ident!("{field}");
            self.fields.extend(quote!(#field: #value,));
        }
        self
    }
}

impl ToTokens for Literal {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { name, fields } = self;
        tokens.extend(quote! {
            ::oauth_runtime::spec::#name { #fields ..::oauth_runtime::spec::#name::PLAIN }
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

/// `&[AuthMethod::None, ..]`
pub(super) fn variants(of: &str, values: &[impl Debug]) -> TokenStream {
    let values = values.iter().map(|value| variant(of, value));
    quote!(&[#(#values),*])
}

/// `&["data", "token"]`, where it is not the standard's.
pub(super) fn path(field: &Field) -> Option<TokenStream> {
    field.as_deref().map(texts)
}

/// `&[("client_id", "client_key"), ..]`
pub(super) fn pairs(renamed: &[Rename]) -> TokenStream {
    let pairs = renamed.iter().map(|Rename { standard, theirs }| quote!((#standard, #theirs)));
    quote!(&[#(#pairs),*])
}

/// `Some(..)`, of a length of time in seconds.
pub(super) fn seconds(seconds: u64) -> TokenStream {
    quote!(::core::option::Option::Some(::core::time::Duration::from_secs(#seconds)))
}

/// `true`, where it holds.
pub(super) fn flag(value: bool) -> Option<bool> {
    value.then_some(true)
}

/// `Endpoint { text: ".." }`: a line for each template.
pub(super) fn endpoint(endpoint: &Endpoint) -> TokenStream {
    let text = lines(endpoint);
    quote!(::oauth_runtime::spec::Endpoint { text: #text })
}

fn lines(endpoint: &Endpoint) -> String {
    endpoint.iter().map(|template| text(template)).collect::<Vec<_>>().join("\n")
}

/// `Template { text: ".." }`
pub(super) fn template(template: &[Part]) -> TokenStream {
    let text = text(template);
    quote!(::oauth_runtime::spec::Template { text: #text })
}

/// A template as the runtime reads it: variables by their numbers. No brace stands in a text: it was reported.
fn text(template: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Variable(index) => format!("{{{index}}}"),
        Part::BuiltIn(value) => format!("{{{}}}", value.name()),
    };
    template.iter().map(part).collect()
}

/// `&[Param { .. }, ..]`
pub(super) fn params(params: &[Param]) -> TokenStream {
    let params = params.iter().map(|Param { name, value }| {
        let value = template(value);
        quote!(::oauth_runtime::spec::Param { name: #name, value: #value })
    });
    quote!(&[#(#params),*])
}
