//! What a refresh does with its claim when the store, or what is in it, turns against it: a store that answers as it is told.

mod common;

use common::{ACME, Server, flow, good, json_answer, lapsed, provider, shared::key, stored};
use oauth_runtime::{
    AuthCodeFlow, BoxError, Claim, Error, Failure, GrantEvent, Lease, MemoryTokenStore, StoredGrant,
    TokenKey, TokenStore,
    spec::{Endpoint, Format, Source, Spec, Variable},
};
use serde_json::json;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// What a store answers, and what it was asked.
#[derive(Default)]
struct Script {
    /// What `commit` and `renew` answer; when nothing is left, what the store below says. `None`: an error.
    commits: VecDeque<Option<bool>>,
    renewals: VecDeque<bool>,
    /// It cannot be read any more once this is called.
    breaks_after: Option<&'static str>,
    is_broken: bool,
    /// How long `mark_sent` holds up the whole process, once.
    stop: Option<Duration>,
    claims: usize,
    failures: Vec<Failure>,
    committed_at: Vec<Instant>,
}

/// A store in memory that does what its script says.
#[derive(Clone, Default)]
struct Scripted {
    below: MemoryTokenStore,
    script: Arc<Mutex<Script>>,
}

impl Scripted {
    async fn of(script: Script) -> Self {
        let store = Self { below: MemoryTokenStore::new(), script: Arc::new(Mutex::new(script)) };
        store.adopt(lapsed::<Acme>().expose()).await;
        store
    }

    async fn adopt(&self, tokens: oauth_runtime::StoredTokens) {
        let grant = StoredGrant { generation: 1, tokens, dead: None };
        self.below.save(&key(), grant).await.expect("stored");
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn called(&self, name: &str) {
        let mut script = self.script();
        script.is_broken |= script.breaks_after == Some(name);
    }
}

impl TokenStore for Scripted {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        if self.script().is_broken {
            return Err("the store is down".into());
        }
        self.below.load(key).await
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        self.below.save(key, grant).await
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.below.remove(key).await
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        self.called("claim");
        self.script().claims += 1;
        self.below.claim(key, generation, lease).await
    }

    async fn renew(&self, key: &TokenKey, lease: &Lease, length: Duration) -> Result<bool, BoxError> {
        let told = self.script().renewals.pop_front();
        let renewed = self.below.renew(key, lease, length).await?;
        if told == Some(false) {
            // It is nobody's then, so that whoever claims it need not wait.
            self.below.fail(key, lease, Failure::untried()).await?;
        }
        Ok(told.unwrap_or(renewed))
    }

    async fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> Result<bool, BoxError> {
        let marked = self.below.mark_sent(key, lease).await;
        let stop = self.script().stop.take();
        if let Some(length) = stop {
            std::thread::sleep(length);
        }
        marked
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        self.called("commit");
        let told = {
            let mut script = self.script();
            script.committed_at.push(Instant::now());
            script.commits.pop_front()
        };
        match told {
            Some(Some(committed)) => Ok(committed),
            Some(None) => Err("the disk is full".into()),
            None => self.below.commit(key, lease, grant).await,
        }
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        self.script().failures.push(failure.clone());
        self.below.fail(key, lease, failure).await
    }
}

provider!(Acme, ACME);

fn over(store: &Scripted, server: &Server) -> AuthCodeFlow<Acme> {
    flow(Acme, server).token_store(store.clone())
}

async fn token(flow: &AuthCodeFlow<Acme>) -> Result<String, Error> {
    flow.session("ada").access_token().await.map(|token| token.expose().to_owned())
}

#[tokio::test]
async fn a_claim_whose_transport_panics_is_given_back_with_the_note_that_its_token_was_sent() {
    let store = Scripted::of(Script::default()).await;
    let server = Server::new(|_, before| {
        assert!(before > 0, "the transport panics");
        good()
    });
    let flow = over(&store, &server);
    assert!(matches!(token(&flow).await, Err(Error::Transport(_))));
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(store.script().failures, [Failure::untried().outcome_unknown(true)]);
    let claim = store.below.claim(&key(), 1, Duration::from_secs(60)).await.expect("an answer");
    assert!(matches!(&claim, Claim::Granted(lease) if lease.outcome_unknown), "{claim:?}");
}

#[tokio::test]
async fn a_claim_is_given_back_when_the_grant_cannot_be_read_under_it() {
    let store = Scripted::of(Script { breaks_after: Some("claim"), ..Script::default() }).await;
    let server = Server::always(good());
    assert!(matches!(token(&over(&store, &server)).await, Err(Error::Store(_))));
    assert_eq!((server.count(), &*store.script().failures), (0, &[Failure::untried()][..]));
    let claim = store.below.claim(&key(), 1, Duration::from_secs(60)).await.expect("an answer");
    assert!(matches!(&claim, Claim::Granted(lease) if !lease.outcome_unknown), "{claim:?}");
}

provider!(
    // Its token endpoint is that of the user's data centre, as the sign-in told it.
    Centred,
    Spec {
        variables: &[Variable {
            name: "centre",
            format: Format::HostLabel,
            source: Source::Token(&["centre"]),
            required: true,
            ..Variable::PLAIN
        }],
        refresh: oauth_runtime::spec::Refresh {
            endpoint: Endpoint::new("https://{0}.id.example/token"),
            ..oauth_runtime::spec::Refresh::PLAIN
        },
        ..ACME
    }
);

