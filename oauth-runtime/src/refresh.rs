//! Refreshing: one at a time for a grant, in a task of its own, shared by all who wait, and remembered when it fails.

use crate::{
    core::Core,
    error::{Error, LoginRequired},
    spec::{RefreshSupport, Stage},
    store::{Claim, Lease, StoredGrant, TokenKey},
    tokens::{StoredTokens, Tokens},
    transport::{TransportError, TransportErrorKind},
    wire::request::{self, Grant},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// A grant is not refreshed again within this time, whatever its lifetime.
const MIN_INTERVAL: Duration = Duration::from_secs(1);
/// After a failure, the next try waits this long, and twice as long after each further one.
const FIRST_BACK_OFF: Duration = Duration::from_secs(1);
/// It never waits longer, unless the server asks for more.
const LAST_BACK_OFF: Duration = Duration::from_secs(60);
/// A store that fails to save a rotated token is tried again this often.
const SAVE_TRIES: u32 = 4;

type Outcome = Result<StoredGrant, Error>;
type Waiting = watch::Receiver<Option<Outcome>>;

/// What goes on, and what failed lately, for each grant of a flow.
#[derive(Default)]
pub(crate) struct Refreshes(Mutex<HashMap<TokenKey, Entry>>);

enum Entry {
    Running(Waiting),
    Done {
        at: Instant,
    },
    Failed {
        error: Error,
        until: Instant,
        failures: u32,
        /// The generation that could not be refreshed.
        of: u64,
    },
    /// A rotated token that the store would not take: kept here, because the old one is worth nothing any more.
    Unsaved {
        grant: StoredGrant,
        lease: Lease,
    },
}

impl Refreshes {
    fn lock(&self) -> MutexGuard<'_, HashMap<TokenKey, Entry>> {
        // The map is whole after every statement, so a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what is known of a grant that was replaced or removed.
    pub(crate) fn forget(&self, key: &TokenKey) {
        let mut entries = self.lock();
        if !matches!(entries.get(key), Some(Entry::Running(_))) {
            entries.remove(key);
        }
    }

    /// Whether a token of hardly any lifetime was got so lately that it is used all the same: a lifetime of zero is no loop.
    pub(crate) fn is_too_soon(&self, key: &TokenKey, tokens: &Tokens) -> bool {
        tokens.lifetime().is_some_and(|lifetime| lifetime <= MIN_INTERVAL)
            && matches!(self.lock().get(key), Some(Entry::Done { at }) if at.elapsed() < MIN_INTERVAL)
    }

    /// Drops what is of no use any more, now and then.
    fn prune(entries: &mut HashMap<TokenKey, Entry>) {
        if entries.len() >= 1024 && entries.len().is_power_of_two() {
            entries.retain(|_, entry| match entry {
                // A closed one is of a task that was interrupted.
                Entry::Running(waiting) => waiting.has_changed().is_ok(),
                Entry::Unsaved { .. } => true,
                Entry::Done { at } => at.elapsed() < MIN_INTERVAL,
                Entry::Failed { until, .. } => *until + LAST_BACK_OFF > Instant::now(),
            });
        }
    }
}

/// What a caller has to do.
enum Part {
    Wait(Waiting),
    Lead { sender: watch::Sender<Option<Outcome>>, failures: u32, unsaved: Option<(StoredGrant, Lease)> },
    Give(Outcome),
}

impl Core {
    pub(crate) fn can_refresh(&self, grant: &StoredGrant) -> bool {
        self.client.spec.refresh.support != RefreshSupport::None && grant.tokens.0.refresh_token.is_some()
    }

    /// A grant newer than `generation`: by the refresh that runs, by a new one, or by one that another process made.
    pub(crate) async fn refresh(self: &Arc<Self>, key: &TokenKey, generation: u64) -> Outcome {
        let mut waiting = match self.join(key, generation) {
            Part::Give(outcome) => return outcome,
            Part::Wait(waiting) => waiting,
            Part::Lead { sender, failures, unsaved } => {
                let waiting = sender.subscribe();
                let job = Job { core: self.clone(), key: key.clone(), failures, sender };
                tokio::spawn(job.run(generation, unsaved));
                waiting
            }
        };
        match waiting.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().expect("it was waited for"),
            Err(_) => Err(interrupted()),
        }
    }

    fn join(&self, key: &TokenKey, generation: u64) -> Part {
        let mut entries = self.refreshes.lock();
        let (mut failures, mut unsaved) = (0, None);
        match entries.get(key) {
            Some(Entry::Running(waiting)) if waiting.has_changed().is_ok() => {
                return Part::Wait(waiting.clone());
            }
            // What failed for another generation says nothing of this one: somebody signed in since.
            Some(Entry::Failed { of, .. }) if *of != generation => {}
            Some(Entry::Failed { error, until, .. }) if *until > Instant::now() => {
                return Part::Give(Err(error.clone()));
            }
            Some(Entry::Failed { failures: before, .. }) => failures = *before,
            Some(Entry::Unsaved { grant, lease }) => unsaved = Some((grant.clone(), lease.clone())),
            _ => {}
        }
        Refreshes::prune(&mut entries);
        let (sender, receiver) = watch::channel(None);
        entries.insert(key.clone(), Entry::Running(receiver));
        Part::Lead { sender, failures, unsaved }
    }
}

