//! Who the user is.

use super::{Encoding, Endpoint, Field, Method, Param};

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
