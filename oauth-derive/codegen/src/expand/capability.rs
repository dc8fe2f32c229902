//! What the provider has, as traits.

use crate::model::{ClaimsSource, Provider, RefreshSupport};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

fn says_who_the_user_is(provider: &Provider) -> bool {
    provider.userinfo.source != ClaimsSource::Endpoint || !provider.endpoints.userinfo.is_empty()
}

/// An impl for each capability; all of them where the definition has mistakes.
pub(super) fn impls(provider: &Provider, name: &Ident, is_faulty: bool) -> TokenStream {
    let declared = [
        ("HasAuthorizationEndpoint", !provider.endpoints.authorization.is_empty()),
        ("HasRefresh", provider.refresh.support != RefreshSupport::None),
        ("HasRevocation", !provider.endpoints.revocation.is_empty()),
        ("HasUserinfo", says_who_the_user_is(provider)),
        ("HasApi", provider.api.is_some()),
        ("HasOpenScopes", provider.scopes.open || provider.scopes.sets.iter().any(|set| set.open)),
    ];
    let impls = declared.into_iter().filter(|(_, has)| *has || is_faulty).map(|(capability, _)| {
        let capability = format_ident!("{capability}");
        quote!(#[automatically_derived] impl ::oauth_runtime::provider::#capability for #name {})
    });
    impls.collect()
}
