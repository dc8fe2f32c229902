//! Encrypted tokens over a [`TokenStore`], whose claims are its own.

use super::{Encrypted, EncryptionError};
use oauth_runtime::{BoxError, Claim, Failure, Lease, StoredGrant, StoredTokens, TokenKey, TokenStore};
use std::time::Duration;

impl<S> Encrypted<S> {
    fn seal_grant(&self, key: &TokenKey, grant: StoredGrant) -> Result<StoredGrant, BoxError> {
        let text = zeroize::Zeroizing::new(serde_json::to_string(&grant.tokens)?);
        Ok(StoredGrant { tokens: StoredTokens::seal(&self.seal(&text, &place(key))), ..grant })
    }

    fn open_grant(&self, key: &TokenKey, grant: StoredGrant) -> Result<StoredGrant, BoxError> {
        let Some(record) = grant.tokens.sealed() else {
            return if self.accepts_clear { Ok(grant) } else { Err(EncryptionError::InClear.into()) };
        };
        let text = zeroize::Zeroizing::new(self.open(record, &place(key))?);
        Ok(StoredGrant { tokens: serde_json::from_str(&text)?, ..grant })
    }
}

impl<S: TokenStore> TokenStore for Encrypted<S> {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        self.store.load(key).await?.map(|grant| self.open_grant(key, grant)).transpose()
    }

    fn peek(&self, key: &TokenKey) -> Option<StoredGrant> {
        // One that does not open is loaded, and the error comes from there.
        self.open_grant(key, self.store.peek(key)?).ok()
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        self.store.save(key, self.seal_grant(key, grant)?).await
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.store.remove(key).await
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        self.store.claim(key, generation, lease).await
    }

    async fn renew(&self, key: &TokenKey, lease: &Lease, length: Duration) -> Result<bool, BoxError> {
        self.store.renew(key, lease, length).await
    }

    async fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> Result<bool, BoxError> {
        self.store.mark_sent(key, lease).await
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        self.store.commit(key, lease, self.seal_grant(key, grant)?).await
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        self.store.fail(key, lease, failure).await
    }
}

fn place(key: &TokenKey) -> String {
    format!("tokens {key}")
}
