//! [`EncryptionKey`]: seals and opens records, as `v1 {id} {salt and ciphertext in base64url}`.

use super::EncryptionError;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
};
use std::fmt;
use zeroize::Zeroizing;

/// What the derived keys are for.
const PURPOSE: &[&[u8]] = &[b"oauth-stores record v1"];
const VERSION: &str = "v1";
const SALT: usize = 32;

/// A key, and the id by which records name it. `Debug` shows the id.
#[derive(Clone)]
pub struct EncryptionKey {
    id: String,
    secret: Zeroizing<[u8; 32]>,
}

impl EncryptionKey {
    /// A key of 32 random bytes. The id is written into every record, to find its key again: 1 to 32 ASCII letters, digits, `-`, `_` and `.`.
    pub fn new(id: impl Into<String>, secret: [u8; 32]) -> Result<Self, EncryptionError> {
        let id = id.into();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if !(1..=32).contains(&id.len()) || !id.bytes().all(fits) {
            return Err(EncryptionError::InvalidKeyId(id));
        }
        Ok(Self { id, secret: Zeroizing::new(secret) })
    }

    /// The id.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn seal(&self, text: &str, place: &str) -> String {
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt).expect("the operating system has randomness");
        let mut sealed = text.as_bytes().to_vec();
        self.derived(&salt)
            .seal_in_place_append_tag(nonce(), self.bound_to(place), &mut sealed)
            .expect("a record is shorter than 64 gigabytes");
        let record = [&salt[..], &sealed].concat();
        format!("{VERSION} {} {}", self.id, BASE64_URL_SAFE_NO_PAD.encode(record))
    }

    pub(super) fn open(&self, record: &str, place: &str) -> Result<String, EncryptionError> {
        let does_not_open = || EncryptionError::DoesNotOpen { id: self.id.clone() };
        let (_, encoded) = record.rsplit_once(' ').ok_or(EncryptionError::Unreadable)?;
        let mut record = BASE64_URL_SAFE_NO_PAD.decode(encoded).map_err(|_| does_not_open())?;
        let (salt, sealed) = record.split_at_mut_checked(SALT).ok_or_else(does_not_open)?;
        let opened = self.derived(salt).open_in_place(nonce(), self.bound_to(place), sealed);
        let opened = opened.map_err(|_| does_not_open())?;
        String::from_utf8(opened.to_vec()).map_err(|_| EncryptionError::Unreadable)
    }

    /// The key of the record with this salt, and of no other.
    fn derived(&self, salt: &[u8]) -> LessSafeKey {
        let extracted = Salt::new(HKDF_SHA256, salt).extract(&*self.secret);
        let expanded = extracted.expand(PURPOSE, &AES_256_GCM);
        LessSafeKey::new(UnboundKey::from(expanded.expect("a key is shorter than HKDF's longest output")))
    }

    /// Where the record stands, which is not in it.
    fn bound_to(&self, place: &str) -> Aad<String> {
        Aad::from(format!("{VERSION} {} {place}", self.id))
    }
}

/// Each derived key seals one record, so the nonce need not differ.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

/// The id of the key of a record, if it is one.
pub(super) fn id_of(record: &str) -> Option<&str> {
    let mut parts = record.split(' ');
    let (version, id, sealed) = (parts.next()?, parts.next()?, parts.next()?);
    (version == VERSION && !sealed.is_empty() && parts.next().is_none()).then_some(id)
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptionKey").field("id", &self.id).finish_non_exhaustive()
    }
}
