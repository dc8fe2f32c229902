//! The client of a hotel's API, as apaleo-api-client was: calls to several hosts, and a token that is refreshed behind them.

use crate::user::{REDIRECT_URI, signs_in};
use oauth_providers::apaleo::Apaleo;
use oauth_runtime::{
    AuthCodeFlow, Error, LoginRequired, Session,
    transport::{BoxFuture, Request, Response, Transport, TransportError},
};
use oauth_test_provider::{RecordedRequest, TestProvider, TestTransport};
use serde_json::{Value, json};
use std::{
    borrow::Cow,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::task::JoinSet;

/// What an application calls: a method a thing that it needs, and no word about tokens.
#[derive(Clone)]
struct Hotels {
    session: Session<Apaleo>,
}

impl Hotels {
    async fn reservations(&self, property: &str) -> Result<Value, Error> {
        self.session.get("booking/v1/reservations").query("propertyIds", property).json().await
    }

    async fn subscribe(&self, topic: &str) -> Result<Value, Error> {
        let subscription = json!({ "topics": [topic] });
        let request = self.session.post("https://webhook.apaleo.com/v1/subscriptions");
        request.json_body(&subscription).json().await
    }

    async fn integrations(&self) -> Result<Value, Error> {
        self.session.get("https://integration.apaleo.com/integration/v1/ui-integrations").json().await
    }

    async fn user(&self) -> Result<Value, Error> {
        self.session.get("https://identity.apaleo.com/connect/userinfo").json().await
    }
}

/// Sees every request that leaves.
#[derive(Clone)]
struct Spy {
    inner: TestTransport,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Transport for Spy {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.seen.lock().unwrap().push(request.uri().to_string());
        self.inner.send(request)
    }

    fn front_channel<'a>(&self, url: &'a str) -> Cow<'a, str> {
        self.inner.front_channel(url)
    }
}

/// A client that is signed in, and what stands behind it.
struct Scene {
    test: TestProvider<Apaleo>,
    flow: AuthCodeFlow<Apaleo>,
    seen: Arc<Mutex<Vec<String>>>,
    hotels: Hotels,
}

impl Scene {
    async fn start() -> Self {
        let test = TestProvider::<Apaleo>::start().await;
        let seen = Arc::default();
        let spy = Spy { inner: test.transport(), seen: Arc::clone(&seen) };
        let clock = test.clock();
        let flow = AuthCodeFlow::new(Apaleo, test.credentials(), REDIRECT_URI).unwrap();
        let flow = flow.transport(spy).clock(move || clock.now());
        let hotels = Hotels { session: flow.session("the hotel") };
        hotels.session.adopt(signs_in(&test, &flow).await).await.unwrap();
        Self { test, flow, seen, hotels }
    }

    /// All tokens lapse, by both clocks.
    fn an_hour_later(&self) {
        self.test.clock().advance(Duration::from_secs(3601));
    }

    async fn refresh_token(&self) -> String {
        let tokens = self.hotels.session.stored_tokens().await.unwrap().unwrap();
        tokens.refresh_token().unwrap().expose().to_owned()
    }

    fn api_calls(&self) -> Vec<RecordedRequest> {
        let is_call = |request: &RecordedRequest| !request.url.contains("/connect/");
        self.test.requests().into_iter().filter(is_call).collect()
    }
}

#[tokio::test]
async fn every_host_of_the_api_gets_the_token() {
    let scene = Scene::start().await;
    let reservations = scene.hotels.reservations("MUC").await.unwrap();
    assert_eq!(reservations["path"], "/booking/v1/reservations");
    assert_eq!(reservations["query"]["propertyIds"], "MUC");
    let subscription = scene.hotels.subscribe("reservation").await.unwrap();
    assert_eq!(subscription["method"], "POST");
    assert_eq!(subscription["body"], json!({ "topics": ["reservation"] }));
    scene.hotels.integrations().await.unwrap();
    assert_eq!(scene.hotels.user().await.unwrap()["name"], "Ada Lovelace");

    let token = scene.hotels.session.access_token().await.unwrap();
    let bearer = format!("Bearer {}", token.expose());
    let calls = scene.test.requests().split_off(scene.test.requests().len() - 4);
    let hosts = calls.iter().map(|call| call.url.split('/').nth(2).unwrap()).collect::<Vec<_>>();
    let expected = ["api.apaleo.com", "webhook.apaleo.com", "integration.apaleo.com", "identity.apaleo.com"];
    assert_eq!(hosts, expected);
    assert!(calls.iter().all(|call| call.headers["authorization"] == bearer.as_str()));
    assert_eq!(scene.test.refreshes(), 0);
}

