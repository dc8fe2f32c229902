//! [`StateStore`] and [`TokenStore`]: where what must outlive a request is kept.

mod claims;
pub(crate) mod erased;
mod memory;

pub use self::memory::{MemoryStateStore, MemoryTokenStore};

use crate::{error::BoxError, tokens::StoredTokens};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::{fmt, future::Future, sync::Arc, time::Duration};

/// Keeps texts for a short time and gives each away once: the users' pending authorizations, and the marks of used ones.
///
/// Write it over what your application has: one table or key space. The keys are hashes, the values hold secrets.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no state store",
    label = "cannot keep pending authorizations",
    note = "implement `StateStore` for it: `put` and `take`, or use `MemoryStateStore`"
)]
pub trait StateStore: Send + Sync + 'static {
    /// Keeps `value` under `key` for `ttl`, unless something is there: says whether it was kept. One atomic statement.
    fn put(
        &self,
        key: &str,
        value: &str,
        ttl: Duration,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send;

    /// Takes the value away, in one atomic statement: of two callers one gets it. A lapsed one is gone.
    fn take(&self, key: &str) -> impl Future<Output = Result<Option<String>, BoxError>> + Send;
}

/// Keeps the tokens of each owner, and gives the right to refresh them to one at a time.
///
/// `load`, `save` and `remove` are enough for one process; a store that several processes share implements the others too.
/// A refresh goes: `claim`, `mark_sent`, then `commit` or `fail`. Whoever holds a claim is fenced off by the
/// grant's generation: a `commit` counts only if the generation is still the one that was claimed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no token store",
    label = "cannot keep tokens",
    note = "implement `TokenStore` for it: `load`, `save` and `remove`, or use `MemoryTokenStore`"
)]
pub trait TokenStore: Send + Sync + 'static {
    /// What is stored for `key`.
    fn load(&self, key: &TokenKey) -> impl Future<Output = Result<Option<StoredGrant>, BoxError>> + Send;

    /// What is known of `key` at once, without waiting: for a store in memory, or one that keeps a copy there for a short time.
    ///
    /// `None` means to [`load`](Self::load) it. A fresh token from here is used as it is; before a refresh it is loaded.
    fn peek(&self, key: &TokenKey) -> Option<StoredGrant> {
        let _ = key;
        None
    }

    /// Stores `grant` in place of what was there.
    fn save(&self, key: &TokenKey, grant: StoredGrant) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// Forgets what is stored for `key`.
    fn remove(&self, key: &TokenKey) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// Asks for the right to refresh the grant of this `generation`, for as long as `lease`.
    fn claim(
        &self,
        key: &TokenKey,
        generation: u64,
        lease: Duration,
    ) -> impl Future<Output = Result<Claim, BoxError>> + Send {
        let claim = claims::shared::<Self>().claim(key, generation, lease);
        async move { Ok(claim) }
    }

    /// Notes that the refresh token is about to be sent: from here on its outcome may be unknown.
    fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> impl Future<Output = Result<(), BoxError>> + Send {
        let _ = (key, lease);
        async { Ok(()) }
    }

    /// Stores the refreshed grant and gives the claim back; `false`, and nothing stored, if the generation or the claim is another by now.
    fn commit(
        &self,
        key: &TokenKey,
        lease: &Lease,
        grant: StoredGrant,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send {
        async move {
            let current = self.load(key).await?.map(|grant| grant.generation);
            let holds = claims::shared::<Self>().holds(key, lease) && current == Some(lease.generation);
            if holds {
                self.save(key, grant).await?;
            }
            claims::shared::<Self>().release(key, lease);
            Ok(holds)
        }
    }

    /// Gives the claim back without a new grant. `dead` says, by the provider's code, that the grant will never work again.
    fn fail(
        &self,
        key: &TokenKey,
        lease: &Lease,
        dead: Option<&str>,
    ) -> impl Future<Output = Result<(), BoxError>> + Send {
        async move {
            let claims = claims::shared::<Self>();
            let outcome = match dead {
                Some(reason) if claims.holds(key, lease) => bury(self, key, lease, reason).await,
                _ => Ok(()),
            };
            claims.release(key, lease);
            outcome
        }
    }
}

/// Marks the grant that was claimed as dead, if it is still the stored one.
async fn bury<S: TokenStore + ?Sized>(
    store: &S,
    key: &TokenKey,
    lease: &Lease,
    reason: &str,
) -> Result<(), BoxError> {
    match store.load(key).await? {
        Some(mut grant) if grant.generation == lease.generation => {
            grant.dead = Some(reason.to_owned());
            store.save(key, grant).await
        }
        _ => Ok(()),
    }
}

/// Whose tokens: the provider, the tenant and the owner together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenKey {
    provider: &'static str,
    tenant: Arc<str>,
    owner: Arc<str>,
}

impl TokenKey {
    /// A key. `tenant` is empty for a provider without variables.
    pub fn new(provider: &'static str, tenant: impl Into<Arc<str>>, owner: impl Into<Arc<str>>) -> Self {
        Self { provider, tenant: tenant.into(), owner: owner.into() }
    }

    /// The provider's id.
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

/// The key as one text, of which no two are alike: `provider:tenant:owner`, the owner last and as it is.
impl fmt::Display for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A provider's id is an identifier and a tenant is percent-encoded, so neither holds a colon.
        write!(f, "{}:{}:{}", self.provider, self.tenant, self.owner)
    }
}

/// What a [`TokenStore`] keeps for one key. It serialises with the tokens in clear.
#[derive(Debug, Clone, Serialize)]
pub struct StoredGrant {
    /// Counts the changes, from a number drawn by lot on: a refresh writes the next one.
    pub generation: u64,
    /// The tokens.
    pub tokens: StoredTokens,
    /// The provider's code with which it said that the grant will never work again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead: Option<String>,
}

impl<'de> Deserialize<'de> for StoredGrant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Fields {
            generation: u64,
            tokens: StoredTokens,
            #[serde(default)]
            dead: Option<String>,
        }
        // serde's own error quotes what it read, and that may be a token.
        let Fields { generation, tokens, dead } =
            Fields::deserialize(deserializer).map_err(|_| D::Error::custom("this is no stored grant"))?;
        Ok(Self { generation, tokens, dead })
    }
}

/// The generation of a new grant. Were it always the same, a refresh that began before the tokens were removed would
/// fit those of the next sign-in, and overwrite them.
pub(crate) fn first_generation() -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes[2..]).expect("the operating system has randomness");
    // 48 bits: databases and JSON readers hold it exactly, and counting on never ends.
    u64::from_be_bytes(bytes)
}

/// The answer to a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// The right is given.
    Granted(Lease),
    /// Another one has it; ask again after this time.
    Held(Duration),
    /// The grant is of another generation by now: load it again.
    Superseded,
}

/// The right to refresh a grant, for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The generation that was claimed.
    pub generation: u64,
    /// Tells this claim from every other.
    pub holder: u64,
}
