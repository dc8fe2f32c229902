//! [`MemoryTokenStore`]: grants in this process's memory.

use crate::{
    error::BoxError,
    store::{
        Claim, Failure, Lease, StoredGrant, TokenKey, TokenStore, claims::new_holder, progress::Progress,
    },
    sync::RwLock,
    tokens::StoredTokens,
};
use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hash, Hasher},
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

/// Into how many parts the grants are divided, so that cores seldom wait for one another.
const SHARDS: u64 = 64;

/// A [`TokenStore`] in memory. A clone shares its tokens.
///
/// It keeps the whole contract of [`TokenStore`] among all flows of a process that share it.
#[derive(Clone)]
pub struct MemoryTokenStore {
    shards: Arc<[Shard]>,
}

type Rows = HashMap<TokenKey, Row, BuildHasherDefault<KeyHash>>;
type Shard = RwLock<Rows>;

/// The hash that a [`TokenKey`] brings: it is a good one already.
#[derive(Default)]
struct KeyHash(u64);

impl Hasher for KeyHash {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = self.0.rotate_left(8) ^ number;
    }
}

impl KeyHash {
    fn of(key: &TokenKey) -> u64 {
        let mut hasher = Self::default();
        key.hash(&mut hasher);
        hasher.finish()
    }
}

/// A grant, as small as it can be: there may be millions, and hardly any is being refreshed or dead.
struct Row {
    generation: u64,
    tokens: StoredTokens,
    rest: Option<Box<Rest>>,
}

#[derive(Default)]
struct Rest {
    dead: Option<String>,
    progress: Progress,
}

impl Row {
    fn new(StoredGrant { generation, tokens, dead }: StoredGrant) -> Self {
        let rest = dead.map(|reason| Box::new(Rest { dead: Some(reason), ..Rest::default() }));
        Self { generation, tokens, rest }
    }

    fn grant(&self) -> StoredGrant {
        let dead = self.rest.as_ref().and_then(|rest| rest.dead.clone());
        StoredGrant { generation: self.generation, tokens: self.tokens.clone(), dead }
    }

    fn rest(&mut self) -> &mut Rest {
        self.rest.get_or_insert_default()
    }
}

impl MemoryTokenStore {
    /// An empty store.
    pub fn new() -> Self {
        Self { shards: (0..SHARDS).map(|_| Shard::default()).collect() }
    }

    fn shard(&self, key: &TokenKey) -> &Shard {
        // Bits that the map in the shard does not look at first. The remainder is below the number of shards, so nothing
        // is cut off.
        #[allow(clippy::cast_possible_truncation)]
        let index = ((KeyHash::of(key) >> 32) % SHARDS) as usize;
        &self.shards[index]
    }

    fn with<T>(&self, key: &TokenKey, change: impl FnOnce(&mut Rows) -> T) -> T {
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
            let row = rows.get_mut(key).filter(|row| row.generation == generation)?;
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
        rows.get(key).map(Row::grant)
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        let row = Row::new(grant);
        self.with(key, |rows| rows.insert(key.clone(), row));
        Ok(())
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.with(key, |rows| rows.remove(key));
        Ok(())
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        let claim = |now, row: &mut Row| row.rest().progress.claim(now, generation, new_holder(), lease);
        Ok(self.with_row(key, generation, claim).unwrap_or(Claim::Superseded))
    }

    async fn renew(&self, key: &TokenKey, lease: &Lease, length: Duration) -> Result<bool, BoxError> {
        let renew = |now, row: &mut Row| row.rest().progress.renew(now, lease, length);
        Ok(self.with_row(key, lease.generation, renew).unwrap_or_default())
    }

    async fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> Result<bool, BoxError> {
        let mark = |now, row: &mut Row| row.rest().progress.mark_sent(now, lease);
        Ok(self.with_row(key, lease.generation, mark).unwrap_or_default())
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        let commit = |now, row: &mut Row| {
            let holds = row.rest().progress.holds(now, lease);
            if holds {
                *row = Row::new(grant);
            }
            holds
        };
        Ok(self.with_row(key, lease.generation, commit).unwrap_or_default())
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        let fail = |now, row: &mut Row| {
            let rest = row.rest();
            let holds = rest.progress.fail(now, lease, &failure);
            if holds && failure.dead.is_some() {
                rest.dead.clone_from(&failure.dead);
            }
            holds
        };
        Ok(self.with_row(key, lease.generation, fail).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn key(owner: usize) -> TokenKey {
        TokenKey::new("acme", "", owner.to_string())
    }

    #[test]
    fn grants_are_spread_over_all_parts_of_the_store_and_each_stays_in_its_own() {
        let store = MemoryTokenStore::new();
        let part = |owner| std::ptr::from_ref(store.shard(&key(owner)));
        let parts: HashSet<_> = (0..10_000).map(part).collect();
        assert_eq!(parts.len() as u64, SHARDS);
        assert!((0..100).all(|owner| part(owner) == part(owner)));
    }

    #[test]
    fn keys_have_hashes_of_their_own() {
        let hashes: HashSet<_> = (0..1000).map(|owner| KeyHash::of(&key(owner))).collect();
        assert_eq!(hashes.len(), 1000);
    }

    #[test]
    fn all_that_is_hashed_counts_and_so_does_its_order() {
        let of = |bytes: &[u8], numbers: &[u64]| {
            let mut hasher = KeyHash::default();
            hasher.write(bytes);
            for number in numbers {
                hasher.write_u64(*number);
            }
            hasher.finish()
        };
        let all = [of(b"ab", &[]), of(b"ba", &[]), of(b"a", &[]), of(b"", &[1, 0x100]), of(b"", &[1, 0x101])];
        let different: HashSet<_> = all.into_iter().collect();
        assert_eq!(different.len(), all.len());
        assert_ne!(of(b"", &[1, 0x100]), of(b"", &[1, 0]), "a bit that stands in both");
    }
}
