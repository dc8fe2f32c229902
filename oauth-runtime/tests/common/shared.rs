//! What a store that several processes share is tried with: a strict provider, and a process that can be paused.

use super::{Server as Answering, json_answer};
use oauth_runtime::{
    BoxError, Claim, Failure, Lease, MemoryTokenStore, StoredGrant, TokenKey, TokenStore, transport::Response,
};
use serde_json::json;
use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

pub(crate) fn key() -> TokenKey {
    TokenKey::new("acme", "", "ada")
}

/// The claim of a process that does nothing more.
pub(crate) async fn claim(store: &impl TokenStore, lease: Duration) -> Lease {
    let generation = store.load(&key()).await.expect("loaded").expect("a grant").generation;
    match store.claim(&key(), generation, lease).await.expect("an answer") {
        Claim::Granted(lease) => lease,
        other => panic!("{other:?}"),
    }
}

/// What a provider does when a refresh token is used twice.
#[derive(Clone, Copy, PartialEq)]
enum Twice {
    /// The whole grant ends.
    Ends,
    /// The second use is refused, and nothing else.
    Refused,
    /// It counts as the first one.
    Forgiven,
}

/// A provider that replaces each refresh token, `RT-OLD` by `RT-1` and so on.
#[derive(Clone)]
pub(crate) struct Server {
    twice: Twice,
    used: Arc<Mutex<HashSet<String>>>,
    given: Arc<AtomicUsize>,
    reuses: Arc<AtomicUsize>,
    ended: Arc<AtomicBool>,
}

impl Server {
    fn of(twice: Twice) -> Self {
        Self {
            twice,
            used: Arc::default(),
            given: Arc::default(),
            reuses: Arc::default(),
            ended: Arc::default(),
        }
    }

    pub(crate) fn new() -> Self {
        Self::of(Twice::Ends)
    }

    pub(crate) fn forgiving() -> Self {
        Self::of(Twice::Forgiven)
    }

    pub(crate) fn refusing_only_the_second() -> Self {
        Self::of(Twice::Refused)
    }

    pub(crate) fn reuses(&self) -> usize {
        self.reuses.load(Ordering::SeqCst)
    }

    pub(crate) fn use_up(&self, token: &str) {
        self.used.lock().expect("no panic").insert(token.to_owned());
    }

    pub(crate) fn server(&self) -> Answering {
        let this = self.clone();
        Answering::new(move |sent, _| this.answer(&sent.field("refresh_token").expect("a refresh token")))
    }

    fn answer(&self, token: &str) -> Response {
        let is_first = self.used.lock().expect("no panic").insert(token.to_owned());
        if !is_first {
            self.reuses.fetch_add(1, Ordering::SeqCst);
            self.ended.fetch_or(self.twice == Twice::Ends, Ordering::SeqCst);
        }
        if self.ended.load(Ordering::SeqCst) || !is_first && self.twice == Twice::Refused {
            return json_answer(400, &json!({"error": "invalid_grant"}));
        }
        let number = self.given.fetch_add(1, Ordering::SeqCst) + 1;
        let (access, refresh) = (format!("AT-{number}"), format!("RT-{number}"));
        json_answer(200, &json!({"access_token": access, "refresh_token": refresh, "expires_in": 3600}))
    }
}

/// The store as a process sees it that can be stopped: its calls wait, while the others' go on.
#[derive(Clone)]
pub(crate) struct Paused {
    store: MemoryTokenStore,
    stopped: Arc<watch::Sender<bool>>,
    after_mark: Arc<AtomicBool>,
    before_fail: Arc<AtomicBool>,
    failures: Arc<AtomicUsize>,
}

impl Paused {
    pub(crate) fn new(store: MemoryTokenStore) -> Self {
        let stopped = Arc::new(watch::Sender::new(false));
        Self {
            store,
            stopped,
            after_mark: Arc::default(),
            before_fail: Arc::default(),
            failures: Arc::default(),
        }
    }

    pub(crate) fn pause(&self) {
        self.stopped.send_replace(true);
    }

    pub(crate) fn go_on(&self) {
        self.stopped.send_replace(false);
    }

    /// Stops the next time that a refresh token was marked as sent.
    pub(crate) fn pause_after_mark(&self) {
        self.after_mark.store(true, Ordering::SeqCst);
    }

    /// Stops the next time that a failure is to be noted.
    pub(crate) fn pause_before_fail(&self) {
        self.before_fail.store(true, Ordering::SeqCst);
    }

    pub(crate) async fn is_paused(&self) {
        self.stopped.subscribe().wait_for(|stopped| *stopped).await.expect("it is there");
    }

    pub(crate) fn fail_commits(&self, count: usize) {
        self.failures.store(count, Ordering::SeqCst);
    }

    async fn going(&self) -> &MemoryTokenStore {
        self.stopped.subscribe().wait_for(|stopped| !*stopped).await.expect("it is there");
        &self.store
    }
}

impl TokenStore for Paused {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        self.going().await.load(key).await
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        self.going().await.save(key, grant).await
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.going().await.remove(key).await
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        self.going().await.claim(key, generation, lease).await
    }

    async fn renew(&self, key: &TokenKey, lease: &Lease, length: Duration) -> Result<bool, BoxError> {
        self.going().await.renew(key, lease, length).await
    }

    async fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> Result<bool, BoxError> {
        let marked = self.going().await.mark_sent(key, lease).await;
        if self.after_mark.swap(false, Ordering::SeqCst) {
            self.pause();
        }
        self.going().await;
        marked
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        let store = self.going().await;
        if self
            .failures
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |count| count.checked_sub(1))
            .is_ok()
        {
            return Err("the disk is full".into());
        }
        store.commit(key, lease, grant).await
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        if self.before_fail.swap(false, Ordering::SeqCst) {
            self.pause();
        }
        self.going().await.fail(key, lease, failure).await
    }
}
