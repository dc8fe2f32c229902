//! Refreshing over a store that several processes share: slow providers, holders that vanish, and holders that are paused.

mod common;

use common::{
    Acme, Server, answer, flow, json_answer, lapsed,
    shared::{Paused, Server as Strict, claim, key},
    stored,
};
use oauth_runtime::{
    AuthCodeFlow, Claim, Error, GrantEvent, LoginRequired, MemoryTokenStore, StoredGrant, TokenStore,
};
use serde_json::json;
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

const LEASE: Duration = Duration::from_millis(200);
/// A claim that was marked as sent is free for others after this long.
const PATIENCE: Duration = Duration::from_secs(1);

/// A flow of a process of its own, and what is told of its grants.
struct Process {
    flow: AuthCodeFlow<Acme>,
    events: Arc<Mutex<Vec<GrantEvent>>>,
}

impl Process {
    fn new(server: &Server, store: impl TokenStore) -> Self {
        let events = Arc::<Mutex<Vec<_>>>::default();
        let noted = events.clone();
        let flow = flow(Acme, server).token_store(store).lease(LEASE);
        let flow = flow.observer(move |key, event| {
            assert_eq!((key.provider(), key.tenant(), key.owner()), ("acme", "", "ada"));
            noted.lock().expect("no panic").push(event.clone());
        });
        Self { flow, events }
    }

    async fn token(&self) -> Result<String, Error> {
        let session = self.flow.session("ada");
        let call = tokio::time::timeout(Duration::from_secs(20), session.access_token());
        let outcome = call.await.expect("it ends");
        outcome.map(|token| token.expose().to_owned())
    }

    fn calling(&self) -> tokio::task::JoinHandle<Result<String, Error>> {
        let this = Self { flow: self.flow.clone(), events: self.events.clone() };
        tokio::spawn(async move { this.token().await })
    }

    fn events(&self) -> Vec<GrantEvent> {
        self.events.lock().expect("no panic").clone()
    }
}

async fn lapsed_store() -> MemoryTokenStore {
    let store = MemoryTokenStore::new();
    flow(Acme, &Server::always(common::good()))
        .token_store(store.clone())
        .session("ada")
        .adopt(lapsed())
        .await
        .expect("stored");
    store
}

async fn row(store: &MemoryTokenStore) -> StoredGrant {
    store.load(&key()).await.expect("loaded").expect("a grant")
}

#[tokio::test]
async fn a_provider_that_takes_three_leases_is_asked_once() {
    let (strict, store) = (Strict::new(), lapsed_store().await);
    let server = strict.server().slow(LEASE * 3);
    let processes = [0, 1, 2].map(|_| Process::new(&server, store.clone()));
    let callers = processes.each_ref().map(Process::calling);
    for caller in callers {
        assert_eq!(caller.await.expect("no panic").expect("a token"), "AT-1");
    }
    assert_eq!((server.count(), strict.reuses()), (1, 0));
    let events: Vec<_> = processes.iter().flat_map(Process::events).collect();
    assert_eq!(events, [GrantEvent::Refreshed], "one refreshed, and no claim was lost");
}

