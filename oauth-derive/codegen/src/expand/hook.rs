//! The functions that a definition names, which the user's crate has.

use super::part::Assignments;
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn hooks(named: &[&'static str], table: &mut Assignments) {
    for name in named {
        let function = function(name);
        table.set(name, Some(quote!(::core::option::Option::Some(#function))));
    }
}

fn function(name: &str) -> TokenStream {
    match name {
        "sign_token_request" => quote!(<Self as ::oauth_runtime::hook::SignTokenRequest>::sign_token_request),
        "token_response" => quote!(<Self as ::oauth_runtime::hook::TokenResponse>::token_response),
        "profile" => quote!(<Self as ::oauth_runtime::hook::Profile>::profile),
        "after_connect" => quote!(::oauth_runtime::hook::after_connect::<Self>),
        _ => quote!(::oauth_runtime::hook::before_disconnect::<Self>),
    }
}
