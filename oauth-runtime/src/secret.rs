//! [`Secret`]: a text that is never printed by accident.

use std::{fmt, sync::Arc};
use zeroize::Zeroizing;

/// A token, a client secret, a code: a text that must not be seen.
///
/// It has no `Display`, no `Serialize` and a redacted `Debug`; [`expose`](Self::expose) is the only door.
/// A clone shares the text, which is wiped from memory when the last clone is dropped.
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// Takes a text into hiding.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(text.into())))
    }

    /// The text itself. Look at every call of this when you look for leaks.
    pub fn expose(&self) -> &str {
        &self.0
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
        Self::new(text)
    }
}
