//! [`Job`]: one refresh, from the claim to the answer.

use super::{
    Latest, Outcome, outcome,
    pause::Pause,
    save::{self, SAVE_TRIES},
};
use crate::{
    core::Core,
    error::{BoxError, Error, LoginRequired},
    event::GrantEvent,
    spec::Stage,
    store::{Claim, Failure, Lease, StoredGrant, TokenKey},
    tokens::{Exchanged, StoredTokens, Tokens},
    transport::BoxFuture,
    wire::{
        refused,
        request::{self, Grant},
    },
};
use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Instant,
};
use tokio::sync::watch;

/// One refresh, whoever waits for it.
pub(super) struct Job {
    pub(super) core: Arc<Core>,
    pub(super) key: TokenKey,
    /// How many tries failed before, as far as this process knows.
    pub(super) failures: u32,
}

/// What becomes of a refresh when it is over.
pub(super) enum End {
    Refreshed(StoredGrant),
    Unsaved { grant: StoredGrant, lease: Lease, error: Error },
    Failed(Error),
}

/// How one claim ended.
enum Turn {
    Over(End),
    /// The claim did not count any more, and nothing was sent under it: begin again.
    Lost,
}

/// Gives a claim back when its task ends before the answer is here: a transport that panics, a shutdown.
struct Interrupted<'a> {
    job: &'a Job,
    lease: Option<&'a Lease>,
}

impl Drop for Interrupted<'_> {
    fn drop(&mut self) {
        let (Some(lease), Ok(runtime)) = (self.lease.take().cloned(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        let (core, key) = (self.job.core.clone(), self.job.key.clone());
        let task: BoxFuture<'static, ()> = Box::pin(async move {
            // One that cannot be given back lapses by itself.
            let _ = core.tokens.fail(&key, &lease, Failure::untried().outcome_unknown(true)).await;
        });
        runtime.spawn(task);
    }
}

/// Whether a grant comes from a refresh whose token is still to be exchanged.
fn is_pending(grant: &StoredGrant) -> bool {
    grant.tokens.0.rare.exchanged == Exchanged::Pending
}

/// The grant that follows.
fn successor(grant: &StoredGrant, tokens: Tokens) -> StoredGrant {
    let generation = grant.generation.wrapping_add(1);
    StoredGrant { generation, tokens: StoredTokens(Arc::new(tokens)), dead: None }
}

