//! [`Refusal`]: why a request is not granted, in the standard's words and in ours.

use http::{Method, StatusCode};
use oauth_runtime::spec::{ErrorHint, Spec, Stage};

/// An error answer before it has the definition's shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// The code of RFC 6749 §4.1.2.1 or §5.2.
    pub(crate) code: &'static str,
    /// A narrower meaning that a definition may have its own code for.
    pub(crate) narrower: Option<&'static str>,
    /// What was wrong, for the reader of a failing test.
    pub(crate) description: String,
}

impl Refusal {
    fn new(code: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, narrower: None, description: description.into() }
    }

    pub(crate) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }

    pub(crate) fn invalid_client(description: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::new("invalid_client", description) }
    }

    pub(crate) fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    pub(crate) fn redirect_uri(description: impl Into<String>) -> Self {
        Self { narrower: Some("redirect_uri"), ..Self::invalid_grant(description) }
    }

    /// RFC 6750 §3.1.
    pub(crate) fn invalid_token(description: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::new("invalid_token", description) }
    }

    /// RFC 6750 §3.1.
    pub(crate) fn insufficient_scope(description: impl Into<String>) -> Self {
        Self { status: StatusCode::FORBIDDEN, ..Self::new("insufficient_scope", description) }
    }

    /// RFC 7009 §2.2.1.
    pub(crate) fn unsupported_token_type(description: impl Into<String>) -> Self {
        Self::new("unsupported_token_type", description)
    }

    pub(crate) fn invalid_scope(description: impl Into<String>) -> Self {
        Self::new("invalid_scope", description)
    }

    pub(crate) fn unsupported_grant_type(description: impl Into<String>) -> Self {
        Self::new("unsupported_grant_type", description)
    }

    pub(crate) fn unsupported_response_type(description: impl Into<String>) -> Self {
        Self::new("unsupported_response_type", description)
    }

    pub(crate) fn access_denied() -> Self {
        Self::new("access_denied", "the user denied the request")
    }

    pub(crate) fn wrong_method(allowed: &Method) -> Self {
        let description = format!("this endpoint takes {allowed} only");
        Self { status: StatusCode::METHOD_NOT_ALLOWED, ..Self::invalid_request(description) }
    }

    /// The provider's own code for it, which the definition tells under `[errors]`.
    pub(crate) fn wire_code(&self, spec: &Spec, stage: Stage) -> &'static str {
        let own = |meaning: &str| {
            let means =
                |hint: &&ErrorHint| hint.means == Some(meaning) && hint.stage.is_none_or(|s| s == stage);
            spec.errors.iter().find(means).map(|hint| hint.code)
        };
        self.narrower.and_then(own).or_else(|| own(self.code)).unwrap_or(self.code)
    }
}