#[tokio::test]
async fn a_holder_that_vanished_before_it_sent_costs_one_lease() {
    let (strict, store) = (Strict::new(), lapsed_store().await);
    let start = Instant::now();
    claim(&store, LEASE).await;
    let process = Process::new(&strict.server(), store.clone());
    assert_eq!(process.token().await.expect("a token"), "AT-1");
    assert!(start.elapsed() >= LEASE && start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    assert_eq!((strict.reuses(), process.events()), (0, vec![GrantEvent::Refreshed]));
}

/// A process sends the refresh token, the provider replaces it, and the process is gone.
async fn vanished_after_sending(strict: &Strict) -> MemoryTokenStore {
    let store = lapsed_store().await;
    let lease = claim(&store, LEASE).await;
    assert!(store.mark_sent(&key(), &lease).await.expect("an answer"));
    strict.use_up("RT-OLD");
    store
}

#[tokio::test]
async fn what_was_sent_and_never_answered_is_tried_once_and_then_needs_the_user() {
    let strict = Strict::new();
    let store = vanished_after_sending(&strict).await;
    let start = Instant::now();
    let server = strict.server();
    let process = Process::new(&server, store.clone());
    let error = process.token().await.expect_err("nobody has the new token");
    assert!(matches!(error, Error::LoginRequired(LoginRequired::OutcomeUnknown)), "{error}");
    assert!(error.needs_login() && start.elapsed() >= PATIENCE);
    let expected = [GrantEvent::OutcomeUnknown, GrantEvent::Dead(LoginRequired::OutcomeUnknown)];
    assert_eq!(process.events(), expected);
    assert_eq!(row(&store).await.dead.as_deref(), Some(StoredGrant::OUTCOME_UNKNOWN));

    // Never endless: nobody tries again, here or elsewhere, until the user signed in.
    for other in [process, Process::new(&server, store.clone())] {
        for _ in 0..3 {
            let again = other.token().await.expect_err("the grant is dead");
            assert!(matches!(again, Error::LoginRequired(LoginRequired::OutcomeUnknown)));
        }
    }
    assert_eq!(server.count(), 1);
    let signed_in = Process::new(&Server::always(common::good()), store);
    signed_in.flow.session("ada").adopt(lapsed()).await.expect("stored");
    assert_eq!(signed_in.token().await.expect("a token"), "AT-NEW");
}

#[tokio::test]
async fn a_provider_that_forgives_a_second_use_makes_good_what_was_lost() {
    let strict = Strict::forgiving();
    let store = vanished_after_sending(&strict).await;
    let process = Process::new(&strict.server(), store.clone());
    assert!(process.token().await.expect("a token").starts_with("AT-"));
    assert_eq!(process.events(), [GrantEvent::OutcomeUnknown, GrantEvent::Refreshed]);
    let lease = match store.claim(&key(), row(&store).await.generation, LEASE).await.expect("an answer") {
        Claim::Granted(lease) => lease,
        other => panic!("{other:?}"),
    };
    assert!(!lease.outcome_unknown, "and nothing is left of it");
}

#[tokio::test]
async fn an_answer_that_was_lost_on_the_way_is_recorded_as_unknown() {
    let store = lapsed_store().await;
    let server = Server::failing(|_, before| match before {
        0 => Err(oauth_runtime::transport::TransportError::new(
            oauth_runtime::transport::TransportErrorKind::Protocol,
        )),
        _ => Ok(json_answer(400, &json!({"error": "invalid_grant"}))),
    });
    let process = Process::new(&server, store.clone());
    assert!(matches!(process.token().await, Err(Error::Transport(_))));
    tokio::time::sleep(Duration::from_millis(1050)).await;
    let error = process.token().await.expect_err("it was replaced");
    assert!(matches!(error, Error::LoginRequired(LoginRequired::OutcomeUnknown)), "{error}");
    assert_eq!(server.count(), 2);
    // A plain refusal, with nothing lost before it, is no such case.
    let store = lapsed_store().await;
    let refusing = Server::always(json_answer(400, &json!({"error": "invalid_grant"})));
    let error = Process::new(&refusing, store).token().await.expect_err("it is refused");
    assert!(matches!(error, Error::LoginRequired(LoginRequired::GrantDead { .. })), "{error}");
}

#[tokio::test]
async fn a_holder_that_was_paused_is_refused_and_its_new_token_is_not_lost() {
    let (strict, store) = (Strict::new(), lapsed_store().await);
    let paused = Paused::new(store.clone());
    let server = strict.server().slow(LEASE / 2);
    let holder = Process::new(&server, paused.clone());
    let caller = holder.calling();
    while server.count() == 0 {
        tokio::task::yield_now().await;
    }
    paused.pause();
    let other = Process::new(&server, store.clone());
    let waiting = other.calling();
    tokio::time::sleep(LEASE * 3).await;
    assert_eq!(server.count(), 1, "the other one did not send the same token again");
    paused.go_on();
    assert_eq!(caller.await.expect("no panic").expect("a token"), "AT-1");
    assert_eq!(waiting.await.expect("no panic").expect("a token"), "AT-1");
    assert_eq!((server.count(), strict.reuses()), (1, 0));
    assert_eq!(holder.events(), [GrantEvent::Fenced, GrantEvent::Refreshed]);
    assert_eq!(other.events(), []);
    assert!(row(&store).await.dead.is_none());
}

/// A holder is paused until others lost their patience, and goes on when they are done.
async fn paused_for_long(
    strict: &Strict,
) -> (MemoryTokenStore, Process, Result<String, Error>, Result<String, Error>) {
    let store = lapsed_store().await;
    let paused = Paused::new(store.clone());
    let server = strict.server().slow(LEASE / 2);
    let holder = Process::new(&server, paused.clone());
    let caller = holder.calling();
    while server.count() == 0 {
        tokio::task::yield_now().await;
    }
    paused.pause();
    let other = Process::new(&server, store.clone()).token().await;
    assert_eq!(server.count(), 2, "one try with the old token");
    paused.go_on();
    let outcome = caller.await.expect("no panic");
    (store, holder, outcome, other)
}

#[tokio::test]
async fn tokens_that_came_after_those_of_a_paused_holder_are_kept() {
    let strict = Strict::forgiving();
    let (store, holder, outcome, other) = paused_for_long(&strict).await;
    let (outcome, other) = (outcome.expect("a token"), other.expect("a token"));
    assert_eq!((outcome.as_str(), other.as_str()), ("AT-2", "AT-2"), "the provider gave these last");
    assert_eq!(holder.events(), [GrantEvent::Fenced]);
    assert!(row(&store).await.dead.is_none());
}

#[tokio::test]
async fn a_paused_holders_token_is_stored_over_a_grant_that_was_called_dead() {
    let strict = Strict::refusing_only_the_second();
    let (store, holder, outcome, other) = paused_for_long(&strict).await;
    assert!(matches!(other, Err(Error::LoginRequired(LoginRequired::OutcomeUnknown))), "{other:?}");
    assert_eq!(outcome.expect("a token"), "AT-1", "this is the only living one");
    assert_eq!(holder.events(), [GrantEvent::Fenced, GrantEvent::Refreshed]);
    assert!(row(&store).await.dead.is_none());
    assert_eq!(Process::new(&strict.server(), store).token().await.expect("a token"), "AT-1");
}

#[tokio::test]
async fn who_was_paused_with_a_refusal_in_its_hands_sends_nothing_again() {
    let strict = Strict::new();
    strict.use_up("RT-OLD");
    let paused = Paused::new(lapsed_store().await);
    paused.pause_before_fail();
    let server = strict.server();
    let process = Process::new(&server, paused.clone());
    let caller = process.calling();
    paused.is_paused().await;
    tokio::time::sleep(LEASE * 2).await;
    paused.go_on();
    let error = caller.await.expect("no panic").expect_err("the provider refused");
    assert!(matches!(error, Error::LoginRequired(LoginRequired::GrantDead { .. })), "{error}");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn who_was_paused_before_it_sent_sends_nothing_under_that_claim() {
    let (strict, store) = (Strict::new(), lapsed_store().await);
    let paused = Paused::new(store.clone());
    let server = strict.server();
    let holder = Process::new(&server, paused.clone());
    // It is stopped when it was told that it may send, and before it does.
    paused.pause_after_mark();
    let caller = holder.calling();
    paused.is_paused().await;
    let other = Process::new(&server, store.clone());
    let waiting = other.calling();
    tokio::time::sleep(LEASE * 2).await;
    assert_eq!(server.count(), 0, "nobody has sent yet");
    paused.go_on();
    assert_eq!(caller.await.expect("no panic").expect("a token"), "AT-1");
    assert_eq!(waiting.await.expect("no panic").expect("a token"), "AT-1");
    assert_eq!((server.count(), strict.reuses()), (1, 0));
}

#[tokio::test]
async fn a_wait_that_a_provider_asked_for_holds_in_every_process() {
    for status in [503, 429] {
        let server = Server::new(move |_, before| {
            let mut response = if before == 0 { answer(status, "", "") } else { common::good() };
            response.headers_mut().insert("retry-after", "2".parse().expect("a value"));
            response
        });
        let store = lapsed_store().await;
        let first = Process::new(&server, store.clone());
        let start = Instant::now();
        first.token().await.expect_err("it is down");
        let reason = format!("status {status}");
        let wait = Duration::from_secs(2);
        assert_eq!(first.events(), [GrantEvent::Failed { reason: reason.clone(), wait }]);
        let second = Process::new(&server, store.clone());
        for _ in 0..5 {
            let error = second.token().await.expect_err("two seconds were asked for");
            assert!(error.is_transient() && !error.needs_login());
            assert!(
                matches!(error, Error::Postponed { wait: left, reason: said } if said == reason && left <= wait)
            );
        }
        assert_eq!((server.count(), second.events()), (1, vec![]));
        tokio::time::sleep(Duration::from_millis(2050).saturating_sub(start.elapsed())).await;
        assert_eq!(second.token().await.expect("a token"), "AT-NEW");
        assert_eq!(server.count(), 2);
    }
}

#[tokio::test]
async fn a_wait_is_asked_for_by_an_error_with_a_name_too() {
    let server = Server::new(|_, _| {
        let mut response = json_answer(429, &json!({"error": "slow_down"}));
        response.headers_mut().insert("retry-after", "30".parse().expect("a value"));
        response
    });
    let process = Process::new(&server, lapsed_store().await);
    process.token().await.expect_err("too many requests");
    let wait = Duration::from_secs(30);
    assert_eq!(process.events(), [GrantEvent::Failed { reason: "slow_down".to_owned(), wait }]);
}

#[tokio::test]
async fn a_token_that_is_still_good_waits_for_nobodys_refresh_longer_than_a_lease() {
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let nearly = json!({"access_token": "AT-OLD", "refresh_token": "RT-OLD", "obtained_at": now - 3590, "expires_at": now + 10});
    let server = Server::always(common::good()).slow(LEASE * 5);
    let process = Process::new(&server, MemoryTokenStore::new());
    process.flow.session("ada").adopt(stored(nearly)).await.expect("stored");
    let start = Instant::now();
    assert_eq!(process.token().await.expect("a token"), "AT-OLD");
    assert!(start.elapsed() < LEASE * 3, "{:?}", start.elapsed());
    tokio::time::sleep(LEASE * 6).await;
    assert_eq!(
        (process.token().await.expect("a token").as_str(), server.count()),
        ("AT-NEW", 1),
        "it went on"
    );
}

#[tokio::test]
async fn what_the_store_would_not_take_is_saved_although_nobody_asks() {
    let store = lapsed_store().await;
    let broken = Paused::new(store.clone());
    broken.fail_commits(6);
    let strict = Strict::new();
    let process = Process::new(&strict.server(), broken);
    assert!(matches!(process.token().await, Err(Error::Store(_))));
    let Some(GrantEvent::Unsaved { reason }) = process.events().pop() else {
        panic!("{:?}", process.events())
    };
    assert_eq!(reason, "the disk is full");
    let start = Instant::now();
    while process.events().last() != Some(&GrantEvent::Refreshed) {
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", process.events());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let tokens = serde_json::to_value(&row(&store).await.tokens).expect("a record");
    assert_eq!((tokens["refresh_token"].as_str(), strict.reuses()), (Some("RT-1"), 0));
}
