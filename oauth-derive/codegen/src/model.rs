//! [`Provider`]: what a checked definition means. Plain values without places; the twin of the runtime's `Spec`.
//!
//! Enums have the names of the runtime's variants: `expand` writes them by their `Debug` form.

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

pub(crate) type Template = Vec<Part>;
pub(crate) type Endpoint = Vec<Template>;
/// `None`: as the standard has it.
pub(crate) type Field = Option<Vec<String>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Variable(usize),
    BuiltIn(BuiltIn),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BuiltIn {
    ClientId,
    ClientSecret,
    RedirectUri,
    Code,
    State,
    AccessToken,
    RefreshToken,
    Scope,
    Console,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthMethod {
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
    None,
    Bearer,
}

/// What a client with a private key signs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Assertion {
    pub(crate) used_as: AssertionUse,
    pub(crate) algorithm: Option<SigningAlgorithm>,
    pub(crate) header: Vec<Param>,
    pub(crate) claims: Vec<Param>,
    /// In seconds.
    pub(crate) ttl: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum AssertionUse {
    #[default]
    ClientAssertion,
    ClientSecret,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SigningAlgorithm {
    Es256,
    Es384,
    Rs256,
    Ps256,
    EdDsa,
}

impl SigningAlgorithm {
    pub(crate) const ALL: [Self; 5] = [Self::Es256, Self::Es384, Self::Rs256, Self::Ps256, Self::EdDsa];

    /// Its name in a definition and in a token (RFC 7518 §3.1).
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::EdDsa => "EdDSA",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Pkce {
    #[default]
    S256,
    Refused,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) format: Format,
    pub(crate) default: Option<String>,
    pub(crate) choices: Vec<String>,
    pub(crate) example: Option<String>,
    /// There is no client without it.
    pub(crate) required: bool,
    pub(crate) prefix: String,
    pub(crate) suffix: String,
    pub(crate) source: Source,
    pub(crate) secret: bool,
}

impl Variable {
    /// A sign-in tells its value: the struct has no field for it.
    pub(crate) fn is_learned(&self) -> bool {
        self.source != Source::Config
    }
}

/// Where the value of a variable comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Source {
    #[default]
    Config,
    /// The parameter.
    Callback(String),
    Token(Vec<String>),
    Userinfo(Vec<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Format {
    #[default]
    Text,
    HostLabel,
    Host,
    PathSegment,
    HttpsUrl,
    Digits,
    Uuid,
    Enum,
}

/// What a client is given and may use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Client {
    pub(crate) secret: ClientSecret,
    /// `None`: as the standard has it.
    pub(crate) basic: Option<Basic>,
    pub(crate) redirect: Redirect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ClientSecret {
    #[default]
    Undeclared,
    Required,
    Optional,
    None,
}

/// What HTTP Basic carries; a part that is `None` is the standard's.
#[derive(Debug, Clone)]
pub(crate) struct Basic {
    pub(crate) username: Option<Template>,
    pub(crate) password: Option<Template>,
    pub(crate) form_encode: bool,
}

impl Basic {
    /// Whether the client secret stands in it.
    pub(crate) fn holds_secret(&self) -> bool {
        let holds = |part: &Template| part.contains(&Part::BuiltIn(BuiltIn::ClientSecret));
        self.username.as_ref().is_some_and(holds) || self.password.as_ref().is_none_or(holds)
    }
}

/// Which redirect URIs the provider takes.
#[derive(Debug, Clone)]
pub(crate) struct Redirect {
    pub(crate) https: bool,
    pub(crate) localhost_http: bool,
    pub(crate) loopback: Loopback,
    pub(crate) custom_scheme: bool,
}

impl Default for Redirect {
    fn default() -> Self {
        Self { https: true, localhost_http: true, loopback: Loopback::ExactPort, custom_scheme: true }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Loopback {
    No,
    #[default]
    ExactPort,
    AnyPort,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Scopes {
    pub(crate) parameter: Option<String>,
    pub(crate) separator: Option<String>,
    pub(crate) default: Vec<String>,
    pub(crate) required: Vec<String>,
    pub(crate) open: bool,
    pub(crate) catalog: Vec<Scope>,
    /// Where the list was taken from.
    pub(crate) source: Option<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) added_by_server: Vec<String>,
    pub(crate) dropped_by_server: Vec<String>,
    pub(crate) refresh_scope: bool,
    pub(crate) sets: Vec<ScopeSet>,
}

impl Scopes {
    /// The scopes of every catalogue, each with the list that it is of, if it is not the first.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Option<&ScopeSet>, &Scope)> {
        let sets = self.sets.iter().flat_map(|set| set.catalog.iter().map(move |scope| (Some(set), scope)));
        self.catalog.iter().map(|scope| (None, scope)).chain(sets)
    }
}

/// A further list of scopes, in a parameter of its own.
#[derive(Debug, Clone)]
pub(crate) struct ScopeSet {
    pub(crate) name: String,
    pub(crate) parameter: String,
    pub(crate) separator: String,
    pub(crate) default: Vec<String>,
    pub(crate) required: Vec<String>,
    pub(crate) open: bool,
    pub(crate) catalog: Vec<Scope>,
}

#[derive(Debug, Clone)]
pub(crate) struct Scope {
    /// The Rust constant; an identifier.
    pub(crate) constant: String,
    /// As it is sent.
    pub(crate) value: String,
    pub(crate) description: String,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Authorization {
    /// Parameters that are written as they are.
    pub(crate) raw: Vec<String>,
    pub(crate) skip_empty: bool,
    pub(crate) fragment: Option<String>,
    pub(crate) params: Vec<Param>,
    pub(crate) rename: Vec<Rename>,
    pub(crate) omit: Vec<String>,
    pub(crate) options: Vec<RequestOption>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Callback {
    /// Empty: GET.
    pub(crate) methods: Vec<Method>,
    pub(crate) code: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) error: Option<String>,
    /// The name under which it is kept, and the parameter.
    pub(crate) capture: Vec<Rename>,
    pub(crate) json: Vec<String>,
    pub(crate) is_restart: bool,
    /// The parameter that holds the signature.
    pub(crate) verify: Option<String>,
}

/// A standard parameter under the provider's name.
#[derive(Debug, Clone)]
pub(crate) struct Rename {
    pub(crate) standard: String,
    pub(crate) theirs: String,
}

/// A parameter that a single authorization request may set.
#[derive(Debug, Clone)]
pub(crate) struct RequestOption {
    pub(crate) name: String,
    /// Empty: any value.
    pub(crate) choices: Vec<String>,
    pub(crate) default: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Param {
    pub(crate) name: String,
    pub(crate) value: Template,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct TokenRequest {
    pub(crate) method: Method,
    pub(crate) encoding: Encoding,
    pub(crate) params: Vec<Param>,
    pub(crate) query: Vec<Param>,
    pub(crate) headers: Vec<Param>,
    pub(crate) rename: Vec<Rename>,
    pub(crate) omit: Vec<String>,
    pub(crate) grant_type: Option<String>,
    /// Empty: as at the token endpoint.
    pub(crate) auth: Vec<AuthMethod>,
    pub(crate) send_state: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Method {
    #[default]
    Post,
    Get,
    Delete,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Encoding {
    #[default]
    Form,
    Json,
    Query,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct TokenResponse {
    pub(crate) root: Field,
    pub(crate) access_token: Field,
    pub(crate) refresh_token: Field,
    pub(crate) id_token: Field,
    pub(crate) token_type: Field,
    pub(crate) scope: Field,
    pub(crate) expires_in: Field,
    pub(crate) expires_in_unit: LifetimeUnit,
    /// A lifetime of zero is none.
    pub(crate) zero_is_never: bool,
    pub(crate) expires_at: Field,
    pub(crate) expires_at_format: TimeFormat,
    pub(crate) refresh_token_expires_in: Field,
    pub(crate) token_types: Vec<String>,
    pub(crate) scope_separator: Option<String>,
    pub(crate) capture: Vec<Capture>,
    pub(crate) success: Vec<Condition>,
    pub(crate) error_code: Field,
    pub(crate) error_description: Field,
    /// In seconds.
    pub(crate) default_expires_in: Option<u64>,
    /// The access token may be missing.
    pub(crate) optional: bool,
    pub(crate) tokens: Vec<NamedToken>,
}

/// A further token of an answer.
#[derive(Debug, Clone)]
pub(crate) struct NamedToken {
    pub(crate) name: String,
    /// The Rust constant.
    pub(crate) constant: String,
    pub(crate) response: TokenResponse,
}

/// What a lifetime counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum LifetimeUnit {
    #[default]
    Seconds,
    Milliseconds,
}

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum TimeFormat {
    #[default]
    Rfc3339,
    Unix,
}

/// A value that is kept.
#[derive(Debug, Clone)]
pub(crate) struct Capture {
    pub(crate) name: String,
    pub(crate) path: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) path: Vec<String>,
    pub(crate) value: Scalar,
}

#[derive(Debug, Clone)]
pub(crate) enum Scalar {
    Bool(bool),
    Integer(i64),
    Text(String),
}

/// A call that trades an access token for another.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) after: Vec<Stage>,
    pub(crate) url: Endpoint,
    pub(crate) method: Method,
    pub(crate) encoding: Encoding,
    pub(crate) params: Vec<Param>,
    /// `None`: as the token request's.
    pub(crate) response: Option<TokenResponse>,
    pub(crate) on_failure: OnFailure,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum OnFailure {
    Keep,
    #[default]
    Fail,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Refresh {
    pub(crate) support: RefreshSupport,
    pub(crate) endpoint: Endpoint,
    /// `None`: the standard's, with the encoding and the headers of the token request.
    pub(crate) request: Option<TokenRequest>,
    /// In seconds.
    pub(crate) leeway: Option<u64>,
    /// `None`: as the token request's.
    pub(crate) response: Option<TokenResponse>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum RefreshSupport {
    Rotating,
    #[default]
    Reusable,
    InPlace,
    None,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Revocation {
    /// `None`: the standard's, with the encoding and the headers of the token request.
    pub(crate) request: Option<TokenRequest>,
    pub(crate) revokes: Revokes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Revokes {
    #[default]
    RefreshToken,
    AccessToken,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Userinfo {
    pub(crate) source: ClaimsSource,
    /// `None`: GET.
    pub(crate) method: Option<Method>,
    pub(crate) encoding: Encoding,
    /// Names and values, as they stand there.
    pub(crate) params: Vec<(String, String)>,
    pub(crate) query: Vec<Param>,
    pub(crate) headers: Vec<Param>,
    pub(crate) root: Field,
    pub(crate) subject: Field,
    pub(crate) email: Field,
    pub(crate) email_verified: Field,
    /// Empty: as the standard has it.
    pub(crate) name: Vec<Vec<String>>,
    pub(crate) preferred_username: Field,
    pub(crate) picture: Field,
    pub(crate) also: Vec<Also>,
}

/// What holds the claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ClaimsSource {
    #[default]
    Endpoint,
    Token,
    Callback,
}

/// A claim that another call gives.
#[derive(Debug, Clone)]
pub(crate) struct Also {
    pub(crate) claim: Claim,
    pub(crate) url: Endpoint,
    pub(crate) pick: Option<String>,
    pub(crate) field: Vec<String>,
    pub(crate) scope: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    Email,
    Name,
    PreferredUsername,
    Picture,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Api {
    pub(crate) base_url: Endpoint,
    pub(crate) origins: Vec<Template>,
    pub(crate) placement: Placement,
    pub(crate) header: Option<String>,
    pub(crate) scheme: Option<String>,
    pub(crate) parameter: Option<String>,
    pub(crate) headers: Vec<Param>,
    pub(crate) query: Vec<Param>,
    pub(crate) expired_status: Vec<u16>,
    pub(crate) retry_after: Option<RetryAfter>,
}

/// A header with a time to wait.
#[derive(Debug, Clone)]
pub(crate) struct RetryAfter {
    pub(crate) header: String,
    pub(crate) unit: WaitUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WaitUnit {
    Seconds,
    UnixTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Placement {
    #[default]
    Header,
    Query,
    Body,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct ErrorHint {
    pub(crate) code: String,
    pub(crate) stage: Option<Stage>,
    pub(crate) means: Option<String>,
    pub(crate) hint: Template,
    pub(crate) docs: Option<String>,
    pub(crate) reauthorize: bool,
    pub(crate) retry: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Authorize,
    Callback,
    Token,
    Refresh,
    Exchange,
    Revocation,
    Userinfo,
    Api,
}

#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) stage: Stage,
    pub(crate) title: String,
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: String,
    /// The text of a JSON object.
    pub(crate) expect: String,
}