fn interrupted() -> Error {
    Error::Transport(
        TransportError::new(TransportErrorKind::Other)
            .caused_by("the refresh was interrupted, perhaps by a shutdown"),
    )
}

/// One refresh, whoever waits for it.
struct Job {
    core: Arc<Core>,
    key: TokenKey,
    failures: u32,
    sender: watch::Sender<Option<Outcome>>,
}

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

/// What becomes of a refresh when it is over.
enum End {
    Refreshed(StoredGrant),
    Unsaved { grant: StoredGrant, lease: Lease, error: Error },
    Failed(Error),
}

impl Job {
    async fn run(self, generation: u64, unsaved: Option<(StoredGrant, Lease)>) {
        let end = match unsaved {
            Some((grant, lease)) => self.save(grant, lease).await,
            None => self.refresh(generation).await.unwrap_or_else(End::Failed),
        };
        let (entry, outcome) = match end {
            End::Refreshed(grant) => (Some(Entry::Done { at: Instant::now() }), Ok(grant)),
            End::Unsaved { grant, lease, error } => (Some(Entry::Unsaved { grant, lease }), Err(error)),
            End::Failed(error) => (self.remember(generation, &error), Err(error)),
        };
        let mut entries = self.core.refreshes.lock();
        match entry {
            Some(entry) => entries.insert(self.key.clone(), entry),
            None => entries.remove(&self.key),
        };
        drop(entries);
        self.sender.send_replace(Some(outcome));
    }

    /// A failure that time may mend is kept for a while, so that not every caller tries again.
    fn remember(&self, generation: u64, error: &Error) -> Option<Entry> {
        if let Error::LoginRequired(_) = error {
            return None;
        }
        let asked = match error {
            Error::Answer(answer) => answer.retry_after(),
            _ => None,
        };
        let doubled = FIRST_BACK_OFF.saturating_mul(1 << self.failures.min(10)).min(LAST_BACK_OFF);
        let until = Instant::now() + doubled.max(asked.unwrap_or_default());
        Some(Entry::Failed { error: error.clone(), until, failures: self.failures + 1, of: generation })
    }

    async fn refresh(&self, generation: u64) -> Result<End, Error> {
        let core = &self.core;
        loop {
            let grant = core.living(&self.key).await?;
            if grant.generation != generation {
                return Ok(End::Refreshed(grant));
            }
            match core.tokens.claim(&self.key, generation, self.lease()).await.map_err(Error::store)? {
                Claim::Granted(lease) => return self.refresh_claimed(lease).await,
                Claim::Held(wait) => tokio::time::sleep(wait).await,
                Claim::Superseded => tokio::task::yield_now().await,
            }
        }
    }

    /// Longer than an answer may take, so that nobody else claims what is under way.
    fn lease(&self) -> Duration {
        self.core.token_limits.deadline.saturating_mul(3)
    }

