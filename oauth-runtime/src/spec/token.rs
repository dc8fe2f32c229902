//! Requests with a grant or a token: exchange, refresh, revocation.

use super::{Endpoint, Param, TokenResponse};
use std::time::Duration;

/// How a client proves who it is (RFC 7591 `token_endpoint_auth_method`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthMethod {
    /// `client_secret_basic`: HTTP Basic, both parts form-urlencoded first (RFC 6749 §2.3.1).
    ClientSecretBasic,
    /// `client_secret_post`: in the body.
    ClientSecretPost,
    /// `private_key_jwt`: a token that the client signs (RFC 7523 §2.2).
    PrivateKeyJwt,
    /// `none`: a public client, its `client_id` in the body.
    None,
    /// The token itself in the `Authorization` header, and no client: only for a revocation.
    Bearer,
}

/// What a client with a private key signs for each request (`[client.assertion]`).
#[derive(Debug, Clone, Copy)]
pub struct Assertion {
    /// What it is sent as.
    pub used_as: AssertionUse,
    /// The only algorithm that the provider takes; `None`: any.
    pub algorithm: Option<SigningAlgorithm>,
    /// Further members of its header, or other values of the standard's.
    pub header: &'static [Param],
    /// Further claims, or other values of the standard's.
    pub claims: &'static [Param],
    /// How long it holds.
    pub ttl: Duration,
}

impl Assertion {
    /// RFC 7523 §3, for five minutes.
    pub const PLAIN: Self = Self {
        used_as: AssertionUse::ClientAssertion,
        algorithm: None,
        header: &[],
        claims: &[],
        ttl: Duration::from_secs(300),
    };
}

/// How a [`PrivateKey`](crate::PrivateKey) signs (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// ECDSA on P-256 with SHA-256; the signature is `r` and `s`, 32 bytes each.
    Es256,
    /// ECDSA on P-384 with SHA-384; the signature is `r` and `s`, 48 bytes each.
    Es384,
    /// RSA by PKCS #1 v1.5 with SHA-256.
    Rs256,
    /// RSA by PSS with SHA-256.
    Ps256,
    /// Ed25519.
    EdDsa,
}

impl SigningAlgorithm {
    /// The name in a token's header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// What a signed token is sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssertionUse {
    /// `client_assertion`, as RFC 7523 §2.2 has it.
    ClientAssertion,
    /// In the place of the client secret.
    ClientSecret,
}

/// How a token request is sent.
#[derive(Debug, Clone, Copy)]
pub struct TokenRequest {
    /// The HTTP method.
    pub method: Method,
    /// Where the parameters go.
    pub encoding: Encoding,
    /// Further parameters.
    pub params: &'static [Param],
    /// Further parameters that stand in the query, wherever the others stand.
    pub query: &'static [Param],
    /// Further headers.
    pub headers: &'static [Param],
    /// Standard parameters under the provider's names: the standard's name, the provider's.
    pub rename: &'static [(&'static str, &'static str)],
    /// Standard parameters that are left out.
    pub omit: &'static [&'static str],
    /// `grant_type`, where it is not the standard's.
    pub grant_type: Option<&'static str>,
    /// How the client authenticates, where it is not as at the token endpoint; the preferred way first.
    pub auth: &'static [AuthMethod],
    /// `state` is sent here too.
    pub send_state: bool,
}

impl TokenRequest {
    /// A form by POST (RFC 6749 §4.1.3).
    pub const PLAIN: Self = Self {
        method: Method::Post,
        encoding: Encoding::Form,
        params: &[],
        query: &[],
        headers: &[],
        rename: &[],
        omit: &[],
        grant_type: None,
        auth: &[],
        send_state: false,
    };
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// As RFC 6749 §3.2 has it.
    Post,
    /// As some providers have it, with `encoding = "query"`.
    Get,
    /// As some providers have a revocation.
    Delete,
}

/// Where the parameters of a token request stand (`post_form_data` of older libraries).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `application/x-www-form-urlencoded`, the standard.
    Form,
    /// A JSON object.
    Json,
    /// The query of the URL.
    Query,
}

/// How a token is renewed.
#[derive(Debug, Clone, Copy)]
pub struct Refresh {
    /// What becomes of the refresh token.
    pub support: RefreshSupport,
    /// Where to ask, if not at the token endpoint.
    pub endpoint: Endpoint,
    /// How to ask, if not by the encoding and the headers of the token request and otherwise as the standard has it.
    pub request: Option<TokenRequest>,
    /// How long before its end a token is renewed; `None`: as the flow has it.
    pub leeway: Option<Duration>,
    /// How the answer is shaped, if not as that to a code.
    pub response: Option<TokenResponse>,
}

impl Refresh {
    /// RFC 6749 §6 at the token endpoint.
    pub const PLAIN: Self = Self {
        support: RefreshSupport::Reusable,
        endpoint: Endpoint::NONE,
        request: None,
        leeway: None,
        response: None,
    };
}

/// What becomes of a refresh token when it is used.
///
/// The client behaves alike for the first two: a new one replaces the old, and the old stays where none comes.
/// The test provider rotates for the first and does not for the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshSupport {
    /// It is good once; the answer has the next.
    Rotating,
    /// It stays good.
    Reusable,
    /// There is none: the access token itself is presented and renewed, as long as it has not lapsed.
    InPlace,
    /// There is no refresh.
    None,
}

/// How tokens are revoked (RFC 7009), or whatever the provider's call for it is.
#[derive(Debug, Clone, Copy)]
pub struct Revocation {
    /// How to ask, if not by the encoding and the headers of the token request and otherwise as the standard has it.
    pub request: Option<TokenRequest>,
    /// The token that is handed in: the refresh token if there is one, because with it the whole grant ends, or the access token.
    pub revokes: Revokes,
}

impl Revocation {
    /// RFC 7009 §2.1.
    pub const PLAIN: Self = Self { request: None, revokes: Revokes::RefreshToken };
}

/// The token that a revocation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revokes {
    /// The refresh token; the access token where there is none.
    RefreshToken,
    /// The access token.
    AccessToken,
}
