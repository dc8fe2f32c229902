//! `[[exchange]]`: a second call that trades the first token for another.

mod common;

use common::{ACME, Clock, Server, flow, json_answer, provider, sign_in, stored};
use oauth_runtime::{
    AnswerErrorKind, AuthCodeFlow, Credentials, Error, Secret, TokenKey, TokenStore,
    spec::{
        Encoding, Endpoint, Exchange, Format, Method, OnFailure, Param, Refresh, RefreshSupport, Source,
        Spec, Stage, Template, TokenResponse, Variable,
    },
    transport::{Response, TransportError, TransportErrorKind},
};
use serde_json::{Value, json};
use std::time::Duration;

const TRADE: Exchange = Exchange {
    url: Endpoint::new("https://graph.example/trade"),
    method: Method::Get,
    encoding: Encoding::Query,
    params: &[
        Param { name: "grant_type", value: Template::new("ig_exchange_token") },
        Param { name: "access_token", value: Template::new("{access_token}") },
        Param { name: "client_secret", value: Template::new("{client_secret}") },
    ],
    on_failure: OnFailure::Keep,
    ..Exchange::PLAIN
};
const FAILING: Exchange = Exchange { on_failure: OnFailure::Fail, ..TRADE };

provider!(Keeps, Spec { exchanges: &[TRADE], ..ACME });
provider!(Fails, Spec { exchanges: &[FAILING], ..ACME });
provider!(
    /// A session for each access token, as at Bullhorn.
    Sessions,
    Spec {
        exchanges: &[Exchange {
            after: &[Stage::Token, Stage::Refresh],
            method: Method::Post,
            encoding: Encoding::Json,
            response: Some(TokenResponse { plain: false, access_token: &["session"], ..TokenResponse::PLAIN }),
            ..FAILING
        }],
        refresh: Refresh { support: RefreshSupport::Rotating, ..Refresh::PLAIN },
        ..ACME
    }
);

fn first() -> Response {
    let body = json!({"access_token": "FIRST", "refresh_token": "RT", "expires_in": 3600, "scope": "a b", "user_id": 7});
    json_answer(200, &body)
}

/// A server that answers a code with `FIRST`, and an exchange with this.
fn answering(exchange: impl Fn() -> Result<Response, TransportError> + Send + Sync + 'static) -> Server {
    Server::failing(move |sent, _| if sent.uri.contains("/trade") { exchange() } else { Ok(first()) })
}

#[allow(clippy::unnecessary_wraps, reason = "a server of a test may also fail")]
fn second() -> Result<Response, TransportError> {
    Ok(json_answer(200, &json!({"access_token": "SECOND", "token_type": "bearer", "expires_in": 5_184_000})))
}

#[allow(clippy::unnecessary_wraps, reason = "a server of a test may also fail")]
fn refused() -> Result<Response, TransportError> {
    let text = "FIRST and client-secret are no good";
    Ok(json_answer(400, &json!({"error": "invalid_request", "error_description": text})))
}

