//! The shape of a token answer.

use super::part::{Assignments, flag, path, seconds, texts, unless_default, unless_empty};
use crate::model::{Capture, Condition, NamedToken, Provider, Scalar, TokenResponse};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The table, if anything of the shape is declared, or more is read than the standard's members.
pub(super) fn response(response: &TokenResponse, is_read_further: bool, table: &mut Assignments) {
    table
        .set("root", path(&response.root))
        .set("access_token", path(&response.access_token))
        .set("refresh_token", path(&response.refresh_token))
        .set("id_token", path(&response.id_token))
        .set("token_type", path(&response.token_type))
        .set("scope", path(&response.scope))
        .set("expires_in", path(&response.expires_in))
        .set("expires_in_unit", unless_default("LifetimeUnit", &response.expires_in_unit))
        .set("zero_is_never", flag(response.zero_is_never))
        .set("expires_at", path(&response.expires_at))
        .set("expires_at_format", unless_default("TimeFormat", &response.expires_at_format))
        .set("refresh_token_expires_in", path(&response.refresh_token_expires_in))
        .set("token_types", unless_empty(&response.token_types, texts))
        .set("scope_separator", response.scope_separator.as_ref())
        .set("capture", unless_empty(&response.capture, capture))
        .set("success", unless_empty(&response.success, conditions))
        .set("error_code", path(&response.error_code))
        .set("error_description", path(&response.error_description))
        .set("default_expires_in", response.default_expires_in.map(seconds))
        .set("optional", flag(response.optional));
    if is_read_further || !table.is_empty() {
        table.set("plain", Some(false));
    }
}

/// An answer of its own, beside that to the token request.
pub(super) fn own(shape: &TokenResponse) -> TokenStream {
    let mut table = Assignments::new("response");
    response(shape, false, &mut table);
    let block = table.block("TokenResponse");
    quote!(::core::option::Option::Some(#block))
}

/// The further tokens, each with what it is stored under.
pub(super) fn tokens(tokens: &[NamedToken], provider: &str) -> TokenStream {
    let tokens = tokens.iter().map(|NamedToken { name, response: shape, .. }| {
        let mut table = Assignments::new("response");
        response(shape, true, &mut table);
        let (block, key) = (table.block("TokenResponse"), format!("{provider}.{name}"));
        quote!(::oauth_runtime::spec::NamedToken { name: #name, key: #key, response: #block })
    });
    // A table that is made by statements lives on only in a constant of its own.
    quote!(const { &[#(#tokens),*] })
}

/// A constant for each further token. What has no name, or the name of a scope, is left out: it was reported.
pub(super) fn constants(provider: &Provider) -> impl Iterator<Item = TokenStream> {
    let is_usable = |token: &&NamedToken| {
        let mut scopes = provider.scopes.all();
        syn::parse_str::<syn::Ident>(&token.constant).is_ok()
            && scopes.all(|(_, scope)| scope.constant != token.constant)
    };
    provider.response.tokens.iter().filter(is_usable).map(|NamedToken { name, constant, .. }| {
        let constant = format_ident!("{constant}");
        let doc = format!(" The token `{name}` of the same answer: `TokenSet::named` and `Session::named`.");
        quote! {
            #[doc = #doc]
            pub const #constant: ::oauth_runtime::TokenName<Self> = ::oauth_runtime::TokenName::known(#name);
        }
    })
}

fn capture(captured: &[Capture]) -> TokenStream {
    let captured = captured.iter().map(|Capture { name, path }| {
        let path = texts(path);
        quote!(::oauth_runtime::spec::Capture { name: #name, path: #path })
    });
    quote!(&[#(#captured),*])
}

fn conditions(conditions: &[Condition]) -> TokenStream {
    let conditions = conditions.iter().map(|Condition { path, value }| {
        let (path, value) = (texts(path), scalar(value));
        quote!(::oauth_runtime::spec::Condition { path: #path, value: #value })
    });
    quote!(&[#(#conditions),*])
}

fn scalar(value: &Scalar) -> TokenStream {
    match value {
        Scalar::Bool(value) => quote!(::oauth_runtime::spec::Scalar::Bool(#value)),
        Scalar::Integer(value) => quote!(::oauth_runtime::spec::Scalar::Integer(#value)),
        Scalar::Text(value) => quote!(::oauth_runtime::spec::Scalar::Text(#value)),
    }
}
