//! One process of the back end. All of them run this same code, and none knows of the others: the store does.

use crate::AnyError;
use oauth_providers::{github::GitHub, microsoft::Microsoft, tiktok::TikTok};
use oauth_runtime::{
    AuthCodeFlow, Error, GrantEvent, StateStore, TokenStore,
    provider::{HasApi, HasAuthorizationEndpoint},
};
use oauth_test_provider::RemoteProvider;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// What all processes share.
pub(crate) trait Store: StateStore + TokenStore + Clone {}
impl<S: StateStore + TokenStore + Clone> Store for S {}

/// A flow for each provider, over the store that all processes share. A clone is the same.
#[derive(Clone)]
pub(crate) struct Backend {
    pub(crate) github: AuthCodeFlow<GitHub>,
    pub(crate) microsoft: AuthCodeFlow<Microsoft>,
    pub(crate) tiktok: AuthCodeFlow<TikTok>,
    pub(crate) counts: Arc<Counts>,
}

impl Backend {
    /// `providers` says where the three embedded ones are.
    pub(crate) fn new(store: &impl Store, providers: &str) -> Result<Self, AnyError> {
        let mut at = providers.split(',');
        let counts = Arc::default();
        Ok(Self {
            github: flow(GitHub, at.next(), store, &counts)?,
            microsoft: flow(Microsoft::default(), at.next(), store, &counts)?,
            tiktok: flow(TikTok, at.next(), store, &counts)?,
            counts,
        })
    }

    /// A job for each user, again and again. A real back end takes them from its queue.
    pub(crate) async fn work(&self, users: usize, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            let mut jobs = JoinSet::new();
            for user in 0..users {
                let backend = self.clone();
                jobs.spawn(async move { backend.job(&format!("user-{user}")).await });
            }
            jobs.join_all().await;
        }
    }

    /// Nothing here is about tokens: a session sends a fresh one, whichever process refreshed it.
    async fn job(&self, user: &str) {
        self.counts.call(self.github.session(user).get("user/repos").json().await);
        self.counts.call(self.microsoft.session(user).get("me/messages").json().await);
        self.counts.call(self.tiktok.session(user).get("video/list/").json().await);
    }
}

/// The embedded provider at this address stands in for the real one. For that one, give `AuthCodeFlow::new` the credentials
/// of your client, and no transport.
fn flow<P: HasApi + HasAuthorizationEndpoint>(
    provider: P,
    address: Option<&str>,
    store: &impl Store,
    counts: &Arc<Counts>,
) -> Result<AuthCodeFlow<P>, AnyError> {
    let embedded = RemoteProvider::<P>::at(address.ok_or("three providers are needed")?);
    let flow = AuthCodeFlow::new(provider, embedded.credentials(), "https://saas.example/callback")?;
    let counts = counts.clone();
    Ok(flow.transport(embedded.transport()).token_store(store.clone()).state_store(store.clone()).observer(
        move |key, event| match event {
            GrantEvent::Refreshed => Counts::add(&counts.refreshes),
            // It comes once for a grant: the moment to ask its user to connect the account again.
            event => eprintln!("{key}: {event}"),
        },
    ))
}

/// What a process did.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    calls: AtomicUsize,
    refreshes: AtomicUsize,
    later: AtomicUsize,
    lost: AtomicUsize,
}

impl Counts {
    fn add(count: &AtomicUsize) {
        count.fetch_add(1, Relaxed);
    }

    fn call(&self, answer: Result<serde_json::Value, Error>) {
        Self::add(match answer {
            Ok(_) => &self.calls,
            // No job helps until the user has connected the account again.
            Err(error) if error.needs_login() => &self.lost,
            // A later job tries again. Should the provider have asked for a wait, the store keeps every process to it.
            Err(error) => {
                eprintln!("{error}");
                &self.later
            }
        });
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [calls, refreshes, later, lost] =
            [&self.calls, &self.refreshes, &self.later, &self.lost].map(|count| count.load(Relaxed));
        write!(
            f,
            "{calls} API calls, {refreshes} refreshes, {later} calls to try later, {lost} calls in vain"
        )
    }
}
