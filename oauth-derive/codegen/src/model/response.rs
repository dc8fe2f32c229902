//! The token answer.

use super::Field;

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
