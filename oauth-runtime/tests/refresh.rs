//! Refreshing (RFC 6749 §6): when, how often, and what is kept.

mod common;

use common::{ACME, Acme, Clock, Server, answer, flow, good, json_answer, lapsed, provider, stored};
use oauth_runtime::{
    AnswerErrorKind, AuthCodeFlow, Error, LoginRequired, Secret, Session,
    spec::{ErrorHint, Refresh, RefreshSupport, Spec, Stage},
    transport::{Response, TransportError, TransportErrorKind},
};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

const NOW: u64 = 1_000_000;

/// A flow at [`NOW`], and Ada's session with these tokens.
async fn session(server: &Server, tokens: Value) -> Session<Acme> {
    let session = flow(Acme, server).clock(Clock::at(NOW).reading()).session("ada");
    session.adopt(stored(tokens)).await.expect("stored");
    session
}

async fn lapsed_session(server: &Server) -> Session<Acme> {
    let session = flow(Acme, server).session("ada");
    session.adopt(lapsed()).await.expect("stored");
    session
}

fn text(token: Result<Secret, Error>) -> String {
    token.expect("a token").expose().to_owned()
}

#[tokio::test]
async fn a_token_is_refreshed_when_less_than_the_leeway_or_half_its_life_is_left() {
    for (lifetime, left, leeway, is_refreshed) in [
        (3600, 3600, 60, false),
        (3600, 61, 60, false),
        (3600, 60, 60, true),
        (3600, 1, 60, true),
        (3600, 0, 60, true),
        (3600, 1, 0, false),
        (3600, 0, 0, true),
        (60, 31, 60, false),
        (60, 30, 60, true),
        (2, 2, 60, false),
        (2, 1, 60, true),
        (3600, 1801, 86_400, false),
        (3600, 1800, 86_400, true),
        (0, 0, 60, true),
    ] {
        let server = Server::always(good());
        let flow = flow(Acme, &server).clock(Clock::at(NOW).reading()).leeway(Duration::from_secs(leeway));
        let expires_at = NOW + left;
        let record = json!({"access_token": "AT-OLD", "refresh_token": "RT-OLD", "obtained_at": expires_at - lifetime, "expires_at": expires_at});
        flow.session("ada").adopt(stored(record)).await.expect("stored");
        let token = text(flow.session("ada").access_token().await);
        assert_eq!(token == "AT-NEW", is_refreshed, "{left} s of {lifetime} s left, leeway {leeway} s");
        assert_eq!(server.count(), usize::from(is_refreshed));
    }
}

#[tokio::test]
async fn a_token_without_a_lifetime_is_used_and_one_from_the_future_is_not_trusted() {
    let server = Server::always(good());
    let endless =
        session(&server, json!({"access_token": "AT-OLD", "refresh_token": "RT-OLD", "obtained_at": 0}))
            .await;
    assert_eq!((text(endless.access_token().await), server.count()), ("AT-OLD".to_owned(), 0));

    for (ahead, is_refreshed) in [(60, false), (61, true), (86_400, true)] {
        let server = Server::always(good());
        let record = json!({"access_token": "AT-OLD", "refresh_token": "RT-OLD", "obtained_at": NOW + ahead, "expires_at": NOW + ahead + 3600});
        let session = session(&server, record).await;
        assert_eq!(text(session.access_token().await) == "AT-NEW", is_refreshed, "{ahead}");
        assert_eq!(
            (text(session.access_token().await), server.count() <= 1),
            (if is_refreshed { "AT-NEW" } else { "AT-OLD" }.to_owned(), true)
        );
    }
}

#[tokio::test]
async fn times_that_no_clock_can_hold_are_no_panic() {
    for (obtained_at, expires_at) in
        [(0, u64::MAX), (u64::MAX, 0), (i64::MAX as u64, i64::MAX as u64), (0, i64::MAX as u64)]
    {
        let server = Server::always(good());
        let record = json!({"access_token": "AT", "obtained_at": obtained_at, "expires_at": expires_at, "refresh_token_expires_at": u64::MAX, "refresh_token": "RT"});
        let session = session(&server, record).await;
        session.access_token().await.expect("a token");
    }
}