#[tokio::test]
async fn a_lapsed_token_is_refreshed_before_the_call() {
    let scene = Scene::start().await;
    scene.hotels.reservations("MUC").await.unwrap();
    scene.an_hour_later();
    scene.hotels.reservations("MUC").await.unwrap();
    assert_eq!(scene.test.refreshes(), 1);
    let statuses: Vec<_> = scene.api_calls().iter().map(|call| call.status).collect();
    assert_eq!(statuses, [Some(200), Some(200)], "no call went out with the lapsed token");
}

#[tokio::test]
async fn a_token_is_refreshed_a_minute_before_it_lapses() {
    let scene = Scene::start().await;
    scene.test.clock().advance(Duration::from_secs(3530));
    scene.hotels.reservations("MUC").await.unwrap();
    assert_eq!(scene.test.refreshes(), 0);
    scene.test.clock().advance(Duration::from_secs(15));
    scene.hotels.reservations("MUC").await.unwrap();
    assert_eq!(scene.test.refreshes(), 1);
}

#[tokio::test]
async fn a_token_that_the_api_refuses_is_refreshed_and_the_call_repeated_once() {
    let scene = Scene::start().await;
    scene.test.expire_now();
    scene.hotels.subscribe("reservation").await.unwrap();
    assert_eq!(scene.test.refreshes(), 1);
    let calls = scene.api_calls();
    assert_eq!(calls.iter().map(|call| call.status).collect::<Vec<_>>(), [Some(401), Some(200)]);
    assert_eq!(calls[0].parameters, calls[1].parameters, "the same call");
}

