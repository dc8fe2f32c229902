//! Errors and examples.

use super::Template;

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
