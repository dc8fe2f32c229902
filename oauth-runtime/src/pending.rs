//! [`PendingAuthorization`]: what the client remembers of an authorization between the request and the callback.

use crate::{
    client::Client,
    error::{CallbackError, Error},
    provider::OAuthProvider,
    random::Nonce,
    record,
    return_to::ReturnTo,
    scopes::ScopeList,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};
use std::{
    borrow::Cow,
    fmt::{self, Write},
    marker::PhantomData,
    sync::Arc,
    time::{Duration, SystemTime},
};

/// How long a user may take at the provider.
pub(crate) const LIFETIME: Duration = Duration::from_secs(600);

/// A longer text is none of ours: a cookie holds four kilobytes.
const MAX_LENGTH: usize = 8 << 10;

/// What a cookie's value may not hold, and what stands between the parts of ours.
const UNFIT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%').add(b'!');

/// An authorization that was begun and not finished: the state, the PKCE verifier and what was asked.
///
/// It belongs to the user agent that began it and to nobody else: a cookie of it ([`crate::axum`]), its session on the
/// server, or a [`StateStore`](crate::StateStore) entry of its user. Kept in one place for all, it would let
/// anybody finish anybody's sign-in. It is used up by [`Callback::new`](crate::Callback::new).
pub struct PendingAuthorization<P> {
    pub(crate) record: Record,
    of: PhantomData<fn() -> P>,
}

/// Which flow an authorization is of: all that its pending ones have in common. One text, because each callback
/// brings another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Begun {
    parts: String,
    provider: usize,
    tenant: usize,
}

impl Begun {
    pub(crate) fn new(provider: &str, tenant: &str, redirect_uri: &str) -> Self {
        let parts = [provider, tenant, redirect_uri].concat();
        Self { parts, provider: provider.len(), tenant: provider.len() + tenant.len() }
    }

    /// Reads the encoded parts.
    fn decode([provider, tenant, redirect_uri]: [&str; 3]) -> Option<Self> {
        let mut parts = String::with_capacity(provider.len() + tenant.len() + redirect_uri.len());
        let mut add = |part| decode(part).map(|part| parts.push_str(&part)).map(|()| parts.len());
        let (provider, tenant) = (add(provider)?, add(tenant)?);
        add(redirect_uri)?;
        Some(Self { parts, provider, tenant })
    }

    pub(crate) fn provider(&self) -> &str {
        &self.parts[..self.provider]
    }

    pub(crate) fn tenant(&self) -> &str {
        &self.parts[self.provider..self.tenant]
    }

    pub(crate) fn redirect_uri(&self) -> &str {
        &self.parts[self.tenant..]
    }
}

/// A part of a text, as it was before it was written there.
fn decode(part: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(part).decode_utf8().ok()
}

/// What is remembered, of whatever provider.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) by: Arc<Begun>,
    pub(crate) scopes: ScopeList,
    pub(crate) expires_at: SystemTime,
    /// Where the user goes on, if the application said so.
    pub(crate) return_to: Option<ReturnTo>,
    state: Nonce,
    verifier: Nonce,
}

impl Record {
    pub(crate) fn new(client: &Client, scopes: ScopeList, now: SystemTime) -> Self {
        Self {
            by: client.begun.clone(),
            scopes,
            expires_at: now + LIFETIME,
            return_to: None,
            state: Nonce::random(),
            verifier: Nonce::random(),
        }
    }

    pub(crate) fn state(&self) -> &str {
        self.state.as_str()
    }

    pub(crate) fn verifier(&self) -> &str {
        self.verifier.as_str()
    }

    /// One opaque text, of characters that a cookie may hold (RFC 6265 §4.1.1).
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.length());
        self.text_into(&mut text);
        text
    }

    /// Appends the same text.
    pub(crate) fn text_into(&self, text: &mut String) {
        text.push_str(self.state());
        self.stored_into(text);
    }

    /// Appends what a store keeps under the state's [hash](StateKey): the text without the state, which comes back with the user.
    pub(crate) fn stored_into(&self, text: &mut String) {
        text.push_str(self.verifier());
        let seconds = record::to_seconds(self.expires_at);
        // Writing to a `String` cannot fail.
        let _ = write!(text, "!{seconds}");
        let return_to = self.return_to.as_ref().map_or("", ReturnTo::as_str);
        let common = [return_to, self.by.provider(), self.by.tenant(), self.by.redirect_uri()];
        for part in common.into_iter().chain(self.scopes.iter()) {
            text.push('!');
            text.extend(utf8_percent_encode(part, UNFIT));
        }
    }

    /// About how long the text is.
    pub(crate) fn length(&self) -> usize {
        let return_to = self.return_to.as_ref().map_or(0, |path| path.as_str().len());
        128 + self.by.parts.len() + self.scopes.length() + return_to
    }

    /// What was kept under the hash of `state`, read again.
    pub(crate) fn from_stored(state: &str, stored: &str) -> Option<Self> {
        Self::from_text(&format!("{state}{stored}"))
    }

    /// The text read again; `None` if it is no text of ours.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let mut parts = text.split('!');
        let (state, verifier) = parts.next()?.split_at_checked(Nonce::LENGTH)?;
        let seconds = parts.next()?.parse().ok()?;
        // Whoever holds the text may have changed it.
        let return_to = match &*decode(parts.next()?)? {
            "" => None,
            path => Some(path.parse().ok()?),
        };
        Some(Self {
            state: Nonce::parse(state)?,
            verifier: Nonce::parse(verifier)?,
            expires_at: record::from_seconds(seconds),
            return_to,
            by: Arc::new(Begun::decode([parts.next()?, parts.next()?, parts.next()?])?),
            scopes: parts.map(decode).collect::<Option<_>>()?,
        })
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
        // Of a provider that is chosen at run time, the flow that finishes it says which.
        if P::SPEC.id.is_empty() || record.by.provider() == P::SPEC.id {
            Ok(Self::new(record))
        } else {
            Err(CallbackError::Mismatch.into())
        }
    }

    /// The bound variables of the provider's value that began it, as [`TokenKey::tenant`](crate::TokenKey::tenant) has them: tells which flow finishes it.
    pub fn tenant(&self) -> &str {
        self.record.by.tenant()
    }
}

impl<P> fmt::Debug for PendingAuthorization<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingAuthorization")
            .field("provider", &self.record.by.provider())
            .field("scopes", &self.record.scopes)
            .finish_non_exhaustive()
    }
}

/// What a state is known by in a store or a cookie's name: its hash, so that neither gives the state away.
pub(crate) struct StateKey([u8; Nonce::LENGTH]);

impl StateKey {
    pub(crate) fn of(state: &str) -> Self {
        let mut text = [0; Nonce::LENGTH];
        let hash = Sha256::digest(state.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode_slice(hash, &mut text).expect("32 bytes are 43 characters");
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("base64url is ASCII")
    }

    /// The key of a store under which something of this kind is kept.
    pub(crate) fn below(&self, kind: &str) -> String {
        let mut key = String::with_capacity(kind.len() + 1 + Nonce::LENGTH);
        key.push_str(kind);
        key.push('.');
        key.push_str(self.as_str());
        key
    }
}
