//! Renewal in place: there is no refresh token, and the access token itself is presented as long as it is good.

mod common;

use common::{ACME, Clock, Server, flow, json_answer, provider, stored};
use oauth_runtime::{
    Error, LoginRequired, Secret, Session,
    provider::HasAuthorizationEndpoint,
    spec::{
        AuthMethod, Condition, Encoding, Endpoint, ErrorHint, Method, Refresh, RefreshSupport, Scalar, Spec,
        Stage, TokenRequest, TokenResponse,
    },
    transport::{Response, TransportError, TransportErrorKind},
};
use serde_json::{Value, json};
use std::time::Duration;

const DAY: u64 = 86_400;
const OBTAINED: u64 = 1_000_000;

const IN_PLACE: Refresh = Refresh {
    support: RefreshSupport::InPlace,
    endpoint: Endpoint::new("https://graph.example/renew"),
    request: Some(TokenRequest {
        method: Method::Get,
        encoding: Encoding::Query,
        rename: &[("refresh_token", "access_token")],
        omit: &["client_id"],
        auth: &[AuthMethod::None],
        grant_type: Some("ig_refresh_token"),
        ..TokenRequest::PLAIN
    }),
    leeway: Some(Duration::from_secs(30 * DAY)),
    ..Refresh::PLAIN
};
provider!(Photos, Spec { refresh: IN_PLACE, ..ACME });
provider!(
    Shaped,
    Spec {
        refresh: Refresh {
            response: Some(TokenResponse {
                plain: false,
                root: &["data"],
                access_token: &["token"],
                expires_in: &["seconds"],
                success: &[Condition { path: &["ok"], value: Scalar::Bool(true) }],
                error_code: &["why"],
                ..TokenResponse::PLAIN
            }),
            ..IN_PLACE
        },
        errors: &[ErrorHint {
            code: "gone",
            stage: Some(Stage::Refresh),
            means: Some("invalid_grant"),
            ..ErrorHint::PLAIN
        }],
        ..ACME
    }
);

/// A session whose token is of `OBTAINED` and lives for sixty days, on the `day` of its life.
async fn on_day<P: HasAuthorizationEndpoint>(provider: P, server: &Server, day: u64) -> Session<P> {
    let clock = Clock::at(OBTAINED + day * DAY);
    let session = flow(provider, server).clock(clock.reading()).session("ada");
    let record =
        json!({"access_token": "AT-OLD", "obtained_at": OBTAINED, "expires_at": OBTAINED + 60 * DAY});
    session.adopt(stored(record)).await.expect("stored");
    session
}

fn renewed() -> Response {
    json_answer(200, &json!({"access_token": "AT-NEW", "token_type": "bearer", "expires_in": 60 * DAY}))
}

fn text(token: Result<Secret, Error>) -> String {
    token.expect("a token").expose().to_owned()
}

#[tokio::test]
async fn the_access_token_is_presented_from_the_declared_leeway_on() {
    for (day, is_renewed) in [(0, false), (29, false), (30, true), (59, true)] {
        let server = Server::always(renewed());
        let session = on_day(Photos, &server, day).await;
        assert_eq!(text(session.access_token().await) == "AT-NEW", is_renewed, "day {day}");
        assert_eq!(server.count(), usize::from(is_renewed), "day {day}");
    }
    let server = Server::always(renewed());
    let session = on_day(Photos, &server, 30).await;
    session.access_token().await.expect("a token");
    let sent = server.only();
    let mut query: Vec<_> = sent.url().query_pairs().into_owned().collect();
    query.sort();
    let expected = [("access_token", "AT-OLD"), ("grant_type", "ig_refresh_token")];
    assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!((&*sent.method, sent.header("authorization")), ("GET", None));
    let tokens = session.tokens().await.expect("tokens");
    assert!(tokens.refresh_token().is_none(), "there is still none");
}

