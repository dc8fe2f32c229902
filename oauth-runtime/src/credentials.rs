//! [`Credentials`]: who the client is.

use crate::secret::Secret;

/// What a client was given at its registration (RFC 6749 §2.2 and §2.3).
#[derive(Debug, Clone)]
pub struct Credentials {
    client_id: String,
    client_secret: Option<Secret>,
}

impl Credentials {
    /// A client that can keep a secret: a server.
    pub fn confidential(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self { client_id: client_id.into(), client_secret: Some(client_secret.into()) }
    }

    /// A client that cannot: a program on the user's machine (RFC 8252).
    pub fn public(client_id: impl Into<String>) -> Self {
        Self { client_id: client_id.into(), client_secret: None }
    }

    /// The client identifier. It is not secret.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(crate) fn client_secret(&self) -> Option<&Secret> {
        self.client_secret.as_ref()
    }
}
