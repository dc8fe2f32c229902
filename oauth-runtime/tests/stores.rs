//! The stores in memory, and what a stored record looks like.

mod common;

use common::{Acme, Server, flow, good, lapsed};
use oauth_runtime::{
    BoxError, Claim, Failure, MemoryStateStore, MemoryTokenStore, StateStore, StoredGrant, StoredTokens,
    TokenKey, TokenStore,
};
use serde_json::{Value, json};
use std::{collections::HashSet, time::Duration};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_state_is_given_away_once() {
    let store = MemoryStateStore::new();
    assert!(store.is_empty());
    assert!(store.put("key", "value", MINUTE).await.expect("kept"));
    assert!(!store.put("key", "other", MINUTE).await.expect("an answer"), "something is there");
    assert_eq!((store.len(), store.is_empty()), (1, false));
    assert_eq!(store.take("other").await.expect("an answer"), None);
    assert_eq!(store.take("key").await.expect("an answer").as_deref(), Some("value"));
    assert_eq!(store.take("key").await.expect("an answer"), None);
    assert!(store.put("key", "again", MINUTE).await.expect("kept"), "it is free again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_who_take_a_state_or_put_it_one_succeeds() {
    for round in 0..100 {
        let store = MemoryStateStore::new();
        let key = format!("key {round}");
        let puts = (0..100).map(|_| {
            let (store, key) = (store.clone(), key.clone());
            tokio::spawn(async move { store.put(&key, "value", MINUTE).await.expect("an answer") })
        });
        assert_eq!(successes(puts.collect()).await, 1);
        let takes = (0..100).map(|_| {
            let (store, key) = (store.clone(), key.clone());
            tokio::spawn(async move { store.take(&key).await.expect("an answer").is_some() })
        });
        assert_eq!(successes(takes.collect()).await, 1);
    }
}

async fn successes(tasks: Vec<tokio::task::JoinHandle<bool>>) -> usize {
    let mut successes = 0;
    for task in tasks {
        successes += usize::from(task.await.expect("no panic"));
    }
    successes
}

#[tokio::test]
async fn a_state_lapses() {
    let store = MemoryStateStore::new();
    store.put("key", "value", Duration::from_millis(20)).await.expect("kept");
    store.put("never", "value", Duration::ZERO).await.expect("kept");
    assert_eq!(store.take("never").await.expect("an answer"), None);
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert!(store.put("key", "newer", MINUTE).await.expect("an answer"), "a lapsed one is nothing");
    assert_eq!(store.take("key").await.expect("an answer").as_deref(), Some("newer"));
    store.put("key", "value", Duration::from_millis(20)).await.expect("kept");
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(store.take("key").await.expect("an answer"), None);
}

#[tokio::test]
async fn a_time_to_live_that_no_clock_can_hold_is_a_long_one() {
    let store = MemoryStateStore::new();
    assert!(store.put("key", "value", Duration::MAX).await.expect("kept"));
    assert_eq!(store.take("key").await.expect("an answer").as_deref(), Some("value"));
}

#[tokio::test]
async fn a_flood_of_states_fills_no_memory_and_locks_nobody_out() {
    let store = MemoryStateStore::new();
    let value = "v".repeat(300);
    let before = resident_kilobytes();
    for number in 0..1_000_000_u32 {
        assert!(store.put(&format!("{number:043}"), &value, MINUTE).await.expect("kept"));
        if number % 50_000 == 0 {
            assert!(store.len() <= 10_000);
        }
    }
    assert_eq!(store.len(), 10_000);
    assert!(
        store.take(&format!("{:043}", 999_999)).await.expect("an answer").is_some(),
        "the newest is there"
    );
    assert!(store.take(&format!("{:043}", 0)).await.expect("an answer").is_none(), "the oldest made room");
    if let (Some(before), Some(after)) = (before, resident_kilobytes()) {
        assert!(after.saturating_sub(before) < 64 << 10, "{before} kB, then {after} kB");
    }
    // Puts and takes in turn leave nothing behind, and stay quick.
    let store = MemoryStateStore::with_capacity(100);
    store.put("lasting", "x", MINUTE).await.expect("kept");
    for number in 0..200_000 {
        let key = number.to_string();
        store.put(&key, &value, MINUTE).await.expect("kept");
        store.take(&key).await.expect("an answer");
    }
    assert_eq!(store.len(), 1);
}

/// What this process holds in memory, where the system says so.
fn resident_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[tokio::test]
async fn a_store_of_no_room_has_room_for_one() {
    let store = MemoryStateStore::with_capacity(0);
    store.put("a", "1", MINUTE).await.expect("kept");
    store.put("b", "2", MINUTE).await.expect("kept");
    assert_eq!(store.len(), 1);
    assert_eq!(store.take("b").await.expect("an answer").as_deref(), Some("2"));
}

fn grant(generation: u64) -> StoredGrant {
    let record = json!({"access_token": "AT", "refresh_token": "RT", "obtained_at": 1, "expires_at": 2});
    StoredGrant { generation, tokens: serde_json::from_value(record).expect("a record"), dead: None }
}

#[tokio::test]
async fn a_claim_is_given_to_one_at_a_time_and_fenced_by_the_generation() -> Result<(), BoxError> {
    let store = MemoryTokenStore::new();
    let key = TokenKey::new("acme", "", "ada");
    assert_eq!(store.claim(&key, 1, MINUTE).await?, Claim::Superseded, "nothing is there");
    store.save(&key, grant(1)).await?;
    assert_eq!(store.claim(&key, 2, MINUTE).await?, Claim::Superseded);
    let Claim::Granted(first) = store.claim(&key, 1, Duration::from_millis(200)).await? else {
        panic!("it is free")
    };
    assert!(
        matches!(store.claim(&key, 1, MINUTE).await?, Claim::Held(wait) if wait <= Duration::from_millis(200))
    );
    tokio::time::sleep(Duration::from_millis(250)).await;
    let Claim::Granted(second) = store.claim(&key, 1, Duration::MAX).await? else {
        panic!("the first one lapsed")
    };
    assert!(!store.commit(&key, &first, grant(2)).await?, "who paused is fenced off");
    store.fail(&key, &first, Failure::dead("invalid_grant")).await?;
    assert!(store.load(&key).await?.expect("a grant").dead.is_none());
    assert!(matches!(store.claim(&key, 1, MINUTE).await?, Claim::Held(_)), "and takes nothing away");
    assert!(store.commit(&key, &second, grant(2)).await?);
    assert!(!store.commit(&key, &second, grant(3)).await?, "a claim counts once");

    let Claim::Granted(third) = store.claim(&key, 2, MINUTE).await? else { panic!("it is free") };
    store.save(&key, grant(7)).await?;
    assert!(!store.commit(&key, &third, grant(3)).await?, "a sign-in in the meantime wins");
    store.fail(&key, &third, Failure::dead("invalid_grant")).await?;
    let stored = store.load(&key).await?.expect("a grant");
    assert_eq!((stored.generation, stored.dead), (7, None));
    Ok(())
}

#[test]
fn no_two_keys_are_written_alike() {
    let mut texts = HashSet::new();
    for (tenant, owner) in
        [("", "a"), ("", ":a"), ("a", ""), ("a", "b"), ("", "a:b"), ("a/b", "c"), ("a%2Fb", "c")]
    {
        assert!(texts.insert(TokenKey::new("acme", tenant, owner).to_string()), "{tenant} {owner}");
    }
}

#[tokio::test]
async fn a_record_comes_back_as_it_went() {
    let flow = flow(Acme, &Server::always(good()));
    flow.session("ada").adopt(lapsed()).await.expect("stored");
    let tokens = flow.session("ada").refresh().await.expect("refreshed");
    let text = serde_json::to_string(&tokens.expose()).expect("a record");
    let back: StoredTokens = serde_json::from_str(&text).expect("a record");
    assert_eq!(
        serde_json::to_value(&back).expect("a record"),
        serde_json::from_str::<Value>(&text).expect("JSON")
    );
    let stored = StoredGrant { generation: u64::MAX, tokens: back, dead: Some("invalid_grant".to_owned()) };
    let text = serde_json::to_string(&stored).expect("a record");
    let back: StoredGrant = serde_json::from_str(&text).expect("a record");
    assert_eq!((back.generation, back.dead.as_deref()), (u64::MAX, Some("invalid_grant")));
}

#[tokio::test]
async fn the_generation_of_a_sign_in_is_drawn_by_lot() {
    let flow = flow(Acme, &Server::always(good()));
    let mut seen = HashSet::new();
    for _ in 0..100 {
        let store = MemoryTokenStore::new();
        let session = flow.clone().token_store(store.clone()).session("ada");
        session.adopt(lapsed()).await.expect("stored");
        let stored = store.load(&TokenKey::new("acme", "", "ada")).await.expect("loaded").expect("a grant");
        assert!(stored.generation < 1 << 48 && seen.insert(stored.generation));
        session.adopt(lapsed()).await.expect("stored");
        let next = store.load(&TokenKey::new("acme", "", "ada")).await.expect("loaded").expect("a grant");
        assert!(seen.insert(next.generation), "nor does the next sign-in follow from the last one");
    }
}
