//! The refresh core and the store in memory, under schedules that Shuttle draws: whoever runs when, it stays one refresh.
//!
//! `RUSTFLAGS="--cfg shuttle" cargo test -p oauth-runtime --lib --no-default-features schedules`; `SCHEDULES` says how many.
//! A failure prints the schedule, and `shuttle::replay` plays it again.

use crate::{
    AuthCodeFlow, Credentials, Error, LoginRequired, MemoryTokenStore, OAuthProvider, Session, StoredTokens,
    TokenSet,
    provider::{HasApi, HasAuthorizationEndpoint, HasRefresh},
    spec::{Api, Endpoint, Endpoints, Spec},
    transport::{Request, Response, TransportError, TransportErrorKind},
};
use serde_json::json;
use shuttle::{
    Config, Runner,
    future::{block_on, spawn, yield_now},
    scheduler::{PctScheduler, RandomScheduler},
};
use std::{
    env, slice,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

struct Acme;

impl OAuthProvider for Acme {
    const SPEC: &'static Spec = &Spec {
        id: "acme",
        name: "Acme",
        endpoints: Endpoints {
            authorization: Endpoint::new("https://id.example/authorize"),
            token: Endpoint::new("https://id.example/token"),
            ..Endpoints::NONE
        },
        api: Some(Api { base_url: Endpoint::new("https://api.example"), ..Api::PLAIN }),
        ..Spec::PLAIN
    };
}
impl HasAuthorizationEndpoint for Acme {}
impl HasRefresh for Acme {}
impl HasApi for Acme {}

/// How the server answers.
#[derive(Clone, Copy)]
enum Manner {
    Good,
    InvalidGrant,
    Silent,
}

/// A strict server: a refresh token is good once, and a second use is a fault of ours.
#[derive(Clone)]
struct Server {
    manner: Manner,
    used: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(manner: Manner) -> Self {
        Self { manner, used: Arc::default() }
    }

