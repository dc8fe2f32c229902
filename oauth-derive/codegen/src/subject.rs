//! [`Subject`]: the struct that a provider is.

use crate::report::{Place, Report};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Data, DeriveInput, Fields};

/// The struct that the impls are for.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) name: Ident,
    pub(crate) visibility: TokenStream,
    pub(crate) fields: Vec<Field>,
    /// It has parameters, which no provider has: there can be no impls for it.
    pub(crate) is_generic: bool,
}

/// A field, and where its type stands.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: Ident,
    pub(crate) first: Span,
    pub(crate) last: Span,
}

impl Subject {
    /// A public struct that no user wrote.
    pub(crate) fn generated(name: Ident) -> Self {
        Self { name, visibility: quote!(pub), fields: Vec::new(), is_generic: false }
    }

    /// The user's struct.
    pub(crate) fn written(input: &DeriveInput, report: &Report) -> Self {
        let error = |span: Span, message: &str| report.error(&Place::Token(span), message);
        if let Some(generic) = input.generics.params.first() {
            let span =
                generic.to_token_stream().into_iter().next().map_or(input.ident.span(), |token| token.span());
            error(span, "a provider has no generic parameters: one flow serves one provider");
        }
        let fields = match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => fields.named.iter().filter_map(Field::read).collect(),
                Fields::Unit => Vec::new(),
                Fields::Unnamed(_) => {
                    error(
                        input.ident.span(),
                        "a field is a variable of the definition and has its name: name the fields",
                    );
                    Vec::new()
                }
            },
            Data::Enum(_) | Data::Union(_) => {
                error(
                    input.ident.span(),
                    "a provider is a struct: its fields are the variables of the definition",
                );
                Vec::new()
            }
        };
        Self {
            name: input.ident.clone(),
            visibility: input.vis.to_token_stream(),
            fields,
            is_generic: !input.generics.params.is_empty(),
        }
    }

    /// Where the type of the field stands, from its first token to its last.
    pub(crate) fn spans(&self, field: &str) -> (Span, Span) {
        let field = self.fields.iter().find(|known| known.name == field);
        field.map_or_else(|| (Span::call_site(), Span::call_site()), |field| (field.first, field.last))
    }
}

impl Field {
    fn read(field: &syn::Field) -> Option<Self> {
        let tokens: Vec<_> = field.ty.to_token_stream().into_iter().collect();
        let here = |token: Option<&TokenTree>| {
            token.map_or_else(Span::call_site, TokenTree::span).resolved_at(Span::call_site())
        };
        Some(Self { name: field.ident.clone()?, first: here(tokens.first()), last: here(tokens.last()) })
    }
}
