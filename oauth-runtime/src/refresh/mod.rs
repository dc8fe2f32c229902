//! Refreshing: one at a time for a grant, in a task of its own, shared by all who wait, and remembered when it fails.

mod job;
mod outcome;
mod pause;
mod save;

use self::job::Job;
use crate::{
    core::Core,
    error::Error,
    secret::Secret,
    spec::RefreshSupport,
    store::{Lease, StoredGrant, TokenKey},
    sync::{Mutex, MutexGuard},
    tokens::{Exchanged, Tokens},
    transport::{TransportError, TransportErrorKind},
};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// A grant is not refreshed again within this time, whatever its lifetime.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

type Outcome = Result<StoredGrant, Error>;
type Waiting = watch::Receiver<Option<Outcome>>;

/// What goes on, and what failed lately, for each grant of a flow.
#[derive(Default)]
pub(crate) struct Refreshes(Mutex<HashMap<TokenKey, Latest>>);

/// What is known of the refresh of a grant, for as long as it matters.
enum Latest {
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
    fn lock(&self) -> MutexGuard<'_, HashMap<TokenKey, Latest>> {
        // The map is whole after every statement, so a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what is known of a grant that was replaced or removed.
    pub(crate) fn forget(&self, key: &TokenKey) {
        let mut entries = self.lock();
        if !matches!(entries.get(key), Some(Latest::Running(_))) {
            entries.remove(key);
        }
    }

    /// Whether a token of hardly any lifetime was got so lately that it is used all the same: a lifetime of zero is no loop.
    pub(crate) fn is_too_soon(&self, key: &TokenKey, tokens: &Tokens) -> bool {
        tokens.lifetime().is_some_and(|lifetime| lifetime <= MIN_INTERVAL)
            && matches!(self.lock().get(key), Some(Latest::Done { at }) if at.elapsed() < MIN_INTERVAL)
    }

