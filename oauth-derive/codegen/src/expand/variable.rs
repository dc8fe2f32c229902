//! The variables: their types, and the method that gives their values.

use super::page::plain;
use crate::{
    model::{Format, Source, Variable},
    name,
    subject::Subject,
};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

/// `fn variable`, if there are variables. An error about a field's type points at the type.
pub(super) fn method(variables: &[Variable], subject: &Subject) -> Option<TokenStream> {
    let given = variables.iter().enumerate().filter(|(_, variable)| !variable.is_learned());
    let arms: Vec<_> = given.map(|(index, variable)| arm(index, variable, subject)).collect();
    (!arms.is_empty()).then(|| {
        quote! {
            #[inline]
            fn variable(&self, index: usize) -> ::core::option::Option<&str> {
                match index {
                    #(#arms)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    })
}

/// What gives the value of a variable.
fn arm(index: usize, variable: &Variable, subject: &Subject) -> TokenStream {
    let (first, last) = subject.spans(&variable.name);
    let field = Ident::new(&variable.name, last);
    let reference = quote_spanned!(first=> &self.#field);
    if variable.secret {
        let door = format_ident!("{}", if variable.required { "secret" } else { "optional_secret" });
        return quote!(#index => ::oauth_runtime::variable::#door(#reference),);
    }
    let of = value_type(variable, &subject.name);
    let door = format_ident!("{}", if variable.required { "required" } else { "value" });
    quote!(#index => ::oauth_runtime::variable::#door::<#of>(#reference),)
}

/// A parser for each variable that people type with something around it.
pub(super) fn parsers(variables: &[Variable], subject: &Subject) -> impl Iterator<Item = TokenStream> {
    let given = variables.iter().filter(|variable| !variable.is_learned());
    let typed = given.filter(|variable| !variable.prefix.is_empty() || !variable.suffix.is_empty());
    typed.map(|variable| {
        let Variable { name, prefix, suffix, .. } = variable;
        let of = value_type(variable, &subject.name);
        let parse = format_ident!("parse_{name}");
        let doc = format!(" Reads `{name}` as people type it: `{prefix}<{name}>{suffix}`, or without its surroundings.\n\n # Errors\n The text does not have the format of the variable.");
        quote! {
            #[doc = #doc]
            #[inline]
            pub fn #parse(text: &str) -> ::core::result::Result<#of, ::oauth_runtime::variable::InvalidVariable> {
                ::oauth_runtime::variable::parse_trimmed(text, #prefix, #suffix)
            }
        }
    })
}

/// The type of the values, with its path.
fn value_type(variable: &Variable, subject: &Ident) -> TokenStream {
    let name = format_ident!("{}", name::variable_type(variable, &subject.to_string()));
    match variable.format {
        _ if variable.secret => quote!(::oauth_runtime::Secret),
        Format::Enum => name.into_token_stream(),
        _ => quote!(::oauth_runtime::variable::#name),
    }
}

/// The fields of a generated struct.
pub(crate) fn fields(variables: &[Variable], subject: &Ident) -> TokenStream {
    let fields = variables.iter().filter(|variable| !variable.is_learned()).map(|variable| {
        let name = format_ident!("{}", variable.name);
        let of = value_type(variable, subject);
        let of = if variable.required { of } else { quote!(::core::option::Option<#of>) };
        let doc = describe(variable);
        quote!(#[doc = #doc] pub #name: #of,)
    });
    fields.collect()
}

/// What the variable is, and what holds without it.
pub(super) fn describe(variable: &Variable) -> String {
    let text = variable.description.as_deref().map(plain).filter(|text| !text.is_empty());
    let text = text.unwrap_or_else(|| format!("The variable `{}`", variable.name));
    let without = if variable.is_learned() { "Otherwise" } else { "`None`" };
    let default = variable.default.as_ref().map(|value| format!(" {without}: `{value}`."));
    let example = variable.example.as_ref().map(|value| format!(" For example `{value}`."));
    let source = match &variable.source {
        Source::Config => None,
        Source::Callback(name) => Some(format!(" Learned from the callback's `{name}`.")),
        Source::Token(path) => Some(format!(" Learned from the token answer's `{}`.", path.join("."))),
        Source::Userinfo(path) => Some(format!(" Learned from the userinfo answer's `{}`.", path.join("."))),
    };
    let all = [default, source, example].map(Option::unwrap_or_default);
    format!(" {text}.{}", all.concat())
}

/// A type for each variable with an `enum`.
pub(super) fn types(variables: &[Variable], subject: &Subject) -> TokenStream {
    let given = variables.iter().filter(|variable| !variable.is_learned());
    let enums = given.filter(|variable| variable.format == Format::Enum);
    enums.map(|variable| enumeration(variable, subject)).collect()
}

fn enumeration(variable: &Variable, subject: &Subject) -> TokenStream {
    let name = format_ident!("{}", name::variable_type(variable, &subject.name.to_string()));
    let visibility = &subject.visibility;
    let doc = format!(" A value of the variable `{}`.", variable.name);
    let constants = constants(&variable.choices);
    let traits = enumeration_traits(variable, &name);
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #visibility struct #name(&'static str);
        #[allow(dead_code)]
        impl #name { #constants }
        #traits
    }
}

/// A constant for each value that has a name of its own.
fn constants(choices: &[String]) -> TokenStream {
    let named: Vec<_> = choices.iter().map(|value| (enum_constant(value), value)).collect();
    let usable = named.iter().enumerate().filter(|(at, (name, _))| {
        name::is_constant(name) && named[..*at].iter().all(|(other, _)| other != name)
    });
    let constants = usable.map(|(_, (name, value))| {
        let (name, doc) = (format_ident!("{name}"), format!(" `{value}`"));
        quote!(#[doc = #doc] pub const #name: Self = Self(#value);)
    });
    constants.collect()
}

/// As of a scope; a leading digit gets a `_`.
fn enum_constant(value: &str) -> String {
    let name = name::constant(value);
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

fn enumeration_traits(variable: &Variable, name: &Ident) -> TokenStream {
    let choices = &variable.choices;
    let expected = format!("one of {}", choices.join(", "));
    quote! {
        impl ::core::str::FromStr for #name {
            type Err = ::oauth_runtime::variable::InvalidVariable;
            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                let known = [#(#choices),*].into_iter().find(|value| *value == text);
                known.map(Self).ok_or(::oauth_runtime::variable::InvalidVariable::expected(#expected))
            }
        }
        impl ::core::convert::AsRef<str> for #name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.0
            }
        }
        impl ::core::fmt::Display for #name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.0)
            }
        }
    }
}
