//! Encryption over any store: what an attacker who holds the database can and cannot do, and what a rotation of keys needs.

use oauth_runtime::{
    AuthCodeFlow, BoxError, Credentials, Error, MemoryStateStore, MemoryTokenStore, OAuthProvider,
    StateStore, StoredGrant, TokenKey, TokenStore,
};
use oauth_stores::{Encrypted, EncryptionError, EncryptionKey, conformance};
use std::time::Duration;

/// A provider that nobody calls here.
#[derive(OAuthProvider)]
#[oauth(
    name = "Vault",
    authorization_endpoint = "https://vault.example/authorize",
    token_endpoint = "https://vault.example/token",
    token_endpoint_auth_methods = ["client_secret_basic"]
)]
struct Vault;

const MINUTE: Duration = Duration::from_secs(60);

fn key(id: &str, byte: u8) -> EncryptionKey {
    EncryptionKey::new(id, [byte; 32]).expect("an id")
}

fn of(owner: &str) -> TokenKey {
    TokenKey::new("vault", "", owner)
}

fn grant() -> StoredGrant {
    let record = serde_json::json!({
        "access_token": "canary-access", "refresh_token": "canary-refresh", "obtained_at": 1, "expires_at": 4_000_000_000_u64,
    });
    StoredGrant { generation: 7, tokens: serde_json::from_value(record).expect("tokens"), dead: None }
}

fn text(grant: &StoredGrant) -> String {
    serde_json::to_string(grant).expect("JSON")
}

/// The store below, and what `key` has saved there for ada.
async fn saved(key: EncryptionKey) -> MemoryTokenStore {
    let below = MemoryTokenStore::new();
    Encrypted::new(below.clone(), key).save(&of("ada"), grant()).await.expect("a store");
    below
}

fn reason<T>(outcome: Result<T, BoxError>) -> EncryptionError {
    let error = outcome.err().expect("it must not open");
    error.downcast_ref::<EncryptionError>().expect("a typed error").clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_conforms_over_a_store_that_does() {
    conformance::token_store(Encrypted::new(MemoryTokenStore::new(), key("k", 1))).await.assert();
    conformance::state_store(Encrypted::new(MemoryStateStore::new(), key("k", 1))).await.assert();
}

#[tokio::test]
async fn the_store_below_holds_no_token_and_no_pending_authorization_in_clear() {
    let below = saved(key("k", 1)).await;
    let raw = text(&below.load(&of("ada")).await.expect("a store").expect("a grant"));
    assert!(!raw.contains("canary") && !raw.contains("refresh_token") && raw.contains("v1 k "), "{raw}");
    let states = MemoryStateStore::new();
    let encrypted = Encrypted::new(states.clone(), key("k", 1));
    encrypted.put("name", "canary", MINUTE).await.expect("a store");
    let raw = states.take("name").await.expect("a store").expect("a text");
    assert!(!raw.contains("canary"), "{raw}");
}

#[tokio::test]
async fn what_was_saved_comes_back() {
    let below = saved(key("k", 1)).await;
    let store = Encrypted::new(below, key("k", 1));
    let loaded = store.load(&of("ada")).await.expect("it opens").expect("a grant");
    assert_eq!(text(&loaded), text(&grant()));
    assert_eq!(text(&store.peek(&of("ada")).expect("in memory")), text(&grant()));
}

#[tokio::test]
async fn a_record_of_one_owner_does_not_open_for_another() {
    let below = saved(key("k", 1)).await;
    let record = below.load(&of("ada")).await.expect("a store").expect("a grant");
    below.save(&of("mallory"), record).await.expect("a store");
    let store = Encrypted::new(below, key("k", 1));
    assert_eq!(reason(store.load(&of("mallory")).await), EncryptionError::DoesNotOpen { id: "k".to_owned() });
    assert!(store.peek(&of("mallory")).is_none());
    assert!(store.load(&of("ada")).await.is_ok());
}

#[tokio::test]
async fn a_text_of_one_state_does_not_open_for_another() {
    let states = MemoryStateStore::new();
    let store = Encrypted::new(states.clone(), key("k", 1));
    store.put("one", "value", MINUTE).await.expect("a store");
    let record = states.take("one").await.expect("a store").expect("a text");
    states.put("other", &record, MINUTE).await.expect("a store");
    assert_eq!(reason(store.take("other").await), EncryptionError::DoesNotOpen { id: "k".to_owned() });
    states.put("one", &record, MINUTE).await.expect("a store");
    assert_eq!(store.take("one").await.expect("it opens").as_deref(), Some("value"));
}

#[tokio::test]
async fn a_record_that_was_changed_anywhere_does_not_open() {
    let states = MemoryStateStore::new();
    let store = Encrypted::new(states.clone(), key("k", 1));
    store.put("name", "value", MINUTE).await.expect("a store");
    let record = states.take("name").await.expect("a store").expect("a text");
    for place in 5..record.len() {
        let mut changed = record.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).expect("ASCII");
        states.put("name", &changed, MINUTE).await.expect("a store");
        assert_eq!(
            reason(store.take("name").await),
            EncryptionError::DoesNotOpen { id: "k".to_owned() },
            "{place}"
        );
    }
    for short in ["v1 k AAAA", "v1 k ?"] {
        states.put("name", short, MINUTE).await.expect("a store");
        assert_eq!(reason(store.take("name").await), EncryptionError::DoesNotOpen { id: "k".to_owned() });
    }
}

