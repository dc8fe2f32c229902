//! Encrypted texts over a [`StateStore`].

use super::{Encrypted, EncryptionError, key};
use oauth_runtime::{BoxError, StateStore};
use std::time::Duration;

impl<S: StateStore> StateStore for Encrypted<S> {
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, BoxError> {
        self.store.put(key, &self.seal(value, &place(key)), ttl).await
    }

    async fn take(&self, key: &str) -> Result<Option<String>, BoxError> {
        let Some(record) = self.store.take(key).await? else { return Ok(None) };
        match key::id_of(&record) {
            Some(_) => Ok(Some(self.open(&record, &place(key))?)),
            None if self.accepts_clear => Ok(Some(record)),
            None => Err(EncryptionError::InClear.into()),
        }
    }
}

fn place(key: &str) -> String {
    format!("state {key}")
}
