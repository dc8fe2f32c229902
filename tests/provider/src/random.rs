//! Values that nobody guesses.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// 256 random bits in base64url.
pub(crate) fn text() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system has a source of randomness");
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