#[tokio::test]
async fn a_flow_of_its_own_leeway_overrides_the_declared_one() {
    let server = Server::always(renewed());
    let flow = flow(Photos, &server).clock(Clock::at(OBTAINED + 59 * DAY).reading()).leeway(Duration::ZERO);
    let record =
        json!({"access_token": "AT-OLD", "obtained_at": OBTAINED, "expires_at": OBTAINED + 60 * DAY});
    flow.session("ada").adopt(stored(record)).await.expect("stored");
    assert_eq!(text(flow.session("ada").access_token().await), "AT-OLD");
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_lapsed_token_asks_for_a_sign_in_at_once_and_nothing_is_sent() {
    let server = Server::always(renewed());
    for day in [60, 61] {
        let session = on_day(Photos, &server, day).await;
        for error in [
            session.access_token().await.expect_err("lapsed"),
            session.refresh().await.expect_err("lapsed"),
            session.get("me").send().await.expect_err("lapsed"),
        ] {
            assert!(matches!(error, Error::LoginRequired(LoginRequired::Expired)), "{error}");
        }
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_thousand_callers_make_one_renewal() {
    let server = Server::always(renewed()).slow(Duration::from_millis(30));
    let session = on_day(Photos, &server, 31).await;
    let callers: Vec<_> = (0..1000)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { text(session.access_token().await) })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.expect("no panic"), "AT-NEW");
    }
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_failed_renewal_leaves_a_token_that_is_still_good() {
    let broken = || json_answer(503, &json!({}));
    let refused = || json_answer(400, &json!({"error": "invalid_request"}));
    for answer in [broken(), refused(), json_answer(200, &json!({"access_token": ""}))] {
        let server = Server::always(answer);
        let session = on_day(Photos, &server, 31).await;
        for _ in 0..5 {
            assert_eq!(text(session.access_token().await), "AT-OLD");
        }
        assert_eq!(server.count(), 1, "the failure is remembered");
        assert!(session.refresh().await.is_err(), "who asks for a renewal is told");
    }
    let unheard = |_: &_, _| Err(TransportError::new(TransportErrorKind::Timeout));
    let server = Server::failing(unheard);
    assert_eq!(text(on_day(Photos, &server, 31).await.access_token().await), "AT-OLD");
}

#[tokio::test]
async fn a_dead_grant_is_remembered_and_asks_for_a_sign_in() {
    let server = Server::always(json_answer(400, &json!({"error": "invalid_grant"})));
    let session = on_day(Photos, &server, 31).await;
    for _ in 0..3 {
        let error = session.access_token().await.expect_err("dead");
        assert!(matches!(error, Error::LoginRequired(LoginRequired::GrantDead { .. })), "{error}");
    }
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn the_api_s_refusal_is_no_reason_to_present_the_refused_token() {
    let server = Server::always(json_answer(401, &json!({"error": "invalid_token"})));
    let session = on_day(Photos, &server, 1).await;
    let response = session.get("me").send().await.expect("an answer");
    assert_eq!((response.status().as_u16(), server.count()), (401, 1));
}

#[tokio::test]
async fn the_api_s_refusal_is_answered_with_a_token_that_somebody_else_renewed() {
    let store = oauth_runtime::MemoryTokenStore::new();
    let other = store.clone();
    let server = Server::new(move |sent, _| {
        if sent.header("authorization") == Some("Bearer AT-NEW") {
            return json_answer(200, &json!({"id": 1}));
        }
        let store = other.clone();
        let renewed = async move {
            use oauth_runtime::TokenStore;
            let key = oauth_runtime::TokenKey::new("acme", "", "ada");
            let mut grant = store.load(&key).await.expect("loaded").expect("stored");
            grant.generation += 1;
            grant.tokens = serde_json::from_value(json!({"access_token": "AT-NEW", "obtained_at": OBTAINED}))
                .expect("a record");
            store.save(&key, grant).await.expect("saved");
        };
        futures_now(renewed);
        json_answer(401, &json!({}))
    });
    let session = flow(Photos, &server).token_store(store).session("ada");
    let record = json!({"access_token": "AT-OLD", "obtained_at": OBTAINED});
    session.adopt(stored(record)).await.expect("stored");
    let body: Value = session.get("me").json().await.expect("the newer token is good");
    assert_eq!((body["id"].as_u64(), server.count()), (Some(1), 2));
}

/// Runs a future that never waits.
fn futures_now(future: impl Future<Output = ()>) {
    use std::task::{Context, Poll, Waker};
    let mut future = std::pin::pin!(future);
    assert_eq!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(()));
}

#[tokio::test]
async fn the_answer_to_a_refresh_has_a_shape_of_its_own_for_tokens_and_for_errors() {
    let server = Server::always(json_answer(
        200,
        &json!({"ok": true, "data": {"token": "AT-NEW", "seconds": 60 * DAY}}),
    ));
    assert_eq!(text(on_day(Shaped, &server, 31).await.access_token().await), "AT-NEW");
    let server = Server::always(json_answer(200, &json!({"ok": false, "why": "gone"})));
    let error = on_day(Shaped, &server, 31).await.access_token().await.expect_err("refused");
    assert!(error.needs_login(), "{error}");
    let server = Server::always(renewed());
    let refused = on_day(Shaped, &server, 31).await.refresh().await;
    assert!(refused.is_err(), "the shape of the token answer does not hold here");
}
