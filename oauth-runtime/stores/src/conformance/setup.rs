//! What the rules about tokens begin with.

use super::report::{Finding, expect};
use oauth_runtime::{BoxError, Claim, Lease, StoredGrant, TokenKey, TokenStore};
use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{sync::Barrier, task::JoinSet};

/// A lease that lapses during a trial, and is long enough for a store on a busy machine.
pub(super) const SHORT: Duration = Duration::from_millis(300);
/// A lease that does not lapse during a trial.
pub(super) const LONG: Duration = Duration::from_secs(120);
/// How long to wait before a claim that another one has is asked for again.
const ASK_AGAIN: Duration = Duration::from_millis(50);

/// A number that no other trial has, of this run or another one.
pub(super) fn number() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let microseconds = u64::try_from(since.as_micros()).unwrap_or_default() & ((1 << 40) - 1);
    (microseconds << 8) + LAST.fetch_add(1, Ordering::Relaxed) % 256
}

/// A grant whose tokens tell it from others.
pub(super) fn grant(generation: u64, name: &str) -> Result<StoredGrant, BoxError> {
    let record = serde_json::json!({
        "access_token": format!("access of {name}"), "refresh_token": format!("refresh of {name}"),
        "obtained_at": 1, "expires_at": 2, "scopes": "read write", "extra": {"name": name, "list": [1, null, "ü"]},
    });
    Ok(StoredGrant { generation, tokens: serde_json::from_value(record)?, dead: None })
}

/// Everything of a grant, to be compared.
pub(super) fn text(grant: Option<&StoredGrant>) -> String {
    // The tokens are those of `grant` above, and no secrets.
    grant.map_or("nothing".to_owned(), |grant| serde_json::to_string(grant).unwrap_or_default())
}

/// What so many callers get who begin at the same moment, with the number of each.
pub(super) async fn together<T: Send + 'static, F>(
    callers: usize,
    call: impl Fn(usize) -> F,
) -> Result<Vec<(usize, T)>, BoxError>
where
    F: Future<Output = Result<T, BoxError>> + Send + 'static,
{
    let start = Arc::new(Barrier::new(callers));
    let mut tasks = JoinSet::new();
    for number in 0..callers {
        let (start, call) = (start.clone(), call(number));
        tasks.spawn(async move {
            start.wait().await;
            Ok((number, call.await?))
        });
    }
    tasks.join_all().await.into_iter().collect()
}

/// One grant in a store, and what a trial does with it.
pub(super) struct Trial<S> {
    pub(super) store: Arc<S>,
    pub(super) key: TokenKey,
    pub(super) generation: u64,
}

impl<S> Clone for Trial<S> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), key: self.key.clone(), generation: self.generation }
    }
}

impl<S: TokenStore> Trial<S> {
    /// A trial on a grant of its own, which is removed after it.
    pub(super) async fn on<F>(store: &Arc<S>, trial: impl FnOnce(Self) -> F) -> Finding
    where
        F: Future<Output = Finding>,
    {
        let generation = number();
        let key = TokenKey::new("conformance", "", generation.to_string());
        store.save(&key, grant(generation, "first")?).await?;
        let this = Self { store: store.clone(), key, generation };
        let finding = trial(this.clone()).await;
        store.remove(&this.key).await?;
        finding
    }

    pub(super) async fn claim(&self, lease: Duration) -> Result<Claim, BoxError> {
        self.store.claim(&self.key, self.generation, lease).await
    }

    /// A claim that must be given.
    pub(super) async fn granted(&self, lease: Duration) -> Result<Lease, BoxError> {
        match self.claim(lease).await? {
            Claim::Granted(lease) if lease.generation == self.generation => Ok(lease),
            other => Err(format!("a claim that is free got {other:?}").into()),
        }
    }

    /// A claim that is given as soon as it is free, and how long that took at the most.
    pub(super) async fn granted_later(&self, lease: Duration) -> Result<Lease, BoxError> {
        loop {
            match self.claim(lease).await? {
                Claim::Granted(lease) => return Ok(lease),
                Claim::Held(wait) | Claim::Postponed { wait, .. } => {
                    // It may be given back before.
                    tokio::time::sleep(wait.clamp(Duration::from_millis(1), ASK_AGAIN)).await;
                }
                other => return Err(format!("a claim that somebody else has got {other:?}").into()),
            }
        }
    }

    /// Another one must be told to wait now.
    pub(super) async fn is_held(&self, when: &str) -> Finding {
        let claim = self.claim(LONG).await?;
        expect(
            matches!(claim, Claim::Held(wait) if !wait.is_zero()),
            format!("{when}, another one got {claim:?}"),
        )
    }

    pub(super) async fn mark_sent(&self, lease: &Lease) -> Result<bool, BoxError> {
        self.store.mark_sent(&self.key, lease).await
    }

    /// Commits a grant of the next generation.
    pub(super) async fn commit(&self, lease: &Lease, name: &str) -> Result<bool, BoxError> {
        self.store.commit(&self.key, lease, grant(self.generation + 1, name)?).await
    }

    /// What is stored must be `expected`.
    pub(super) async fn stores(&self, expected: Option<&StoredGrant>) -> Finding {
        let stored = self.store.load(&self.key).await?;
        let is_same = text(stored.as_ref()) == text(expected);
        expect(is_same, format!("{} is stored, not {}", text(stored.as_ref()), text(expected)))
    }

    /// The grant that the trial began with must be stored, alive.
    pub(super) async fn is_unchanged(&self) -> Finding {
        self.stores(Some(&grant(self.generation, "first")?)).await
    }

    /// The next claims, after this one was committed.
    pub(super) fn next(&self) -> Self {
        Self { generation: self.generation + 1, ..self.clone() }
    }
}
