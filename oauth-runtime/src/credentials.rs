//! [`Credentials`]: who the client is.

use crate::{private_key::PrivateKey, secret::Secret};

/// What a client was given at its registration (RFC 6749 §2.2 and §2.3).
#[derive(Debug, Clone)]
pub struct Credentials {
    client_id: String,
    proof: Proof,
}

/// What a client proves itself by.
#[derive(Debug, Clone)]
enum Proof {
    Nothing,
    Secret(Secret),
    Key(PrivateKey),
}

impl Credentials {
    /// A client that can keep a secret: a server.
    pub fn confidential(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self { client_id: client_id.into(), proof: Proof::Secret(client_secret.into()) }
    }

    /// A client that signs what it proves itself by: `private_key_jwt` (RFC 7523 §2.2, OpenID Connect Core §9), or a
    /// client secret that is made anew for each request, as Apple's.
    pub fn private_key(client_id: impl Into<String>, key: PrivateKey) -> Self {
        Self { client_id: client_id.into(), proof: Proof::Key(key) }
    }

    /// A client that cannot: a program on the user's machine (RFC 8252).
    pub fn public(client_id: impl Into<String>) -> Self {
        Self { client_id: client_id.into(), proof: Proof::Nothing }
    }

    /// The client identifier. It is not secret.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(crate) fn client_secret(&self) -> Option<&Secret> {
        match &self.proof {
            Proof::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    pub(crate) fn key(&self) -> Option<&PrivateKey> {
        match &self.proof {
            Proof::Key(key) => Some(key),
            _ => None,
        }
    }

    /// Whether there is nothing to prove the client by (RFC 6749 §2.1).
    pub(crate) fn is_public(&self) -> bool {
        matches!(self.proof, Proof::Nothing)
    }
}