#[tokio::test]
async fn the_first_token_is_traded_once_and_what_came_with_it_stays() {
    let server = answering(second);
    let clock = Clock::at(1_000_000);
    let flow = flow(Keeps, &server).clock(clock.reading());
    let tokens = sign_in(&flow).await.expect("traded");
    assert_eq!(tokens.access_token().expose(), "SECOND");
    assert_eq!(tokens.refresh_token().map(Secret::expose), Some("RT"));
    assert_eq!(tokens.scopes().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(tokens.extra("user_id"), Some(&json!(7)));
    assert_eq!(tokens.expires_at(), Some(common::time(1_000_000 + 5_184_000)));
    assert!(!tokens.exchange_failed() && tokens.exchange_error().is_none());

    let seen = server.seen();
    assert_eq!(seen.len(), 2, "one request for the code, one for the token");
    let mut query: Vec<_> = seen[1].url().query_pairs().into_owned().collect();
    query.sort();
    let expected =
        [("access_token", "FIRST"), ("client_secret", "client-secret"), ("grant_type", "ig_exchange_token")];
    assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!((&*seen[1].method, seen[1].header("authorization"), seen[1].body.len()), ("GET", None, 0));
}

#[tokio::test]
async fn a_failed_exchange_is_not_tried_again_and_keeps_the_first_token_or_is_an_error_of_its_own() {
    let unheard = || Err(TransportError::new(TransportErrorKind::Timeout));
    let broken = || Ok(json_answer(503, &json!({})));
    let empty = || Ok(json_answer(200, &json!({"access_token": ""})));
    let redirect = || {
        let mut answer = json_answer(302, &json!({}));
        answer.headers_mut().insert("location", "https://evil.example/".parse().expect("a value"));
        Ok(answer)
    };
    let failures: [fn() -> Result<Response, TransportError>; 5] = [refused, unheard, broken, empty, redirect];
    for failure in failures {
        let server = answering(failure);
        let tokens = sign_in(&flow(Keeps, &server)).await.expect("kept");
        assert_eq!(tokens.access_token().expose(), "FIRST");
        assert!(tokens.exchange_failed());
        let kept = tokens.exchange_error().expect("it says why").to_string();
        assert_eq!(server.count(), 2, "{kept}");

        let server = answering(failure);
        let error = sign_in(&flow(Fails, &server)).await.expect_err("of no use");
        assert_eq!(server.count(), 2, "{error}");
        let stage = match &error {
            Error::Refused(refusal) => Some(refusal.stage()),
            Error::Answer(answer) => Some(answer.stage()),
            _ => None,
        };
        assert!(stage.is_none_or(|stage| stage == Stage::Exchange), "{error:?}");
        for text in [kept, error.to_string(), format!("{error:?}"), format!("{tokens:?}")] {
            assert!(text.contains("exchange") || text.starts_with("TokenSet"), "{text}");
            assert!(!text.contains("FIRST") && !text.contains("client-secret"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_token_that_was_kept_says_so_after_it_was_stored() {
    let tokens = sign_in(&flow(Keeps, &answering(refused))).await.expect("kept");
    let record = serde_json::to_value(tokens.expose()).expect("a record");
    let restored = stored::<Keeps>(record.clone());
    assert!(restored.exchange_failed() && restored.exchange_error().is_none());
    assert!(!record.to_string().contains("no good"), "an error is not stored");
    let honest = sign_in(&flow(Keeps, &answering(second))).await.expect("traded");
    let record = serde_json::to_value(honest.expose()).expect("a record");
    assert!(record.get("exchanged").is_none(), "what is usual costs nothing");
}

#[tokio::test]
async fn a_refused_code_is_never_followed_by_an_exchange() {
    let server = Server::always(json_answer(400, &json!({"error": "invalid_grant"})));
    let error = sign_in(&flow(Keeps, &server)).await.expect_err("refused");
    assert!(matches!(&error, Error::Refused(refusal) if refusal.stage() == Stage::Token), "{error}");
    assert_eq!(server.count(), 1);
}

provider!(
    /// The shop is told by the answer to the code, or by that to the exchange.
    Told,
    Spec {
        exchanges: &[FAILING],
        response: TokenResponse { plain: false, ..TokenResponse::PLAIN },
        variables: &[Variable {
            name: "shop",
            format: Format::HostLabel,
            source: Source::Token(&["shop"]),
            required: true,
            ..Variable::PLAIN
        }],
        ..ACME
    }
);

#[tokio::test]
async fn what_a_token_should_tell_may_come_with_the_one_it_is_exchanged_for_but_not_wrongly() {
    let told = |first: Value, second: Value| {
        let answer = |token: &str, mut shop: Value| {
            shop["access_token"] = token.into();
            json_answer(200, &shop)
        };
        let (first, second) = (answer("FIRST", first), answer("SECOND", second));
        Server::new(move |sent, _| if sent.uri.contains("/trade") { second.clone() } else { first.clone() })
    };
    for (first, second) in [
        (json!({}), json!({"shop": "ada"})),
        (json!({"shop": "ada"}), json!({})),
        (json!({"shop": null}), json!({"shop": "ada"})),
    ] {
        let tokens = sign_in(&flow(Told, &told(first, second))).await.expect("told once");
        assert_eq!(tokens.access_token().expose(), "SECOND");
    }
    for wrong in [json!("evil.example/"), json!(["ada"])] {
        let server = told(json!({"shop": wrong}), json!({"shop": "ada"}));
        let outcome = sign_in(&flow(Told, &server)).await;
        let Err(Error::Answer(answer)) = outcome else { panic!("{wrong} is taken") };
        assert_eq!(answer.kind(), AnswerErrorKind::Invalid("shop"));
        assert_eq!(server.count(), 1, "nothing is exchanged after {wrong}");
    }
}

#[test]
fn an_exchange_with_the_client_secret_needs_one() {
    let flow = AuthCodeFlow::new(Keeps, Credentials::public("id"), common::REDIRECT_URI);
    let error = flow.expect_err("there is no secret").to_string();
    assert!(error.contains("exchanges its tokens with the client secret"), "{error}");
    AuthCodeFlow::new(Keeps, common::confidential(), common::REDIRECT_URI).expect("with one it is a flow");
}

/// A server of [`Sessions`] whose refresh tokens are good once, and whose exchange answers this.
fn sessions(exchange: impl Fn() -> Response + Send + Sync + 'static) -> Server {
    let expected = std::sync::atomic::AtomicUsize::new(0);
    Server::new(move |sent, _| {
        if sent.uri.contains("/trade") {
            return exchange();
        }
        let number = expected.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        assert_eq!(sent.field("refresh_token"), Some(format!("RT-{number}")), "each is presented once");
        let next = number + 1;
        json_answer(
            200,
            &json!({"access_token": format!("AT-{next}"), "refresh_token": format!("RT-{next}"), "expires_in": 600}),
        )
    })
}

fn record() -> Value {
    json!({"access_token": "SESSION-0", "refresh_token": "RT-0", "obtained_at": 1000, "expires_at": 2000})
}

#[tokio::test]
async fn a_refreshed_token_is_traded_too_where_the_definition_says_so() {
    let server = sessions(|| json_answer(200, &json!({"session": "SESSION-1"})));
    let session = flow(Sessions, &server).clock(Clock::at(5000).reading()).session("ada");
    session.adopt(stored(record())).await.expect("stored");
    let tokens = session.tokens().await.expect("refreshed and traded");
    assert_eq!(tokens.access_token().expose(), "SESSION-1");
    assert_eq!(tokens.refresh_token().map(Secret::expose), Some("RT-1"));
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    let body: Value = serde_json::from_slice(&seen[1].body).expect("JSON");
    assert_eq!(body["access_token"], "AT-1");
}

#[tokio::test]
async fn a_new_refresh_token_is_saved_before_the_exchange_and_survives_its_failure() {
    let store = oauth_runtime::MemoryTokenStore::new();
    let working = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let works = working.clone();
    let server = sessions(move || {
        if works.load(std::sync::atomic::Ordering::SeqCst) {
            json_answer(200, &json!({"session": "SESSION"}))
        } else {
            json_answer(503, &json!({}))
        }
    });
    let clock = Clock::at(5000);
    let first = flow(Sessions, &server).clock(clock.reading()).token_store(store.clone());
    let session = first.session("ada");
    session.adopt(stored(record())).await.expect("stored");
    for _ in 0..3 {
        session.access_token().await.expect_err("there is no session token");
    }
    assert_eq!(server.count(), 2, "one refresh, one exchange, and then a pause");
    let key = TokenKey::new("acme", "", "ada");
    let kept = store.load(&key).await.expect("loaded").expect("stored").tokens;
    let kept = serde_json::to_value(kept).expect("a record");
    assert_eq!((&kept["refresh_token"], &kept["exchanged"]), (&json!("RT-1"), &json!("pending")));

    working.store(true, std::sync::atomic::Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(session.access_token().await.expect("after the pause").expose(), "SESSION");
    let seen = server.seen();
    let refreshes = seen.iter().filter(|sent| !sent.uri.contains("/trade")).count();
    assert_eq!((refreshes, seen.len()), (1, 3), "the exchange is made up for, without another refresh");
}

#[tokio::test]
async fn what_another_process_left_unexchanged_is_exchanged_or_refreshed_when_it_has_lapsed() {
    for (expires_at, refreshes) in [(6000, 0), (4000, 1)] {
        let server = sessions(|| json_answer(200, &json!({"session": "SESSION"})));
        let session = flow(Sessions, &server).clock(Clock::at(5000).reading()).session("ada");
        let mut left = record();
        left["exchanged"] = "pending".into();
        left["expires_at"] = expires_at.into();
        session.adopt(stored(left)).await.expect("stored");
        assert_eq!(session.access_token().await.expect("a session").expose(), "SESSION");
        assert_eq!(server.count(), refreshes + 1);
    }
}

#[tokio::test]
async fn a_refreshed_token_of_no_lifetime_is_no_loop() {
    let server = Server::new(|sent, _| {
        let body = if sent.uri.contains("/trade") {
            json!({"session": "SESSION"})
        } else {
            json!({"access_token": "AT", "refresh_token": "RT", "expires_in": 0})
        };
        json_answer(200, &body)
    });
    let session = flow(Sessions, &server).clock(Clock::at(5000).reading()).session("ada");
    session.adopt(stored(record())).await.expect("stored");
    assert_eq!(session.access_token().await.expect("a session").expose(), "SESSION");
    assert_eq!(server.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_new_refresh_token_that_could_not_be_saved_at_first_is_exchanged_when_it_is() {
    let store = oauth_runtime::MemoryTokenStore::new();
    let broken = common::shared::Paused::new(store.clone());
    let server = sessions(|| json_answer(200, &json!({"session": "SESSION"})));
    let flow = flow(Sessions, &server).clock(Clock::at(5000).reading()).token_store(broken.clone());
    let session = flow.session("ada");
    session.adopt(stored(record())).await.expect("stored");
    broken.fail_commits(5);
    assert!(matches!(session.access_token().await, Err(Error::Store(_))));
    assert_eq!(session.access_token().await.expect("saved and exchanged").expose(), "SESSION");
    assert_eq!(server.count(), 2, "one refresh, one exchange");
}
