//! Hashes of grants as a [`TokenStore`].

use super::{RedisStore, script};
use crate::measure::{holder, milliseconds};
use oauth_runtime::{BoxError, Claim, Failure, Lease, StoredGrant, TokenKey, TokenStore};
use redis::aio::ConnectionLike;
use std::time::Duration;

/// What a hash holds of a grant: generation, tokens, dead.
type Fields = (Option<u64>, Option<String>, Option<String>);

impl<C: ConnectionLike + Clone + Send + Sync + 'static> TokenStore for RedisStore<C> {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        let mut load = redis::cmd("HMGET");
        load.arg(self.grant_key(key)).arg(&["generation", "tokens", "dead"]);
        match load.query_async::<Fields>(&mut self.connection.clone()).await? {
            (None, None, _) => Ok(None),
            (Some(generation), Some(tokens), dead) => {
                Ok(Some(StoredGrant { generation, tokens: serde_json::from_str(&tokens)?, dead }))
            }
            _ => Err(odd()),
        }
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        let mut save = script::SAVE.key(self.grant_key(key));
        save.arg(grant.generation).arg(serde_json::to_string(&grant.tokens)?);
        save.arg(grant.dead.unwrap_or_default());
        self.run(&save).await
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        let mut remove = redis::cmd("DEL");
        remove.arg(self.grant_key(key));
        Ok(remove.query_async(&mut self.connection.clone()).await?)
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        let holder = holder();
        let mut claim = script::CLAIM.key(self.grant_key(key));
        claim.arg(generation).arg(holder).arg(milliseconds(lease).max(1)).arg(Lease::PATIENCE);
        let answer: Vec<String> = self.run(&claim).await?;
        let time = |text: &str| text.parse().map(Duration::from_millis);
        match answer.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["granted", failures, unknown] => Ok(Claim::Granted(Lease {
                failures: failures.parse().unwrap_or(u32::MAX),
                outcome_unknown: unknown != "0",
                ..Lease::new(generation, holder)
            })),
            ["held", left] => Ok(Claim::Held(time(left)?)),
            ["postponed", left, reason] => {
                Ok(Claim::Postponed { wait: time(left)?, reason: reason.to_owned() })
            }
            ["superseded"] => Ok(Claim::Superseded),
            _ => Err(odd()),
        }
    }

    async fn renew(&self, key: &TokenKey, lease: &Lease, length: Duration) -> Result<bool, BoxError> {
        let mut renew = script::RENEW.key(self.grant_key(key));
        renew.arg(lease.generation).arg(lease.holder).arg(milliseconds(length).max(1));
        self.run(&renew).await
    }

    async fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> Result<bool, BoxError> {
        let mut mark_sent = script::MARK_SENT.key(self.grant_key(key));
        mark_sent.arg(lease.generation).arg(lease.holder);
        self.run(&mark_sent).await
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        let mut commit = script::COMMIT.key(self.grant_key(key));
        commit.arg(lease.generation).arg(lease.holder);
        commit.arg(grant.generation).arg(serde_json::to_string(&grant.tokens)?);
        commit.arg(grant.dead.unwrap_or_default());
        self.run(&commit).await
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        let mut fail = script::FAIL.key(self.grant_key(key));
        fail.arg(lease.generation).arg(lease.holder).arg(u8::from(failure.outcome_unknown));
        fail.arg(failure.dead.unwrap_or_default());
        fail.arg(failure.wait.map(|wait| milliseconds(wait).to_string()).unwrap_or_default());
        fail.arg(failure.reason);
        self.run(&fail).await
    }
}

fn odd() -> BoxError {
    "what stands in Redis is not of this store".into()
}
