//! A second call for a token.

use super::{Encoding, Endpoint, Method, Param, Stage, TokenResponse};

/// A call that trades an access token for another: a long-lived one, or one of a session.
#[derive(Debug, Clone, Copy)]
pub struct Exchange {
    /// After what it is made: [`Stage::Token`], [`Stage::Refresh`], or both.
    pub after: &'static [Stage],
    /// Where to ask.
    pub url: Endpoint,
    /// The HTTP method.
    pub method: Method,
    /// Where the parameters go.
    pub encoding: Encoding,
    /// The parameters, all of them.
    pub params: &'static [Param],
    /// How the answer is shaped, if not as that to a code.
    pub response: Option<TokenResponse>,
    /// What becomes of the first token when this one does not come.
    pub on_failure: OnFailure,
}

impl Exchange {
    /// A form by POST, after a code.
    pub const PLAIN: Self = Self {
        after: &[Stage::Token],
        url: Endpoint::NONE,
        method: Method::Post,
        encoding: Encoding::Form,
        params: &[],
        response: None,
        on_failure: OnFailure::Fail,
    };
}

/// What becomes of the first token when an exchange fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// It is kept, because it is good for a while.
    Keep,
    /// It is of no use: the failure is an error.
    Fail,
}
