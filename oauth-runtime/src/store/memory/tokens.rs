//! [`MemoryTokenStore`]: grants in this process's memory.

use crate::{
    error::BoxError,
    store::{
        Claim, Failure, Lease, StoredGrant, TokenKey, TokenStore, claims::new_holder, progress::Progress,
    },
    sync::RwLock,
};
use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

/// Into how many parts the grants are divided, so that cores seldom wait for one another.
const SHARDS: usize = 64;

/// A [`TokenStore`] in memory. A clone shares its tokens.
///
/// It keeps the whole contract of [`TokenStore`] among all flows of a process that share it.
#[derive(Clone)]
pub struct MemoryTokenStore {
    shards: Arc<[Shard; SHARDS]>,
    hasher: RandomState,
}

type Shard = RwLock<HashMap<TokenKey, Row>>;

struct Row {
    grant: StoredGrant,
    progress: Progress,
}

impl MemoryTokenStore {
    /// An empty store.
    pub fn new() -> Self {
        Self { shards: Arc::new(std::array::from_fn(|_| Shard::default())), hasher: RandomState::new() }
    }

    fn shard(&self, key: &TokenKey) -> &Shard {
        // The remainder is below the number of shards, so nothing is cut off.
        #[allow(clippy::cast_possible_truncation)]
        let index = (self.hasher.hash_one(key) % SHARDS as u64) as usize;
        &self.shards[index]
    }

    fn with<T>(&self, key: &TokenKey, change: impl FnOnce(&mut HashMap<TokenKey, Row>) -> T) -> T {
        // A map is whole after every statement, so a panic elsewhere does not spoil it.
        change(&mut self.shard(key).write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Does `change` to the row if it is of this `generation`.
    fn with_row<T>(
        &self,
        key: &TokenKey,
        generation: u64,
        change: impl FnOnce(Instant, &mut Row) -> T,
    ) -> Option<T> {
        self.with(key, |rows| {
            let row = rows.get_mut(key).filter(|row| row.grant.generation == generation)?;
            Some(change(Instant::now(), row))
        })
    }
}

impl Default for MemoryTokenStore {
    fn default() -> Self {
        Self::new()
    }
}

impl TokenStore for MemoryTokenStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        Ok(self.peek(key))
    }

    fn peek(&self, key: &TokenKey) -> Option<StoredGrant> {
        let rows = self.shard(key).read().unwrap_or_else(PoisonError::into_inner);
        rows.get(key).map(|row| row.grant.clone())
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        let row = Row { grant, progress: Progress::default() };
        self.with(key, |rows| rows.insert(key.clone(), row));
        Ok(())
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.with(key, |rows| rows.remove(key));
        Ok(())
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        let claim = |now, row: &mut Row| row.progress.claim(now, generation, new_holder(), lease);
        Ok(self.with_row(key, generation, claim).unwrap_or(Claim::Superseded))
    }

    async fn renew(&self, key: &TokenKey, lease: &Lease, length: Duration) -> Result<bool, BoxError> {
        let renew = |now, row: &mut Row| row.progress.renew(now, lease, length);
        Ok(self.with_row(key, lease.generation, renew).unwrap_or_default())
    }

    async fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> Result<bool, BoxError> {
        let mark = |now, row: &mut Row| row.progress.mark_sent(now, lease);
        Ok(self.with_row(key, lease.generation, mark).unwrap_or_default())
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        let commit = |now, row: &mut Row| {
            let holds = row.progress.holds(now, lease);
            if holds {
                *row = Row { grant, progress: Progress::default() };
            }
            holds
        };
        Ok(self.with_row(key, lease.generation, commit).unwrap_or_default())
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        let fail = |now, row: &mut Row| {
            let holds = row.progress.fail(now, lease, &failure);
            if holds && failure.dead.is_some() {
                row.grant.dead.clone_from(&failure.dead);
            }
            holds
        };
        Ok(self.with_row(key, lease.generation, fail).unwrap_or_default())
    }
}
