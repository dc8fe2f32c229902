//! Saving the refreshed grant before anybody sees it: what is not stored is lost with this process.

use super::{
    Latest,
    job::{End, Job},
    pause::Pause,
};
use crate::{
    core::Core,
    error::Error,
    event::GrantEvent,
    store::{Lease, StoredGrant, TokenKey},
    transport::BoxFuture,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// A store that fails to save a rotated token is tried again this often.
pub(super) const SAVE_TRIES: u32 = 4;

/// After that, this often in the background,
const LATER_TRIES: u32 = 20;
/// with waits that grow up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Keeps a refreshed grant for the next caller when its task ends before the grant is saved: a store that panics, a shutdown.
struct Keeper<'a> {
    job: &'a Job,
    unsaved: Option<(StoredGrant, Lease)>,
}

impl Drop for Keeper<'_> {
    fn drop(&mut self) {
        if let Some((grant, lease)) = self.unsaved.take() {
            let job = self.job;
            job.core.refreshes.lock().insert(job.key.clone(), Latest::Unsaved { grant, lease });
        }
    }
}

/// Saves what the store would not take, even if nobody asks for it: the refresh token in it may be the only living one.
///
/// It gives up after a while; the next caller tries once more.
pub(super) fn later(core: Arc<Core>, key: TokenKey, generation: u64) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let mut wait = Duration::from_secs(1);
        for _ in 0..LATER_TRIES {
            tokio::time::sleep(wait).await;
            let is_unsaved = |entry: &Latest| matches!(entry, Latest::Unsaved { .. } | Latest::Running(_));
            if !core.refreshes.lock().get(&key).is_some_and(is_unsaved) {
                return;
            }
            // Whoever waits for it gets the outcome; nobody does here.
            let _ = core.refresh(&key, generation).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    })
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
                Ok(true) => {
                    self.core.tell(&self.key, &GrantEvent::Refreshed);
                    return End::Refreshed(grant);
                }
                Ok(false) if tries == SAVE_TRIES => {
                    break Error::store("the store gives claims that it does not honour".into());
                }
                Ok(false) => match self.late(&lease).await {
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
        let reason = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        self.core.tell(&self.key, &GrantEvent::Unsaved { reason });
        End::Unsaved { grant, lease, error }
    }

    async fn late(&self, lapsed: &Lease) -> Result<bool, Error> {
        self.core.tell(&self.key, &GrantEvent::Fenced);
        self.claim_again(lapsed).await
    }

    /// A claim that lapsed before its tokens were saved is taken again, unless the grant is another by now.
    ///
    /// Somebody else may try the old refresh token meanwhile; see [`TokenStore`](crate::TokenStore) for why this one waits.
    async fn claim_again(&self, lapsed: &Lease) -> Result<bool, Error> {
        let (core, store) = (&self.core, &self.core.tokens);
        let limit = core.token_limits.deadline + core.lease * (Lease::PATIENCE + 1);
        let (start, mut pause) = (Instant::now(), Pause::default());
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
            tokio::time::sleep(pause.next()).await;
        }
    }
}
