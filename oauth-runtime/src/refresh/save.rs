//! Saving the refreshed grant before anybody sees it: what is not stored is lost with this process.

use super::{
    Entry,
    job::{End, Job},
};
use crate::{
    error::Error,
    store::{Lease, StoredGrant},
};
use std::time::{Duration, Instant};

/// A store that fails to save a rotated token is tried again this often.
pub(super) const SAVE_TRIES: u32 = 4;

/// How long to wait before asking again for a claim that another one has.
const ASK_AGAIN: Duration = Duration::from_millis(50);

/// Keeps a refreshed grant for the next caller when its task ends before the grant is saved: a store that panics, a shutdown.
struct Keeper<'a> {
    job: &'a Job,
    unsaved: Option<(StoredGrant, Lease)>,
}

impl Drop for Keeper<'_> {
    fn drop(&mut self) {
        if let Some((grant, lease)) = self.unsaved.take() {
            let job = self.job;
            job.core.refreshes.lock().insert(job.key.clone(), Entry::Unsaved { grant, lease });
        }
    }
}

impl Job {
    pub(super) async fn save(&self, grant: StoredGrant, lease: Lease) -> End {
        let mut keeper = Keeper { job: self, unsaved: Some((grant.clone(), lease.clone())) };
        let end = self.commit(grant, lease).await;
        keeper.unsaved = None;
        end
    }

    async fn commit(&self, grant: StoredGrant, lease: Lease) -> End {
        let mut tries = 0;
        let error = loop {
            match self.core.tokens.commit(&self.key, &lease, grant.clone()).await {
                Ok(true) => return End::Refreshed(grant),
                Ok(false) if tries == SAVE_TRIES => {
                    break Error::store("the store gives claims that it does not honour".into());
                }
                Ok(false) => match self.claim_again(&lease).await {
                    Ok(true) => tries += 1,
                    // Somebody else wrote in the meantime, and what they wrote holds.
                    Ok(false) => {
                        return self.core.living(&self.key).await.map_or_else(End::Failed, End::Refreshed);
                    }
                    Err(error) => break error,
                },
                Err(error) if tries == SAVE_TRIES => break Error::store(error),
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(20 << (2 * tries))).await;
                    tries += 1;
                }
            }
        };
        End::Unsaved { grant, lease, error }
    }

    /// A claim that lapsed before its tokens were saved is taken again, unless the grant is another by now.
    ///
    /// Somebody else may try the old refresh token meanwhile; see [`TokenStore`](crate::TokenStore) for why this one waits.
    async fn claim_again(&self, lapsed: &Lease) -> Result<bool, Error> {
        let (core, store) = (&self.core, &self.core.tokens);
        let limit = core.token_limits.deadline + core.lease * (Lease::PATIENCE + 1);
        let start = Instant::now();
        loop {
            if store.renew(&self.key, lapsed, core.lease).await.map_err(Error::store)? {
                return Ok(true);
            }
            let current = store.load(&self.key).await.map_err(Error::store)?;
            if current.is_none_or(|current| current.generation != lapsed.generation) {
                return Ok(false);
            }
            if start.elapsed() > limit {
                return Err(Error::store("another one has the claim for too long".into()));
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }
}
