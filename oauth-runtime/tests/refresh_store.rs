//! Refreshing over stores that are shared, slow, broken, or written to in the meantime.

mod common;

use common::{
    Acme, REDIRECT_URI, Server, confidential, flow, good, json_answer, lapsed,
    store::{Log, OwnStore},
    stored,
};
use oauth_runtime::{
    AuthCodeFlow, Error, Lease, LoginRequired, MemoryTokenStore, Secret, Session, TokenStore,
};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

async fn over(store: impl TokenStore, server: &Server) -> Session<Acme> {
    let session = flow(Acme, server).token_store(store).session("ada");
    session.adopt(lapsed()).await.expect("stored");
    session
}

async fn token(session: &Session<Acme>) -> String {
    session.access_token().await.expect("a token").expose().to_owned()
}

/// A server that rotates and takes each refresh token once: a second use ends the grant.
fn strict() -> Server {
    Server::new(|sent, before| {
        let expected = if before == 0 { "RT-OLD".to_owned() } else { format!("RT-{before}") };
        if sent.field("refresh_token") != Some(expected) {
            return json_answer(400, &json!({"error": "invalid_grant", "error_description": "used twice"}));
        }
        json_answer(
            200,
            &json!({"access_token": "AT-NEW", "refresh_token": format!("RT-{}", before + 1), "expires_in": 3600}),
        )
    })
}

