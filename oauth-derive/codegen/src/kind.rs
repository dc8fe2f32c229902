//! [`Kind`]: what a value can be, and the words that there are.

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text for people.
    Text,
    /// A text with `{placeholders}`.
    Template,
    /// An address with `{placeholders}`.
    Url,
    /// An address, or a list of them: the first whose variables are bound.
    Urls,
    /// What is joined to `base_uri`.
    Path,
    /// An address for people: no placeholders.
    Link,
    /// A list of such.
    Links,
    /// A way into a JSON object: `data.token`; a number is a place in a list.
    Field,
    /// One of these, or a list of them.
    Fields,
    Integer,
    Bool,
    /// `2026-11-21`
    Date,
    /// A length of time: `30d`.
    Duration,
    /// One of these.
    Word(&'static [&'static str]),
    /// A list of these.
    Words(&'static [&'static str]),
    /// One of these, or a list of them.
    WordOrWords(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A list of whole numbers.
    Integers,
    /// A text, a number, or true or false: a constant to compare with.
    Constant,
    /// The same, as the value of a parameter or a header: with `{placeholders}`.
    Value,
    /// Keys of its own.
    Table,
    /// The keys of the table at this path.
    Like(&'static str),
    /// Keys of its own, or a text in short.
    TableOrText,
    /// A list of texts, or texts under names of the definition's choice.
    TextsOrTable,
    /// A list of tables (`[[example]]`).
    Tables,
}

impl Kind {
    /// How a value of this kind follows its key in an attribute.
    pub(crate) fn sketch(self) -> &'static str {
        match self {
            Self::Links | Self::Words(_) | Self::Texts | Self::TextsOrTable => " = [\"..\"]",
            Self::Integer => " = 1",
            Self::Integers => " = [1]",
            Self::Bool => " = true",
            Self::Table | Self::Like(_) | Self::Tables => "(..)",
            _ => " = \"..\"",
        }
    }
}

/// How a client can authenticate at the token endpoint (RFC 7591, OpenID Connect Core §9, RFC 8705).
pub(crate) const AUTH_METHODS: &[&str] = &[
    "client_secret_basic",
    "client_secret_post",
    "none",
    "client_secret_jwt",
    "private_key_jwt",
    "tls_client_auth",
    "self_signed_tls_client_auth",
];

/// How a revocation is authenticated: as any token request, or by the token itself.
pub(crate) const REVOCATION_AUTH: &[&str] = &[
    "bearer",
    "client_secret_basic",
    "client_secret_post",
    "none",
    "client_secret_jwt",
    "private_key_jwt",
    "tls_client_auth",
    "self_signed_tls_client_auth",
];

/// How a client signs (RFC 7518 §3.1).
pub(crate) const ALGORITHMS: &[&str] = &["ES256", "ES384", "RS256", "PS256", "EdDSA"];

/// The formats of variables.
pub(crate) const FORMATS: &[&str] = &["host_label", "host", "path_segment", "https_url", "digits", "uuid"];

/// The steps of a flow.
pub(crate) const STAGES: &[&str] =
    &["authorize", "callback", "token", "refresh", "exchange", "revocation", "userinfo", "api"];

/// The standards' error codes, and `redirect_uri` for a redirect URI that is not registered.
pub(crate) const MEANINGS: &[&str] = &[
    "redirect_uri",
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "invalid_scope",
    "access_denied",
    "server_error",
    "temporarily_unavailable",
    "login_required",
    "consent_required",
    "interaction_required",
    "account_selection_required",
    "invalid_token",
    "insufficient_scope",
    "authorization_pending",
    "slow_down",
    "expired_token",
];
