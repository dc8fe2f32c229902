//! The catalogues of scopes, as constants and as tables.

use super::{
    page::plain,
    part::{Assignments, Literal, flag, texts, unless_empty},
};
use crate::model::{Scope, ScopeSet, Scopes};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// A constant for each scope. What has no name, or the name of another, is left out: it was reported.
pub(super) fn constants(scopes: &Scopes) -> impl Iterator<Item = TokenStream> {
    let mut taken = BTreeSet::new();
    let usable = scopes.all().filter(move |(_, scope)| {
        syn::parse_str::<syn::Ident>(&scope.constant).is_ok() && taken.insert(&scope.constant)
    });
    usable.map(|(set, scope)| {
        let (name, held) = (format_ident!("{}", scope.constant), held(set, scope));
        let doc = describe(set, scope);
        quote! {
            #[doc = #doc]
            pub const #name: ::oauth_runtime::Scope<Self> = ::oauth_runtime::Scope::known(#held);
        }
    })
}

/// A scope as the runtime holds it: that of a set with the set's name, and a character that no scope has between the two.
fn held(set: Option<&ScopeSet>, scope: &Scope) -> String {
    set.map_or_else(|| scope.value.clone(), |set| format!("{}\\{}", set.name, scope.value))
}

/// ``The scope `read:user`: read the profile.``
fn describe(set: Option<&ScopeSet>, scope: &Scope) -> String {
    let list = set.map(|set| format!(" Sent as `{}`.", set.parameter)).unwrap_or_default();
    let text = plain(&scope.description);
    if text.is_empty() {
        format!(" The scope `{}`.{list}", scope.value)
    } else {
        format!(" `{}`: {text}.{list}", scope.value)
    }
}

/// The table of what can be asked for.
pub(super) fn scopes(scopes: &Scopes, table: &mut Assignments) {
    table
        .set("parameter", scopes.parameter.as_ref())
        .set("separator", scopes.separator.as_ref())
        .set("default", unless_empty(&scopes.default, texts))
        .set("required", unless_empty(&scopes.required, texts))
        .set("open", flag(scopes.open))
        .set("catalog", unless_empty(&scopes.catalog, catalog))
        .set("prefix", scopes.prefix.as_ref())
        .set("added_by_server", unless_empty(&scopes.added_by_server, texts))
        .set("dropped_by_server", unless_empty(&scopes.dropped_by_server, texts))
        .set("refresh_scope", flag(scopes.refresh_scope))
        .set("sets", unless_empty(&scopes.sets, sets));
}

fn sets(sets: &[ScopeSet]) -> TokenStream {
    let sets = sets.iter().map(|set| {
        let mut literal = Literal::new("ScopeSet");
        literal
            .set("name", Some(&set.name))
            .set("parameter", Some(&set.parameter))
            .set("separator", Some(&set.separator))
            .set("default", unless_empty(&set.default, texts))
            .set("required", unless_empty(&set.required, texts))
            .set("open", flag(set.open))
            .set("catalog", unless_empty(&set.catalog, catalog));
        literal
    });
    quote!(&[#(#sets),*])
}

fn catalog(scopes: &[Scope]) -> TokenStream {
    let scopes = scopes.iter().map(|Scope { value, description, .. }| {
        quote!(::oauth_runtime::spec::ScopeText { value: #value, description: #description })
    });
    quote!(&[#(#scopes),*])
}
