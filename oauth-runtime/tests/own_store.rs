//! What is done for a store that has the three methods that must be there and no more.

mod common;

use common::{Acme, Server, answer, flow, json_answer, lapsed, store::OwnStore};
use oauth_runtime::{Claim, Error, Failure, StoredGrant, TokenKey, TokenStore};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

const LEASE: Duration = Duration::from_secs(60);

fn grant(generation: u64) -> StoredGrant {
    let tokens = json!({"access_token": "AT", "obtained_at": 1});
    serde_json::from_value(json!({"generation": generation, "tokens": tokens})).expect("a record")
}

#[tokio::test]
async fn that_a_grant_is_dead_is_stored() {
    let store = OwnStore::default();
    let server = Server::always(json_answer(400, &json!({"error": "invalid_grant"})));
    let session = flow(Acme, &server).token_store(store.clone()).session("ada");
    session.adopt(lapsed()).await.expect("stored");
    session.access_token().await.expect_err("it is dead");
    assert_eq!(store.of("ada").expect("a grant").dead.as_deref(), Some("invalid_grant"));
}

#[tokio::test]
async fn a_refusal_says_nothing_of_the_grant_that_came_meanwhile() {
    let (store, key) = (OwnStore::default(), TokenKey::new("acme", "", "eve"));
    store.save(&key, grant(1)).await.expect("saved");
    let Ok(Claim::Granted(lease)) = store.claim(&key, 1, LEASE).await else { panic!("nobody has it") };
    store.save(&key, grant(2)).await.expect("saved");
    store.fail(&key, &lease, Failure::dead("invalid_grant")).await.expect("noted");
    let current = store.load(&key).await.expect("loaded").expect("a grant");
    assert_eq!((current.generation, current.dead), (2, None));
}

/// Counts the claims, and gives none.
#[derive(Clone, Default)]
struct Broken {
    store: OwnStore,
    asked: Arc<AtomicUsize>,
}

impl TokenStore for Broken {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, oauth_runtime::BoxError> {
        self.store.load(key).await
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), oauth_runtime::BoxError> {
        self.store.save(key, grant).await
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), oauth_runtime::BoxError> {
        self.store.remove(key).await
    }

    async fn claim(&self, _: &TokenKey, _: u64, _: Duration) -> Result<Claim, oauth_runtime::BoxError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Err("the store is down".into())
    }
}

#[tokio::test]
async fn a_store_that_is_down_is_asked_more_and_more_seldom() {
    let store = Broken::default();
    let session = flow(Acme, &Server::always(answer(500, "", ""))).token_store(store.clone()).session("ada");
    session.adopt(lapsed()).await.expect("stored");
    for (wait, asked) in [(0, 1), (0, 1), (1050, 2), (1050, 2), (1000, 3)] {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let error = session.access_token().await.expect_err("the store is down");
        assert!(matches!(error, Error::Store(_)), "{error}");
        assert_eq!(store.asked.load(Ordering::SeqCst), asked, "after {wait} ms more");
    }
}