#[tokio::test]
async fn a_claim_under_which_nothing_can_be_sent_is_given_back_and_makes_nobody_wait() {
    let store = Scripted::of(Script::default()).await;
    let events = Arc::<Mutex<Vec<GrantEvent>>>::default();
    let told = events.clone();
    let server = Server::always(good());
    // What is stored does not say where to refresh it.
    let flow = flow(Centred, &server)
        .token_store(store.clone())
        .observer(move |_, event| told.lock().expect("no panic").push(event.clone()));
    let error = flow.session("ada").access_token().await.expect_err("nobody knows where");
    assert!(matches!(error, Error::Configuration(_) | Error::LoginRequired(_)), "{error:?}");
    assert_eq!((server.count(), &*store.script().failures), (0, &[Failure::untried()][..]));
    assert!(events.lock().expect("no panic").is_empty());
    let claim = store.below.claim(&key(), 1, Duration::from_secs(60)).await.expect("an answer");
    assert!(matches!(claim, Claim::Granted(_)), "{claim:?}");
}

#[tokio::test]
async fn who_was_stopped_before_it_sent_goes_on_only_under_a_claim_that_is_renewed() {
    for (renewed, claims) in [(true, 1), (false, 2)] {
        let stop = Some(Duration::from_millis(60));
        let script = Script { stop, renewals: [renewed].into(), ..Script::default() };
        let store = Scripted::of(script).await;
        let server = Server::always(good());
        let flow = over(&store, &server).lease(Duration::from_millis(50));
        assert_eq!(token(&flow).await.expect("in the end"), "AT-NEW");
        assert_eq!((store.script().claims, server.count()), (claims, 1), "renewed: {renewed}");
    }
}

#[tokio::test]
async fn a_saved_token_is_given_out_without_asking_the_store_once_more() {
    let store = Scripted::of(Script { breaks_after: Some("commit"), ..Script::default() }).await;
    let server = Server::always(good());
    assert_eq!(token(&over(&store, &server)).await.expect("it is saved"), "AT-NEW");
    assert_eq!((server.count(), store.script().is_broken), (1, true));
}

#[tokio::test]
async fn a_claim_that_lapsed_is_asked_for_again_and_again_while_another_one_has_it() {
    let script =
        Script { commits: [Some(false)].into(), renewals: [false, false].into(), ..Script::default() };
    let store = Scripted::of(script).await;
    let server = Server::always(good());
    assert_eq!(token(&over(&store, &server)).await.expect("in the end"), "AT-NEW");
    assert_eq!((store.script().committed_at.len(), server.count()), (2, 1));
}

#[tokio::test]
async fn a_store_that_renews_a_claim_and_never_honours_it_is_an_error_and_no_loop() {
    // After these, an error would end a loop.
    let commits = [Some(false); 20].into_iter().chain([None; 20]);
    let script = Script { commits: commits.collect(), renewals: [true; 40].into(), ..Script::default() };
    let store = Scripted::of(script).await;
    let server = Server::always(good());
    let error = token(&over(&store, &server)).await.expect_err("it is not saved");
    assert!(matches!(error, Error::Store(_)), "{error}");
    assert_eq!((store.script().committed_at.len(), server.count()), (5, 1));
}

/// The time between one try to save and the next, in milliseconds.
fn waits(store: &Scripted) -> Vec<u128> {
    let times = store.script().committed_at.clone();
    times.windows(2).map(|two| (two[1] - two[0]).as_millis()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_saved_is_tried_again_at_once_and_then_more_and_more_seldom_but_not_for_ever() {
    let store = Scripted::of(Script { commits: [None; 1000].into(), ..Script::default() }).await;
    let server = Server::always(good());
    let flow = over(&store, &server);
    assert!(matches!(token(&flow).await, Err(Error::Store(_))));
    let near = |waited: u128, expected: u128| (expected..expected + 5).contains(&waited);
    let at_once = [20, 80, 320, 1280];
    assert!(waits(&store).into_iter().zip(at_once).all(|(waited, wait)| near(waited, wait)));
    assert_eq!(waits(&store).len(), at_once.len());

    tokio::time::sleep(Duration::from_secs(3600)).await;
    let all = waits(&store);
    assert_eq!(all.len(), 21 * 5 - 1, "the first try, and twenty in the background");
    let later: Vec<_> = all.into_iter().skip(4).step_by(5).collect();
    for (at, waited) in later.into_iter().enumerate() {
        let expected = (1000 << at.min(10)).min(60_000);
        assert!(near(waited, expected), "{waited} ms and not {expected} ms before try {at}");
    }
    assert_eq!(server.count(), 1);
    store.script().commits.clear();
    assert_eq!(token(&flow).await.expect("the next caller tries once more"), "AT-NEW");
}

/// Tokens that are known at once, in a store that cannot be read.
struct AtHand;

impl TokenStore for AtHand {
    async fn load(&self, _: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        Err("the store is down".into())
    }

    fn peek(&self, _: &TokenKey) -> Option<StoredGrant> {
        let record = json!({"access_token": "AT", "obtained_at": 0});
        let tokens = stored::<Acme>(record).expose();
        Some(StoredGrant { generation: 1, tokens, dead: None })
    }

    async fn save(&self, _: &TokenKey, _: StoredGrant) -> Result<(), BoxError> {
        Ok(())
    }

    async fn remove(&self, _: &TokenKey) -> Result<(), BoxError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_fresh_token_that_a_store_has_at_hand_is_used_without_loading_it() {
    let server = Server::always(json_answer(500, &json!({})));
    let flow = flow(Acme, &server).token_store(AtHand);
    assert_eq!(token(&flow).await.expect("at hand"), "AT");
}
