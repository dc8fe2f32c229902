//! The constant table.

use super::{
    part::{
        Literal, endpoint, flag, optional, params, template, texts, unless_default, unless_empty, variant,
    },
    response::response,
};
use crate::model::{
    Api, AuthMethod, Endpoints, ErrorHint, Example, Provider, Refresh, Scope, Scopes, TokenRequest, Variable,
};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// The whole table.
pub(super) fn spec(provider: &Provider) -> TokenStream {
    let mut spec = Literal::new("Spec");
    let (id, name) = (&provider.id, &provider.name);
    spec.set("id", Some(id))
        .set("name", Some(name))
        .set("service_documentation", optional(provider.service_documentation.as_ref()))
        .set("verified", optional(provider.verified.as_ref()))
        .set("sources", unless_empty(&provider.sources, texts))
        .set("console", optional(provider.console.as_ref()))
        .set("issuer", endpoint(&provider.issuer))
        .set("authorization_response_iss_parameter", flag(provider.authorization_response_iss_parameter))
        .set("endpoints", endpoints(&provider.endpoints).some())
        .set("token_endpoint_auth_methods", auth_methods(&provider.token_endpoint_auth_methods))
        .set("pkce", unless_default("Pkce", &provider.pkce))
        .set("variables", unless_empty(&provider.variables, variables))
        .set("scopes", scopes(&provider.scopes).some())
        .set("authorization_params", unless_empty(&provider.authorization_params, params))
        .set("token", token(&provider.token).some())
        .set("response", response(&provider.response))
        .set("refresh", refresh(&provider.refresh).some())
        .set("api", provider.api.as_ref().map(api))
        .set("errors", unless_empty(&provider.errors, errors));
    spec.into_token_stream()
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

fn endpoints(endpoints: &Endpoints) -> Literal {
    let mut literal = Literal::based("Endpoints", "NONE");
    literal
        .set("authorization", endpoint(&endpoints.authorization))
        .set("token", endpoint(&endpoints.token))
        .set("revocation", endpoint(&endpoints.revocation))
        .set("introspection", endpoint(&endpoints.introspection))
        .set("userinfo", endpoint(&endpoints.userinfo))
        .set("jwks_uri", endpoint(&endpoints.jwks_uri))
        .set("device_authorization", endpoint(&endpoints.device_authorization))
        .set("pushed_authorization_request", endpoint(&endpoints.pushed_authorization_request))
        .set("registration", endpoint(&endpoints.registration))
        .set("end_session", endpoint(&endpoints.end_session));
    literal
}

fn auth_methods(methods: &[AuthMethod]) -> Option<TokenStream> {
    (methods != [AuthMethod::ClientSecretBasic]).then(|| {
        let methods = methods.iter().map(|method| variant("AuthMethod", method));
        quote!(&[#(#methods),*])
    })
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
            .set("example", optional(variable.example.as_ref()));
        literal
    });
    quote!(&[#(#variables),*])
}

fn scopes(scopes: &Scopes) -> Literal {
    let mut literal = Literal::new("Scopes");
    literal
        .set("parameter", scopes.parameter.as_ref())
        .set("separator", scopes.separator.as_ref())
        .set("default", unless_empty(&scopes.default, texts))
        .set("required", unless_empty(&scopes.required, texts))
        .set("open", flag(scopes.open))
        .set("catalog", unless_empty(&scopes.catalog, catalog));
    literal
}

fn catalog(scopes: &[Scope]) -> TokenStream {
    let scopes = scopes.iter().map(|Scope { value, description, .. }| {
        quote!(::oauth_runtime::spec::ScopeText { value: #value, description: #description })
    });
    quote!(&[#(#scopes),*])
}

fn token(token: &TokenRequest) -> Literal {
    let mut literal = Literal::new("TokenRequest");
    literal
        .set("method", unless_default("Method", &token.method))
        .set("encoding", unless_default("Encoding", &token.encoding))
        .set("params", unless_empty(&token.params, params))
        .set("headers", unless_empty(&token.headers, params));
    literal
}

fn refresh(refresh: &Refresh) -> Literal {
    let mut literal = Literal::new("Refresh");
    literal
        .set("support", unless_default("RefreshSupport", &refresh.support))
        .set("endpoint", endpoint(&refresh.endpoint));
    literal
}

fn api(api: &Api) -> TokenStream {
    let mut literal = Literal::new("Api");
    literal
        .set("base_url", endpoint(&api.base_url))
        .set("origins", endpoint(&api.origins))
        .set("placement", unless_default("Placement", &api.placement))
        .set("header", api.header.as_ref())
        .set("scheme", api.scheme.as_ref())
        .set("parameter", api.parameter.as_ref())
        .set("headers", unless_empty(&api.headers, params))
        .set("query", unless_empty(&api.query, params));
    quote!(::core::option::Option::Some(#literal))
}

fn errors(errors: &[ErrorHint]) -> TokenStream {
    let errors = errors.iter().map(|error| {
        let stage = error.stage.map(|stage| variant("Stage", &stage));
        let mut literal = Literal::new("ErrorHint");
        literal
            .set("code", Some(&error.code))
            .set("stage", stage.map(|stage| quote!(::core::option::Option::Some(#stage))))
            .set("means", optional(error.means.as_ref()))
            .set("hint", unless_empty(&error.hint, |parts| template(&parts.to_vec())))
            .set("docs", optional(error.docs.as_ref()))
            .set("reauthorize", flag(error.reauthorize))
            .set("retry", flag(error.retry));
        literal
    });
    quote!(&[#(#errors),*])
}
