//! What the provider has, as traits.

use crate::model::Provider;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// An impl for each capability; all of them where the definition has mistakes.
pub(super) fn impls(provider: &Provider, name: &Ident, is_faulty: bool) -> TokenStream {
    let declared = [
        ("HasAuthorizationEndpoint", !provider.endpoints.authorization.is_empty()),
        ("HasRefresh", provider.has_refresh()),
        ("HasRevocation", !provider.endpoints.revocation.is_empty()),
        ("HasUserinfo", provider.has_userinfo()),
        ("HasApi", provider.api.is_some()),
        ("HasOpenScopes", provider.scopes.open || provider.scopes.sets.iter().any(|set| set.open)),
    ];
    let impls = declared.into_iter().filter(|(_, has)| *has || is_faulty).map(|(capability, _)| {
        let capability = format_ident!("{capability}");
        quote!(#[automatically_derived] impl ::oauth_runtime::provider::#capability for #name {})
    });
    impls.collect()
}
