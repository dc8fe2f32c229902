//! [`Spec`]: what a definition says, as a constant table.
//!
//! The compiler (`oauth-codegen`) writes these tables and the runtime reads them; `oauth-test-provider` reads the
//! same ones to answer as the real provider does. Nothing here is made by hand in an application.
//! The keys are those of the definition language, so a field's meaning is its key's.

use std::time::Duration;

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
    /// Proof Key for Code Exchange.
    pub pkce: Pkce,
    /// What stands in `{..}` in the addresses.
    pub variables: &'static [Variable],
    /// What can be asked for.
    pub scopes: Scopes,
    /// Further parameters of the authorization request (`authorization.params`).
    pub authorization_params: &'static [Param],
    /// How a token is asked for.
    pub token: TokenRequest,
    /// How the answer is shaped.
    pub response: TokenResponse,
    /// How a token is renewed.
    pub refresh: Refresh,
    /// How tokens are revoked, where there is an endpoint for it.
    pub revocation: Revocation,
    /// Who the user is, where there is an endpoint for it.
    pub userinfo: Userinfo,
    /// How the API is called.
    pub api: Option<Api>,
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
        issuer: &[],
        authorization_response_iss_parameter: false,
        endpoints: Endpoints::NONE,
        token_endpoint_auth_methods: &[AuthMethod::ClientSecretBasic],
        pkce: Pkce::S256,
        variables: &[],
        scopes: Scopes::PLAIN,
        authorization_params: &[],
        token: TokenRequest::PLAIN,
        response: TokenResponse::PLAIN,
        refresh: Refresh::PLAIN,
        revocation: Revocation::PLAIN,
        userinfo: Userinfo::PLAIN,
        api: None,
        errors: &[],
    };
}

/// A text with places to fill: the parts in their order.
pub type Template = &'static [Part];

/// The templates of one address, in order of preference: the first whose variables are all bound. Empty: none.
pub type Endpoint = &'static [Template];

/// A piece of a [`Template`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Stands as it is.
    Text(&'static str),
    /// The value of the variable at this index of [`Spec::variables`].
    Variable(usize),
    /// A value that the flow knows.
    BuiltIn(BuiltIn),
}

/// The values that a flow knows, by their names in a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuiltIn {
    /// `{client_id}`
    ClientId,
    /// `{client_secret}`
    ClientSecret,
    /// `{redirect_uri}`
    RedirectUri,
    /// `{code}`
    Code,
    /// `{state}`
    State,
    /// `{access_token}`
    AccessToken,
    /// `{refresh_token}`
    RefreshToken,
    /// `{scope}`
    Scope,
    /// `{client.console}`: only in hints.
    Console,
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
        authorization: &[],
        token: &[],
        revocation: &[],
        introspection: &[],
        userinfo: &[],
        jwks_uri: &[],
        device_authorization: &[],
        pushed_authorization_request: &[],
        registration: &[],
        end_session: &[],
    };
}

/// How a client proves who it is (RFC 7591 `token_endpoint_auth_method`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthMethod {
    /// `client_secret_basic`: HTTP Basic, both parts form-urlencoded first (RFC 6749 §2.3.1).
    ClientSecretBasic,
    /// `client_secret_post`: in the body.
    ClientSecretPost,
    /// `none`: a public client, its `client_id` in the body.
    None,
    /// The token itself in the `Authorization` header, and no client: only for a revocation.
    Bearer,
}

/// Whether a `code_challenge` is sent (RFC 7636). There is no `plain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pkce {
    /// Always, with SHA-256.
    S256,
    /// Never: the provider refuses the parameter (`code_challenge_methods = []`).
    Refused,
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
    };
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

/// What can be asked for, and how.
#[derive(Debug, Clone, Copy)]
pub struct Scopes {
    /// The parameter that carries them in the authorization request.
    pub parameter: &'static str,
    /// What stands between two of them in a request.
    pub separator: &'static str,
    /// Asked for when `begin` names none.
    pub default: &'static [&'static str],
    /// Asked for always.
    pub required: &'static [&'static str],
    /// Others than the catalogue's exist.
    pub open: bool,
    /// The known ones.
    pub catalog: &'static [ScopeText],
}

impl Scopes {
    /// `scope`, separated by spaces, none known.
    pub const PLAIN: Self =
        Self { parameter: "scope", separator: " ", default: &[], required: &[], open: false, catalog: &[] };
}

/// A known scope.
#[derive(Debug, Clone, Copy)]
pub struct ScopeText {
    /// The value on the wire.
    pub value: &'static str,
    /// What it allows, for people. May be empty.
    pub description: &'static str,
}

/// A parameter or header that a definition adds. It is left out while a variable in it is unbound.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: Template,
}

