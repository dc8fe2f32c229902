//! What is traced at its most talkative: how many statements a call costs, what happens to grants, and no secret.

mod common;

use common::{
    Folder,
    acme::{Acme, Server, tokens},
};
use oauth_runtime::{AuthCodeFlow, StateStore};
use oauth_stores::SqliteStore;
use std::{
    fmt::{self, Write},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tracing::{Event, Metadata, Subscriber, field::Field, field::Visit, span};

/// Everything that anything in this process traces.
struct Everything;

static SEEN: Mutex<String> = Mutex::new(String::new());

fn seen() -> MutexGuard<'static, String> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        attributes.record(&mut Line(&mut seen()));
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Line(&mut seen()));
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut seen = seen();
        let _ = write!(seen, "\n{} {}", event.metadata().level(), event.metadata().target());
        event.record(&mut Line(&mut seen));
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// How many statements the database got since the last time, but those with which the pool opens a connection.
fn statements() -> usize {
    let said = std::mem::take(&mut *seen());
    said.lines().filter(|line| line.contains("sqlx::query") && !line.contains("PRAGMA")).count()
}

#[tokio::test]
async fn a_fresh_token_costs_one_statement_or_none_and_nothing_that_is_traced_is_secret() {
    tracing::subscriber::set_global_default(Everything).expect("no other subscriber");
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("oauth.db")).await.expect("a store");
    let server = Server::default();

    let flow: AuthCodeFlow<Acme> = server.flow(store.clone());
    let session = flow.session("ada");
    session.adopt(tokens(0, 3000)).await.expect("stored");
    let mut said = seen().clone();
    statements();
    for _ in 0..10 {
        session.access_token().await.expect("a token");
    }
    assert_eq!(statements(), 10, "one a call");

    let cached = server.flow(store.clone().cache(Duration::from_millis(300))).session("ada");
    cached.access_token().await.expect("a token");
    statements();
    for _ in 0..1000 {
        cached.access_token().await.expect("a token");
    }
    assert_eq!(statements(), 0, "none within the cache time");
    tokio::time::sleep(Duration::from_millis(320)).await;
    cached.access_token().await.expect("a token");
    assert_eq!(statements(), 1, "and one after it");

    // A refresh, one that the provider ends, and a sign-in whose state is kept here.
    session.adopt(tokens(0, 0)).await.expect("stored");
    session.access_token().await.expect("a token");
    session.adopt(tokens(9, 0)).await.expect("stored");
    session.access_token().await.expect_err("it is refused");
    let (_, pending) = flow.begin([]).into_parts();
    let verifier = pending.expose();
    flow.clone().state_store(store.clone()).store_pending("ada", pending).await.expect("kept");
    store.put("key", "VALUE-CANARY", Duration::from_secs(60)).await.expect("kept");
    store.take("key").await.expect("an answer");

    said += &seen();
    for expected in [
        "INFO oauth_runtime::grant message=the grant was refreshed provider=\"acme\" tenant=\"\" owner=\"ada\"",
        "WARN oauth_runtime::grant message=the provider no longer honours the grant (invalid_grant)",
        "INSERT INTO \\\"oauth_states",
    ] {
        assert!(said.contains(expected), "no {expected} in {said}");
    }
    let (state, verifier) = (&verifier[..40], &verifier[43..83]);
    for secret in ["CANARY", state, verifier] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}
