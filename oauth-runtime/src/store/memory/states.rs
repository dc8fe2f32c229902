//! [`MemoryStateStore`]: texts in this process's memory.

use crate::{
    error::BoxError,
    secret::wipe,
    store::{StateStore, claims::lock},
    sync::Mutex,
};
use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
    mem,
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

/// Texts side by side in the order of their coming, and where each stands: a place of the map, of which many are empty,
/// is small.
struct Texts {
    /// The number of each text, by the hash of its key. Of two keys with one hash the older one makes room: there are
    /// fewer than one in a thousand million times a thousand million, and nobody can choose them.
    numbers: HashMap<u64, u32>,
    hasher: RandomState,
    /// Those with numbers from `first` on, without a gap: a text that was taken is empty.
    kept: VecDeque<Kept>,
    first: u32,
    /// When the time of the others began.
    start: Instant,
}

/// A text with its key before it, in one piece. It is wiped.
struct Kept {
    text: Box<str>,
    key: u32,
    /// In nanoseconds.
    until: u64,
}

impl Kept {
    fn new(key: &str, value: &str, until: u64) -> Self {
        let text = [key, value].concat().into();
        Self { text, key: u32::try_from(key.len()).unwrap_or(u32::MAX), until }
    }

    fn key(&self) -> &str {
        &self.text[..self.key as usize]
    }

    fn value(&self) -> &str {
        &self.text[self.key as usize..]
    }

    fn is_taken(&self) -> bool {
        self.text.is_empty()
    }

    fn take(&mut self) -> Self {
        Self { text: mem::take(&mut self.text), key: mem::take(&mut self.key), until: self.until }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        wipe(&mut mem::take(&mut self.text).into_boxed_bytes());
    }
}

impl MemoryStateStore {
    /// Room for ten thousand.
    pub fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    /// Room for `capacity`, at least one.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { texts: Arc::new(Mutex::new(Texts::new())), capacity: capacity.max(1) }
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        lock(&self.texts).numbers.len()
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
    fn new() -> Self {
        Self {
            numbers: HashMap::new(),
            hasher: RandomState::new(),
            kept: VecDeque::new(),
            first: 0,
            start: Instant::now(),
        }
    }

    fn now(&self) -> u64 {
        nanoseconds(self.start.elapsed())
    }

    /// The number of the text under a key, and where it stands.
    fn find(&self, hash: u64) -> Option<usize> {
        self.numbers.get(&hash).map(|number| number.wrapping_sub(self.first) as usize)
    }

    /// Keeps a text unless one is there that did not lapse; says whether the key was free.
    fn put(&mut self, (key, value): (&str, &str), ttl: Duration, now: u64, capacity: usize) -> bool {
        let hash = self.hasher.hash_one(key);
        let before = self.find(hash);
        if before.map(|at| &self.kept[at]).is_some_and(|kept| kept.key() == key && kept.until > now) {
            return false;
        }
        if ttl.is_zero() {
            return true;
        }
        if let Some(at) = before {
            self.remove(hash, at);
        }
        self.make_room(capacity, now);
        if self.kept.len() == self.kept.capacity() {
            // By a quarter and not to the double: there may be a great many.
            self.kept.reserve_exact(self.kept.len() / 4 + 16);
        }
        self.numbers.insert(hash, self.number(self.kept.len()));
        self.kept.push_back(Kept::new(key, value, now.saturating_add(nanoseconds(ttl))));
        true
    }

    fn take(&mut self, key: &str, now: u64) -> Option<String> {
        let hash = self.hasher.hash_one(key);
        let at = self.find(hash).filter(|at| self.kept[*at].key() == key)?;
        let taken = self.remove(hash, at);
        (taken.until > now).then(|| taken.value().to_owned())
    }

    fn remove(&mut self, hash: u64, at: usize) -> Kept {
        self.numbers.remove(&hash);
        self.kept[at].take()
    }

    fn number(&self, at: usize) -> u32 {
        // As many as would wrap around have no room in any memory.
        #[allow(clippy::cast_possible_truncation)]
        self.first.wrapping_add(at as u32)
    }

