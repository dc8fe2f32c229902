//! Who the user is.

use super::part::{
    Assignments, endpoint, optional, params, path, texts, unless_default, unless_empty, variant,
};
use crate::model::{Also, Userinfo};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn userinfo(userinfo: &Userinfo, table: &mut Assignments) {
    table
        .set("source", unless_default("ClaimsSource", &userinfo.source))
        .set("method", userinfo.method.as_ref().map(|method| variant("Method", method)))
        .set("encoding", unless_default("Encoding", &userinfo.encoding))
        .set("params", unless_empty(&userinfo.params, posted))
        .set("query", unless_empty(&userinfo.query, params))
        .set("headers", unless_empty(&userinfo.headers, params))
        .set("root", path(&userinfo.root))
        .set("subject", path(&userinfo.subject))
        .set("email", path(&userinfo.email))
        .set("email_verified", path(&userinfo.email_verified))
        .set("name", unless_empty(&userinfo.name, paths))
        .set("preferred_username", path(&userinfo.preferred_username))
        .set("picture", path(&userinfo.picture))
        .set("also", unless_empty(&userinfo.also, also));
}

fn posted(params: &[(String, String)]) -> TokenStream {
    let params = params.iter().map(|(name, value)| quote!((#name, #value)));
    quote!(&[#(#params),*])
}

fn paths(paths: &[Vec<String>]) -> TokenStream {
    let paths = paths.iter().map(|path| texts(path));
    quote!(&[#(#paths),*])
}

fn also(also: &[Also]) -> TokenStream {
    let calls = also.iter().map(|call| {
        let (claim, url, field) = (variant("Claim", &call.claim), endpoint(&call.url), texts(&call.field));
        let pick = option(call.pick.as_ref());
        let scope = option(call.scope.as_ref());
        quote! {
            ::oauth_runtime::spec::Also { claim: #claim, url: #url, pick: #pick, field: #field, scope: #scope }
        }
    });
    quote!(&[#(#calls),*])
}

fn option(text: Option<&String>) -> TokenStream {
    optional(text).unwrap_or_else(|| quote!(::core::option::Option::None))
}
