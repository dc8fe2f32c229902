//! The API, and who the user is.

use super::{Encoding, Endpoint, Method, Param, Path};

/// Who the user is: what the userinfo endpoint's answer calls it (OpenID Connect Core §5.1 has the names).
#[derive(Debug, Clone, Copy)]
pub struct Userinfo {
    /// What holds the claims.
    pub source: ClaimsSource,
    /// The HTTP method.
    pub method: Method,
    /// How the parameters of a POST are written.
    pub encoding: Encoding,
    /// The parameters of a POST.
    pub params: &'static [(&'static str, &'static str)],
    /// Further parameters in the query.
    pub query: &'static [Param],
    /// Further headers.
    pub headers: &'static [Param],
    /// The object that holds the claims; a number is a place in a list.
    pub root: Path,
    /// The identifier that stays.
    pub subject: Path,
    /// The e-mail address.
    pub email: Path,
    /// Whether the provider checked the e-mail address.
    pub email_verified: Path,
    /// The name, as people write it; of several parts with a space between each two.
    pub name: &'static [Path],
    /// The name at the provider.
    pub preferred_username: Path,
    /// The address of a picture.
    pub picture: Path,
    /// Claims that another call gives.
    pub also: &'static [Also],
}

impl Userinfo {
    /// OpenID Connect Core §5.1.
    pub const PLAIN: Self = Self {
        source: ClaimsSource::Endpoint,
        method: Method::Get,
        encoding: Encoding::Form,
        params: &[],
        query: &[],
        headers: &[],
        root: &[],
        subject: &["sub"],
        email: &["email"],
        email_verified: &["email_verified"],
        name: &[&["name"]],
        preferred_username: &["preferred_username"],
        picture: &["picture"],
        also: &[],
    };
}

/// What holds the claims about the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimsSource {
    /// The answer of the userinfo endpoint.
    Endpoint,
    /// What the token answer has besides the tokens.
    Token,
    /// What the callback brought, and the definition keeps of it.
    Callback,
}

/// A claim that another call gives: an object of a list there.
#[derive(Debug, Clone, Copy)]
pub struct Also {
    /// The claim.
    pub claim: Claim,
    /// The call's address.
    pub url: Endpoint,
    /// The member that is true in the object that is meant; `None`: the first.
    pub pick: Option<&'static str>,
    /// Where the claim stands in it.
    pub field: Path,
    /// The call is made only where this scope was granted.
    pub scope: Option<&'static str>,
}

/// A claim about the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// `email`
    Email,
    /// `name`
    Name,
    /// `preferred_username`
    PreferredUsername,
    /// `picture`
    Picture,
}

/// How the provider's API is called.
#[derive(Debug, Clone, Copy)]
pub struct Api {
    /// What a relative path is joined to.
    pub base_url: Endpoint,
    /// Further origins that the token may go to.
    pub origins: Endpoint,
    /// Where the token stands.
    pub placement: Placement,
    /// The header that carries it.
    pub header: &'static str,
    /// What stands before it in the header; may be empty.
    pub scheme: &'static str,
    /// The parameter that carries it, for [`Placement::Query`] and [`Placement::Body`].
    pub parameter: &'static str,
    /// Further headers of every call.
    pub headers: &'static [Param],
    /// Further query parameters of every call.
    pub query: &'static [Param],
    /// Statuses besides 401 that mean a lapsed token.
    pub expired_status: &'static [u16],
    /// The header that says how long to wait, besides `Retry-After`.
    pub retry_after: Option<RetryAfter>,
}

/// A header with a time to wait.
#[derive(Debug, Clone, Copy)]
pub struct RetryAfter {
    /// Its name.
    pub header: &'static str,
    /// What its number counts.
    pub unit: WaitUnit,
}

/// What a time to wait is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitUnit {
    /// The seconds to wait.
    Seconds,
    /// The time until which to wait, in seconds of the Unix epoch.
    UnixTime,
}

impl Api {
    /// RFC 6750 §2.1: `Authorization: Bearer`.
    pub const PLAIN: Self = Self {
        base_url: Endpoint::NONE,
        origins: Endpoint::NONE,
        placement: Placement::Header,
        header: "Authorization",
        scheme: "Bearer",
        parameter: "access_token",
        headers: &[],
        query: &[],
        expired_status: &[],
        retry_after: None,
    };
}

/// Where the access token stands in an API request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// In a header.
    Header,
    /// In the query, because the provider knows no other way.
    Query,
    /// In a form (RFC 6750 §2.2).
    Body,
}
