//! [`Subject`]: a client library that can be judged. Ours is one, a naive one is another.

use super::definition::Kind;
use std::{future::Future, pin::Pin, time::Duration};

/// An answer of a client. Each client has a thread of its own, so it need not be `Send`.
pub type Answering<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Makes clients.
pub trait Subject: Sync {
    /// A client for the server at `target`.
    ///
    /// # Errors
    /// It cannot be made; the text says why.
    fn client(&self, target: &Target) -> Result<Box<dyn Client>, String>;

    /// Whether it is ours: then the scenarios and the axum integration are played too.
    fn is_ours(&self) -> bool {
        false
    }
}

/// What a client has to be made for.
#[derive(Debug, Clone)]
pub struct Target {
    /// The port of the token endpoint on this machine.
    pub port: u16,
    /// What the definition says.
    pub kind: Kind,
    /// How long an exchange may take.
    pub deadline: Duration,
    /// The root certificate to believe in, instead of the platform's.
    pub root: Option<Vec<u8>>,
}

impl Target {
    /// The issuer of the provider that stands here.
    pub fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// One client at one server.
pub trait Client {
    /// Begins a sign-in, comes back with `query`, in which `{STATE}` stands for the state, and exchanges the code.
    fn login<'a>(&'a self, query: &'a str) -> Answering<'a, Play>;

    /// Asks for a fresh access token in place of a lapsed one, `callers` times at once and then once more.
    fn refresh(&self, callers: usize) -> Answering<'_, Refreshed>;

    /// Revokes the tokens that it has; the outcome of a success are those tokens.
    fn revoke(&self) -> Answering<'_, Refreshed>;
}

/// What came of one call.
#[derive(Debug, Clone)]
pub struct Play {
    /// The tokens, or the error.
    pub outcome: Result<Got, Failure>,
    /// The error as a user reads it.
    pub display: String,
    /// Everything that can be printed, in every form.
    pub printed: String,
    /// What must not be in it.
    pub secrets: Vec<String>,
}

/// What came of the calls for a fresh token, or of a revocation.
#[derive(Debug, Clone)]
pub struct Refreshed {
    /// One for each caller.
    pub plays: Vec<Play>,
    /// What the store holds afterwards.
    pub stored: Option<Got>,
}

/// Tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Got {
    /// The access token.
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// How long the access token lives from now; `None`: the client thinks that it does not lapse.
    pub lifetime: Option<Duration>,
    /// The granted scopes.
    pub scopes: Vec<String>,
}

/// An error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Every class of the catalogue that it belongs to.
    pub classes: Vec<&'static str>,
}
