//! [`Provider`]: what a checked definition means. Plain values without places; the twin of the runtime's `Spec`.
//!
//! Enums have the names of the runtime's variants: `expand` writes them by their `Debug` form.

mod api;
mod authorization;
mod client;
mod example;
mod request;
mod response;
mod scope;
mod template;
mod userinfo;
mod variable;

pub(crate) use self::{
    api::{Api, Placement, RetryAfter, WaitUnit},
    authorization::{Authorization, Callback, Pkce, RequestOption},
    client::{
        Assertion, AssertionUse, AuthMethod, Basic, Client, ClientSecret, Loopback, Redirect,
        SigningAlgorithm,
    },
    example::{ErrorHint, Example, Stage},
    request::{
        Encoding, Exchange, Method, OnFailure, Param, Refresh, RefreshSupport, Rename, Revocation, Revokes,
        TokenRequest,
    },
    response::{Capture, Condition, LifetimeUnit, NamedToken, Scalar, TimeFormat, TokenResponse},
    scope::{Scope, ScopeSet, Scopes},
    template::{BUILT_INS, BuiltIn, Endpoint, Field, Part, Template},
    userinfo::{Also, Claim, ClaimsSource, Userinfo},
    variable::{Format, Source, Variable},
};

/// A provider.
#[derive(Debug, Clone, Default)]
pub(crate) struct Provider {
    pub(crate) client: Client,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) service_documentation: Option<String>,
    pub(crate) verified: Option<String>,
    pub(crate) sources: Vec<String>,
    pub(crate) console: Option<String>,
    pub(crate) issuer: Endpoint,
    pub(crate) authorization_response_iss_parameter: bool,
    pub(crate) endpoints: Endpoints,
    pub(crate) token_endpoint_auth_methods: Vec<AuthMethod>,
    pub(crate) assertion: Option<Assertion>,
    pub(crate) pkce: Pkce,
    pub(crate) variables: Vec<Variable>,
    pub(crate) scopes: Scopes,
    pub(crate) authorization: Authorization,
    pub(crate) callback: Callback,
    pub(crate) token: TokenRequest,
    pub(crate) response: TokenResponse,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) refresh: Refresh,
    pub(crate) revocation: Revocation,
    pub(crate) userinfo: Userinfo,
    pub(crate) api: Option<Api>,
    /// The names of the hooks.
    pub(crate) hooks: Vec<&'static str>,
    pub(crate) errors: Vec<ErrorHint>,
    pub(crate) examples: Vec<Example>,
}

impl Provider {
    pub(crate) fn has_refresh(&self) -> bool {
        self.refresh.support != RefreshSupport::None
    }

    pub(crate) fn has_userinfo(&self) -> bool {
        self.userinfo.source != ClaimsSource::Endpoint || !self.endpoints.userinfo.is_empty()
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoints {
    pub(crate) authorization: Endpoint,
    pub(crate) token: Endpoint,
    pub(crate) revocation: Endpoint,
    pub(crate) introspection: Endpoint,
    pub(crate) userinfo: Endpoint,
    pub(crate) jwks_uri: Endpoint,
    pub(crate) device_authorization: Endpoint,
    pub(crate) pushed_authorization_request: Endpoint,
    pub(crate) registration: Endpoint,
    pub(crate) end_session: Endpoint,
}
