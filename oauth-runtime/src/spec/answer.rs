//! Answers: tokens, errors, examples.

use super::Template;
use std::time::Duration;

/// A way through a JSON object: the keys, outermost first.
pub type Path = &'static [&'static str];

/// How a token answer is shaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Where the lifetime stands, below `root`.
    pub expires_in: Path,
    /// What it counts.
    pub expires_in_unit: LifetimeUnit,
    /// A lifetime of zero means that the token does not lapse.
    pub zero_is_never: bool,
    /// Where the time stands at which the access token lapses, below `root`; empty: nowhere.
    pub expires_at: Path,
    /// How that time is written.
    pub expires_at_format: TimeFormat,
    /// Where the refresh token's lifetime in seconds stands, below `root`.
    pub refresh_token_expires_in: Path,
    /// Other `token_type`s than `bearer` that mean bearer here.
    pub token_types: &'static [&'static str],
    /// What stands between two granted scopes.
    pub scope_separator: &'static str,
    /// Further values to keep.
    pub capture: &'static [Capture],
    /// What must hold in the whole answer for it to be a success.
    pub success: &'static [Condition],
    /// Where the error code stands in the whole answer.
    pub error_code: Path,
    /// Where the error's description stands in the whole answer.
    pub error_description: Path,
    /// Taken as the lifetime where the answer names none.
    pub default_expires_in: Option<Duration>,
    /// The access token may be missing where one of `tokens` is there; of one of those: that one may be missing.
    pub optional: bool,
    /// Further tokens of the same answer.
    pub tokens: &'static [NamedToken],
}

/// A further token of an answer (`[token.response.tokens.user]`), which is a grant of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedToken {
    /// Its name in the definition.
    pub name: &'static str,
    /// What it is stored under in place of the provider's id: `slack.user`.
    pub key: &'static str,
    /// Where it stands in the whole answer.
    pub response: TokenResponse,
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
        expires_in_unit: LifetimeUnit::Seconds,
        zero_is_never: false,
        expires_at: &[],
        expires_at_format: TimeFormat::Rfc3339,
        refresh_token_expires_in: &["refresh_token_expires_in"],
        token_types: &[],
        scope_separator: " ",
        capture: &[],
        success: &[],
        error_code: &["error"],
        error_description: &["error_description"],
        default_expires_in: None,
        optional: false,
        tokens: &[],
    };
}

/// What a lifetime counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifetimeUnit {
    /// Seconds (RFC 6749 §5.1).
    Seconds,
    /// Thousandths of a second.
    Milliseconds,
}

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeFormat {
    /// `2026-11-21T20:00:00Z` (RFC 3339 §5.6).
    Rfc3339,
    /// Seconds of the Unix epoch.
    Unix,
}

/// A value that is kept under a name (`capture = { team_id = "team.id" }`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capture {
    /// Its name among the captured values.
    pub name: &'static str,
    /// Where it stands, below the `root` of what holds it.
    pub path: Path,
}

/// A value that a successful answer must have (`success = { ok = true }`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    pub const PLAIN: Self = Self {
        code: "",
        stage: None,
        means: None,
        hint: Template::new(""),
        docs: None,
        reauthorize: false,
        retry: false,
    };
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
    /// In the answer to an exchange of one token for another.
    Exchange,
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
