//! What a single authorization request may set: a constant for each known value, a function where any may be given.

use super::part::{Assignments, flag, optional, pairs, params, texts, unless_empty};
use crate::{
    model::{Authorization, Provider, RequestOption},
    name,
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// The table of the authorization request.
pub(super) fn authorization(authorization: &Authorization, table: &mut Assignments) {
    table
        .set("params", unless_empty(&authorization.params, params))
        .set("rename", unless_empty(&authorization.rename, pairs))
        .set("omit", unless_empty(&authorization.omit, texts))
        .set("raw", unless_empty(&authorization.raw, texts))
        .set("skip_empty", flag(authorization.skip_empty))
        .set("fragment", optional(authorization.fragment.as_ref()))
        .set("options", unless_empty(&authorization.options, options));
}

fn options(options: &[RequestOption]) -> TokenStream {
    let options = options.iter().map(|option| {
        let (name, choices) = (&option.name, texts(&option.choices));
        let default = optional(option.default.as_ref());
        let default = default.unwrap_or_else(|| quote!(::core::option::Option::None));
        quote!(::oauth_runtime::spec::RequestOption { name: #name, choices: #choices, default: #default })
    });
    quote!(&[#(#options),*])
}

/// The constants and functions. What has no name, or the name of another, is left out: it was reported.
pub(super) fn items(provider: &Provider) -> TokenStream {
    let mut taken: BTreeSet<String> =
        provider.scopes.all().map(|(_, scope)| scope.constant.clone()).collect();
    taken.extend(provider.variables.iter().map(|variable| format!("parse_{}", variable.name)));
    let options = provider.authorization.options.iter();
    options.flat_map(names).filter(|(item, ..)| taken.insert(item.clone())).map(item).collect()
}

/// The Rust name, the parameter, and its value if there is only one.
type Item<'p> = (String, &'p str, Option<&'p str>);

fn names(option: &RequestOption) -> Vec<Item<'_>> {
    let name = option.name.as_str();
    if option.choices.is_empty() {
        return name::option_function(name).map(|item| (item, name, None)).into_iter().collect();
    }
    let constant = |value: &'_ String| name::option_constant(name, value);
    option.choices.iter().filter_map(|value| Some((constant(value)?, name, Some(value.as_str())))).collect()
}

fn item((item, name, value): Item<'_>) -> TokenStream {
    let item = format_ident!("{item}");
    let Some(value) = value else {
        let doc = format!(" Sets `{name}` in a single authorization request.");
        return quote! {
            #[doc = #doc]
            pub fn #item(
                value: impl ::core::convert::Into<::std::string::String>,
            ) -> ::oauth_runtime::AuthorizationOption<Self> {
                ::oauth_runtime::AuthorizationOption::given(#name, value)
            }
        };
    };
    let doc = format!(" `{name}={value}` in a single authorization request.");
    quote! {
        #[doc = #doc]
        pub const #item: ::oauth_runtime::AuthorizationOption<Self> =
            ::oauth_runtime::AuthorizationOption::known(#name, #value);
    }
}
