//! [`MemoryTokenStore`]: grants in this process's memory.

use crate::{
    error::BoxError,
    store::{
        Claim, Failure, Lease, Place, StoredGrant, TokenKey, TokenStore, claims::new_holder,
        progress::Progress,
    },
    sync::RwLock,
    tokens::StoredTokens,
};
use std::{
    borrow::Borrow,
    collections::HashSet,
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

type Rows = HashSet<Row, BuildHasherDefault<KeyHash>>;
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

/// A grant with its key, as small as it can be: there may be millions, and hardly any is being refreshed or dead. It is
/// one pointer, because half of the places in a set may be empty.
struct Row(Box<KeyedGrant>);

struct KeyedGrant {
    place: Arc<Place>,
    owner: Box<str>,
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
    fn new(key: &TokenKey, grant: StoredGrant) -> Self {
        let (place, owner) = (key.place().clone(), key.owner().into());
        let StoredGrant { generation, tokens, dead } = grant;
        let rest = dead.map(|reason| Box::new(Rest { dead: Some(reason), ..Rest::default() }));
        Self(Box::new(KeyedGrant { place, owner, generation, tokens, rest }))
    }
}

impl KeyedGrant {
    fn grant(&self) -> StoredGrant {
        let dead = self.rest.as_ref().and_then(|rest| rest.dead.clone());
        StoredGrant { generation: self.generation, tokens: self.tokens.clone(), dead }
    }

    fn rest(&mut self) -> &mut Rest {
        self.rest.get_or_insert_default()
    }
}

/// Whose a row is. Rows are looked up by it, whether it stands in a row or in a [`TokenKey`].
trait Owned {
    fn whose(&self) -> (&Arc<Place>, &str);
    fn hashed(&self) -> u64;
}

impl Owned for TokenKey {
    fn whose(&self) -> (&Arc<Place>, &str) {
        (self.place(), self.owner())
    }

    fn hashed(&self) -> u64 {
        Self::hashed(self)
    }
}

impl Owned for Row {
    fn whose(&self) -> (&Arc<Place>, &str) {
        (&self.0.place, &self.0.owner)
    }

    /// Computed anew, which only a set that grows asks for.
    fn hashed(&self) -> u64 {
        self.0.place.hashed(&self.0.owner)
    }
}

impl<'a> Borrow<dyn Owned + 'a> for Row {
    fn borrow(&self) -> &(dyn Owned + 'a) {
        self
    }
}

impl Hash for dyn Owned + '_ {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hashed());
    }
}

impl PartialEq for dyn Owned + '_ {
    fn eq(&self, other: &Self) -> bool {
        let ((place, owner), (other_place, other_owner)) = (self.whose(), other.whose());
        place.is(other_place) && owner == other_owner
    }
}

impl Eq for dyn Owned + '_ {}

impl Hash for Row {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self as &dyn Owned).hash(state);
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self as &dyn Owned == other as &dyn Owned
    }
}

impl Eq for Row {}

impl MemoryTokenStore {
    /// An empty store.
    pub fn new() -> Self {
        Self { shards: (0..SHARDS).map(|_| Shard::default()).collect() }
    }

    fn shard(&self, key: &TokenKey) -> &Shard {
        // Bits that the map in the shard does not look at first. The remainder is below the number of shards, so nothing
        // is cut off.
        #[allow(clippy::cast_possible_truncation)]
        let index = ((key.hashed() >> 32) % SHARDS) as usize;
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
        change: impl FnOnce(Instant, &mut KeyedGrant) -> T,
    ) -> Option<T> {
        self.with(key, |rows| {
            // A set lends nothing to be changed, so it is out of it meanwhile; no change can panic.
            let mut row = rows.take(key as &dyn Owned)?;
            let is_current = row.0.generation == generation;
            let changed = is_current.then(|| change(Instant::now(), &mut row.0));
            rows.insert(row);
            changed
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
        rows.get(key as &dyn Owned).map(|row| row.0.grant())
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        let row = Row::new(key, grant);
        self.with(key, |rows| rows.replace(row));
        Ok(())
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.with(key, |rows| rows.remove(key as &dyn Owned));
        Ok(())
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        let claim =
            |now, row: &mut KeyedGrant| row.rest().progress.claim(now, generation, new_holder(), lease);
        Ok(self.with_row(key, generation, claim).unwrap_or(Claim::Superseded))
    }

    async fn renew(&self, key: &TokenKey, lease: &Lease, length: Duration) -> Result<bool, BoxError> {
        let renew = |now, row: &mut KeyedGrant| row.rest().progress.renew(now, lease, length);
        Ok(self.with_row(key, lease.generation, renew).unwrap_or_default())
    }

    async fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> Result<bool, BoxError> {
        let mark = |now, row: &mut KeyedGrant| row.rest().progress.mark_sent(now, lease);
        Ok(self.with_row(key, lease.generation, mark).unwrap_or_default())
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        let commit = |now, row: &mut KeyedGrant| {
            let holds = row.rest().progress.holds(now, lease);
            if holds {
                *row = *Row::new(key, grant).0;
            }
            holds
        };
        Ok(self.with_row(key, lease.generation, commit).unwrap_or_default())
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        let fail = |now, row: &mut KeyedGrant| {
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
        let hashes: HashSet<_> = (0..1000).map(|owner| key(owner).hashed()).collect();
        assert_eq!(hashes.len(), 1000);
    }

    #[test]
    fn a_row_is_found_by_its_key_and_by_no_other() {
        let record = serde_json::json!({"access_token": "AT", "obtained_at": 1});
        let tokens: StoredTokens = serde_json::from_value(record).expect("a record");
        let grant = StoredGrant { generation: 1, tokens, dead: None };
        let key = |provider, tenant: &str, owner: &str| TokenKey::new(provider, tenant, owner);
        let mut rows = Rows::default();
        for number in 0..1000 {
            rows.insert(Row::new(&key("acme", "", &number.to_string()), grant.clone()));
        }
        rows.insert(Row::new(&key("acme", "eu", "7"), grant));
        let find = |key: &TokenKey| rows.contains(key as &dyn Owned);
        assert!((0..1000).all(|number| find(&key("acme", "", &number.to_string()))));
        assert!(find(&key("acme", "eu", "7")) && !find(&key("acme", "eu", "8")));
        assert!(!find(&key("acme", "", "1000")) && !find(&key("other", "", "7")));
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
