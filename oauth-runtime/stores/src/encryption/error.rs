//! [`EncryptionError`]: why a record does not open.

use std::fmt;

/// Why a record does not open, or a key cannot be used. It names keys by their ids, and holds nothing of a key or a record.
///
/// A flow gives it as the cause of [`Error::Store`](oauth_runtime::Error::Store).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncryptionError {
    /// An id of a key is 1 to 32 ASCII letters, digits, `-`, `_` and `.`.
    InvalidKeyId(String),
    /// The record was encrypted with a key that this store was not given.
    UnknownKey {
        /// The key's id.
        id: String,
    },
    /// The record names a key that this store has, and does not open with it: that key is another one of the same id,
    /// or the record was changed, or it was moved here from another place.
    DoesNotOpen {
        /// The key's id.
        id: String,
    },
    /// The record is not encrypted, and this store does not take such ones.
    InClear,
    /// The record is nothing that this store has written.
    Unreadable,
}

impl fmt::Display for EncryptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidKeyId(id) => write!(
                f,
                "`{}` is no id of a key: 1 to 32 ASCII letters, digits, `-`, `_` and `.`",
                id.escape_debug()
            ),
            Self::UnknownKey { id } => {
                write!(f, "the record was encrypted with the key `{id}`, which this store was not given")
            }
            Self::DoesNotOpen { id } => write!(
                f,
                "the record does not open with the key `{id}`: that key is another one, or the record was changed or moved"
            ),
            Self::InClear => {
                f.write_str("the record is not encrypted, and this store takes only encrypted ones")
            }
            Self::Unreadable => f.write_str("the record is nothing that this store has written"),
        }
    }
}

impl std::error::Error for EncryptionError {}
