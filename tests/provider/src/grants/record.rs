//! What is remembered of a code, a token and a consent.

use crate::{message::Message, told::Told};
use std::time::{Duration, SystemTime};

/// What the user consented to.
#[derive(Debug, Clone)]
pub(crate) struct Approved {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) told: Told,
}

/// What a client presents for a code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Redemption<'a> {
    pub(crate) message: &'a Message<'a>,
    pub(crate) code: &'a str,
    pub(crate) client_id: &'a str,
}

/// How tokens are given out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    /// `None`: access tokens do not lapse.
    pub(crate) access_lifetime: Option<Duration>,
    pub(crate) refresh_lifetime: Option<Duration>,
    /// Whether there are refresh tokens at all.
    pub(crate) refreshable: bool,
    /// Whether a refresh token is good once.
    pub(crate) rotates: bool,
    /// How long a replaced refresh token is still honoured.
    pub(crate) grace: Duration,
    /// Whether the access token is still to be exchanged.
    pub(crate) raw: bool,
}

/// Tokens, fresh.
#[derive(Debug, Clone)]
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) told: Told,
    /// The further tokens of the same answer, each with its name.
    pub(crate) named: Vec<(&'static str, Issued)>,
}

/// The tokens of an example.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) access_token: Option<String>,
    pub(crate) refresh_token: Option<String>,
    pub(crate) expires_in: Option<Duration>,
    /// The further tokens, each with its name.
    pub(crate) named: Vec<(String, Shown)>,
}

/// All tokens that come from one consent. A theft ends them all.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) client_id: String,
    pub(super) scopes: Vec<String>,
    pub(super) told: Told,
    pub(super) revoked: bool,
    pub(super) history: GrantHistory,
}

/// What happened to one grant, which is all tokens that come from one consent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GrantHistory {
    /// Refreshes with a refresh token of this grant, whatever their answers.
    pub refreshes: usize,
    /// Replaced refresh tokens that came again and were refused.
    pub reuses: usize,
    /// Replaced refresh tokens that came again within the [grace](crate::TestProvider::grace), and were honoured.
    pub replays: usize,
    /// Whether the grant is revoked, by a reuse or by a revocation.
    pub is_revoked: bool,
}

#[derive(Debug)]
pub(super) struct Code {
    pub(super) approved: Approved,
    pub(super) lapses: SystemTime,
    pub(super) used: bool,
    pub(super) families: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct AccessToken {
    pub(super) family: usize,
    pub(super) scopes: Vec<String>,
    pub(super) lapses: Option<SystemTime>,
    pub(super) revoked: bool,
    /// Whether it is still to be exchanged.
    pub(super) raw: bool,
    pub(super) renewal: Renewal,
}

/// What becomes of an access token that comes to be renewed itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Renewal {
    Given,
    /// It was renewed, where that happens once.
    Replaced,
    Refused,
}

#[derive(Debug)]
pub(super) struct RefreshToken {
    pub(super) family: usize,
    pub(super) lapses: Option<SystemTime>,
    /// When it was replaced.
    pub(super) used: Option<SystemTime>,
    pub(super) refused: bool,
}