impl Job {
    /// The task of it. Boxed, like every task here: tokio's own code is compiled anew for each kind of future.
    pub(super) fn run(
        self,
        generation: u64,
        unsaved: Option<(StoredGrant, Lease)>,
        sender: watch::Sender<Option<Outcome>>,
    ) -> BoxFuture<'static, ()> {
        Box::pin(self.work(generation, unsaved, sender))
    }

    async fn work(
        self,
        generation: u64,
        unsaved: Option<(StoredGrant, Lease)>,
        sender: watch::Sender<Option<Outcome>>,
    ) {
        let is_first = unsaved.is_none();
        let end = match unsaved {
            Some((grant, lease)) => match self.save(grant, lease).await {
                End::Refreshed(grant) if is_pending(&grant) => {
                    self.refresh(grant.generation).await.unwrap_or_else(End::Failed)
                }
                end => end,
            },
            None => self.refresh(generation).await.unwrap_or_else(End::Failed),
        };
        if is_first && let End::Unsaved { lease, .. } = &end {
            tokio::spawn(save::later(self.core.clone(), self.key.clone(), lease.generation));
        }
        let (entry, outcome) = match end {
            End::Refreshed(grant) => (Some(Latest::Done { at: Instant::now() }), Ok(grant)),
            End::Unsaved { grant, lease, error } => (Some(Latest::Unsaved { grant, lease }), Err(error)),
            End::Failed(error) => (self.remember(generation, &error), Err(error)),
        };
        let mut entries = self.core.refreshes.lock();
        match entry {
            Some(entry) => entries.insert(self.key.clone(), entry),
            None => entries.remove(&self.key),
        };
        drop(entries);
        sender.send_replace(Some(outcome));
    }

    /// A failure that time may mend is kept for a while, so that not every caller asks the store again.
    fn remember(&self, generation: u64, error: &Error) -> Option<Latest> {
        if let Error::LoginRequired(_) = error {
            return None;
        }
        let until = Instant::now() + outcome::back_off(error, self.failures);
        Some(Latest::Failed { error: error.clone(), until, failures: self.failures + 1, of: generation })
    }

    /// Claims, and refreshes under the claim, until there is a newer grant or a reason why there is none.
    async fn refresh(&self, mut generation: u64) -> Result<End, Error> {
        let tokens = &self.core.tokens;
        let (mut lost, mut saved, mut pause) = (0, None, Pause::default());
        while lost <= SAVE_TRIES {
            let asked_at = Instant::now();
            match tokens.claim(&self.key, generation, self.core.lease).await.map_err(Error::store)? {
                Claim::Granted(lease) => match self.turn(lease, asked_at, saved).await? {
                    // What is saved goes on: it is exchanged under a claim of its own.
                    Turn::Over(End::Refreshed(grant)) if is_pending(&grant) => saved = Some(grant.generation),
                    Turn::Over(end) => return Ok(end),
                    Turn::Lost => lost += 1,
                },
                Claim::Held(left) => tokio::time::sleep(pause.next().min(left)).await,
                Claim::Postponed { wait, reason } => return Err(Error::Postponed { wait, reason }),
                Claim::Superseded => {
                    lost += 1;
                    tokio::task::yield_now().await;
                }
            }
            let grant = self.core.living(&self.key).await?;
            if grant.generation != generation && !is_pending(&grant) {
                return Ok(End::Refreshed(grant));
            }
            generation = grant.generation;
        }
        Err(Error::store("the store gives claims that it does not honour".into()))
    }

    /// What to do with a claim that was asked for at `asked_at`. A grant that was `saved` just now is not refreshed again.
    async fn turn(&self, lease: Lease, asked_at: Instant, saved: Option<u64>) -> Result<Turn, Error> {
        let core = &self.core;
        // Whoever had the claim before may have refreshed since the grant was loaded; its old token must not be sent again.
        let grant = match core.living(&self.key).await {
            Ok(grant) if grant.generation == lease.generation => grant,
            outcome => {
                self.give_back(&lease).await;
                return outcome.map(|grant| Turn::Over(End::Refreshed(grant)));
            }
        };
        let has_lapsed = grant.tokens.0.first_has_lapsed(core.now()) && saved != Some(grant.generation);
        if is_pending(&grant) && !has_lapsed {
            return self.exchange(&grant, lease).await;
        }
        if lease.outcome_unknown {
            core.tell(&self.key, &GrantEvent::OutcomeUnknown);
        }
        match self.ask(&grant, &lease, asked_at).await {
            Ok(Some(tokens)) => {
                let mut tokens = tokens.succeeding(&grant.tokens.0);
                if core.exchanges_after(Stage::Refresh) {
                    tokens.rare.to_mut().exchanged = Exchanged::Pending;
                }
                Ok(Turn::Over(self.save(successor(&grant, tokens), lease).await))
            }
            Ok(None) => Ok(Turn::Lost),
            Err(error) => self.give_up(&lease, error).await,
        }
    }

    /// Trades the token of a refresh that is saved: whatever becomes of it, the new refresh token is not lost.
    async fn exchange(&self, grant: &StoredGrant, lease: Lease) -> Result<Turn, Error> {
        let core = &self.core;
        let answer = core.traded(Stage::Refresh, Tokens::clone(&grant.tokens.0));
        match self.renewing(&lease, Box::pin(answer)).await {
            Ok(tokens) => Ok(Turn::Over(self.save(successor(grant, tokens), lease).await)),
            Err(error) => {
                let failure = Failure::postponed(outcome::back_off(&error, lease.failures), error.reason());
                // What the store does not take lapses with the claim.
                let _ = core.tokens.fail(&self.key, &lease, failure).await;
                Err(error)
            }
        }
    }

    /// Sends the refresh token; `None` if the claim did not count any more when it was to be sent.
    async fn ask(
        &self,
        grant: &StoredGrant,
        lease: &Lease,
        mut asked_at: Instant,
    ) -> Result<Option<Tokens>, Error> {
        let (core, before) = (&self.core, &*grant.tokens.0);
        let token = core.presented(before).ok_or(LoginRequired::Expired)?;
        let sent = Grant::RefreshToken { token, before };
        let client = core.client.of(&before.rare.learned)?;
        let request = request::token_request(&client, sent, core.token_limits, core.now())?;
        if !core.tokens.mark_sent(&self.key, lease).await.map_err(Error::store)? {
            return Ok(None);
        }
        // A process that was stopped since it asked cannot know who sent what in the meantime.
        while asked_at.elapsed() >= core.lease {
            asked_at = Instant::now();
            if !core.tokens.renew(&self.key, lease, core.lease).await.map_err(Error::store)? {
                return Ok(None);
            }
        }
        let mut interrupted = Interrupted { job: self, lease: Some(lease) };
        let answer = core.exchange(&client, sent, request, &before.scopes);
        let answer = self.renewing(lease, Box::pin(answer)).await;
        interrupted.lease = None;
        let mut tokens = answer?;
        core.name_scopes(&self.key, &mut tokens);
        Ok(Some(tokens))
    }

    /// Waits for `answer`, and keeps the claim meanwhile, however long the provider takes.
    async fn renewing(
        &self,
        lease: &Lease,
        mut answer: BoxFuture<'_, Result<Tokens, Error>>,
    ) -> Result<Tokens, Error> {
        let mut renewal = pin!(async {
            loop {
                tokio::time::sleep(self.core.lease / 3).await;
                // A store that fails now may work when the answer is here: `commit` finds out.
                let _ = self.core.tokens.renew(&self.key, lease, self.core.lease).await;
            }
        });
        poll_fn(|context| match answer.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(answer),
            Poll::Pending => {
                let renewal: Poll<std::convert::Infallible> = renewal.as_mut().poll(context);
                renewal.map(|never| match never {})
            }
        })
        .await
    }

    /// Gives a claim back under which nothing was sent. One that cannot be given back lapses by itself.
    async fn give_back(&self, lease: &Lease) {
        let failure = Failure::untried().outcome_unknown(lease.outcome_unknown);
        let _ = self.core.tokens.fail(&self.key, lease, failure).await;
    }

    async fn give_up(&self, lease: &Lease, error: Error) -> Result<Turn, Error> {
        let tokens = &self.core.tokens;
        match &error {
            Error::Refused(refusal) if refusal.means() == "invalid_grant" => {
                let code = refusal.code().to_owned();
                self.bury(lease, code).await
            }
            Error::LoginRequired(_) | Error::Configuration(_) => {
                self.give_back(lease).await;
                Err(error)
            }
            _ => {
                let failure = outcome::failure(&error, lease.failures);
                let (reason, wait) = (failure.reason.clone(), failure.wait.unwrap_or_default());
                let unknown = failure.outcome_unknown || lease.outcome_unknown;
                // What the store does not take is remembered by this process.
                let _ = tokens.fail(&self.key, lease, failure.outcome_unknown(unknown)).await;
                self.core.tell(&self.key, &GrantEvent::Failed { reason, wait });
                Err(error)
            }
        }
    }

    /// Notes what became of a token that was sent. A claim that lapsed meanwhile is asked for again first: were the note lost,
    /// the token would be sent once more.
    async fn fail_sent(&self, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        let (tokens, key) = (&self.core.tokens, &self.key);
        Ok(tokens.fail(key, lease, failure.clone()).await?
            || tokens.renew(key, lease, self.core.lease).await? && tokens.fail(key, lease, failure).await?)
    }

    /// A refusal may only mean that another process was faster: the store is read again before a grant is called dead.
    async fn bury(&self, lease: &Lease, code: String) -> Result<Turn, Error> {
        let core = &self.core;
        match core.living(&self.key).await {
            Ok(current) if current.generation == lease.generation => {
                let unknown = lease.outcome_unknown;
                let reason = if unknown { StoredGrant::OUTCOME_UNKNOWN.to_owned() } else { code };
                let failure = Failure::dead(reason.clone()).outcome_unknown(unknown);
                if !self.fail_sent(lease, failure).await.map_err(Error::store)? {
                    return Ok(Turn::Lost);
                }
                let hint = |code: &str| refused::hint(&core.client, Stage::Refresh, code);
                let dead = LoginRequired::dead(reason, hint);
                core.tell(&self.key, &GrantEvent::Dead(dead.clone()));
                Err(dead.into())
            }
            outcome => {
                self.give_back(lease).await;
                outcome.map(|grant| Turn::Over(End::Refreshed(grant)))
            }
        }
    }
}