#[tokio::test]
async fn what_a_refresh_leaves_out_is_kept_and_what_it_brings_is_taken() {
    let before = json!({
        "access_token": "AT-OLD", "refresh_token": "RT-OLD", "id_token": "ID-OLD", "obtained_at": 1, "expires_at": 2,
        "refresh_token_expires_at": 9_000_000, "scopes": "read", "asked": "read write", "extra": {"team": "T1", "tier": 1}
    });
    for (answered, refresh_token) in [
        (json!({}), "RT-OLD"),
        (json!({"refresh_token": null}), "RT-OLD"),
        (json!({"refresh_token": ""}), "RT-OLD"),
        (json!({"refresh_token": "RT-NEW", "tier": 2, "id_token": "ID-NEW"}), "RT-NEW"),
    ] {
        let mut body = json!({"access_token": "AT-NEW", "expires_in": 3600});
        body.as_object_mut().expect("an object").extend(answered.as_object().expect("an object").clone());
        let server = Server::always(json_answer(200, &body));
        let session = session(&server, before.clone()).await;
        let tokens = session.tokens().await.expect("tokens");
        assert_eq!(tokens.access_token().expose(), "AT-NEW");
        assert_eq!(tokens.refresh_token().map(Secret::expose), Some(refresh_token));
        assert_eq!(
            (tokens.scopes().collect::<Vec<_>>(), tokens.missing_scopes().collect::<Vec<_>>()),
            (vec!["read"], vec!["write"])
        );
        assert_eq!(tokens.extra("team"), Some(&json!("T1")));
        let is_new = refresh_token == "RT-NEW";
        assert_eq!(tokens.extra("tier"), Some(&json!(if is_new { 2 } else { 1 })));
        assert_eq!(tokens.id_token().map(Secret::expose), Some(if is_new { "ID-NEW" } else { "ID-OLD" }));
        assert_eq!(
            tokens.refresh_token_expires_at().is_some(),
            !is_new,
            "the old one's time is not the new one's"
        );
        let sent = server.only();
        assert_eq!(sent.field("grant_type").as_deref(), Some("refresh_token"));
        assert_eq!(sent.field("refresh_token").as_deref(), Some("RT-OLD"));
        assert!(sent.header("authorization").is_some());
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_leaves_the_stored_tokens_alone() {
    let answers: Vec<Response> = vec![
        answer(200, "text/html", "<html>"),
        json_answer(200, &json!({"access_token": "", "refresh_token": "RT-EVIL"})),
        json_answer(200, &json!({"access_token": "AT\r\n", "refresh_token": "RT-EVIL"})),
        json_answer(200, &json!({"access_token": "AT", "token_type": "mac", "refresh_token": "RT-EVIL"})),
        answer(307, "", ""),
        answer(503, "", ""),
        json_answer(400, &json!({"error": "invalid_client"})),
    ];
    for response in answers {
        let server = Server::always(response);
        let session = lapsed_session(&server).await;
        session.access_token().await.expect_err("it lapsed");
        let kept = session.stored_tokens().await.expect("loaded").expect("tokens");
        assert_eq!(kept.access_token().expose(), "AT-OLD");
        assert_eq!(kept.refresh_token().map(Secret::expose), Some("RT-OLD"));
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_token_that_is_still_good_is_used_while_the_provider_has_trouble() {
    let nearly = json!({"access_token": "AT-OLD", "refresh_token": "RT-OLD", "obtained_at": NOW - 3590, "expires_at": NOW + 10});
    let server = Server::always(answer(503, "", ""));
    let session = session(&server, nearly.clone()).await;
    for _ in 0..10 {
        assert_eq!(text(session.access_token().await), "AT-OLD");
    }
    assert_eq!(server.count(), 1, "the failure is remembered");

    let server = Server::failing(|_, _| Err(TransportError::new(TransportErrorKind::Connect)));
    let session = self::session(&server, nearly).await;
    assert_eq!(text(session.access_token().await), "AT-OLD");
    assert!(matches!(session.refresh().await, Err(Error::Transport(_))), "who asks for a refresh is told");
}

#[tokio::test]
async fn without_a_way_to_refresh_a_lapsed_token_asks_for_the_user() {
    let server = Server::always(good());
    let session =
        session(&server, json!({"access_token": "AT-OLD", "obtained_at": 0, "expires_at": NOW})).await;
    let error = session.access_token().await.expect_err("it lapsed");
    assert!(matches!(error, Error::LoginRequired(LoginRequired::Expired)) && error.needs_login());
    assert!(matches!(session.refresh().await, Err(Error::LoginRequired(LoginRequired::Expired))));
    session.remove().await.expect("removed");
    let error = session.access_token().await.expect_err("nothing is stored");
    assert!(matches!(error, Error::LoginRequired(LoginRequired::NoTokens)));
    assert_eq!(server.count(), 0);
}

provider!(NoRefresh, Spec { refresh: Refresh { support: RefreshSupport::None, ..Refresh::PLAIN }, ..ACME });

#[tokio::test]
async fn a_provider_without_refresh_is_never_asked() {
    let server = Server::always(good());
    let session = flow(NoRefresh, &server).session("ada");
    session.adopt(lapsed()).await.expect("stored");
    assert!(matches!(session.access_token().await, Err(Error::LoginRequired(LoginRequired::Expired))));
    assert_eq!(server.count(), 0);
}

/// Ten thousand callers at once; what they all got.
async fn crowd(flow: &AuthCodeFlow<Acme>) -> Vec<Result<Secret, Error>> {
    let callers: Vec<_> = (0..10_000)
        .map(|_| {
            let session = flow.session("ada");
            tokio::spawn(async move { session.access_token().await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for caller in callers {
        outcomes.push(caller.await.expect("no panic"));
    }
    outcomes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_callers_of_an_expired_token_make_one_request() {
    for delay in [0, 1, 200] {
        let server = Server::always(good()).slow(Duration::from_millis(delay));
        let flow = flow(Acme, &server);
        flow.session("ada").adopt(lapsed()).await.expect("stored");
        let outcomes = crowd(&flow).await;
        assert!(outcomes.into_iter().all(|outcome| text(outcome) == "AT-NEW"));
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_refresh_is_shared_and_the_next_try_waits() {
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let seen = arrivals.clone();
    let server = Server::new(move |_, _| {
        seen.lock().expect("no test panicked with it").push(Instant::now());
        answer(503, "", "")
    });
    let flow = flow(Acme, &server.slow(Duration::from_millis(50)));
    flow.session("ada").adopt(lapsed()).await.expect("stored");
    for outcome in crowd(&flow).await {
        let error = outcome.expect_err("the provider has trouble");
        assert!(
            matches!(&error, Error::Answer(answer) if answer.kind() == AnswerErrorKind::Unavailable { retry_after: None })
        );
        assert!(error.is_transient());
    }
    let arrived = || arrivals.lock().expect("no test panicked with it").clone();
    while arrived().len() < 3 {
        flow.session("ada").access_token().await.expect_err("the provider still has trouble");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The first wait is a second, and the next one twice as long: on a slow machine they are longer, never shorter.
    let waits: Vec<_> = arrived().windows(2).map(|two| two[1] - two[0]).collect();
    assert!(waits[0] >= Duration::from_secs(1) && waits[1] >= Duration::from_secs(2), "{waits:?}");
}

#[tokio::test]
async fn a_failure_says_nothing_of_a_grant_that_another_process_stored_since() {
    let server = Server::new(|_, before| if before == 0 { answer(503, "", "") } else { good() });
    let store = oauth_runtime::MemoryTokenStore::new();
    let here = flow(Acme, &server).token_store(store.clone()).session("ada");
    let elsewhere = flow(Acme, &server).token_store(store).session("ada");
    here.adopt(lapsed()).await.expect("stored");
    here.access_token().await.expect_err("the provider has trouble");
    here.access_token().await.expect_err("and the failure is remembered");
    assert_eq!(server.count(), 1);
    elsewhere.adopt(lapsed()).await.expect("stored");
    here.access_token().await.expect("another grant is tried at once");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_server_may_ask_for_a_longer_wait_but_not_for_none() {
    for (retry_after, is_asked_again) in
        [("0", false), ("Thu, 01 Jan 1970 00:00:00 GMT", false), ("3600", false)]
    {
        let server = Server::new(move |_, _| {
            let mut response = answer(429, "", "");
            response.headers_mut().insert("retry-after", retry_after.parse().expect("a value"));
            response
        });
        let session = lapsed_session(&server).await;
        for _ in 0..20 {
            session.access_token().await.expect_err("too many requests");
        }
        assert_eq!(server.count() > 1, is_asked_again, "{retry_after}");
    }
    let server = Server::new(|_, before| {
        let mut response = if before == 0 { answer(503, "", "") } else { good() };
        response.headers_mut().insert("retry-after", "2".parse().expect("a value"));
        response
    });
    let session = lapsed_session(&server).await;
    session.access_token().await.expect_err("it is down");
    tokio::time::sleep(Duration::from_millis(1200)).await;
    session.access_token().await.expect_err("two seconds were asked for");
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!((text(session.access_token().await), server.count()), ("AT-NEW".to_owned(), 2));
}

const REVOKES: Spec = Spec {
    errors: &[ErrorHint {
        code: "token_revoked",
        stage: Some(Stage::Refresh),
        means: Some("invalid_grant"),
        ..ErrorHint::PLAIN
    }],
    ..ACME
};
provider!(Revokes, REVOKES);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_grant_is_recorded_and_not_tried_again_until_the_user_signs_in() {
    for status in [400, 200] {
        let dead = json_answer(status, &json!({"error": "invalid_grant"}));
        let server = Server::new(move |_, before| if before == 0 { dead.clone() } else { good() });
        let flow = flow(Acme, &server);
        flow.session("ada").adopt(lapsed()).await.expect("stored");
        for outcome in crowd(&flow).await {
            let error = outcome.expect_err("the grant is dead");
            assert!(error.needs_login());
            assert!(
                matches!(error, Error::LoginRequired(LoginRequired::GrantDead { code, .. }) if code == "invalid_grant")
            );
        }
        assert!(flow.session("ada").refresh().await.is_err());
        assert_eq!(server.count(), 1);
        flow.session("ada").adopt(lapsed()).await.expect("signed in again");
        assert_eq!(
            (text(flow.session("ada").access_token().await), server.count()),
            ("AT-NEW".to_owned(), 2)
        );
    }
    let server = Server::always(json_answer(401, &json!({"error": "token_revoked"})));
    let session = flow(Revokes, &server).session("ada");
    session.adopt(lapsed()).await.expect("stored");
    for _ in 0..2 {
        let error = session.access_token().await.expect_err("the grant is dead");
        assert!(
            matches!(error, Error::LoginRequired(LoginRequired::GrantDead { code, .. }) if code == "token_revoked")
        );
    }
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn callers_that_go_away_cancel_nothing() {
    let server = Server::always(good()).slow(Duration::from_secs(1));
    let flow = flow(Acme, &server);
    flow.session("ada").adopt(lapsed()).await.expect("stored");
    for wait in 0..50 {
        let session = flow.session("ada");
        let call =
            tokio::time::timeout(
                Duration::from_millis(wait % 3),
                async move { session.access_token().await },
            );
        assert!(call.await.is_err(), "the caller went away");
    }
    let stored = || async { flow.session("ada").stored_tokens().await.expect("loaded").expect("tokens") };
    while stored().await.access_token().expose() == "AT-OLD" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let kept = stored().await;
    assert_eq!((kept.refresh_token().map(Secret::expose), server.count()), (Some("RT-NEW"), 1));
    assert_eq!((text(flow.session("ada").access_token().await), server.count()), ("AT-NEW".to_owned(), 1));
}

#[tokio::test]
async fn a_lifetime_of_zero_is_no_loop() {
    for expires_in in [0, -1, 1] {
        let server =
            Server::always(json_answer(200, &json!({"access_token": "AT-NEW", "expires_in": expires_in})));
        let session = lapsed_session(&server).await;
        let start = std::time::Instant::now();
        for _ in 0..1000 {
            assert_eq!(text(session.access_token().await), "AT-NEW");
        }
        let most = 1 + usize::try_from(start.elapsed().as_secs()).expect("it is quick");
        assert!((1..=most).contains(&server.count()), "{} requests for {expires_in}", server.count());
    }
}

#[tokio::test]
async fn one_grant_that_hangs_holds_up_no_other() {
    let server = Arc::new(Server::always(good()).slow(Duration::from_secs(3600)));
    let flow = flow(Acme, &server).deadline(Duration::from_secs(2));
    flow.session("hung").adopt(lapsed()).await.expect("stored");
    let hung = tokio::spawn({
        let session = flow.session("hung");
        async move { session.access_token().await }
    });
    tokio::task::yield_now().await;
    let start = std::time::Instant::now();
    let fresh = json!({"access_token": "AT", "obtained_at": 0});
    for owner in 0..1000 {
        let session = flow.session(owner.to_string());
        session.adopt(stored(fresh.clone())).await.expect("stored");
        session.access_token().await.expect("a token");
    }
    assert!(start.elapsed() < Duration::from_millis(1900) && !hung.is_finished());
    assert!(
        matches!(hung.await.expect("no panic"), Err(Error::Transport(error)) if error.kind() == TransportErrorKind::Timeout)
    );
}
