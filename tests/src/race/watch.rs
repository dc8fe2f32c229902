//! [`Watch`]: counts what goes through a store and a transport, and halts at a named [`Point`] of a rotation.
//!
//! The runtime knows nothing of it: it stands between the runtime and what the runtime calls.

use super::{
    ledger,
    message::{Reply, Report},
    store::Store,
    worker,
};
use oauth_runtime::{
    BoxError, Claim, Failure, Lease, StoredGrant, TokenKey, TokenStore,
    transport::{BoxFuture, Request, Response, Transport, TransportError},
};
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// A point of a rotation, in the order in which they are passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Point {
    /// Nothing was done yet.
    BeforeLoad,
    /// The grant was read, and has lapsed.
    AfterLoad,
    /// The claim is about to be asked for.
    BeforeClaim,
    /// The claim was given.
    AfterClaim,
    /// The note that the token is sent is about to be written.
    BeforeMark,
    /// The note is written.
    AfterMark,
    /// The request is about to be sent.
    BeforeSend,
    /// The request is on its way, and the provider does not look at it yet. Nobody waits here but for the provider.
    Sent,
    /// The provider replaces the refresh token, and holds its answer back. Nobody waits here but for the provider.
    CarriedOut,
    /// The answer is there.
    Answered,
    /// The new tokens are about to be saved.
    BeforeCommit,
    /// The new tokens are saved, and nobody was told.
    AfterCommit,
}

impl Point {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::BeforeLoad,
        Self::AfterLoad,
        Self::BeforeClaim,
        Self::AfterClaim,
        Self::BeforeMark,
        Self::AfterMark,
        Self::BeforeSend,
        Self::Sent,
        Self::CarriedOut,
        Self::Answered,
        Self::BeforeCommit,
        Self::AfterCommit,
    ];
}

/// What is counted, and where to halt.
#[derive(Default)]
pub struct Watch {
    halt: Mutex<Option<Point>>,
    go: Notify,
    counts: Mutex<Report>,
    answered: Mutex<Option<Instant>>,
}

impl Watch {
    /// Halts at the next passing of `point`.
    pub fn halt_at(&self, point: Option<Point>) {
        *lock(&self.halt) = point;
    }

    /// Goes on from where it halts.
    pub fn go(&self) {
        self.go.notify_one();
    }

    /// Takes the counts.
    pub fn take(&self) -> Report {
        std::mem::take(&mut *lock(&self.counts))
    }

    fn halts(&self, point: Point) -> bool {
        let mut halt = lock(&self.halt);
        let halts = *halt == Some(point);
        if halts {
            *halt = None;
        }
        halts
    }

    async fn pass(&self, point: Point) {
        if self.halts(point) {
            worker::say(&Reply::At(point));
            self.go.notified().await;
        }
    }

    fn count(&self, count: impl FnOnce(&mut Report)) {
        count(&mut lock(&self.counts));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A store that is watched.
#[derive(Clone)]
pub struct WatchedStore<S = Store> {
    /// The store itself.
    pub store: S,
    /// Who watches.
    pub watch: Arc<Watch>,
    /// Plays a store that knows no claims.
    pub without_claims: bool,
}

impl<S: TokenStore> TokenStore for WatchedStore<S> {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        self.watch.pass(Point::BeforeLoad).await;
        let grant = self.store.load(key).await;
        self.watch.count(|report| report.loads += 1);
        self.watch.pass(Point::AfterLoad).await;
        grant
    }

    fn peek(&self, key: &TokenKey) -> Option<StoredGrant> {
        self.store.peek(key)
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        self.store.save(key, grant).await
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.store.remove(key).await
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        if self.without_claims {
            static LAST: AtomicU64 = AtomicU64::new(0);
            return Ok(Claim::Granted(Lease::new(generation, LAST.fetch_add(1, Ordering::Relaxed))));
        }
        self.watch.pass(Point::BeforeClaim).await;
        let claim = self.store.claim(key, generation, lease).await;
        match &claim {
            Ok(Claim::Granted(_)) => self.watch.pass(Point::AfterClaim).await,
            Ok(Claim::Held(_)) => self.watch.count(|report| report.waits += 1),
            _ => {}
        }
        claim
    }

    async fn renew(&self, key: &TokenKey, lease: &Lease, length: Duration) -> Result<bool, BoxError> {
        if self.without_claims { Ok(true) } else { self.store.renew(key, lease, length).await }
    }

    async fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> Result<bool, BoxError> {
        if self.without_claims {
            return Ok(true);
        }
        self.watch.pass(Point::BeforeMark).await;
        let marked = self.store.mark_sent(key, lease).await;
        if matches!(marked, Ok(false)) {
            self.watch.count(|report| report.refused_before_sending += 1);
        }
        self.watch.pass(Point::AfterMark).await;
        marked
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        if self.without_claims {
            return self.store.save(key, grant).await.map(|()| true);
        }
        self.watch.pass(Point::BeforeCommit).await;
        let committed = self.store.commit(key, lease, grant).await;
        let answered = lock(&self.watch.answered).take();
        match (&committed, answered) {
            (Ok(false), _) => self.watch.count(|report| report.refused_at_commit += 1),
            (Ok(true), Some(since)) => {
                self.watch.count(|report| report.unsaved.push(ledger::micros(since.elapsed())));
            }
            _ => {}
        }
        self.watch.pass(Point::AfterCommit).await;
        committed
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        if !self.without_claims {
            return self.store.fail(key, lease, failure).await;
        }
        if let (Some(reason), Some(grant)) = (failure.dead, self.store.load(key).await?) {
            self.store.save(key, StoredGrant { dead: Some(reason), ..grant }).await?;
        }
        Ok(true)
    }
}

/// A transport that is watched.
pub struct WatchedTransport<T> {
    /// The transport itself.
    pub transport: T,
    /// Who watches.
    pub watch: Arc<Watch>,
}

impl<T: Transport> Transport for WatchedTransport<T> {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let watch = &self.watch;
            watch.pass(Point::BeforeSend).await;
            // The provider holds its answer back, before or after it has carried out the request, and knows when that has come.
            for point in [Point::Sent, Point::CarriedOut] {
                if watch.halts(point) {
                    worker::say(&Reply::At(point));
                }
            }
            let answer = self.transport.send(request).await;
            *lock(&watch.answered) = Some(Instant::now());
            watch.pass(Point::Answered).await;
            answer
        })
    }

    fn front_channel<'a>(&self, url: &'a str) -> Cow<'a, str> {
        self.transport.front_channel(url)
    }
}