    async fn refresh_claimed(&self, lease: Lease) -> Result<End, Error> {
        // Whoever had the claim before may have refreshed since the grant was loaded; its old token must not be sent again.
        let grant = match self.core.living(&self.key).await {
            Ok(grant) if grant.generation == lease.generation => grant,
            outcome => {
                self.release(&lease).await;
                return outcome.map(End::Refreshed);
            }
        };
        let before = &grant.tokens.0;
        match self.ask(before, &lease).await {
            Ok(tokens) => {
                let tokens = StoredTokens(Arc::new(tokens.succeeding(before)));
                let generation = grant.generation.wrapping_add(1);
                Ok(self.save(StoredGrant { generation, tokens, dead: None }, lease).await)
            }
            Err(error) => self.give_up(&lease, error).await,
        }
    }

    async fn ask(&self, before: &Tokens, lease: &Lease) -> Result<Tokens, Error> {
        let core = &self.core;
        let token = before.refresh_token.as_ref().ok_or(LoginRequired::Expired)?;
        let grant = Grant::RefreshToken { token, before };
        let request = request::token_request(&core.client, grant, core.token_limits)?;
        core.tokens.mark_sent(&self.key, lease).await.map_err(Error::store)?;
        core.exchange(Stage::Refresh, grant, request, &before.scopes).await
    }

    /// Saves before anybody sees the new token: what is not stored is lost with this process.
    async fn save(&self, grant: StoredGrant, lease: Lease) -> End {
        let mut keeper = Keeper { job: self, unsaved: Some((grant.clone(), lease.clone())) };
        let end = self.commit(grant, lease).await;
        keeper.unsaved = None;
        end
    }

    async fn commit(&self, grant: StoredGrant, mut lease: Lease) -> End {
        let mut tries = 0;
        loop {
            match self.core.tokens.commit(&self.key, &lease, grant.clone()).await {
                Ok(true) => return End::Refreshed(grant),
                Ok(false) if tries == SAVE_TRIES => {
                    let error = Error::store("the store gives claims that it does not honour".into());
                    return End::Unsaved { grant, lease, error };
                }
                Ok(false) => match self.claim_again(&lease).await {
                    Ok(Some(newer)) => {
                        lease = newer;
                        tries += 1;
                    }
                    // Somebody else wrote in the meantime, and what they wrote holds.
                    Ok(None) => {
                        return self.core.living(&self.key).await.map_or_else(End::Failed, End::Refreshed);
                    }
                    Err(error) => return End::Unsaved { grant, lease, error },
                },
                Err(error) if tries == SAVE_TRIES => {
                    return End::Unsaved { grant, lease, error: Error::store(error) };
                }
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(20 << (2 * tries))).await;
                    tries += 1;
                }
            }
        }
    }

    /// A claim that lapsed before its tokens were saved is taken again, if the grant is still the same.
    async fn claim_again(&self, lapsed: &Lease) -> Result<Option<Lease>, Error> {
        let store = &self.core.tokens;
        loop {
            let current = store.load(&self.key).await.map_err(Error::store)?;
            if current.is_none_or(|current| current.generation != lapsed.generation) {
                return Ok(None);
            }
            match store.claim(&self.key, lapsed.generation, self.lease()).await.map_err(Error::store)? {
                Claim::Granted(lease) => return Ok(Some(lease)),
                Claim::Held(wait) => tokio::time::sleep(wait).await,
                Claim::Superseded => return Ok(None),
            }
        }
    }

    /// Gives a claim back. One that cannot be given back lapses by itself.
    async fn release(&self, lease: &Lease) {
        let _ = self.core.tokens.fail(&self.key, lease, None).await;
    }

    /// A refusal may only mean that another process was faster: the store is read again before a grant is called dead.
    async fn give_up(&self, lease: &Lease, error: Error) -> Result<End, Error> {
        let core = &self.core;
        let code = match &error {
            Error::Refused(refusal) if refusal.means() == "invalid_grant" => refusal.code().to_owned(),
            _ => {
                self.release(lease).await;
                return Err(error);
            }
        };
        match core.living(&self.key).await {
            Ok(current) if current.generation == lease.generation => {
                core.tokens.fail(&self.key, lease, Some(&code)).await.map_err(Error::store)?;
                Err(LoginRequired::GrantDead(code).into())
            }
            outcome => {
                self.release(lease).await;
                outcome.map(End::Refreshed)
            }
        }
    }
}
