//! [`Spec`]: what a definition says, as a constant table.
//!
//! The compiler (`oauth-codegen`) writes these tables and the runtime reads them; `oauth-test-provider` reads the
//! same ones to answer as the real provider does. Nothing here is made by hand in an application.
//! The keys are those of the definition language, so a field's meaning is its key's.

mod answer;
mod api;
mod authorization;
mod callback;
mod client;
mod exchange;
mod hook;
mod template;
mod token;

pub use self::answer::{
    Capture, Condition, ErrorHint, Example, LifetimeUnit, NamedToken, Path, Scalar, Stage, TimeFormat,
    TokenResponse,
};
pub use self::api::{Also, Api, Claim, ClaimsSource, Placement, RetryAfter, Userinfo, WaitUnit};
pub use self::authorization::{Authorization, Pkce, RequestOption, ScopeSet, ScopeText, Scopes};
#[cfg(feature = "hmac")]
pub use self::callback::Verify;
pub use self::callback::{Callback, WithoutState};
pub use self::client::{Basic, Client, ClientSecret, Loopback, Redirect};
pub use self::exchange::{Exchange, OnFailure};
pub use self::hook::{AfterConnect, BeforeDisconnect, Hooks, ReadTokenResponse, SignTokenRequest};
pub use self::template::{BuiltIn, Endpoint, Part, Template};
pub use self::token::{
    Assertion, AssertionUse, AuthMethod, Encoding, Method, Refresh, RefreshSupport, Revocation, Revokes,
    SigningAlgorithm, TokenRequest,
};

/// A provider, as its definition describes it.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The provider's key in stores, cookies and logs: the file's stem, or the struct's name in snake case.
    pub id: &'static str,
    /// The name that people know.
    pub name: &'static str,
    /// The provider's own documentation (RFC 8414 `service_documentation`).
    pub service_documentation: Option<&'static str>,
    /// The day on which the definition was last checked, `YYYY-MM-DD`.
    pub verified: Option<&'static str>,
    /// What the definition was checked against.
    pub sources: &'static [&'static str],
    /// Where a client is registered (`client.console`).
    pub console: Option<&'static str>,
    /// The issuer identifier (RFC 8414), compared with `iss` in callbacks (RFC 9207).
    pub issuer: Endpoint,
    /// The provider promises `iss` in every authorization response (RFC 9207): a callback without it is refused.
    pub authorization_response_iss_parameter: bool,
    /// Every address that the definition names.
    pub endpoints: Endpoints,
    /// How a client may authenticate at the token endpoint, the preferred one first.
    pub token_endpoint_auth_methods: &'static [AuthMethod],
    /// What a client with a private key signs, where it is not as RFC 7523 has it.
    pub assertion: Option<Assertion>,
    /// What a client is given and may use.
    pub client: Client,
    /// Proof Key for Code Exchange.
    pub pkce: Pkce,
    /// What stands in `{..}` in the addresses.
    pub variables: &'static [Variable],
    /// What can be asked for.
    pub scopes: Scopes,
    /// How the authorization request differs from the standard's.
    pub authorization: Authorization,
    /// What the user agent brings back.
    pub callback: Callback,
    /// How a token is asked for.
    pub token: TokenRequest,
    /// How the answer is shaped.
    pub response: TokenResponse,
    /// Calls that trade the token for another, one after the other.
    pub exchanges: &'static [Exchange],
    /// How a token is renewed.
    pub refresh: Refresh,
    /// How tokens are revoked, where there is an endpoint for it.
    pub revocation: Revocation,
    /// Who the user is, where there is an endpoint for it.
    pub userinfo: Userinfo,
    /// How the API is called.
    pub api: Option<Api>,
    /// The functions for what the definition cannot say.
    pub hooks: Hooks,
    /// What the provider's error codes usually mean.
    pub errors: &'static [ErrorHint],
}

