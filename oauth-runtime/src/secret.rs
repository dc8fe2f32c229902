//! [`Secret`]: a text that is never printed by accident.

use std::{fmt, mem, sync::Arc};

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
        let text = text.into();
        let secret = Self::copy(&text);
        wipe(&mut text.into_bytes());
        secret
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
        // Nobody makes weak references, so the last one cannot become more.
        if Arc::strong_count(&self.0) != 1 {
            return;
        }
        let mut bytes: Arc<[u8]> = mem::take(&mut self.0).into();
        if let Some(bytes) = Arc::get_mut(&mut bytes) {
            wipe(bytes);
        }
    }
}

/// Overwrites bytes that are about to be dropped: in wide steps, where `zeroize` itself goes byte by byte, and before its
/// barrier, so that it is not left out as a write that nobody reads.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    zeroize::optimization_barrier(bytes);
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

#[cfg(test)]
mod tests {
    use super::{Secret, wipe};
    use std::sync::Arc;

    #[test]
    fn what_is_wiped_is_zero() {
        let mut bytes = *b"a token of a length that no wide step divides";
        wipe(&mut bytes);
        assert!(bytes.iter().all(|byte| *byte == 0));
    }

    #[test]
    fn a_printed_secret_says_that_it_is_one_and_no_more() {
        assert_eq!(format!("{:?}", Secret::from("token")), "Secret(..)");
    }

    #[test]
    fn a_clone_that_is_dropped_leaves_the_text_to_the_others() {
        let secret = Secret::from("token");
        drop(secret.clone());
        assert_eq!(secret.expose(), "token");
        assert_eq!(Arc::strong_count(&secret.0), 1);
    }
}
