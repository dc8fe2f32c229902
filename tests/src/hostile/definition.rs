//! The providers that the hostile servers stand for: written by hand, because each has a port of its own.

use oauth_runtime::{
    OAuthProvider,
    provider::{HasAuthorizationEndpoint, HasRefresh, HasRevocation},
    spec::{AuthMethod, Endpoint, Endpoints, Format, Scopes, Spec, Variable},
};

/// What a definition says beside the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Plain,
    /// The client secret goes into the body.
    SecretInBody,
    /// `iss` is promised in every callback.
    PromisesIssuer,
    /// The token endpoint is `https://localhost`.
    Tls,
    /// The token endpoint is `https://idp.example`.
    TlsElsewhere,
}

/// What is asked for.
pub const ASKED: &[&str] = &["read", "write"];
/// The client's name there.
pub const CLIENT_ID: &str = "client-7";
/// The client's secret there, with characters that have to be encoded.
pub const CLIENT_SECRET: &str = "canary:client+secret%/27";
/// Where users come back.
pub const REDIRECT_URI: &str = "https://app.example/callback";

const PLAIN: Spec = Spec {
    id: "hostile",
    name: "Hostile",
    issuer: Endpoint::new("http://127.0.0.1:{0}"),
    endpoints: Endpoints {
        authorization: Endpoint::new("http://127.0.0.1:{0}/authorize"),
        token: Endpoint::new("http://127.0.0.1:{0}/token"),
        revocation: Endpoint::new("http://127.0.0.1:{0}/revoke"),
        ..Endpoints::NONE
    },
    token_endpoint_auth_methods: &[AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost],
    variables: &[Variable { name: "port", format: Format::Digits, ..Variable::PLAIN }],
    scopes: Scopes { default: ASKED, ..Scopes::PLAIN },
    ..Spec::PLAIN
};

macro_rules! definition {
    ($(#[$doc:meta])* $name:ident, $spec:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name(String);

        impl From<u16> for $name {
            fn from(port: u16) -> Self {
                Self(port.to_string())
            }
        }

        impl OAuthProvider for $name {
            const SPEC: &'static Spec = &$spec;

            fn variable(&self, _: usize) -> Option<&str> {
                Some(&self.0)
            }
        }

        impl HasAuthorizationEndpoint for $name {}
        impl HasRefresh for $name {}
        impl HasRevocation for $name {}
    };
}

definition!(
    /// [`Kind::Plain`]
    Plain, PLAIN);
definition!(
    /// [`Kind::SecretInBody`]
    SecretInBody, Spec { token_endpoint_auth_methods: &[AuthMethod::ClientSecretPost], ..PLAIN });
definition!(
    /// [`Kind::PromisesIssuer`]
    PromisesIssuer, Spec { authorization_response_iss_parameter: true, ..PLAIN });
definition!(
    /// Another provider, for callbacks that come to the wrong one.
    Other, Spec { id: "other", name: "Other", ..PLAIN });
definition!(
/// [`Kind::Tls`]
Tls, Spec {
    endpoints: Endpoints {
        token: Endpoint::new("https://localhost:{0}/token"),
        ..PLAIN.endpoints
    },
    ..PLAIN
});
definition!(
/// [`Kind::TlsElsewhere`]
TlsElsewhere, Spec {
    endpoints: Endpoints {
        token: Endpoint::new("https://idp.example:{0}/token"),
        ..PLAIN.endpoints
    },
    ..PLAIN
});