    /// Drops what lapsed, from the oldest on, and then the oldest until one more has room.
    fn make_room(&mut self, capacity: usize, now: u64) {
        while let Some(oldest) = self.kept.front() {
            if !oldest.is_taken() {
                if oldest.until > now && self.numbers.len() < capacity {
                    break;
                }
                let hash = self.hasher.hash_one(oldest.key());
                self.numbers.remove(&hash);
            }
            self.kept.pop_front();
            self.first = self.number(1);
        }
        // Taken texts leave their places behind; they must not outnumber the kept ones.
        if self.kept.len() > 2 * self.numbers.len() + 64 {
            self.kept.retain(|kept| !kept.is_taken());
            for at in 0..self.kept.len() {
                let hash = self.hasher.hash_one(self.kept[at].key());
                self.numbers.insert(hash, self.number(at));
            }
        }
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    duration.as_nanos().try_into().unwrap_or(u64::MAX)
}

impl StateStore for MemoryStateStore {
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, BoxError> {
        let mut texts = lock(&self.texts);
        let now = texts.now();
        Ok(texts.put((key, value), ttl, now, self.capacity))
    }

    async fn take(&self, key: &str) -> Result<Option<String>, BoxError> {
        let mut texts = lock(&self.texts);
        let now = texts.now();
        Ok(texts.take(key, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: [&str; 3] = ["a", "b", "c"];
    const MINUTE: Duration = Duration::from_secs(60);

    impl Texts {
        fn keep(&mut self, key: &str) {
            // Nothing is dropped on the way.
            self.numbers.reserve(1);
            let hash = self.hasher.hash_one(key);
            self.numbers.insert(hash, self.number(self.kept.len()));
            self.kept.push_back(Kept::new(key, "text", nanoseconds(MINUTE)));
        }

        fn keys(&self) -> Vec<&str> {
            self.kept.iter().map(Kept::key).filter(|key| !key.is_empty()).collect()
        }
    }

    /// Three texts that are kept, the middle one for the second time, and the places of so many in all.
    fn texts(places: usize) -> Texts {
        let mut texts = Texts::new();
        // Numbers go round and round.
        texts.first = u32::MAX - 3;
        for key in ["a", "b"] {
            texts.keep(key);
        }
        assert!(texts.take("b", 0).is_some());
        for number in 0..places - 4 {
            let key = format!("taken {number}");
            texts.keep(&key);
            assert!(texts.take(&key, 0).is_some());
        }
        for key in ["b", "c"] {
            texts.keep(key);
        }
        assert_eq!((texts.kept.len(), texts.numbers.len()), (places, KEPT.len()));
        texts
    }

    #[test]
    fn places_of_taken_texts_are_dropped_when_they_outnumber_the_kept_ones_and_not_each_time() {
        for (places, left) in [(10, 10), (69, 69), (70, 70), (71, 3), (500, 3)] {
            let mut texts = texts(places);
            texts.make_room(CAPACITY, 0);
            assert_eq!((texts.kept.len(), texts.keys()), (left, KEPT.to_vec()), "of {places}");
            assert!(KEPT.iter().all(|key| texts.take(key, 0).as_deref() == Some("text")), "each is found");
        }
    }

    #[test]
    fn the_oldest_text_makes_room_after_the_places_of_taken_ones_were_dropped_too() {
        let mut texts = texts(500);
        texts.make_room(CAPACITY, 0);
        for left in [&KEPT[1..], &KEPT[2..]] {
            texts.make_room(left.len() + 1, 0);
            assert_eq!(texts.keys(), left, "in the order of their coming");
            assert_eq!(texts.numbers.len(), left.len());
        }
    }

    #[test]
    fn a_key_is_free_again_when_its_text_was_taken_or_lapsed_and_not_before() {
        let mut texts = Texts::new();
        let minute = nanoseconds(MINUTE);
        let mut put = |value, now| texts.put(("key", value), MINUTE, now, CAPACITY);
        assert!(put("first", 0) && !put("second", 0) && !put("second", minute - 1));
        assert!(put("third", minute), "it lapsed");
        assert_eq!(texts.take("key", minute).as_deref(), Some("third"));
        assert_eq!(texts.take("key", minute), None);
        assert!(texts.put(("key", "fourth"), MINUTE, minute, CAPACITY));
        assert_eq!(texts.take("key", 2 * minute), None, "it lapsed");
        assert_eq!(texts.numbers.len(), 0);
    }

    #[test]
    fn of_two_keys_with_one_hash_the_older_one_makes_room_and_neither_gets_the_other_ones_text() {
        let mut texts = Texts::new();
        assert!(texts.put(("older", "text"), MINUTE, 0, CAPACITY));
        let number = texts.numbers.drain().next().expect("one is kept").1;
        let hash = texts.hasher.hash_one("newer");
        texts.numbers.insert(hash, number);
        assert_eq!(texts.take("newer", 0), None);
        assert!(texts.put(("newer", "other"), MINUTE, 0, CAPACITY));
        assert_eq!(texts.keys(), ["newer"]);
        assert_eq!(texts.take("newer", 0).as_deref(), Some("other"));
    }
}
