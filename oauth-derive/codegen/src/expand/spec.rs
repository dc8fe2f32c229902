//! The constant table.

use super::{
    callback::callback,
    client::client,
    exchange::exchanges,
    hook,
    option::authorization,
    part::{
        Assignments, Literal, flag, optional, params, template, texts, unless_default, unless_empty, variant,
        variants,
    },
    request::{refresh, revocation, token},
    response::{response, tokens},
    scope::scopes,
    userinfo::userinfo,
};
use crate::model::{
    Api, Assertion, AuthMethod, Endpoints, ErrorHint, Example, Provider, RetryAfter, Source, Variable,
};
use proc_macro2::TokenStream;
use quote::quote;

/// The whole table.
pub(super) fn spec(provider: &Provider) -> TokenStream {
    let mut spec = Assignments::new("spec");
    identity(provider, &mut spec);
    spec.within("endpoints", |table| endpoints(&provider.endpoints, table))
        .set("token_endpoint_auth_methods", auth_methods(&provider.token_endpoint_auth_methods))
        .set("assertion", provider.assertion.as_ref().map(assertion))
        .within("client", |table| client(&provider.client, table))
        .set("pkce", unless_default("Pkce", &provider.pkce))
        .set("variables", unless_empty(&provider.variables, variables))
        .within("scopes", |table| scopes(&provider.scopes, table))
        .within("authorization", |table| authorization(&provider.authorization, table))
        .within("callback", |table| callback(&provider.callback, table))
        .within("token", |table| token(&provider.token, table))
        .within("response", |table| {
            let is_read_further =
                provider.variables.iter().any(|variable| matches!(variable.source, Source::Token(_)));
            let named = &provider.response.tokens;
            response(&provider.response, is_read_further || !named.is_empty(), table);
            table.set("tokens", unless_empty(named, |named| tokens(named, &provider.id)));
        })
        .set("exchanges", unless_empty(&provider.exchanges, exchanges))
        .within("refresh", |table| refresh(&provider.refresh, table))
        .within("revocation", |table| revocation(&provider.revocation, table))
        .within("userinfo", |table| userinfo(&provider.userinfo, table))
        .set("api", provider.api.as_ref().map(api))
        .within("hooks", |table| hook::hooks(&provider.hooks, table))
        .set("errors", unless_empty(&provider.errors, errors));
    spec.block("Spec")
}

fn identity(provider: &Provider, spec: &mut Assignments) {
    spec.set("id", Some(&provider.id))
        .set("name", Some(&provider.name))
        .set("service_documentation", optional(provider.service_documentation.as_ref()))
        .set("verified", optional(provider.verified.as_ref()))
        .set("sources", unless_empty(&provider.sources, texts))
        .set("console", optional(provider.console.as_ref()))
        .set_endpoint("issuer", &provider.issuer)
        .set("authorization_response_iss_parameter", flag(provider.authorization_response_iss_parameter));
}

