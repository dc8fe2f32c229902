//! A token store of a user's own with all its methods, and one fault on demand.

use oauth_runtime::{BoxError, Claim, Failure, Lease, StoredGrant, TokenKey, TokenStore};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenFault {
    ClaimsInTwoSteps,
    OneClaimForAll,
    ClaimsAnyGeneration,
    CommitsInTwoSteps,
    IgnoresGeneration,
    IgnoresHolder,
    IgnoresLapse,
    KeepsClaimAfterCommit,
    NoPatience,
    ForgetsWhatWasSent,
    RenewsNothing,
    RenewsEverything,
    IgnoresWaits,
    CountsNothing,
    RemovesTheDead,
    SavesNoReason,
    KeepsClaimAfterSave,
    IgnoresTenant,
    PeeksAtOldTokens,
    RemovesNothing,
    CommitsWhatIsGone,
}
use TokenFault as Fault;

/// What stands beside a grant.
#[derive(Clone, Default)]
struct Beside {
    held: Option<(u64, Instant, Duration)>,
    sender: Option<u64>,
    failures: u32,
    wait: Option<(Instant, String)>,
}

#[derive(Default)]
struct Rows {
    grants: HashMap<TokenKey, (StoredGrant, Beside)>,
    first: HashMap<TokenKey, StoredGrant>,
    anyone: Option<Instant>,
    last_holder: u64,
}

#[derive(Clone, Default)]
pub(crate) struct OwnTokens {
    fault: Option<Fault>,
    rows: Arc<Mutex<Rows>>,
}

fn after(length: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(length).unwrap_or(now + Duration::from_secs(1 << 30))
}

impl OwnTokens {
    pub(crate) fn with(fault: Option<Fault>) -> Self {
        Self { fault, ..Self::default() }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().expect("no panic")
    }

    fn key(&self, key: &TokenKey) -> TokenKey {
        if self.has(Fault::IgnoresTenant) {
            TokenKey::new(key.provider(), "", key.owner())
        } else {
            key.clone()
        }
    }

    fn counts(&self, grant: &StoredGrant, beside: &Beside, lease: &Lease) -> bool {
        let is_current = self.has(Fault::IgnoresGeneration) || grant.generation == lease.generation;
        let is_held = beside.held.is_some_and(|(holder, until, _)| {
            (self.has(Fault::IgnoresHolder) || holder == lease.holder)
                && (self.has(Fault::IgnoresLapse) || until > Instant::now())
        });
        is_current && (is_held || self.has(Fault::IgnoresGeneration))
    }

    fn obstacle(&self, grant: &StoredGrant, beside: &Beside, generation: u64) -> Option<Claim> {
        let now = Instant::now();
        if grant.generation != generation && !self.has(Fault::ClaimsAnyGeneration) {
            return Some(Claim::Superseded);
        }
        if let Some((holder, until, lease)) = beside.held {
            let is_patient = beside.sender == Some(holder) && !self.has(Fault::NoPatience);
            let patience = if is_patient { lease.saturating_mul(Lease::PATIENCE) } else { Duration::ZERO };
            if until > now || until.checked_add(patience).is_none_or(|free| free > now) {
                return Some(Claim::Held(Duration::from_millis(20)));
            }
        }
        let (until, reason) = beside.wait.clone().filter(|(until, _)| *until > now)?;
        (!self.has(Fault::IgnoresWaits)).then(|| Claim::Postponed { wait: until - now, reason })
    }
}

