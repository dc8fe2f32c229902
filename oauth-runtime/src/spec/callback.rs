//! The callback.

use super::Method;

/// How the answer to an authorization request comes, and what stands in it (RFC 6749 §4.1.2).
#[derive(Debug, Clone, Copy)]
pub struct Callback {
    /// A GET with a query, a POST with a form (OAuth 2.0 Form Post Response Mode), or either.
    pub methods: &'static [Method],
    /// The parameter that holds the code.
    pub code: &'static str,
    /// The parameter that holds the state.
    pub state: &'static str,
    /// The parameter that holds the error code.
    pub error: &'static str,
    /// Further parameters to keep: the name among the captured values, the parameter.
    pub capture: &'static [(&'static str, &'static str)],
    /// Parameters whose value is the text of a JSON object.
    pub json: &'static [&'static str],
    /// What becomes of a callback without a state.
    pub without_state: WithoutState,
    /// How the provider signs its callbacks.
    #[cfg(feature = "hmac")]
    pub verify: Option<Verify>,
}

impl Callback {
    /// RFC 6749 §4.1.2.
    pub const PLAIN: Self = Self {
        methods: &[Method::Get],
        code: "code",
        state: "state",
        error: "error",
        capture: &[],
        json: &[],
        without_state: WithoutState::Refuse,
        #[cfg(feature = "hmac")]
        verify: None,
    };
}

/// What becomes of a callback without a state. It is never a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutState {
    /// It is an error.
    Refuse,
    /// It began at the provider, in its store of applications: the application begins a sign-in of its own.
    Restart,
}

/// A signature over the parameters of a callback: HMAC with SHA-256 in hexadecimal digits, its key the client secret.
///
/// What is signed are the other parameters, sorted by their names, as `name=value` with `&` between them.
#[cfg(feature = "hmac")]
#[derive(Debug, Clone, Copy)]
pub struct Verify {
    /// The parameter that holds the signature.
    pub parameter: &'static str,
}