/// How a token request is sent.
#[derive(Debug, Clone, Copy)]
pub struct TokenRequest {
    /// The HTTP method.
    pub method: Method,
    /// Where the parameters go.
    pub encoding: Encoding,
    /// Further parameters.
    pub params: &'static [Param],
    /// Further parameters that stand in the query, wherever the others stand.
    pub query: &'static [Param],
    /// Further headers.
    pub headers: &'static [Param],
    /// Standard parameters under the provider's names: the standard's name, the provider's.
    pub rename: &'static [(&'static str, &'static str)],
    /// Standard parameters that are left out.
    pub omit: &'static [&'static str],
    /// `grant_type`, where it is not the standard's.
    pub grant_type: Option<&'static str>,
    /// How the client authenticates, where it is not as at the token endpoint; the preferred way first.
    pub auth: &'static [AuthMethod],
    /// `state` is sent here too.
    pub send_state: bool,
}

impl TokenRequest {
    /// A form by POST (RFC 6749 §4.1.3).
    pub const PLAIN: Self = Self {
        method: Method::Post,
        encoding: Encoding::Form,
        params: &[],
        query: &[],
        headers: &[],
        rename: &[],
        omit: &[],
        grant_type: None,
        auth: &[],
        send_state: false,
    };
}

/// An HTTP method of a token request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// As RFC 6749 §3.2 has it.
    Post,
    /// As some providers have it, with `encoding = "query"`.
    Get,
    /// As some providers have a revocation.
    Delete,
}

/// Where the parameters of a token request stand (`post_form_data` of older libraries).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `application/x-www-form-urlencoded`, the standard.
    Form,
    /// A JSON object.
    Json,
    /// The query of the URL.
    Query,
}

/// A way through a JSON object: the keys, outermost first.
pub type Path = &'static [&'static str];

/// How a token answer is shaped.
#[derive(Debug, Clone, Copy)]
pub struct TokenResponse {
    /// The shape is the standard's: every other field here has its plain value.
    pub plain: bool,
    /// The object that holds the token.
    pub root: Path,
    /// Where `access_token` stands, below `root`.
    pub access_token: Path,
    /// Where `refresh_token` stands, below `root`.
    pub refresh_token: Path,
    /// Where `id_token` stands, below `root`.
    pub id_token: Path,
    /// Where `token_type` stands, below `root`.
    pub token_type: Path,
    /// Where `scope` stands, below `root`.
    pub scope: Path,
    /// Where the lifetime in seconds stands, below `root`.
    pub expires_in: Path,
    /// Where the refresh token's lifetime in seconds stands, below `root`.
    pub refresh_token_expires_in: Path,
    /// Other `token_type`s than `bearer` that mean bearer here.
    pub token_types: &'static [&'static str],
    /// What stands between two granted scopes.
    pub scope_separator: &'static str,
    /// What must hold in the whole answer for it to be a success.
    pub success: &'static [Condition],
    /// Where the error code stands in the whole answer.
    pub error_code: Path,
    /// Where the error's description stands in the whole answer.
    pub error_description: Path,
    /// Taken as the lifetime where the answer names none.
    pub default_expires_in: Option<Duration>,
}

impl TokenResponse {
    /// RFC 6749 §5.1.
    pub const PLAIN: Self = Self {
        plain: true,
        root: &[],
        access_token: &["access_token"],
        refresh_token: &["refresh_token"],
        id_token: &["id_token"],
        token_type: &["token_type"],
        scope: &["scope"],
        expires_in: &["expires_in"],
        refresh_token_expires_in: &["refresh_token_expires_in"],
        token_types: &[],
        scope_separator: " ",
        success: &[],
        error_code: &["error"],
        error_description: &["error_description"],
        default_expires_in: None,
    };
}

/// A value that a successful answer must have (`success = { ok = true }`).
#[derive(Debug, Clone, Copy)]
pub struct Condition {
    /// Where it stands in the whole answer.
    pub path: Path,
    /// The value.
    pub value: Scalar,
}

/// A constant of the definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// A boolean.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A text.
    Text(&'static str),
}

/// How a token is renewed.
#[derive(Debug, Clone, Copy)]
pub struct Refresh {
    /// What becomes of the refresh token.
    pub support: RefreshSupport,
    /// Where to ask, if not at the token endpoint.
    pub endpoint: Endpoint,
    /// How to ask, if not by the encoding and the headers of the token request and otherwise as the standard has it.
    pub request: Option<TokenRequest>,
}

impl Refresh {
    /// RFC 6749 §6 at the token endpoint.
    pub const PLAIN: Self = Self { support: RefreshSupport::Reusable, endpoint: &[], request: None };
}

/// What becomes of a refresh token when it is used.
///
/// The client behaves alike for the first two: a new one replaces the old, and the old stays where none comes.
/// The test provider rotates for the first and does not for the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshSupport {
    /// It is good once; the answer has the next.
    Rotating,
    /// It stays good.
    Reusable,
    /// There is none.
    None,
}