#[tokio::test]
async fn keys_are_changed_without_a_pause() {
    let below = saved(key("old", 1)).await;
    let both = Encrypted::new(below.clone(), key("new", 2)).also_opens(key("old", 1));
    let loaded = both.load(&of("ada")).await.expect("the old key opens it").expect("a grant");
    both.save(&of("ada"), loaded).await.expect("a store");
    let only_new = Encrypted::new(below.clone(), key("new", 2));
    assert_eq!(
        text(&only_new.load(&of("ada")).await.expect("the new key").expect("a grant")),
        text(&grant())
    );
    let only_old = Encrypted::new(below, key("old", 1));
    assert_eq!(reason(only_old.load(&of("ada")).await), EncryptionError::UnknownKey { id: "new".to_owned() });
}

#[tokio::test]
async fn a_wrong_key_is_named_by_its_id_and_shows_nothing_of_itself() {
    let below = saved(key("k", 1)).await;
    let store = Encrypted::new(below, key("k", 0xAB));
    let error = reason(store.load(&of("ada")).await);
    assert_eq!(error, EncryptionError::DoesNotOpen { id: "k".to_owned() });
    let said = format!("{error} {error:?} {store:?}");
    assert!(said.contains("`k`"), "{said}");
    for secret in ["171", "ab, ab", "AB", "abab"] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[tokio::test]
async fn a_record_in_clear_is_refused_unless_the_application_takes_over_a_store() {
    let below = MemoryTokenStore::new();
    below.save(&of("ada"), grant()).await.expect("a store");
    let strict = Encrypted::new(below.clone(), key("k", 1));
    assert_eq!(reason(strict.load(&of("ada")).await), EncryptionError::InClear);
    let lenient = strict.clone().accepts_clear();
    let loaded = lenient.load(&of("ada")).await.expect("it may be in clear").expect("a grant");
    lenient.save(&of("ada"), loaded).await.expect("a store");
    assert!(strict.load(&of("ada")).await.is_ok(), "what is saved again is encrypted");
}

#[tokio::test]
async fn a_pending_authorization_in_clear_is_refused_unless_the_application_takes_over_a_store() {
    let below = MemoryStateStore::new();
    let strict = Encrypted::new(below.clone(), key("k", 1));
    let lenient = strict.clone().accepts_clear();
    below.put("begun before", "in clear", MINUTE).await.expect("a store");
    assert_eq!(reason(strict.take("begun before").await), EncryptionError::InClear);
    below.put("begun before", "in clear", MINUTE).await.expect("a store");
    let taken = lenient.take("begun before").await.expect("it may be in clear");
    assert_eq!(taken.as_deref(), Some("in clear"));
    lenient.put("begun since", "value", MINUTE).await.expect("a store");
    let taken = strict.take("begun since").await.expect("what is put is encrypted");
    assert_eq!(taken.as_deref(), Some("value"));
}

#[tokio::test]
async fn a_store_that_is_taken_over_still_refuses_a_sealed_text_of_another_state() {
    let below = MemoryStateStore::new();
    let lenient = Encrypted::new(below.clone(), key("k", 1)).accepts_clear();
    lenient.put("one", "value", MINUTE).await.expect("a store");
    let record = below.take("one").await.expect("a store").expect("a text");
    below.put("other", &record, MINUTE).await.expect("a store");
    assert_eq!(reason(lenient.take("other").await), EncryptionError::DoesNotOpen { id: "k".to_owned() });
}

#[tokio::test]
async fn what_only_looks_like_a_record_counts_as_a_text_in_clear() {
    let below = MemoryStateStore::new();
    let strict = Encrypted::new(below.clone(), key("k", 1));
    let lenient = strict.clone().accepts_clear();
    for other in ["v2 k AAAA", "v1 k ", "v1 k AAAA more", "v1 k", "v1", ""] {
        below.put("name", other, MINUTE).await.expect("a store");
        assert_eq!(reason(strict.take("name").await), EncryptionError::InClear, "{other}");
        below.put("name", other, MINUTE).await.expect("a store");
        assert_eq!(lenient.take("name").await.expect("in clear").as_deref(), Some(other));
    }
}

#[test]
fn a_printed_store_names_its_keys_and_whether_it_takes_records_in_clear() {
    let strict = Encrypted::new((), key("first", 1)).also_opens(key("second", 2));
    let printed = format!("{strict:?}");
    let expected = r#"keys: [EncryptionKey { id: "first", .. }, EncryptionKey { id: "second", .. }]"#;
    assert!(printed.contains(expected) && printed.contains("accepts_clear: false"), "{printed}");
    assert!(format!("{:?}", strict.accepts_clear()).contains("accepts_clear: true"));
}

#[tokio::test]
async fn a_flow_without_the_key_says_so_and_asks_nobody_to_sign_in() {
    let below = saved(key("k", 1)).await;
    let flow =
        AuthCodeFlow::new(Vault, Credentials::confidential("id", "secret"), "https://app.example/callback")
            .expect("a flow");
    let with = flow.clone().token_store(Encrypted::new(below.clone(), key("k", 1)));
    assert_eq!(with.session("ada").access_token().await.expect("a token").expose(), "canary-access");
    let error = flow.token_store(below).session("ada").access_token().await.expect_err("no key");
    let Error::Store(cause) = &error else { panic!("{error}") };
    assert!(cause.to_string().contains("encrypted") && !error.needs_login(), "{cause}");
}

#[test]
fn an_id_is_a_short_word() {
    for id in ["", "two words", "ü", &"x".repeat(33)] {
        assert!(EncryptionKey::new(id, [1; 32]).is_err(), "{id}");
    }
    assert!(EncryptionKey::new("2026-11_a.b", [1; 32]).is_ok());
}