impl TokenStore for OwnTokens {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        Ok(self.rows().grants.get(&self.key(key)).map(|(grant, _)| grant.clone()))
    }

    fn peek(&self, key: &TokenKey) -> Option<StoredGrant> {
        self.has(Fault::PeeksAtOldTokens).then(|| self.rows().first.get(key).cloned()).flatten()
    }

    async fn save(&self, key: &TokenKey, mut grant: StoredGrant) -> Result<(), BoxError> {
        let key = self.key(key);
        if self.has(Fault::SavesNoReason) {
            grant.dead = None;
        }
        let mut rows = self.rows();
        rows.first.entry(key.clone()).or_insert_with(|| grant.clone());
        let before = rows.grants.remove(&key).map(|(_, beside)| beside).unwrap_or_default();
        let beside = if self.has(Fault::KeepsClaimAfterSave) { before } else { Beside::default() };
        rows.grants.insert(key, (grant, beside));
        Ok(())
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        if !self.has(Fault::RemovesNothing) {
            self.rows().grants.remove(&self.key(key));
        }
        Ok(())
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        let key = self.key(key);
        if self.has(Fault::ClaimsInTwoSteps) {
            let obstacle = match self.rows().grants.get(&key) {
                Some((grant, beside)) => self.obstacle(grant, beside, generation),
                None => Some(Claim::Superseded),
            };
            if let Some(obstacle) = obstacle {
                return Ok(obstacle);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let mut rows = self.rows();
        rows.last_holder += 1;
        let holder = rows.last_holder;
        if self.has(Fault::OneClaimForAll) && rows.anyone.is_some_and(|until| until > Instant::now()) {
            return Ok(Claim::Held(Duration::from_millis(20)));
        }
        rows.anyone = Some(after(lease.min(Duration::from_millis(200))));
        let Some((grant, beside)) = rows.grants.get_mut(&key) else { return Ok(Claim::Superseded) };
        if !self.has(Fault::ClaimsInTwoSteps)
            && let Some(obstacle) = self.obstacle(grant, beside, generation)
        {
            return Ok(obstacle);
        }
        beside.held = Some((holder, after(lease), lease));
        let outcome_unknown = beside.sender.is_some() && !self.has(Fault::ForgetsWhatWasSent);
        Ok(Claim::Granted(Lease {
            failures: beside.failures,
            outcome_unknown,
            ..Lease::new(generation, holder)
        }))
    }

    async fn renew(&self, key: &TokenKey, lease: &Lease, length: Duration) -> Result<bool, BoxError> {
        let mut rows = self.rows();
        let Some((grant, beside)) = rows.grants.get_mut(&self.key(key)) else { return Ok(false) };
        let is_anothers = beside.held.is_some_and(|(holder, until, _)| {
            holder != lease.holder && until > Instant::now() && beside.sender == Some(holder)
        });
        let is_refused =
            grant.generation != lease.generation || is_anothers && !self.has(Fault::RenewsEverything);
        if is_refused || self.has(Fault::RenewsNothing) {
            return Ok(false);
        }
        beside.held = Some((lease.holder, after(length), length));
        beside.sender = Some(lease.holder);
        Ok(true)
    }

    async fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> Result<bool, BoxError> {
        let mut rows = self.rows();
        let Some((grant, beside)) = rows.grants.get_mut(&self.key(key)) else { return Ok(false) };
        let counts = self.counts(grant, beside, lease);
        if counts {
            beside.sender = Some(lease.holder);
        }
        Ok(counts)
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        let key = self.key(key);
        let mut found = self.rows().grants.get(&key).cloned();
        if self.has(Fault::CommitsInTwoSteps) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let mut rows = self.rows();
        if !self.has(Fault::CommitsInTwoSteps) {
            found = rows.grants.get(&key).cloned();
        }
        let counts = match &found {
            Some((current, beside)) => self.counts(current, beside, lease),
            None => self.has(Fault::CommitsWhatIsGone),
        };
        if counts {
            let kept = found.map(|(_, beside)| beside).filter(|_| self.has(Fault::KeepsClaimAfterCommit));
            let kept = kept.unwrap_or_default();
            rows.grants.insert(key, (grant, kept));
        }
        Ok(counts)
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        let key = self.key(key);
        let mut rows = self.rows();
        let Some((grant, beside)) = rows.grants.get_mut(&key) else { return Ok(false) };
        if !self.counts(grant, beside, lease) {
            return Ok(false);
        }
        beside.held = None;
        beside.sender = failure.outcome_unknown.then_some(lease.holder);
        if let Some(wait) = failure.wait {
            beside.failures += u32::from(!self.has(Fault::CountsNothing));
            beside.wait = Some((after(wait), failure.reason));
        }
        if failure.dead.is_some() {
            grant.dead = failure.dead;
            if self.has(Fault::RemovesTheDead) {
                rows.grants.remove(&key);
            }
        }
        Ok(true)
    }
}