/// How tokens are revoked (RFC 7009), or whatever the provider's call for it is.
#[derive(Debug, Clone, Copy)]
pub struct Revocation {
    /// How to ask, if not by the encoding and the headers of the token request and otherwise as the standard has it.
    pub request: Option<TokenRequest>,
    /// The token that is handed in: the refresh token if there is one, because with it the whole grant ends, or the access token.
    pub revokes: Revokes,
}

impl Revocation {
    /// RFC 7009 §2.1.
    pub const PLAIN: Self = Self { request: None, revokes: Revokes::RefreshToken };
}

/// The token that a revocation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revokes {
    /// The refresh token; the access token where there is none.
    RefreshToken,
    /// The access token.
    AccessToken,
}

/// Who the user is: what the userinfo endpoint's answer calls it (OpenID Connect Core §5.1 has the names).
#[derive(Debug, Clone, Copy)]
pub struct Userinfo {
    /// Further parameters in the query.
    pub query: &'static [Param],
    /// Further headers.
    pub headers: &'static [Param],
    /// The object that holds the claims; a number is a place in a list.
    pub root: Path,
    /// The identifier that stays.
    pub subject: Path,
    /// The e-mail address.
    pub email: Path,
    /// Whether the provider checked the e-mail address.
    pub email_verified: Path,
    /// The name, as people write it.
    pub name: Path,
    /// The name at the provider.
    pub preferred_username: Path,
    /// The address of a picture.
    pub picture: Path,
    /// Claims that another call gives.
    pub also: &'static [Also],
}

impl Userinfo {
    /// OpenID Connect Core §5.1.
    pub const PLAIN: Self = Self {
        query: &[],
        headers: &[],
        root: &[],
        subject: &["sub"],
        email: &["email"],
        email_verified: &["email_verified"],
        name: &["name"],
        preferred_username: &["preferred_username"],
        picture: &["picture"],
        also: &[],
    };
}

/// A claim that another call gives: an object of a list there.
#[derive(Debug, Clone, Copy)]
pub struct Also {
    /// The claim.
    pub claim: Claim,
    /// The call's address.
    pub url: Endpoint,
    /// The member that is true in the object that is meant; `None`: the first.
    pub pick: Option<&'static str>,
    /// Where the claim stands in it.
    pub field: Path,
    /// The call is made only where this scope was granted.
    pub scope: Option<&'static str>,
}

/// A claim about the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// `email`
    Email,
    /// `name`
    Name,
    /// `preferred_username`
    PreferredUsername,
    /// `picture`
    Picture,
}

/// How the provider's API is called.
#[derive(Debug, Clone, Copy)]
pub struct Api {
    /// What a relative path is joined to.
    pub base_url: Endpoint,
    /// Further origins that the token may go to.
    pub origins: &'static [Template],
    /// Where the token stands.
    pub placement: Placement,
    /// The header that carries it.
    pub header: &'static str,
    /// What stands before it in the header; may be empty.
    pub scheme: &'static str,
    /// The parameter that carries it, for [`Placement::Query`].
    pub parameter: &'static str,
    /// Further headers of every call.
    pub headers: &'static [Param],
    /// Further query parameters of every call.
    pub query: &'static [Param],
}

impl Api {
    /// RFC 6750 §2.1: `Authorization: Bearer`.
    pub const PLAIN: Self = Self {
        base_url: &[],
        origins: &[],
        placement: Placement::Header,
        header: "Authorization",
        scheme: "Bearer",
        parameter: "access_token",
        headers: &[],
        query: &[],
    };
}

/// Where the access token stands in an API request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// In a header.
    Header,
    /// In the query, because the provider knows no other way.
    Query,
}

/// What a provider's error code usually means.
#[derive(Debug, Clone, Copy)]
pub struct ErrorHint {
    /// The code on the wire.
    pub code: &'static str,
    /// Where it comes; `None`: anywhere.
    pub stage: Option<Stage>,
    /// The standard's code for it (`invalid_grant`), or `redirect_uri`.
    pub means: Option<&'static str>,
    /// What to do.
    pub hint: Template,
    /// A page about it.
    pub docs: Option<&'static str>,
    /// The user has to authorize again.
    pub reauthorize: bool,
    /// The same request may succeed later.
    pub retry: bool,
}

impl ErrorHint {
    /// A code that says nothing more.
    pub const PLAIN: Self =
        Self { code: "", stage: None, means: None, hint: &[], docs: None, reauthorize: false, retry: false };
}

/// The step of a flow in which something comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// On the provider's own page: it never reaches the callback.
    Authorize,
    /// In the callback.
    Callback,
    /// In the token endpoint's answer to a code.
    Token,
    /// In its answer to a refresh token.
    Refresh,
    /// In the answer to a revocation.
    Revocation,
    /// In the answer of the userinfo endpoint.
    Userinfo,
    /// In the API's answer.
    Api,
}

/// An answer that the provider gives (`[[example]]`): a test, the test provider's answer, and documentation.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// Where it comes.
    pub stage: Stage,
    /// What it shows.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: &'static str,
    /// What is read out of it, as the text of a JSON object.
    pub expect: &'static str,
}