#[tokio::test]
async fn a_rotated_token_is_saved_before_anybody_sees_it() {
    let log = Log::default();
    let store = OwnStore { log: log.clone(), delay: Duration::from_millis(20), ..OwnStore::default() };
    let answered = log.clone();
    let server = Server::new(move |_, _| {
        answered.note("answered");
        good()
    });
    let session = over(store, &server).await;
    let callers = [0; 5].map(|_| {
        let (session, log) = (session.clone(), log.clone());
        tokio::spawn(async move {
            let token = token(&session).await;
            log.note(format!("seen {token}"));
        })
    });
    for caller in callers {
        caller.await.expect("no panic");
    }
    let events = log.all();
    assert_eq!(events[..4], ["saved alive", "answered", "saved alive", "seen AT-NEW"], "{events:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flows_over_one_store_refresh_one_after_another() {
    async fn together(stores: Vec<impl TokenStore>) {
        let server = strict().slow(Duration::from_millis(5));
        let flows: Vec<_> = stores.into_iter().map(|store| flow(Acme, &server).token_store(store)).collect();
        flows[0].session("ada").adopt(lapsed()).await.expect("stored");
        let callers: Vec<_> = (0..200)
            .map(|number| {
                let session = flows[number % flows.len()].session("ada");
                tokio::spawn(async move { token(&session).await })
            })
            .collect();
        for caller in callers {
            assert_eq!(caller.await.expect("no panic"), "AT-NEW");
        }
        assert_eq!(server.count(), 1);
    }
    for delay in [0, 1, 3] {
        let store = OwnStore { delay: Duration::from_millis(delay), ..OwnStore::default() };
        together(vec![store.clone(), store.clone(), store]).await;
    }
    let store = MemoryTokenStore::new();
    together(vec![store.clone(), store.clone(), store]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_that_waited_for_another_flows_does_not_send_the_old_token() {
    for round in 0..20 {
        let store = OwnStore { delay: Duration::from_millis(3 + round % 7), ..OwnStore::default() };
        let server = strict().slow(Duration::from_millis(10 + round));
        let flows = [0, 1, 2, 3].map(|_| flow(Acme, &server).token_store(store.clone()));
        flows[0].session("ada").adopt(lapsed()).await.expect("stored");
        let callers = flows.map(|flow| {
            let session = flow.session("ada");
            tokio::spawn(async move { token(&session).await })
        });
        for caller in callers {
            assert_eq!(caller.await.expect("no panic"), "AT-NEW");
        }
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_refusal_is_no_end_when_the_store_has_newer_tokens() {
    let store = OwnStore::default();
    let elsewhere = flow(Acme, &Server::always(good())).token_store(store.clone());
    let (asked, go_on) = (Arc::new(tokio::sync::Notify::new()), Arc::new(tokio::sync::Notify::new()));
    let (tell, wait) = (asked.clone(), go_on.clone());
    let transport = move |_: oauth_runtime::transport::Request| {
        let (tell, wait) = (tell.clone(), wait.clone());
        async move {
            tell.notify_one();
            wait.notified().await;
            Ok(json_answer(400, &json!({"error": "invalid_grant"})))
        }
    };
    let flow = AuthCodeFlow::new(Acme, confidential(), REDIRECT_URI).expect("a flow");
    let session = flow.transport(transport).token_store(store.clone()).session("ada");
    session.adopt(lapsed()).await.expect("stored");
    let caller = tokio::spawn({
        let session = session.clone();
        async move { token(&session).await }
    });
    asked.notified().await;
    let newer = stored(json!({"access_token": "AT-ELSEWHERE", "refresh_token": "RT-2", "obtained_at": 0}));
    elsewhere.session("ada").adopt(newer).await.expect("stored by another process");
    go_on.notify_one();
    assert_eq!(caller.await.expect("no panic"), "AT-ELSEWHERE");
    assert!(store.of("ada").expect("a grant").dead.is_none());
}

#[tokio::test]
async fn a_store_that_fails_to_save_for_a_moment_is_tried_again() {
    for failures in 1..=4 {
        let store = OwnStore::default();
        let server = strict();
        let session = over(store.clone(), &server).await;
        store.failures.store(failures, Ordering::SeqCst);
        assert_eq!((token(&session).await, server.count()), ("AT-NEW".to_owned(), 1), "{failures} failures");
        assert_eq!(store.of("ada").expect("a grant").tokens_refresh(), "RT-1");
    }
}

#[tokio::test]
async fn a_rotated_token_that_cannot_be_saved_is_kept_and_saved_later() {
    let store = OwnStore::default();
    let server = strict();
    let session = over(store.clone(), &server).await;
    store.failures.store(7, Ordering::SeqCst);
    let error = session.access_token().await.expect_err("it could not be saved");
    assert!(matches!(error, Error::Store(_)) && error.is_transient(), "{error}");
    assert_eq!(store.of("ada").expect("a grant").tokens_refresh(), "RT-OLD");
    assert_eq!((token(&session).await, server.count()), ("AT-NEW".to_owned(), 1), "not asked for again");
    assert_eq!(store.of("ada").expect("a grant").tokens_refresh(), "RT-1");
}

#[tokio::test]
async fn a_rotated_token_survives_a_store_that_panics() {
    let store = OwnStore::default();
    let server = strict();
    let session = over(store.clone(), &server).await;
    store.panics.store(1, Ordering::SeqCst);
    let error = session.access_token().await.expect_err("the task is gone");
    assert!(error.is_transient(), "{error}");
    assert_eq!((token(&session).await, server.count()), ("AT-NEW".to_owned(), 1));
    assert_eq!(store.of("ada").expect("a grant").tokens_refresh(), "RT-1");
}

#[tokio::test]
async fn a_transport_that_panics_is_an_error_and_the_next_call_works() {
    let server = Server::new(|_, before| {
        assert!(before > 0, "the transport panics");
        good()
    });
    let session = flow(Acme, &server).session("ada");
    session.adopt(lapsed()).await.expect("stored");
    assert!(matches!(session.access_token().await, Err(Error::Transport(_))));
    assert_eq!(token(&session).await, "AT-NEW");
}

#[test]
fn a_refresh_that_ended_with_its_runtime_is_done_again_on_the_next_one() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let server = Server::always(good()).slow(Duration::from_millis(80));
    let flow = flow(Acme, &server).lease(Duration::from_millis(60));
    let session = flow.session("ada");
    runtime().block_on(async {
        session.adopt(lapsed()).await.expect("stored");
        let call = tokio::time::timeout(Duration::from_millis(20), session.access_token());
        assert!(call.await.is_err(), "it is under way");
    });
    assert_eq!(runtime().block_on(token(&session)), "AT-NEW");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_failure_to_load_is_an_error_of_the_store_and_sends_nothing() {
    struct Broken;
    impl TokenStore for Broken {
        async fn load(
            &self,
            _: &oauth_runtime::TokenKey,
        ) -> Result<Option<oauth_runtime::StoredGrant>, oauth_runtime::BoxError> {
            Err("no connection to the database".into())
        }
        async fn save(
            &self,
            _: &oauth_runtime::TokenKey,
            _: oauth_runtime::StoredGrant,
        ) -> Result<(), oauth_runtime::BoxError> {
            Ok(())
        }
        async fn remove(&self, _: &oauth_runtime::TokenKey) -> Result<(), oauth_runtime::BoxError> {
            Ok(())
        }
    }
    let server = strict();
    let error =
        flow(Acme, &server).token_store(Broken).session("ada").access_token().await.expect_err("broken");
    assert!(matches!(error, Error::Store(_)));
    let source = std::error::Error::source(&error).expect("the store's own error");
    assert_eq!((source.to_string(), server.count()), ("no connection to the database".to_owned(), 0));
}

/// A session whose refresh is under way for a while.
async fn under_way<S: TokenStore>(
    store: S,
) -> (Session<Acme>, tokio::task::JoinHandle<Result<Secret, Error>>) {
    let server = Server::always(good()).slow(Duration::from_millis(300));
    let session = over(store, &server).await;
    let caller = tokio::spawn({
        let session = session.clone();
        async move { session.access_token().await }
    });
    while server.count() == 0 {
        tokio::task::yield_now().await;
    }
    (session, caller)
}

async fn sign_out_and_in<S: TokenStore>(store: S) {
    let (session, caller) = under_way(store).await;
    session.remove().await.expect("signed out");
    let other = stored(json!({"access_token": "AT-OF-ANOTHER-ACCOUNT", "obtained_at": 0}));
    session.adopt(other).await.expect("signed in again");
    let outcome = caller.await.expect("no panic").expect("a token");
    assert_eq!(outcome.expose(), "AT-OF-ANOTHER-ACCOUNT", "the old account's token is of no use");
    assert_eq!(token(&session).await, "AT-OF-ANOTHER-ACCOUNT");
}

async fn sign_out<S: TokenStore>(store: S) {
    let (session, caller) = under_way(store).await;
    session.remove().await.expect("signed out");
    let outcome =
        tokio::time::timeout(Duration::from_secs(5), caller).await.expect("it ends").expect("no panic");
    assert!(matches!(outcome, Err(Error::LoginRequired(LoginRequired::NoTokens))), "{outcome:?}");
    assert!(session.stored_tokens().await.expect("loaded").is_none(), "nothing comes back");
}

#[tokio::test]
async fn tokens_of_a_sign_in_during_a_refresh_are_not_overwritten_by_it() {
    sign_out_and_in(MemoryTokenStore::new()).await;
    sign_out_and_in(OwnStore::default()).await;
}

#[tokio::test]
async fn a_sign_out_during_a_refresh_ends_it() {
    sign_out(MemoryTokenStore::new()).await;
    sign_out(OwnStore::default()).await;
}

#[tokio::test]
async fn a_store_that_gives_claims_and_never_honours_them_is_an_error_and_no_loop() {
    struct Dishonest(OwnStore, AtomicUsize);
    impl TokenStore for Dishonest {
        async fn load(
            &self,
            key: &oauth_runtime::TokenKey,
        ) -> Result<Option<oauth_runtime::StoredGrant>, oauth_runtime::BoxError> {
            self.0.load(key).await
        }
        async fn save(
            &self,
            key: &oauth_runtime::TokenKey,
            grant: oauth_runtime::StoredGrant,
        ) -> Result<(), oauth_runtime::BoxError> {
            self.0.save(key, grant).await
        }
        async fn remove(&self, key: &oauth_runtime::TokenKey) -> Result<(), oauth_runtime::BoxError> {
            self.0.remove(key).await
        }
        async fn claim(
            &self,
            _: &oauth_runtime::TokenKey,
            generation: u64,
            _: Duration,
        ) -> Result<oauth_runtime::Claim, oauth_runtime::BoxError> {
            let holder = self.1.fetch_add(1, Ordering::SeqCst) as u64;
            Ok(oauth_runtime::Claim::Granted(oauth_runtime::Lease::new(generation, holder)))
        }
        async fn mark_sent(
            &self,
            _: &oauth_runtime::TokenKey,
            _: &oauth_runtime::Lease,
        ) -> Result<bool, oauth_runtime::BoxError> {
            Ok(true)
        }
        async fn commit(
            &self,
            _: &oauth_runtime::TokenKey,
            _: &oauth_runtime::Lease,
            _: oauth_runtime::StoredGrant,
        ) -> Result<bool, oauth_runtime::BoxError> {
            Ok(false)
        }
    }
    let server = strict();
    let store = Dishonest(OwnStore::default(), AtomicUsize::new(0));
    let (deadline, lease) = (Duration::from_millis(100), Duration::from_millis(150));
    let session = flow(Acme, &server).deadline(deadline).lease(lease).token_store(store).session("ada");
    session.adopt(lapsed()).await.expect("stored");
    let start = std::time::Instant::now();
    let call = tokio::time::timeout(Duration::from_secs(5), session.access_token());
    assert!(matches!(call.await.expect("it ends"), Err(Error::Store(_))));
    let patience = deadline + lease * (Lease::PATIENCE + 1);
    assert!(
        start.elapsed() >= patience,
        "another one may have sent, and is waited for: {:?}",
        start.elapsed()
    );
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn flows_over_different_stores_share_nothing() {
    let server = Server::always(good()).slow(Duration::from_millis(50));
    let base = flow(Acme, &server);
    let flows = [0, 1].map(|_| base.clone().token_store(MemoryTokenStore::new()));
    for flow in &flows {
        flow.session("1").adopt(lapsed()).await.expect("stored");
    }
    let callers = flows.map(|flow| {
        let session = flow.session("1");
        tokio::spawn(async move { token(&session).await })
    });
    for caller in callers {
        assert_eq!(caller.await.expect("no panic"), "AT-NEW");
    }
    assert_eq!(server.count(), 2, "the user 1 of one tenant is not the user 1 of another");
}

#[tokio::test]
async fn each_owner_has_tokens_of_its_own() {
    let server = Server::always(good());
    let flow = flow(Acme, &server);
    for owner in ["ada", "ADA", "ada ", "", "a:b", "é"] {
        let record = json!({"access_token": format!("AT-{}", owner.len()), "obtained_at": 0});
        flow.session(owner).adopt(stored(record)).await.expect("stored");
        assert_eq!(token(&flow.session(owner)).await, format!("AT-{}", owner.len()));
    }
    flow.session("ada").remove().await.expect("removed");
    assert!(flow.session("ada").stored_tokens().await.expect("loaded").is_none());
    assert!(flow.session("ADA").stored_tokens().await.expect("loaded").is_some());
}

trait RefreshTokenOf {
    fn tokens_refresh(&self) -> String;
}

impl RefreshTokenOf for oauth_runtime::StoredGrant {
    fn tokens_refresh(&self) -> String {
        let record = serde_json::to_value(&self.tokens).expect("a record");
        record["refresh_token"].as_str().expect("a refresh token").to_owned()
    }
}
