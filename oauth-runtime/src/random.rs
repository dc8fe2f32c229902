//! [`Nonce`]: 256 random bits as a text, for a state or a PKCE verifier.

use crate::secret::wipe;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use std::cell::RefCell;

/// 256 bits of the operating system's randomness in base64url: also a verifier as RFC 7636 §4.1 wants it.
#[derive(Clone)]
pub(crate) struct Nonce([u8; Nonce::LENGTH]);

impl Nonce {
    /// The length of 32 bytes in base64url.
    pub(crate) const LENGTH: usize = 43;

    /// A new one.
    pub(crate) fn random() -> Self {
        let mut text = [0; Self::LENGTH];
        POOL.with_borrow_mut(|pool| {
            let bytes = pool.take();
            BASE64_URL_SAFE_NO_PAD.encode_slice(*bytes, &mut text).expect("32 bytes are 43 characters");
            wipe(bytes);
        });
        Self(text)
    }

    /// One that was written down; `None` if the text is not as long as one, or not base64url.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; Self::LENGTH] = text.as_bytes().try_into().ok()?;
        let is_base64url = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
        bytes.iter().all(is_base64url).then_some(Self(bytes))
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("base64url is ASCII")
    }
}

impl Drop for Nonce {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// Eight random bytes.
pub(crate) fn eight() -> [u8; 8] {
    POOL.with_borrow_mut(|pool| {
        let bytes = pool.take();
        let (eight, _) = bytes.split_first_chunk().expect("32 bytes are more than eight");
        let eight = *eight;
        wipe(bytes);
        eight
    })
}

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { bytes: [0; SIZE], used: SIZE }) };
}

/// How many bytes one call of the operating system brings: the call itself costs as much as six nonces, here a tenth of
/// those that it brings.
const SIZE: usize = 2048;

/// Random bytes in stock. Each is handed out once and wiped by whoever took it.
struct Pool {
    bytes: [u8; SIZE],
    used: usize,
}

impl Pool {
    fn take(&mut self) -> &mut [u8; 32] {
        if self.used == SIZE {
            getrandom::fill(&mut self.bytes).expect("the operating system has randomness");
            self.used = 0;
        }
        let start = self.used;
        self.used += 32;
        self.bytes[start..].first_chunk_mut().expect("the size is a multiple of 32")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_nonces_are_alike_on_any_thread() {
        let draw = || (0..10_000).map(|_| Nonce::random().as_str().to_owned()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(draw)).collect();
        let drawn = threads.into_iter().flat_map(|thread| thread.join().expect("no panic"));
        assert_eq!(drawn.collect::<HashSet<_>>().len(), 40_000);
    }

    #[test]
    fn what_could_be_none_of_ours_is_not_read() {
        let text = Nonce::random().as_str().to_owned();
        assert_eq!(Nonce::parse(&text).map(|nonce| nonce.as_str().to_owned()), Some(text.clone()));
        for unfit in ["\u{1}", " ", "!", "=", "+", "/", "%", "é", "AA"] {
            assert!(Nonce::parse(&format!("{}{unfit}", &text[1..])).is_none(), "{unfit:?}");
        }
        assert!(Nonce::parse(&text[1..]).is_none());
    }

    #[test]
    fn what_was_handed_out_is_wiped() {
        Nonce::random();
        POOL.with_borrow(|pool| assert!(pool.bytes[..pool.used].iter().all(|byte| *byte == 0)));
    }
}
