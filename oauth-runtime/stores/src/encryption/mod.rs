//! [`Encrypted`]: any store, with what it keeps encrypted.

mod error;
mod key;
mod states;
mod tokens;

pub use self::{error::EncryptionError, key::EncryptionKey};

use std::{fmt, sync::Arc};

/// A store over another one, which gets nothing but encrypted records.
///
/// Wrap any [`TokenStore`](oauth_runtime::TokenStore) or [`StateStore`](oauth_runtime::StateStore), ours or your own: whoever reads its table, its
/// backups or its log then reads no token. Without it, tokens stand there in clear, which is right only where the database
/// is guarded as well as its contents are worth. Generations, the names of owners, and why a grant is dead stay readable.
///
/// Records are encrypted with AES-256-GCM, by a key that HKDF derives for each record alone, so that no number of
/// records is too many. A record is bound to its place: one that was copied to another owner, tenant, provider or state does not open.
/// What this cannot see is an old record put back at its own place.
///
/// ```
/// use oauth_runtime::{MemoryStateStore, MemoryTokenStore};
/// use oauth_stores::{Encrypted, EncryptionError, EncryptionKey};
///
/// # fn main() -> Result<(), EncryptionError> {
/// # let (secret, secret_of_2025) = ([1; 32], [2; 32]);
/// // 32 random bytes each, from where your application keeps its secrets.
/// let key = EncryptionKey::new("2026", secret)?;
/// let old = EncryptionKey::new("2025", secret_of_2025)?;
/// let tokens = Encrypted::new(MemoryTokenStore::new(), key).also_opens(old);
/// # Ok(()) }
/// ```
///
/// # Another key
///
/// Without a pause, in three steps: give every process the new key by [`also_opens`](Self::also_opens); when all of them have
/// it, make it the first one, and the old one `also_opens`; when no record of the old one is left, drop it. Each refresh and each
/// sign-in writes its record with the first key.
#[derive(Clone)]
pub struct Encrypted<S> {
    store: S,
    keys: Arc<[EncryptionKey]>,
    accepts_clear: bool,
}

impl<S> Encrypted<S> {
    /// Encrypts what `store` keeps with `key`.
    pub fn new(store: S, key: EncryptionKey) -> Self {
        Self { store, keys: [key].into(), accepts_clear: false }
    }

    /// Opens records of `key` too. Nothing new is written with it.
    #[must_use]
    pub fn also_opens(self, key: EncryptionKey) -> Self {
        let keys = self.keys.iter().cloned().chain([key]).collect();
        Self { keys, ..self }
    }

    /// Takes records that are not encrypted too, for the time in which a store that was there before is taken over.
    ///
    /// Whoever can write to the store can then put tokens of their own there.
    #[must_use]
    pub fn accepts_clear(self) -> Self {
        Self { accepts_clear: true, ..self }
    }

    /// The record of `text`, bound to `place`.
    fn seal(&self, text: &str, place: &str) -> String {
        // There is always the first one.
        self.keys[0].seal(text, place)
    }

    /// What [`seal`](Self::seal) was given.
    fn open(&self, record: &str, place: &str) -> Result<String, EncryptionError> {
        let id = key::id_of(record).ok_or(EncryptionError::Unreadable)?;
        let key = self.keys.iter().find(|key| key.id() == id);
        let key = key.ok_or_else(|| EncryptionError::UnknownKey { id: id.to_owned() })?;
        key.open(record, place)
    }
}

impl<S> fmt::Debug for Encrypted<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encrypted")
            .field("keys", &self.keys)
            .field("accepts_clear", &self.accepts_clear)
            .finish_non_exhaustive()
    }
}
