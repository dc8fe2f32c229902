//! How the API is called.

use super::{Endpoint, Param, Template};

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
