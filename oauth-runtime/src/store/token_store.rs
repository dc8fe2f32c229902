//! [`TokenStore`]: where the tokens are, and who may refresh them.

use super::{Claim, Failure, Lease, StoredGrant, TokenKey, claims, progress::Progress};
use crate::error::BoxError;
use std::{future::Future, time::Duration};

/// Keeps the tokens of each owner, and gives the right to refresh them to one at a time.
///
/// [`load`](Self::load), [`save`](Self::save) and [`remove`](Self::remove) are enough for one process: the other methods
/// then work within it. A store that several processes share implements all of them, for they belong together; `oauth_stores` has such stores, and
/// `oauth_stores::conformance` tries whether another one is right.
///
/// # The contract
///
/// A refresh goes: `claim`, `mark_sent`, the request, then `commit` or `fail`; while the answer takes long, `renew`.
/// What follows must hold among all processes that share the store:
///
/// 1. **Each of these methods is atomic**: one statement or one transaction, that looks and writes.
/// 2. **Times are judged by the store's clock**, never by a process's: leases, waits, and whether they have passed.
/// 3. **A claim is of one generation and of one holder.** `mark_sent`, `commit` and `fail` count only while the stored
///    generation is still the claimed one, the claim is still this holder's, and its lease did not lapse. Otherwise
///    they change nothing and say `false`. So a holder that was paused is fenced off, whatever it still tries to write.
/// 4. **`mark_sent` is the point of no return.** Before it a claim can be taken from its holder without harm, and a lapsed one
///    is given to whoever asks. After it, the provider may already have replaced the refresh token, so a lapsed
///    claim is given to nobody else for another [`Lease::PATIENCE`] of its holder's leases: its holder may come back with the only living token.
/// 5. **What was sent and never answered is recorded.** Whoever claims the generation afterwards learns it from
///    [`Lease::outcome_unknown`], until a `commit`, a `save`, or a `fail` that says otherwise.
/// 6. **Waits are shared.** After a `fail` with a wait, `claim` answers [`Claim::Postponed`] to everybody until it has passed.
/// 7. **`save` and `remove` win.** They end every claim and every wait: the user signed in again, or left.
/// 8. **A dead grant is a stored state**, not a missing row: `load` gives it with its reason.
///
/// # Why nobody's new token is lost, and no old one is sent twice
///
/// Somebody whose lease lapsed before the new tokens were stored is refused by `commit`. It may hold the only living
/// refresh token, so it asks by `renew` for its claim again. It gets it while nobody else has sent: whoever only claimed
/// is fenced off at `mark_sent` and has sent nothing. If somebody else has sent, it waits: should that one
/// succeed, the generation is another, and its tokens, which the provider gave later, are those that hold; should that one be
/// refused, the first one's tokens are stored over the grant that was called dead, because a provider that does not end the whole grant
/// at a second use still honours them, and one that does will say so at the next refresh.
/// An old refresh token is sent a second time in one case only: its first sender did not come back within its
/// lease and the patience after it. That is the one try after which the grant is refreshed or dead as
/// [`OutcomeUnknown`](crate::LoginRequired::OutcomeUnknown).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no token store",
    label = "cannot keep tokens",
    note = "implement `TokenStore` for it: `load`, `save` and `remove`, or use `MemoryTokenStore`"
)]
pub trait TokenStore: Send + Sync + 'static {
    /// What is stored for `key`.
    fn load(&self, key: &TokenKey) -> impl Future<Output = Result<Option<StoredGrant>, BoxError>> + Send;

    /// What is known of `key` at once, without waiting: for a store in memory, or one that keeps a copy there for a short time.
    ///
    /// `None` means to [`load`](Self::load) it. A fresh token from here is used as it is; before a refresh it is loaded.
    fn peek(&self, key: &TokenKey) -> Option<StoredGrant> {
        let _ = key;
        None
    }

    /// Stores `grant` in place of what was there, with every claim on it.
    fn save(&self, key: &TokenKey, grant: StoredGrant) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// Forgets what is stored for `key`, with every claim on it.
    fn remove(&self, key: &TokenKey) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// Asks for the right to refresh the grant of this `generation`, for as long as `lease`.
    fn claim(
        &self,
        key: &TokenKey,
        generation: u64,
        lease: Duration,
    ) -> impl Future<Output = Result<Claim, BoxError>> + Send {
        let claim = claims::shared::<Self>().claim(key, generation, lease);
        async move { Ok(claim) }
    }

    /// Keeps the claim for another `length` from now on; only for a holder that marked its refresh token as sent.
    ///
    /// A claim that lapsed, or that another one has who has not sent, is given back to this holder. `false` if the
    /// generation is another by now, or if another one has a claim that did not lapse and has sent.
    fn renew(
        &self,
        key: &TokenKey,
        lease: &Lease,
        length: Duration,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send {
        async move {
            let current = self.load(key).await?.map(|grant| grant.generation);
            let renew = |now, progress: &mut Progress| progress.renew(now, lease, length);
            let is_current = current == Some(lease.generation);
            Ok(is_current && claims::shared::<Self>().with(key, lease, renew).unwrap_or_default())
        }
    }

    /// Notes that the refresh token is about to be sent: from here on its outcome may be unknown. After `false` it must not be sent.
    fn mark_sent(
        &self,
        key: &TokenKey,
        lease: &Lease,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send {
        let marked =
            claims::shared::<Self>().with(key, lease, |now, progress| progress.mark_sent(now, lease));
        async move { Ok(marked.unwrap_or_default()) }
    }

    /// Stores the refreshed grant and gives the claim back; `false`, and nothing stored, if the claim does not count any more.
    fn commit(
        &self,
        key: &TokenKey,
        lease: &Lease,
        grant: StoredGrant,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send {
        async move {
            let claims = claims::shared::<Self>();
            let current = self.load(key).await?.map(|grant| grant.generation);
            let holds = claims.holds(key, lease) && current == Some(lease.generation);
            if holds {
                self.save(key, grant).await?;
                claims.forget(key, lease);
            }
            Ok(holds)
        }
    }

    /// Gives the claim back without a new grant, and keeps why; `false`, and nothing stored, if the claim does not count any more.
    fn fail(
        &self,
        key: &TokenKey,
        lease: &Lease,
        failure: Failure,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send {
        async move {
            let claims = claims::shared::<Self>();
            if let Some(reason) = &failure.dead
                && claims.holds(key, lease)
            {
                bury(self, key, lease, reason).await?;
            }
            let failed = claims.with(key, lease, |now, progress| progress.fail(now, lease, &failure));
            Ok(failed.unwrap_or_default())
        }
    }
}

/// Marks the grant that was claimed as dead, if it is still the stored one.
async fn bury<S: TokenStore + ?Sized>(
    store: &S,
    key: &TokenKey,
    lease: &Lease,
    reason: &str,
) -> Result<(), BoxError> {
    match store.load(key).await? {
        Some(mut grant) if grant.generation == lease.generation => {
            grant.dead = Some(reason.to_owned());
            store.save(key, grant).await
        }
        _ => Ok(()),
    }
}