/// The constant of the `[[example]]` blocks, if there are some.
pub(super) fn examples(examples: &[Example]) -> Option<TokenStream> {
    let literal = |example: &Example| {
        let Example { title, status, content_type, body, expect, .. } = example;
        let stage = variant("Stage", &example.stage);
        quote! {
            ::oauth_runtime::spec::Example {
                stage: #stage, title: #title, status: #status, content_type: #content_type, body: #body, expect: #expect,
            }
        }
    };
    unless_empty(examples, |examples| {
        let examples = examples.iter().map(literal);
        quote!(const EXAMPLES: &'static [::oauth_runtime::spec::Example] = &[#(#examples),*];)
    })
}

fn endpoints(endpoints: &Endpoints, table: &mut Assignments) {
    table
        .set_endpoint("authorization", &endpoints.authorization)
        .set_endpoint("token", &endpoints.token)
        .set_endpoint("revocation", &endpoints.revocation)
        .set_endpoint("introspection", &endpoints.introspection)
        .set_endpoint("userinfo", &endpoints.userinfo)
        .set_endpoint("jwks_uri", &endpoints.jwks_uri)
        .set_endpoint("device_authorization", &endpoints.device_authorization)
        .set_endpoint("pushed_authorization_request", &endpoints.pushed_authorization_request)
        .set_endpoint("registration", &endpoints.registration)
        .set_endpoint("end_session", &endpoints.end_session);
}

fn auth_methods(methods: &[AuthMethod]) -> Option<TokenStream> {
    (methods != [AuthMethod::ClientSecretBasic]).then(|| variants("AuthMethod", methods))
}

fn assertion(assertion: &Assertion) -> TokenStream {
    let algorithm = assertion.algorithm.map(|algorithm| variant("SigningAlgorithm", &algorithm));
    let mut table = Assignments::new("assertion");
    table
        .set("used_as", unless_default("AssertionUse", &assertion.used_as))
        .set("algorithm", algorithm.map(|algorithm| quote!(::core::option::Option::Some(#algorithm))))
        .set("header", unless_empty(&assertion.header, params))
        .set("claims", unless_empty(&assertion.claims, params))
        .set("ttl", assertion.ttl.map(|seconds| quote!(::core::time::Duration::from_secs(#seconds))));
    let block = table.block("Assertion");
    quote!(::core::option::Option::Some(#block))
}

fn variables(variables: &[Variable]) -> TokenStream {
    let variables = variables.iter().map(|variable| {
        let mut literal = Literal::new("Variable");
        literal
            .set("name", Some(&variable.name))
            .set("description", optional(variable.description.as_ref()))
            .set("format", unless_default("Format", &variable.format))
            .set("default", optional(variable.default.as_ref()))
            .set("choices", unless_empty(&variable.choices, texts))
            .set("example", optional(variable.example.as_ref()))
            .set("required", flag(variable.required))
            .set("prefix", optional_text(&variable.prefix))
            .set("suffix", optional_text(&variable.suffix))
            .set("secret", flag(variable.secret));
        if variable.is_learned() {
            learned(variable, &mut literal);
        }
        literal
    });
    quote!(&[#(#variables),*])
}

/// What only a sign-in tells, and where.
fn learned(variable: &Variable, literal: &mut Literal) {
    let source = match &variable.source {
        Source::Config => return,
        Source::Callback(name) => quote!(Callback(#name)),
        Source::Token(path) => {
            let path = texts(path);
            quote!(Token(#path))
        }
        Source::Userinfo(path) => {
            let path = texts(path);
            quote!(Userinfo(#path))
        }
    };
    literal.set("source", Some(quote!(::oauth_runtime::spec::Source::#source)));
}

fn optional_text(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn api(api: &Api) -> TokenStream {
    let mut table = Assignments::new("api");
    table
        .set_endpoint("base_url", &api.base_url)
        .set_endpoint("origins", &api.origins)
        .set("placement", unless_default("Placement", &api.placement))
        .set("header", api.header.as_ref())
        .set("scheme", api.scheme.as_ref())
        .set("parameter", api.parameter.as_ref())
        .set("headers", unless_empty(&api.headers, params))
        .set("query", unless_empty(&api.query, params))
        .set("expired_status", unless_empty(&api.expired_status, |statuses| quote!(&[#(#statuses),*])))
        .set("retry_after", api.retry_after.as_ref().map(retry_after));
    let block = table.block("Api");
    quote!(::core::option::Option::Some(#block))
}

fn retry_after(RetryAfter { header, unit }: &RetryAfter) -> TokenStream {
    let unit = variant("WaitUnit", unit);
    quote!(::core::option::Option::Some(::oauth_runtime::spec::RetryAfter { header: #header, unit: #unit }))
}

fn errors(errors: &[ErrorHint]) -> TokenStream {
    let errors = errors.iter().map(|error| {
        let stage = error.stage.map(|stage| variant("Stage", &stage));
        let mut literal = Literal::new("ErrorHint");
        literal
            .set("code", Some(&error.code))
            .set("stage", stage.map(|stage| quote!(::core::option::Option::Some(#stage))))
            .set("means", optional(error.means.as_ref()))
            .set("hint", unless_empty(&error.hint, template))
            .set("docs", optional(error.docs.as_ref()))
            .set("reauthorize", flag(error.reauthorize))
            .set("retry", flag(error.retry));
        literal
    });
    quote!(&[#(#errors),*])
}
