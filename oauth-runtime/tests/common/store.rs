//! A token store of a user's own: the three methods that must be there, and faults on demand.

use oauth_runtime::{BoxError, StoredGrant, TokenKey, TokenStore};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// What happened, in its order.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(what.into());
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[derive(Clone, Default)]
pub(crate) struct OwnStore {
    pub(crate) grants: Arc<Mutex<HashMap<TokenKey, StoredGrant>>>,
    pub(crate) log: Log,
    /// So many saves fail from now on.
    pub(crate) failures: Arc<AtomicUsize>,
    /// So many saves panic from now on.
    pub(crate) panics: Arc<AtomicUsize>,
    /// How long each call takes.
    pub(crate) delay: Duration,
}

fn one_less(counter: &AtomicUsize) -> bool {
    counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |count| count.checked_sub(1)).is_ok()
}

impl OwnStore {
    pub(crate) fn of(&self, owner: &str) -> Option<StoredGrant> {
        let grants = self.grants.lock().unwrap_or_else(PoisonError::into_inner);
        grants.iter().find(|(key, _)| key.owner() == owner).map(|(_, grant)| grant.clone())
    }
}

impl TokenStore for OwnStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        let found = self.grants.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        // What was read is old when it arrives.
        tokio::time::sleep(self.delay).await;
        Ok(found)
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        tokio::time::sleep(self.delay).await;
        assert!(!one_less(&self.panics), "the store panics");
        if one_less(&self.failures) {
            return Err("the disk is full".into());
        }
        self.log.note(format!("saved {}", grant.dead.as_deref().unwrap_or("alive")));
        self.grants.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), grant);
        Ok(())
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        Ok(())
    }
}