    /// Drops what is of no use any more, now and then.
    fn prune(entries: &mut HashMap<TokenKey, Latest>) {
        if entries.len() >= 1024 && entries.len().is_power_of_two() {
            entries.retain(|_, entry| match entry {
                // A closed one is of a task that was interrupted.
                Latest::Running(waiting) => waiting.has_changed().is_ok(),
                Latest::Unsaved { .. } => true,
                Latest::Done { at } => at.elapsed() < MIN_INTERVAL,
                Latest::Failed { until, .. } => *until + outcome::LAST_BACK_OFF > Instant::now(),
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
        self.presented(&grant.tokens.0).is_some()
    }

    /// What a refresh presents. A token that is renewed in place is worth nothing once it has lapsed, and a first one that
    /// should have been exchanged is not renewed.
    fn presented<'a>(&self, tokens: &'a Tokens) -> Option<&'a Secret> {
        match self.client.spec.refresh.support {
            RefreshSupport::Rotating | RefreshSupport::Reusable => tokens.refresh_token.as_ref(),
            RefreshSupport::InPlace => Some(&tokens.access_token)
                .filter(|_| !tokens.has_lapsed(self.now()) && tokens.rare.exchanged == Exchanged::Done),
            RefreshSupport::None => None,
        }
    }

    /// What may do after the API refused the token of `grant`; `None`: nothing does.
    pub(crate) async fn after_refusal(
        self: &Arc<Self>,
        key: &TokenKey,
        grant: &StoredGrant,
    ) -> Result<Option<StoredGrant>, Error> {
        if self.client.spec.refresh.support == RefreshSupport::InPlace {
            // The refused token is the one that a renewal would present. Somebody else may have renewed it before.
            let current = self.living(key).await?;
            return Ok(Some(current).filter(|current| current.generation != grant.generation));
        }
        if !self.can_refresh(grant) {
            return Ok(None);
        }
        self.refresh(key, grant.generation).await.map(Some)
    }

    /// A grant newer than `generation`: by the refresh that runs, by a new one, or by one that another process made.
    pub(crate) async fn refresh(self: &Arc<Self>, key: &TokenKey, generation: u64) -> Outcome {
        let mut waiting = match self.join(key, generation) {
            Part::Give(outcome) => return outcome,
            Part::Wait(waiting) => waiting,
            Part::Lead { sender, failures, unsaved } => {
                let waiting = sender.subscribe();
                let job = Job { core: self.clone(), key: key.clone(), failures };
                tokio::spawn(job.run(generation, unsaved, sender));
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
            Some(Latest::Running(waiting)) if waiting.has_changed().is_ok() => {
                return Part::Wait(waiting.clone());
            }
            // What failed for another generation says nothing of this one: somebody signed in since.
            Some(Latest::Failed { of, .. }) if *of != generation => {}
            Some(Latest::Failed { error, until, .. }) if *until > Instant::now() => {
                return Part::Give(Err(error.clone()));
            }
            Some(Latest::Failed { failures: before, .. }) => failures = *before,
            Some(Latest::Unsaved { grant, lease }) => unsaved = Some((grant.clone(), lease.clone())),
            _ => {}
        }
        Refreshes::prune(&mut entries);
        let (sender, receiver) = watch::channel(None);
        entries.insert(key.clone(), Latest::Running(receiver));
        Part::Lead { sender, failures, unsaved }
    }
}

fn interrupted() -> Error {
    Error::Transport(
        TransportError::new(TransportErrorKind::Other)
            .caused_by("the refresh was interrupted, perhaps by a shutdown"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::StoredTokens;

    fn key(owner: usize) -> TokenKey {
        TokenKey::new("acme", "", owner.to_string())
    }

    fn failed(until: Instant) -> Latest {
        Latest::Failed { error: interrupted(), until, failures: 1, of: 1 }
    }

    fn unsaved() -> Latest {
        let record = serde_json::json!({"access_token": "AT", "obtained_at": 1});
        let tokens: StoredTokens = serde_json::from_value(record).expect("a record");
        Latest::Unsaved { grant: StoredGrant { generation: 2, tokens, dead: None }, lease: Lease::new(1, 1) }
    }

    #[test]
    fn what_is_known_of_a_replaced_grant_is_forgotten_but_not_the_refresh_that_runs() {
        let refreshes = Refreshes::default();
        let (_sender, receiver) = watch::channel(None);
        refreshes.lock().insert(key(0), Latest::Done { at: Instant::now() });
        refreshes.lock().insert(key(1), unsaved());
        refreshes.lock().insert(key(2), Latest::Running(receiver));
        (0..3).for_each(|owner| refreshes.forget(&key(owner)));
        let left: Vec<_> = refreshes.lock().keys().cloned().collect();
        assert_eq!(left, [key(2)]);
    }

    #[test]
    fn what_is_of_no_use_any_more_is_dropped_when_there_is_much() {
        let now = Instant::now();
        let ago =
            |seconds| now.checked_sub(Duration::from_secs(seconds)).expect("this machine runs for longer");
        let (_sender, open) = watch::channel(None);
        let fill = |count: usize| {
            let mut entries: HashMap<_, _> =
                (7..count).map(|owner| (key(owner), Latest::Done { at: ago(5) })).collect();
            entries.insert(key(0), Latest::Running(open.clone()));
            entries.insert(key(1), Latest::Running(watch::channel(None).1));
            entries.insert(key(2), unsaved());
            entries.insert(key(3), Latest::Done { at: now });
            entries.insert(key(4), failed(now + Duration::from_secs(5)));
            entries.insert(key(5), failed(ago(5)));
            entries.insert(key(6), failed(ago(65)));
            entries
        };
        for count in [512, 1023, 1025, 1536] {
            let mut entries = fill(count);
            Refreshes::prune(&mut entries);
            assert_eq!(entries.len(), count, "not looked through each time");
        }
        for count in [1024, 2048] {
            let mut entries = fill(count);
            Refreshes::prune(&mut entries);
            let kept: Vec<_> = (0..count).filter(|owner| entries.contains_key(&key(*owner))).collect();
            assert_eq!(kept, [0, 2, 3, 4, 5], "what runs, what is unsaved, and what still counts");
        }
    }
}
