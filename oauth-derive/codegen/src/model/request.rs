//! Requests for tokens, and what becomes of them: exchanges, refreshes, revocations.

use super::{AuthMethod, Endpoint, Stage, Template, TokenResponse};

/// A standard parameter under the provider's name.
#[derive(Debug, Clone)]
pub(crate) struct Rename {
    pub(crate) standard: String,
    pub(crate) theirs: String,
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
