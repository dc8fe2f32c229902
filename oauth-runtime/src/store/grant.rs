//! [`StoredGrant`] and [`TokenKey`]: what is kept, and for whom.

use crate::{random, tokens::StoredTokens};
use std::{
    fmt,
    hash::{BuildHasher, Hash, Hasher, RandomState},
    sync::{Arc, LazyLock},
};

/// Whose tokens: the provider, the tenant and the owner together.
#[derive(Clone)]
pub struct TokenKey {
    /// Of all the rest, computed once, because a key is looked up again and again.
    hash: u64,
    place: Arc<Place>,
    owner: Arc<str>,
}

/// The provider and the tenant of a key: the same for all owners of a flow.
#[derive(PartialEq, Eq)]
pub(crate) struct Place {
    provider: &'static str,
    tenant: Box<str>,
}

impl Place {
    pub(crate) fn new(provider: &'static str, tenant: &str) -> Arc<Self> {
        Arc::new(Self { provider, tenant: tenant.into() })
    }

    /// Whether they are of the same name; most are the same value.
    pub(crate) fn is(self: &Arc<Self>, other: &Arc<Self>) -> bool {
        Arc::ptr_eq(self, other) || self == other
    }

    /// The hash of a key.
    pub(crate) fn hashed(&self, owner: &str) -> u64 {
        // One for the process, drawn by lot: whoever chooses owners cannot choose their hashes.
        static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        HASHER.hash_one((self.provider, &*self.tenant, owner))
    }
}

impl TokenKey {
    /// A key. `tenant` is empty for a provider without variables.
    pub fn new(provider: &'static str, tenant: impl Into<Arc<str>>, owner: impl Into<Arc<str>>) -> Self {
        Self::of(Place::new(provider, &tenant.into()), owner.into())
    }

    pub(crate) fn of(place: Arc<Place>, owner: Arc<str>) -> Self {
        Self { hash: place.hashed(&owner), place, owner }
    }

    pub(crate) fn hashed(&self) -> u64 {
        self.hash
    }

    pub(crate) fn place(&self) -> &Arc<Place> {
        &self.place
    }

    /// The key of the same owner's tokens of another name.
    pub(crate) fn named(&self, provider: &'static str) -> Self {
        Self::of(Place::new(provider, &self.place.tenant), self.owner.clone())
    }

    /// The provider's id; of a [further token](crate::TokenName), with a dot and its name behind it: `slack.user`.
    pub fn provider(&self) -> &'static str {
        self.place.provider
    }

    /// The values of the provider's variables, each percent-encoded, with `/` between them.
    pub fn tenant(&self) -> &str {
        &self.place.tenant
    }

    /// The user, or whoever the tokens are for, as the application calls them.
    pub fn owner(&self) -> &str {
        &self.owner
    }
}

impl PartialEq for TokenKey {
    fn eq(&self, other: &Self) -> bool {
        self.place.is(&other.place) && self.owner == other.owner
    }
}

impl Eq for TokenKey {}

impl Hash for TokenKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey")
            .field("provider", &self.provider())
            .field("tenant", &self.tenant())
            .field("owner", &self.owner())
            .finish()
    }
}

/// The key as one text, of which no two are alike: `provider:tenant:owner`, the owner last and as it is.
impl fmt::Display for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A provider's id is an identifier and a tenant is percent-encoded, so neither holds a colon.
        write!(f, "{}:{}:{}", self.provider(), self.tenant(), self.owner)
    }
}

/// What a [`TokenStore`](super::TokenStore) keeps for one key. It serialises with the tokens in clear.
#[derive(Debug, Clone)]
pub struct StoredGrant {
    /// Tells this state of the grant from every other: drawn by lot at a sign-in, and one more after each refresh.
    pub generation: u64,
    /// The tokens.
    pub tokens: StoredTokens,
    /// Why the grant will never work again: the provider's code, or [`OUTCOME_UNKNOWN`](Self::OUTCOME_UNKNOWN).
    pub dead: Option<String>,
}

impl StoredGrant {
    /// The reason of a grant whose refresh token was sent by somebody who vanished before the answer was stored, and was
    /// refused when it was tried once more.
    pub const OUTCOME_UNKNOWN: &str = "outcome_unknown";
}

/// The generation of a new grant. Were it predictable, a refresh that began before a sign-in could fit the
/// tokens of that sign-in, and overwrite them.
pub(crate) fn new_generation() -> u64 {
    let mut bytes = random::eight();
    bytes[..2].fill(0);
    // 48 bits: databases and JSON readers hold it exactly, and counting on never ends.
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::TokenKey;

    #[test]
    fn a_key_gives_back_and_prints_its_parts_but_not_its_hash() {
        let key = TokenKey::new("acme", "eu", "ada");
        assert_eq!((key.provider(), key.tenant(), key.owner()), ("acme", "eu", "ada"));
        assert_eq!(format!("{key:?}"), r#"TokenKey { provider: "acme", tenant: "eu", owner: "ada" }"#);
        assert_eq!(key.to_string(), "acme:eu:ada");
    }
}
