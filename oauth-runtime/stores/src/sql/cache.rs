//! [`Cache`]: what was loaded lately.

use oauth_runtime::{StoredGrant, TokenKey};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::{Duration, Instant},
};

/// How many grants are kept at the most.
const CAPACITY: usize = 10_000;

pub(super) struct Cache {
    time: Duration,
    kept: RwLock<HashMap<TokenKey, (Instant, StoredGrant)>>,
}

impl Cache {
    pub(super) fn new(time: Duration) -> Self {
        Self { time, kept: RwLock::default() }
    }

    pub(super) fn get(&self, key: &TokenKey) -> Option<StoredGrant> {
        // The map is whole after every statement, so a panic elsewhere does not spoil it.
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let (since, grant) = kept.get(key)?;
        (since.elapsed() < self.time).then(|| grant.clone())
    }

    /// Keeps `grant`, or forgets what is kept.
    pub(super) fn keep(&self, key: &TokenKey, grant: Option<&StoredGrant>) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        let Some(grant) = grant else {
            kept.remove(key);
            return;
        };
        if kept.len() >= CAPACITY && !kept.contains_key(key) {
            kept.retain(|_, (since, _)| since.elapsed() < self.time);
            if kept.len() >= CAPACITY {
                kept.clear();
            }
        }
        kept.insert(key.clone(), (Instant::now(), grant.clone()));
    }
}
