//! What a client is, and how it proves who it is.

use super::{BuiltIn, Param, Part, Template};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthMethod {
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
    None,
    Bearer,
}

/// What a client with a private key signs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Assertion {
    pub(crate) used_as: AssertionUse,
    pub(crate) algorithm: Option<SigningAlgorithm>,
    pub(crate) header: Vec<Param>,
    pub(crate) claims: Vec<Param>,
    /// In seconds.
    pub(crate) ttl: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum AssertionUse {
    #[default]
    ClientAssertion,
    ClientSecret,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SigningAlgorithm {
    Es256,
    Es384,
    Rs256,
    Ps256,
    EdDsa,
}

impl SigningAlgorithm {
    pub(crate) const ALL: [Self; 5] = [Self::Es256, Self::Es384, Self::Rs256, Self::Ps256, Self::EdDsa];

    /// Its name in a definition and in a token (RFC 7518 §3.1).
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// What a client is given and may use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Client {
    pub(crate) secret: ClientSecret,
    /// `None`: as the standard has it.
    pub(crate) basic: Option<Basic>,
    pub(crate) redirect: Redirect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ClientSecret {
    #[default]
    Undeclared,
    Required,
    Optional,
    None,
}

/// What HTTP Basic carries; a part that is `None` is the standard's.
#[derive(Debug, Clone)]
pub(crate) struct Basic {
    pub(crate) username: Option<Template>,
    pub(crate) password: Option<Template>,
    pub(crate) form_encode: bool,
}

impl Basic {
    /// Whether the client secret stands in it.
    pub(crate) fn holds_secret(&self) -> bool {
        let holds = |part: &Template| part.contains(&Part::BuiltIn(BuiltIn::ClientSecret));
        self.username.as_ref().is_some_and(holds) || self.password.as_ref().is_none_or(holds)
    }
}

/// Which redirect URIs the provider takes.
#[derive(Debug, Clone)]
pub(crate) struct Redirect {
    pub(crate) https: bool,
    pub(crate) localhost_http: bool,
    pub(crate) loopback: Loopback,
    pub(crate) custom_scheme: bool,
}

impl Default for Redirect {
    fn default() -> Self {
        Self { https: true, localhost_http: true, loopback: Loopback::ExactPort, custom_scheme: true }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Loopback {
    No,
    #[default]
    ExactPort,
    AnyPort,
}
