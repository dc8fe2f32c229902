//! The shape of a token answer.

use super::part::{Assignments, path, seconds, texts, unless_default, unless_empty};
use crate::model::{Capture, Condition, LifetimeUnit, Scalar, TokenResponse};
use proc_macro2::TokenStream;
use quote::quote;

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
        .set("expires_at", path(&response.expires_at))
        .set("expires_at_format", unless_default("TimeFormat", &response.expires_at_format))
        .set("refresh_token_expires_in", path(&response.refresh_token_expires_in))
        .set("token_types", unless_empty(&response.token_types, texts))
        .set("scope_separator", response.scope_separator.as_ref())
        .set("capture", unless_empty(&response.capture, capture))
        .set("success", unless_empty(&response.success, conditions))
        .set("error_code", path(&response.error_code))
        .set("error_description", path(&response.error_description))
        .set("default_expires_in", response.default_expires_in.map(seconds));
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

/// What is not as the standard has it, in words.
pub(super) fn notes(response: &TokenResponse) -> Vec<String> {
    let captured = response.capture.iter().map(|Capture { name, path }| {
        let path = path.join(".");
        let as_name = if *name == path { String::new() } else { format!(" as `{name}`") };
        format!("the token answer's `{path}` is kept{as_name}: `TokenSet::captured`")
    });
    let unit = (response.expires_in_unit == LifetimeUnit::Milliseconds)
        .then(|| "the token answer counts lifetimes in milliseconds".to_owned());
    let at = response.expires_at.as_ref().map(|path| {
        format!("the token answer's `{}` is the time at which the access token lapses", path.join("."))
    });
    unit.into_iter().chain(at).chain(captured).collect()
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
