//! [`MemoryStateStore`]: texts in this process's memory.

use crate::{
    error::BoxError,
    store::{StateStore, claims::lock, progress::after},
    sync::Mutex,
};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

/// How many texts are kept at the most, unless told otherwise.
const CAPACITY: usize = 10_000;

/// A [`StateStore`] in memory. A clone shares its texts. When it is full the oldest text makes room, so
/// that a flood of begun sign-ins can end others that wait, but can neither fill the memory nor lock anybody out.
#[derive(Clone)]
pub struct MemoryStateStore {
    texts: Arc<Mutex<Texts>>,
    capacity: usize,
}

#[derive(Default)]
struct Texts {
    kept: HashMap<Arc<str>, (Box<str>, Instant, u64)>,
    /// Keys in the order of their coming, with the number of their coming: a key may come again.
    order: VecDeque<(Arc<str>, u64)>,
    number: u64,
}

impl MemoryStateStore {
    /// Room for ten thousand.
    pub fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    /// Room for `capacity`, at least one.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { texts: Arc::default(), capacity: capacity.max(1) }
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        lock(&self.texts).kept.len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for MemoryStateStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Texts {
    /// Drops what lapsed, from the oldest on, and then the oldest until one more has room.
    fn make_room(&mut self, capacity: usize, now: Instant) {
        while let Some((key, number)) = self.order.front() {
            let current = self.kept.get(key).filter(|(_, _, of)| of == number);
            let is_live = current.is_some_and(|(_, until, _)| *until > now);
            if is_live && self.kept.len() < capacity {
                break;
            }
            if current.is_some() {
                self.kept.remove(key);
            }
            self.order.pop_front();
        }
        // Taken texts leave their keys behind; they must not outnumber the kept ones.
        if self.order.len() > 2 * self.kept.len() + 64 {
            let kept = &self.kept;
            self.order.retain(|(key, number)| kept.get(key).is_some_and(|(_, _, of)| of == number));
        }
    }
}

impl StateStore for MemoryStateStore {
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, BoxError> {
        let now = Instant::now();
        let mut texts = lock(&self.texts);
        if texts.kept.get(key).is_some_and(|(_, until, _)| *until > now) {
            return Ok(false);
        }
        if ttl.is_zero() {
            return Ok(true);
        }
        texts.kept.remove(key);
        texts.make_room(self.capacity, now);
        texts.number += 1;
        let number = texts.number;
        let key: Arc<str> = key.into();
        texts.kept.insert(key.clone(), (value.into(), after(now, ttl), number));
        texts.order.push_back((key, number));
        Ok(true)
    }

    async fn take(&self, key: &str) -> Result<Option<String>, BoxError> {
        let taken = lock(&self.texts).kept.remove(key);
        Ok(taken.filter(|(_, until, _)| *until > Instant::now()).map(|(value, ..)| value.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: [&str; 3] = ["a", "b", "c"];

    impl Texts {
        fn keep(&mut self, key: &str, now: Instant) {
            self.number += 1;
            self.kept.insert(key.into(), ("text".into(), after(now, Duration::from_secs(60)), self.number));
            self.order.push_back((key.into(), self.number));
        }
    }

    /// Three texts that are kept, the middle one for the second time, and the keys of so many in all.
    fn texts(keys: usize, now: Instant) -> Texts {
        let mut texts = Texts::default();
        for key in ["a", "b"] {
            texts.keep(key, now);
        }
        texts.kept.remove("b");
        for key in 0..keys - 4 {
            let key = format!("taken {key}");
            texts.keep(&key, now);
            texts.kept.remove(&*key);
        }
        for key in ["b", "c"] {
            texts.keep(key, now);
        }
        assert_eq!((texts.order.len(), texts.kept.len()), (keys, KEPT.len()));
        texts
    }

    #[test]
    fn keys_of_taken_texts_are_dropped_when_they_outnumber_the_kept_ones_and_not_each_time() {
        let now = Instant::now();
        for (keys, left) in [(10, 10), (69, 69), (70, 70), (71, 3), (500, 3)] {
            let mut texts = texts(keys, now);
            texts.make_room(CAPACITY, now);
            assert_eq!((texts.order.len(), texts.kept.len()), (left, KEPT.len()), "of {keys}");
        }
    }

    #[test]
    fn the_oldest_text_makes_room_after_the_keys_of_taken_ones_were_dropped_too() {
        let now = Instant::now();
        let mut texts = texts(500, now);
        texts.make_room(CAPACITY, now);
        let order: Vec<&str> = texts.order.iter().map(|(key, _)| &**key).collect();
        assert_eq!(order, KEPT, "in the order of their coming");
        for left in [&KEPT[1..], &KEPT[2..]] {
            texts.make_room(left.len() + 1, now);
            assert!(left.iter().all(|key| texts.kept.contains_key(*key)) && texts.kept.len() == left.len());
        }
    }
}
