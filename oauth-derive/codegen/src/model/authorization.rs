//! The authorization request, and the callback.

use super::{Method, Param, Rename};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Pkce {
    #[default]
    S256,
    Refused,
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

/// A parameter that a single authorization request may set.
#[derive(Debug, Clone)]
pub(crate) struct RequestOption {
    pub(crate) name: String,
    /// Empty: any value.
    pub(crate) choices: Vec<String>,
    pub(crate) default: Option<String>,
}
