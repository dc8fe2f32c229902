//! Writes a [`Provider`] as Rust: a constant table and a few one-line methods. It cannot fail.

mod answer;
mod callback;
mod capability;
mod client;
mod exchange;
mod hook;
mod note;
mod option;
pub(crate) mod page;
mod part;
mod request;
mod response;
mod scope;
mod spec;
mod userinfo;
pub(crate) mod variable;

use crate::{model::Provider, subject::Subject};
use proc_macro2::TokenStream;
use quote::quote;

/// Everything that makes the subject a provider.
///
/// Of a definition with mistakes come the names that the rest of a crate may use, without the table: so one mistake is
/// one message.
pub(crate) fn provider(provider: &Provider, subject: &Subject, is_faulty: bool) -> TokenStream {
    let name = &subject.name;
    let table = if is_faulty { quote!(::oauth_runtime::spec::Spec::PLAIN) } else { spec::spec(provider) };
    let examples = (!is_faulty).then(|| spec::examples(&provider.examples));
    let method = (!is_faulty).then(|| variable::method(&provider.variables, subject));
    let capabilities = capability::impls(provider, name, is_faulty);
    let own = scope::constants(&provider.scopes).chain(variable::parsers(&provider.variables, subject));
    let own = own.chain(response::constants(provider));
    let own: TokenStream = own.chain([option::items(provider)]).collect();
    let own = (!own.is_empty()).then(|| quote!(#[allow(dead_code)] impl #name { #own }));
    let types = variable::types(&provider.variables, subject);
    quote! {
        #[automatically_derived]
        impl ::oauth_runtime::OAuthProvider for #name {
            const SPEC: &'static ::oauth_runtime::spec::Spec = &#table;
            #examples
            #method
        }
        #capabilities
        #own
        #types
    }
}
