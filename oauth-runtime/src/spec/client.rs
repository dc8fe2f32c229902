//! What a client of the provider is.

use super::{BuiltIn, Part, Template};

/// What a client is given and may use, as far as the definition says.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    /// Whether it has a secret.
    pub secret: ClientSecret,
    /// How its credentials stand in HTTP Basic.
    pub basic: Basic,
    /// Which redirect URIs it may have.
    pub redirect: Redirect,
}

impl Client {
    /// Nothing is said.
    pub const PLAIN: Self =
        Self { secret: ClientSecret::Undeclared, basic: Basic::PLAIN, redirect: Redirect::PLAIN };
}

/// Whether a client has a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientSecret {
    /// The definition does not say.
    Undeclared,
    /// Every client has one.
    Required,
    /// There are clients with one and clients without.
    Optional,
    /// No client has one.
    None,
}

/// What HTTP Basic carries (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy)]
pub struct Basic {
    /// What stands before the colon.
    pub username: Template,
    /// What stands behind it.
    pub password: Template,
    /// Both are form-urlencoded before they are joined.
    pub form_encode: bool,
}

impl Basic {
    /// The client id and the client secret, form-urlencoded.
    pub const PLAIN: Self = Self {
        username: Template::new("{client_id}"),
        password: Template::new("{client_secret}"),
        form_encode: true,
    };

    /// Whether the client secret stands in it.
    pub fn holds_secret(&self) -> bool {
        let mut parts = self.username.parts().chain(self.password.parts());
        parts.any(|part| part == Part::BuiltIn(BuiltIn::ClientSecret))
    }
}

/// Which redirect URIs a provider takes (RFC 8252 §7).
#[derive(Debug, Clone, Copy)]
pub struct Redirect {
    /// `https`.
    pub https: bool,
    /// `http` on `localhost`.
    pub localhost_http: bool,
    /// `http` on 127.0.0.1 and `[::1]`.
    pub loopback: Loopback,
    /// A scheme of the application's own.
    pub custom_scheme: bool,
}

impl Redirect {
    /// Every kind: the definition does not say otherwise.
    pub const PLAIN: Self =
        Self { https: true, localhost_http: true, loopback: Loopback::ExactPort, custom_scheme: true };
}

/// Whether a provider takes `http` on a loopback address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loopback {
    /// It does not.
    No,
    /// With the registered port.
    ExactPort,
    /// With any port (RFC 8252 §7.3).
    AnyPort,
}
