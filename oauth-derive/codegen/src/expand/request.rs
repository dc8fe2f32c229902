//! Requests with a grant or a token: exchange, refresh, revocation.

use super::part::{
    Assignments, flag, optional, pairs, params, seconds, texts, unless_default, unless_empty, variants,
};
use super::response;
use crate::model::{Refresh, Revocation, TokenRequest};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn token(token: &TokenRequest, table: &mut Assignments) {
    table
        .set("method", unless_default("Method", &token.method))
        .set("encoding", unless_default("Encoding", &token.encoding))
        .set("params", unless_empty(&token.params, params))
        .set("query", unless_empty(&token.query, params))
        .set("headers", unless_empty(&token.headers, params))
        .set("rename", unless_empty(&token.rename, pairs))
        .set("omit", unless_empty(&token.omit, texts))
        .set("grant_type", optional(token.grant_type.as_ref()))
        .set("auth", unless_empty(&token.auth, |methods| variants("AuthMethod", methods)))
        .set("send_state", flag(token.send_state));
}

pub(super) fn refresh(refresh: &Refresh, table: &mut Assignments) {
    table
        .set("support", unless_default("RefreshSupport", &refresh.support))
        .set_endpoint("endpoint", &refresh.endpoint)
        .set("request", refresh.request.as_ref().map(own))
        .set("leeway", refresh.leeway.map(seconds))
        .set("response", refresh.response.as_ref().map(response::own));
}

pub(super) fn revocation(revocation: &Revocation, table: &mut Assignments) {
    table
        .set("request", revocation.request.as_ref().map(own))
        .set("revokes", unless_default("Revokes", &revocation.revokes));
}

/// A request that is not as the token request implies.
fn own(request: &TokenRequest) -> TokenStream {
    let mut table = Assignments::new("request");
    token(request, &mut table);
    let block = table.block("TokenRequest");
    quote!(::core::option::Option::Some(#block))
}