impl Spec {
    /// The standard settings: what holds where a definition is silent.
    pub const PLAIN: Self = Self {
        id: "",
        name: "",
        service_documentation: None,
        verified: None,
        sources: &[],
        console: None,
        issuer: Endpoint::NONE,
        authorization_response_iss_parameter: false,
        endpoints: Endpoints::NONE,
        token_endpoint_auth_methods: &[AuthMethod::ClientSecretBasic],
        assertion: None,
        client: Client::PLAIN,
        pkce: Pkce::S256,
        variables: &[],
        scopes: Scopes::PLAIN,
        authorization: Authorization::PLAIN,
        callback: Callback::PLAIN,
        token: TokenRequest::PLAIN,
        response: TokenResponse::PLAIN,
        exchanges: &[],
        refresh: Refresh::PLAIN,
        revocation: Revocation::PLAIN,
        userinfo: Userinfo::PLAIN,
        api: None,
        hooks: Hooks::NONE,
        errors: &[],
    };
}

/// Every address of a provider.
#[derive(Debug, Clone, Copy)]
pub struct Endpoints {
    /// Where the user agent is sent (RFC 6749 §3.1).
    pub authorization: Endpoint,
    /// Where a grant becomes a token (RFC 6749 §3.2).
    pub token: Endpoint,
    /// RFC 7009.
    pub revocation: Endpoint,
    /// RFC 7662.
    pub introspection: Endpoint,
    /// OpenID Connect Core §5.3, or the provider's own call that says who the user is.
    pub userinfo: Endpoint,
    /// The provider's keys (RFC 8414).
    pub jwks_uri: Endpoint,
    /// RFC 8628.
    pub device_authorization: Endpoint,
    /// RFC 9126.
    pub pushed_authorization_request: Endpoint,
    /// RFC 7591.
    pub registration: Endpoint,
    /// OpenID Connect RP-Initiated Logout.
    pub end_session: Endpoint,
}

impl Endpoints {
    /// No address at all.
    pub const NONE: Self = Self {
        authorization: Endpoint::NONE,
        token: Endpoint::NONE,
        revocation: Endpoint::NONE,
        introspection: Endpoint::NONE,
        userinfo: Endpoint::NONE,
        jwks_uri: Endpoint::NONE,
        device_authorization: Endpoint::NONE,
        pushed_authorization_request: Endpoint::NONE,
        registration: Endpoint::NONE,
        end_session: Endpoint::NONE,
    };
}

/// A variable of the addresses: `{tenant}`.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name in the templates, and the name of the struct's field.
    pub name: &'static str,
    /// What it is, for people.
    pub description: Option<&'static str>,
    /// What a value must look like.
    pub format: Format,
    /// Taken where the field is `None`.
    pub default: Option<&'static str>,
    /// The only values there are (`enum`); empty: any of the format.
    pub choices: &'static [&'static str],
    /// A value that could be, for documentation and tests.
    pub example: Option<&'static str>,
    /// Where a value comes from.
    pub source: Source,
    /// There is no flow without it, or, of a variable that is learned, no sign-in that does not tell it.
    pub required: bool,
    /// What may stand before the value where it is typed or told.
    pub prefix: &'static str,
    /// What may stand behind it there.
    pub suffix: &'static str,
    /// The value is a secret of the application: it stands in no address, and is not shown.
    pub secret: bool,
}

impl Variable {
    /// A free text without a default.
    pub const PLAIN: Self = Self {
        name: "",
        description: None,
        format: Format::Text,
        default: None,
        choices: &[],
        example: None,
        source: Source::Config,
        required: false,
        prefix: "",
        suffix: "",
        secret: false,
    };

    /// Whether each sign-in tells the value.
    pub const fn is_learned(&self) -> bool {
        !matches!(self.source, Source::Config)
    }
}

/// Where the value of a variable comes from. What is learned is kept with the tokens of its sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From the struct.
    Config,
    /// From this parameter of the callback.
    Callback(&'static str),
    /// From this member of the token answer.
    Token(Path),
    /// From this member of the userinfo endpoint's answer.
    Userinfo(Path),
}

/// What the value of a variable looks like, and with it where in a URL it may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Any text: never in an address but as a query value, percent-encoded.
    Text,
    /// One DNS label: no dots, no slashes.
    HostLabel,
    /// A host name.
    Host,
    /// One segment of a path.
    PathSegment,
    /// An `https` URL without user, query or fragment.
    HttpsUrl,
    /// ASCII digits.
    Digits,
    /// A UUID in its usual form.
    Uuid,
    /// One of [`Variable::choices`].
    Enum,
}

/// A parameter or header that a definition adds. It is left out while a variable in it is unbound.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: Template,
}