    fn used(&self) -> Vec<String> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn answer(self, request: Request) -> Result<Response, TransportError> {
        if request.uri().host() == Some("api.example") {
            return Ok(answer(if sent_by(&request, "AT-OLD") { 401 } else { 200 }, "{}"));
        }
        let presented = String::from_utf8_lossy(request.body()).into_owned();
        let presented =
            presented.split('&').find_map(|pair| pair.strip_prefix("refresh_token=")).map(str::to_owned);
        let presented = presented.expect("a refresh token is presented");
        let number = {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            assert!(!used.contains(&presented), "{presented} was used twice");
            used.push(presented);
            used.len()
        };
        // The answer takes its time: others run meanwhile.
        for _ in 0..3 {
            yield_now().await;
        }
        match self.manner {
            Manner::Good => {
                let body = json!({"access_token": format!("AT-{number}"), "refresh_token": format!("RT-{number}"), "expires_in": 3600});
                Ok(answer(200, &body.to_string()))
            }
            Manner::InvalidGrant => Ok(answer(400, r#"{"error":"invalid_grant"}"#)),
            Manner::Silent => Err(TransportError::new(TransportErrorKind::Timeout)),
        }
    }
}

fn sent_by(request: &Request, token: &str) -> bool {
    request.headers().get("authorization").is_some_and(|value| value == &format!("Bearer {token}"))
}

fn answer(status: u16, body: &str) -> Response {
    let mut response = Response::new(body.to_owned().into());
    *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
    response
}

/// A flow over a store, as another process would have it: what goes on is its own.
fn flow(server: &Server, store: &MemoryTokenStore) -> AuthCodeFlow<Acme> {
    let server = server.clone();
    let flow =
        AuthCodeFlow::new(Acme, Credentials::confidential("id", "secret"), "https://app.example/callback");
    flow.expect("the definition is complete")
        .transport(move |request| Box::pin(server.clone().answer(request)))
        .token_store(store.clone())
        // Time is not modelled: a claim lasts, and is never renewed.
        .lease(Duration::from_secs(5 * 365 * 86_400))
}

fn tokens(name: &str, expires_at: u64) -> TokenSet<Acme> {
    let record = json!({
        "access_token": format!("AT-{name}"), "refresh_token": format!("RT-{name}"), "obtained_at": 1000, "expires_at": expires_at
    });
    serde_json::from_value::<StoredTokens>(record).expect("a record").into()
}

/// Tokens that lapsed long ago.
fn lapsed() -> TokenSet<Acme> {
    tokens("OLD", 2000)
}

/// Tokens that are good for long.
fn good(name: &str) -> TokenSet<Acme> {
    tokens(name, 40_000_000_000)
}

async fn access_token(session: Session<Acme>) -> Result<String, Error> {
    session.access_token().await.map(|token| token.expose().to_owned())
}

async fn stored(session: &Session<Acme>) -> Option<String> {
    let tokens = session.stored_tokens().await.expect("the store works");
    tokens.map(|tokens| tokens.access_token().expose().to_owned())
}

/// Two processes over one store, in which Ada has these tokens.
async fn processes(manner: Manner, tokens: TokenSet<Acme>) -> (Server, [AuthCodeFlow<Acme>; 2]) {
    let (server, store) = (Server::new(manner), MemoryTokenStore::new());
    let flows = [flow(&server, &store), flow(&server, &store)];
    flows[0].session("ada").adopt(tokens).await.expect("stored");
    (server, flows)
}

/// What Ada's callers get, who ask these processes in turn and all at once.
async fn crowd(flows: &[AuthCodeFlow<Acme>]) -> Vec<Result<String, Error>> {
    let callers: Vec<_> =
        flows.iter().cycle().take(4).map(|flow| spawn(access_token(flow.session("ada")))).collect();
    let mut outcomes = Vec::new();
    for caller in callers {
        outcomes.push(caller.await.expect("no panic"));
    }
    outcomes
}

/// Tries a scenario under as many schedules as `SCHEDULES` says: half by chance, half with few preemptions in odd places.
fn check(scenario: impl AsyncFn() + Copy + Send + Sync + 'static) {
    let count = env::var("SCHEDULES").ok().and_then(|count| count.parse().ok()).unwrap_or(1000);
    let mut config = Config::new();
    // An unoptimised build needs more than Shuttle's usual 32 KiB.
    config.stack_size = 1 << 20;
    let run = move || block_on(scenario());
    Runner::new(RandomScheduler::new(count / 2), config.clone()).run(run);
    Runner::new(PctScheduler::new(3, count - count / 2), config).run(run);
}

#[test]
fn callers_of_a_lapsed_token_share_one_refresh() {
    check(async || {
        let (server, [flow, _]) = processes(Manner::Good, lapsed()).await;
        for token in crowd(slice::from_ref(&flow)).await {
            assert_eq!(token.expect("a token"), "AT-1");
        }
        assert_eq!(server.used(), ["RT-OLD"]);
        assert_eq!(stored(&flow.session("ada")).await.as_deref(), Some("AT-1"));
    });
}

#[test]
fn flows_over_one_store_make_one_refresh() {
    check(async || {
        let (server, flows) = processes(Manner::Good, lapsed()).await;
        for token in crowd(&flows).await {
            assert_eq!(token.expect("a token"), "AT-1");
        }
        assert_eq!(server.used(), ["RT-OLD"]);
    });
}

#[test]
fn calls_that_meet_a_401_share_one_refresh() {
    check(async || {
        let (server, [flow, _]) = processes(Manner::Good, good("OLD")).await;
        let call = |flow: AuthCodeFlow<Acme>| async move { flow.session("ada").get("x").send().await };
        let callers: Vec<_> = (0..3).map(|_| spawn(call(flow.clone()))).collect();
        for caller in callers {
            assert_eq!(caller.await.expect("no panic").expect("an answer").status(), 200);
        }
        assert_eq!(server.used(), ["RT-OLD"]);
    });
}

#[test]
fn a_caller_that_goes_away_cancels_nothing() {
    check(async || {
        let (server, [flow, _]) = processes(Manner::Good, lapsed()).await;
        let gone = spawn(access_token(flow.session("ada")));
        let stays = spawn(access_token(flow.session("ada")));
        yield_now().await;
        gone.abort();
        assert_eq!(stays.await.expect("no panic").expect("a token"), "AT-1");
        assert_eq!(server.used(), ["RT-OLD"]);
    });
}

#[test]
fn a_sign_in_during_a_refresh_is_never_overwritten() {
    check(async || {
        let (server, flows) = processes(Manner::Good, lapsed()).await;
        let refreshing = spawn(access_token(flows[0].session("ada")));
        let elsewhere = flows[1].session("ada");
        let signing_in = spawn(async move { elsewhere.adopt(good("NEW")).await });
        signing_in.await.expect("no panic").expect("stored");
        let got = refreshing.await.expect("no panic").expect("a token");
        assert!(["AT-1", "AT-NEW"].contains(&&*got), "{got}");
        assert_eq!(stored(&flows[0].session("ada")).await.as_deref(), Some("AT-NEW"));
        assert!(server.used().len() <= 1);
    });
}

#[test]
fn a_sign_out_during_a_refresh_ends_it() {
    check(async || {
        let (server, [flow, _]) = processes(Manner::Good, lapsed()).await;
        let refreshing = spawn(access_token(flow.session("ada")));
        let session = flow.session("ada");
        let signing_out = spawn(async move { session.remove().await });
        signing_out.await.expect("no panic").expect("removed");
        match refreshing.await.expect("no panic") {
            Ok(token) => assert_eq!(token, "AT-1"),
            Err(error) => assert!(matches!(error, Error::LoginRequired(LoginRequired::NoTokens)), "{error}"),
        }
        assert_eq!(stored(&flow.session("ada")).await, None, "nothing comes back");
        assert!(server.used().len() <= 1, "{:?}", server.used());
    });
}

#[test]
fn a_dead_grant_is_found_out_once() {
    check(async || {
        let (server, flows) = processes(Manner::InvalidGrant, lapsed()).await;
        for outcome in crowd(&flows).await {
            let error = outcome.expect_err("the grant is dead");
            assert!(matches!(error, Error::LoginRequired(LoginRequired::GrantDead { .. })), "{error}");
        }
        assert_eq!(server.used(), ["RT-OLD"]);
    });
}

#[test]
fn a_failed_refresh_is_shared_and_not_tried_again_at_once() {
    check(async || {
        let (server, flows) = processes(Manner::Silent, lapsed()).await;
        for outcome in crowd(&flows).await {
            let error = outcome.expect_err("nobody answers");
            assert!(error.is_transient(), "{error}");
        }
        assert_eq!(server.used(), ["RT-OLD"]);
    });
}
