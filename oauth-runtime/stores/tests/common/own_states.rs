//! A state store of a user's own, with one fault on demand.

use oauth_runtime::{BoxError, StateStore};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StateFault {
    TakesInTwoSteps,
    PutsInTwoSteps,
    Overwrites,
    KeepsWhatWasTaken,
    CutsOff,
    NeverLapses,
    IgnoresCase,
    CannotAddLongTimes,
}

type Texts = HashMap<String, (String, Instant)>;

/// It has no capacity, so it is no store for the world.
#[derive(Clone, Default)]
pub(crate) struct OwnStates {
    fault: Option<StateFault>,
    texts: Arc<Mutex<Texts>>,
}

impl OwnStates {
    pub(crate) fn with(fault: StateFault) -> Self {
        Self { fault: Some(fault), ..Self::default() }
    }

    fn has(&self, fault: StateFault) -> bool {
        self.fault == Some(fault)
    }

    fn texts(&self) -> MutexGuard<'_, Texts> {
        self.texts.lock().expect("no panic")
    }

    fn name(&self, key: &str) -> String {
        if self.has(StateFault::IgnoresCase) { key.to_lowercase() } else { key.to_owned() }
    }

    fn is_there(&self, texts: &Texts, name: &str) -> bool {
        let is_live =
            |(_, until): &(String, Instant)| self.has(StateFault::NeverLapses) || *until > Instant::now();
        !self.has(StateFault::Overwrites) && texts.get(name).is_some_and(is_live)
    }
}

impl StateStore for OwnStates {
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, BoxError> {
        let name = self.name(key);
        let value = if self.has(StateFault::CutsOff) { &value[..value.len().min(4000)] } else { value };
        let until = match Instant::now().checked_add(ttl) {
            Some(until) => until,
            None if self.has(StateFault::CannotAddLongTimes) => return Err("the time is too long".into()),
            None => Instant::now() + Duration::from_secs(1 << 30),
        };
        if self.is_there(&self.texts(), &name) {
            return Ok(false);
        }
        if self.has(StateFault::PutsInTwoSteps) {
            tokio::task::yield_now().await;
        }
        let mut texts = self.texts();
        let is_there = !self.has(StateFault::PutsInTwoSteps) && self.is_there(&texts, &name);
        if !is_there {
            texts.insert(name, (value.to_owned(), until));
        }
        Ok(!is_there)
    }

    async fn take(&self, key: &str) -> Result<Option<String>, BoxError> {
        let name = self.name(key);
        let found = self.texts().get(&name).cloned();
        if self.has(StateFault::TakesInTwoSteps) {
            tokio::task::yield_now().await;
            self.texts().remove(&name);
        } else if !self.has(StateFault::KeepsWhatWasTaken) && self.texts().remove(&name).is_none() {
            return Ok(None);
        }
        let is_live = |until: Instant| self.has(StateFault::NeverLapses) || until > Instant::now();
        Ok(found.filter(|(_, until)| is_live(*until)).map(|(value, _)| value))
    }
}