/// Fifty calls at the same time, of which every one succeeds.
async fn fifty_calls(hotels: &Hotels) {
    let mut calls = JoinSet::new();
    for room in 0..50 {
        let hotels = hotels.clone();
        calls.spawn(async move { hotels.reservations(&format!("room {room}")).await.map(drop) });
    }
    for outcome in calls.join_all().await {
        outcome.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_calls_share_one_refresh_of_a_lapsed_token() {
    let scene = Scene::start().await;
    scene.test.rotate(true);
    scene.an_hour_later();
    fifty_calls(&scene.hotels).await;
    assert_eq!((scene.test.refreshes(), scene.test.reuses()), (1, 0));
    assert_eq!(scene.api_calls().len(), 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_calls_share_one_refresh_of_a_refused_token() {
    let scene = Scene::start().await;
    scene.test.rotate(true);
    scene.test.expire_now();
    fifty_calls(&scene.hotels).await;
    assert_eq!((scene.test.refreshes(), scene.test.reuses()), (1, 0));
}

#[tokio::test]
async fn a_rotated_refresh_token_takes_the_place_of_the_old_one() {
    let scene = Scene::start().await;
    scene.test.rotate(true);
    let mut seen = vec![scene.refresh_token().await];
    for _ in 0..3 {
        scene.an_hour_later();
        scene.hotels.reservations("MUC").await.unwrap();
        let token = scene.refresh_token().await;
        assert!(!seen.contains(&token));
        seen.push(token);
    }
    assert_eq!((scene.test.refreshes(), scene.test.reuses()), (3, 0));
}

#[tokio::test]
async fn a_refresh_token_that_is_not_rotated_is_kept() {
    let scene = Scene::start().await;
    scene.test.rotate(false);
    let first = scene.refresh_token().await;
    for _ in 0..3 {
        scene.an_hour_later();
        scene.hotels.reservations("MUC").await.unwrap();
        assert_eq!(scene.refresh_token().await, first);
    }
    assert_eq!(scene.test.refreshes(), 3);
}

#[tokio::test]
async fn a_refused_refresh_asks_for_a_sign_in_and_is_not_tried_again() {
    let scene = Scene::start().await;
    scene.test.refuse_refresh();
    scene.an_hour_later();
    let error = scene.hotels.reservations("MUC").await.unwrap_err();
    assert!(
        matches!(&error, Error::LoginRequired(LoginRequired::GrantDead { code, .. }) if code == "invalid_grant")
    );
    assert!(error.needs_login() && !error.is_transient());

    let before = scene.test.requests().len();
    for _ in 0..5 {
        assert!(scene.hotels.reservations("MUC").await.unwrap_err().needs_login());
        assert!(scene.hotels.session.refresh().await.unwrap_err().needs_login());
    }
    assert_eq!(scene.test.requests().len(), before, "a dead grant is dead");

    scene.hotels.session.adopt(signs_in(&scene.test, &scene.flow).await).await.unwrap();
    scene.hotels.reservations("MUC").await.unwrap();
}

#[tokio::test]
async fn the_token_goes_to_no_undeclared_origin() {
    let scene = Scene::start().await;
    let before = scene.seen.lock().unwrap().len();
    for (foreign, origin) in [
        ("https://evil.example/booking", "https://evil.example"),
        ("https://apaleo.com/", "https://apaleo.com"),
        ("https://api.apaleo.com.evil.example/", "https://api.apaleo.com.evil.example"),
        ("https://evil.example#https://api.apaleo.com/", "https://evil.example"),
        ("https://api.apaleo.com@evil.example/", "https://evil.example"),
        ("https://api.apaleo.com:8443/", "https://api.apaleo.com:8443"),
        ("https:\\\\evil.example/", "https://evil.example"),
        ("http://api.apaleo.com/booking", "http://api.apaleo.com"),
        ("evil.example:443/x", "null"),
        ("file:///etc/passwd", "null"),
    ] {
        let error = scene.hotels.session.get(foreign).send().await.unwrap_err();
        assert!(matches!(&error, Error::ForeignOrigin(named) if named == origin), "{foreign}: {error:?}");
        assert!(error.to_string().contains("`origins` in `[api]`"), "{error}");
    }
    assert_eq!(scene.seen.lock().unwrap().len(), before, "nothing left");
}

#[tokio::test]
async fn a_path_that_looks_like_another_host_stays_a_path() {
    let scene = Scene::start().await;
    for path in ["//evil.example/x", "\\\\evil.example/x", "/../../x", "@evil.example/x", ":443/x"] {
        scene.hotels.session.get(path).send().await.unwrap();
    }
    let seen = scene.seen.lock().unwrap();
    let foreign = |url: &&String| !url.starts_with(&format!("https://{}.apaleo.com/", host(url)));
    assert_eq!(seen.iter().find(foreign), None);
}

/// The first label of an address's host, if it is one of the declared ones.
fn host(url: &str) -> &str {
    let label = url.trim_start_matches("https://").split('.').next().unwrap();
    if ["api", "identity"].contains(&label) { label } else { "no declared one" }
}

#[tokio::test]
async fn two_owners_have_a_token_each() {
    let scene = Scene::start().await;
    let other = Hotels { session: scene.flow.session("another hotel") };
    let error = other.reservations("BER").await.unwrap_err();
    assert!(matches!(error, Error::LoginRequired(LoginRequired::NoTokens)));
    other.session.adopt(signs_in(&scene.test, &scene.flow).await).await.unwrap();
    other.reservations("BER").await.unwrap();
    scene.hotels.reservations("MUC").await.unwrap();

    let calls = scene.api_calls();
    assert_ne!(calls[0].headers["authorization"], calls[1].headers["authorization"]);
}
