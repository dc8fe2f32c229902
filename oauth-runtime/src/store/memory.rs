//! Stores in this process's memory: for tests, for programs of one process, and to begin with.

use super::{
    Claim, Lease, StateStore, StoredGrant, TokenKey, TokenStore,
    claims::{Claims, LONGEST, lock},
};
use crate::error::BoxError;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

/// How many texts are kept at the most, unless told otherwise.
const CAPACITY: usize = 10_000;

/// A [`StateStore`] in memory. A clone shares its texts. When it is full the oldest text makes room, so
/// that a flood of begun sign-ins can end others that wait, but can neither fill the memory nor lock anybody out.
#[derive(Clone)]
pub struct MemoryStateStore {
    texts: Arc<Mutex<Texts>>,
    capacity: usize,
}

#[derive(Default)]
struct Texts {
    kept: HashMap<String, (String, Instant, u64)>,
    /// Keys in the order of their coming, with the number of their coming: a key may come again.
    order: VecDeque<(String, u64)>,
    number: u64,
}

impl MemoryStateStore {
    /// Room for ten thousand.
    pub fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    /// Room for `capacity`, at least one.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { texts: Arc::default(), capacity: capacity.max(1) }
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        lock(&self.texts).kept.len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for MemoryStateStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Texts {
    /// Drops what lapsed, from the oldest on, and then the oldest until one more has room.
    fn make_room(&mut self, capacity: usize, now: Instant) {
        while let Some((key, number)) = self.order.front() {
            let current = self.kept.get(key).filter(|(_, _, of)| of == number);
            let is_live = current.is_some_and(|(_, until, _)| *until > now);
            if is_live && self.kept.len() < capacity {
                break;
            }
            if current.is_some() {
                self.kept.remove(key);
            }
            self.order.pop_front();
        }
        // Taken texts leave their keys behind; they must not outnumber the kept ones.
        if self.order.len() > 2 * self.kept.len() + 64 {
            let kept = &self.kept;
            self.order.retain(|(key, number)| kept.get(key).is_some_and(|(_, _, of)| of == number));
        }
    }
}

impl StateStore for MemoryStateStore {
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, BoxError> {
        let now = Instant::now();
        let mut texts = lock(&self.texts);
        if texts.kept.get(key).is_some_and(|(_, until, _)| *until > now) {
            return Ok(false);
        }
        texts.kept.remove(key);
        texts.make_room(self.capacity, now);
        texts.number += 1;
        let number = texts.number;
        let until = now.checked_add(ttl).unwrap_or(now + LONGEST);
        texts.kept.insert(key.to_owned(), (value.to_owned(), until, number));
        texts.order.push_back((key.to_owned(), number));
        Ok(true)
    }

    async fn take(&self, key: &str) -> Result<Option<String>, BoxError> {
        let taken = lock(&self.texts).kept.remove(key);
        Ok(taken.filter(|(_, until, _)| *until > Instant::now()).map(|(value, ..)| value))
    }
}

/// A [`TokenStore`] in memory. A clone shares its tokens.
#[derive(Clone, Default)]
pub struct MemoryTokenStore {
    grants: Arc<RwLock<HashMap<TokenKey, StoredGrant>>>,
    claims: Arc<Claims>,
}

impl MemoryTokenStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn with<T>(&self, change: impl FnOnce(&mut HashMap<TokenKey, StoredGrant>) -> T) -> T {
        change(&mut self.grants.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl TokenStore for MemoryTokenStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        Ok(self.peek(key))
    }

    fn peek(&self, key: &TokenKey) -> Option<StoredGrant> {
        self.grants.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        self.with(|grants| grants.insert(key.clone(), grant));
        Ok(())
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.with(|grants| grants.remove(key));
        Ok(())
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        match self.load(key).await? {
            Some(grant) if grant.generation == generation => Ok(self.claims.claim(key, generation, lease)),
            _ => Ok(Claim::Superseded),
        }
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        let held = self.claims.holds(key, lease);
        let done = self.with(|grants| match grants.get_mut(key) {
            Some(current) if held && current.generation == lease.generation => {
                *current = grant;
                true
            }
            _ => false,
        });
        self.claims.release(key, lease);
        Ok(done)
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, dead: Option<&str>) -> Result<(), BoxError> {
        if let (Some(reason), true) = (dead, self.claims.holds(key, lease)) {
            self.with(|grants| {
                if let Some(grant) = grants.get_mut(key).filter(|grant| grant.generation == lease.generation)
                {
                    grant.dead = Some(reason.to_owned());
                }
            });
        }
        self.claims.release(key, lease);
        Ok(())
    }
}
