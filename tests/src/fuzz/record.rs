//! What stores and cookies give back: read or refused, and written again as it was read.

use super::choice;
use crate::hostile::in_process::Standard;
use oauth_runtime::{Callback, PendingAuthorization, ReturnTo, StoredGrant, StoredTokens, TokenSet};
use serde::{Serialize, de::DeserializeOwned};

const KINDS: &[fn(&str) -> bool] = &[pending, tokens, grant];

/// The first byte chooses what the rest is: a pending authorization, tokens or a grant.
pub(super) fn text(data: &[u8]) -> bool {
    let Some((kind, text)) = choice(data, KINDS) else { return false };
    KINDS[kind](&String::from_utf8_lossy(text))
}

fn pending(text: &str) -> bool {
    let Ok(pending) = PendingAuthorization::<Standard>::parse(text) else { return false };
    let again = pending.expose();
    let read = PendingAuthorization::<Standard>::parse(&again).expect("what was written is read");
    assert_eq!(read.expose(), again);
    let is_cookie = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
    assert!(again.bytes().all(is_cookie), "{again:?}");
    let path = Callback::new("", pending).return_to();
    assert_eq!(path.as_str().parse::<ReturnTo>(), Ok(path));
    true
}

fn tokens(text: &str) -> bool {
    let Some(tokens) = written_as_read::<StoredTokens>(text) else { return false };
    let tokens = TokenSet::<Standard>::from(tokens);
    let _ = (tokens.expires_at(), tokens.scopes().count(), tokens.missing_scopes().count());
    true
}

fn grant(text: &str) -> bool {
    written_as_read::<StoredGrant>(text).is_some()
}

/// The value of a text, after it was written and read again.
fn written_as_read<T: Serialize + DeserializeOwned>(text: &str) -> Option<T> {
    let write = |value: &T| serde_json::to_string(value).expect("a record can always be written");
    let value: T = serde_json::from_str(text).ok()?;
    let written = write(&value);
    let again: T = serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(write(&again), written);
    Some(again)
}
