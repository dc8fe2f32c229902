//! [`Secret`]: a text that is never printed by accident.

use std::{fmt, sync::Arc};
use zeroize::{Zeroize, Zeroizing};

/// A token, a client secret, a code: a text that must not be seen.
///
/// It has no `Display`, no `Serialize` and a redacted `Debug`; [`expose`](Self::expose) is the only door.
/// A clone shares the text, which is wiped from memory when the last clone is dropped; the last two, dropped by two
/// threads at the very same moment, may each leave that to the other.
#[derive(Clone)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Takes a text into hiding, and wipes the one that it was given.
    pub fn new(text: impl Into<String>) -> Self {
        Self::copy(&Zeroizing::new(text.into()))
    }

    /// Copies a text into hiding.
    pub(crate) fn copy(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The text itself. Look at every call of this when you look for leaks.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        if let Some(text) = Arc::get_mut(&mut self.0) {
            text.zeroize();
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::copy(text)
    }
}
