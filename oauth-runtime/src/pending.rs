//! [`PendingAuthorization`]: what the client remembers of an authorization between the request and the callback.

use crate::{
    error::{CallbackError, Error},
    provider::OAuthProvider,
    secret::Secret,
    tokens::epoch,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fmt,
    marker::PhantomData,
    time::{Duration, SystemTime},
};
use zeroize::Zeroizing;

/// How long a user may take at the provider.
pub(crate) const LIFETIME: Duration = Duration::from_secs(600);

/// A longer text is none of ours: a cookie holds four kilobytes.
const MAX_LENGTH: usize = 8 << 10;

/// An authorization that was begun and not finished: the state, the PKCE verifier and what was asked.
///
/// It belongs to the user agent that began it and to nobody else: a cookie of it ([`crate::axum`]), its session on the
/// server, or a [`StateStore`](crate::StateStore) entry of its user. Kept in one place for all, it would let
/// anybody finish anybody's sign-in. It is used up by [`Callback::new`](crate::Callback::new).
pub struct PendingAuthorization<P> {
    pub(crate) record: Record,
    of: PhantomData<fn() -> P>,
}

/// What is remembered, of whatever provider.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    #[serde(rename = "p")]
    pub(crate) provider: String,
    #[serde(rename = "t", default, skip_serializing_if = "String::is_empty")]
    pub(crate) tenant: String,
    #[serde(rename = "s")]
    state: String,
    #[serde(rename = "v")]
    verifier: String,
    #[serde(rename = "r")]
    pub(crate) redirect_uri: String,
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) scopes: Vec<String>,
    #[serde(rename = "e", with = "epoch")]
    pub(crate) expires_at: SystemTime,
}

impl Drop for Record {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.state);
        zeroize::Zeroize::zeroize(&mut self.verifier);
    }
}

impl Record {
    pub(crate) fn new(
        provider: &str,
        tenant: &str,
        redirect_uri: &str,
        scopes: Vec<String>,
        now: SystemTime,
    ) -> Self {
        Self {
            provider: provider.to_owned(),
            tenant: tenant.to_owned(),
            state: random(),
            verifier: random(),
            redirect_uri: redirect_uri.to_owned(),
            scopes,
            expires_at: now + LIFETIME,
        }
    }

    pub(crate) fn state(&self) -> &str {
        &self.state
    }

    pub(crate) fn verifier(&self) -> &str {
        &self.verifier
    }

    pub(crate) fn take_verifier(&mut self) -> Secret {
        Secret::new(std::mem::take(&mut self.verifier))
    }

    /// One opaque text.
    pub(crate) fn to_text(&self) -> String {
        let json = Zeroizing::new(serde_json::to_vec(self).expect("texts and numbers are always JSON"));
        BASE64_URL_SAFE_NO_PAD.encode(&*json)
    }

    /// The text read again; `None` if it is no text of ours.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let json = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?);
        serde_json::from_slice(&json).ok()
    }
}

impl<P: OAuthProvider> PendingAuthorization<P> {
    pub(crate) fn new(record: Record) -> Self {
        Self { record, of: PhantomData }
    }

    /// One opaque text of it, for the place where it waits. It holds secrets: whoever reads it can finish the sign-in.
    pub fn expose(&self) -> String {
        self.record.to_text()
    }

    /// The text read again.
    ///
    /// # Errors
    /// [`CallbackError::UnknownState`] if it is not a text of [`expose`](Self::expose), [`CallbackError::Mismatch`] if it is another provider's.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let record = Record::from_text(text).ok_or(CallbackError::UnknownState)?;
        if record.provider == P::SPEC.id {
            Ok(Self::new(record))
        } else {
            Err(CallbackError::Mismatch.into())
        }
    }

    /// The bound variables of the provider's value that began it, as [`TokenKey::tenant`](crate::TokenKey::tenant) has them: tells which flow finishes it.
    pub fn tenant(&self) -> &str {
        &self.record.tenant
    }
}

impl<P> fmt::Debug for PendingAuthorization<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingAuthorization")
            .field("provider", &self.record.provider)
            .field("scopes", &self.record.scopes)
            .finish_non_exhaustive()
    }
}

/// 256 random bits of the operating system, as 43 characters of base64url: a state, and a verifier (RFC 7636 §4.1).
fn random() -> String {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes).expect("the operating system has randomness");
    BASE64_URL_SAFE_NO_PAD.encode(*bytes)
}

/// What a state is known by in a store or a cookie's name: its hash, so that neither gives the state away.
pub(crate) fn state_key(state: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(state.as_bytes()))
}
