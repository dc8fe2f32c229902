//! [`StoredGrant`] and [`TokenKey`]: what is kept, and for whom.

use crate::tokens::StoredTokens;
use std::{
    fmt,
    hash::{BuildHasher, Hash, Hasher, RandomState},
    sync::{Arc, LazyLock},
};

/// Whose tokens: the provider, the tenant and the owner together.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenKey {
    /// Of all the rest, computed once, because a key is looked up again and again.
    hash: u64,
    provider: &'static str,
    tenant: Arc<str>,
    owner: Arc<str>,
}

impl TokenKey {
    /// A key. `tenant` is empty for a provider without variables.
    pub fn new(provider: &'static str, tenant: impl Into<Arc<str>>, owner: impl Into<Arc<str>>) -> Self {
        // One for the process, drawn by lot: whoever chooses owners cannot choose their hashes.
        static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        let (tenant, owner) = (tenant.into(), owner.into());
        let hash = HASHER.hash_one((provider, &*tenant, &*owner));
        Self { hash, provider, tenant, owner }
    }

    /// The key of the same owner's tokens of another name.
    pub(crate) fn named(&self, provider: &'static str) -> Self {
        Self { provider, ..self.clone() }
    }

    /// The provider's id; of a [further token](crate::TokenName), with a dot and its name behind it: `slack.user`.
    pub fn provider(&self) -> &'static str {
        self.provider
    }

    /// The values of the provider's variables, each percent-encoded, with `/` between them.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The user, or whoever the tokens are for, as the application calls them.
    pub fn owner(&self) -> &str {
        &self.owner
    }
}

impl Hash for TokenKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { provider, tenant, owner, .. } = self;
        f.debug_struct("TokenKey")
            .field("provider", provider)
            .field("tenant", tenant)
            .field("owner", owner)
            .finish()
    }
}

/// The key as one text, of which no two are alike: `provider:tenant:owner`, the owner last and as it is.
impl fmt::Display for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A provider's id is an identifier and a tenant is percent-encoded, so neither holds a colon.
        write!(f, "{}:{}:{}", self.provider, self.tenant, self.owner)
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
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes[2..]).expect("the operating system has randomness");
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
