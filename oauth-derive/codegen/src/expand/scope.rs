//! The catalogue of scopes, as constants.

use super::page::plain;
use crate::model::Scope;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// A constant for each scope. What has no name, or the name of another, is left out: it was reported.
pub(super) fn constants(catalog: &[Scope]) -> impl Iterator<Item = TokenStream> {
    let usable = catalog.iter().enumerate().filter(|(at, scope)| {
        syn::parse_str::<syn::Ident>(&scope.constant).is_ok()
            && catalog[..*at].iter().all(|other| other.constant != scope.constant)
    });
    usable.map(|(_, scope)| {
        let (name, value) = (format_ident!("{}", scope.constant), &scope.value);
        let doc = describe(scope);
        quote! {
            #[doc = #doc]
            pub const #name: ::oauth_runtime::Scope<Self> = ::oauth_runtime::Scope::known(#value);
        }
    })
}

/// ``The scope `read:user`: read the profile.``
fn describe(scope: &Scope) -> String {
    let text = plain(&scope.description);
    if text.is_empty() {
        format!(" The scope `{}`.", scope.value)
    } else {
        format!(" `{}`: {text}.", scope.value)
    }
}
