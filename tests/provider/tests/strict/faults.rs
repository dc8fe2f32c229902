use crate::{definitions::*, raw::*};
use oauth_runtime::transport::{Response, Transport, TransportErrorKind};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

const API: &str = "https://api.example/v1/x";

#[tokio::test]
async fn a_page_of_a_broken_proxy_comes_once_and_nothing_is_carried_out() {
    let test = start::<Standard>().await;
    let form = exchange(&code(&test).await);
    test.html_502();
    let answer = send(&test, post("https://id.example/token", &form)).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (502, &"text/html".parse().expect("text"))
    );
    assert_eq!(token(&test, &form).await.0, 200);
}

#[tokio::test]
async fn any_answer_can_be_given() {
    let test = start::<Standard>().await;
    for body in ["{}", "not json"] {
        let answer = http::Response::builder().status(418).header("x-fault", "1").body(body.into());
        test.answer_next(answer.expect("an answer"));
    }
    for body in ["{}", "not json"] {
        let answer = send(&test, post("https://id.example/token", &exchange("x"))).await;
        assert_eq!((answer.status().as_u16(), &answer.body()[..]), (418, body.as_bytes()));
        assert_eq!(answer.headers()["x-fault"], "1");
    }
    assert_eq!(token(&test, &exchange("x")).await.0, 400);
}

#[tokio::test]
async fn a_lost_answer_leaves_the_client_without_the_new_refresh_token() {
    let test = start::<Standard>().await;
    let (_, refresh_token) = tokens(&test).await;
    test.drop_connection();
    let request = post("https://id.example/token", &renewal(&refresh_token));
    let error = test.transport().send(request).await.expect_err("no answer");
    assert_ne!(error.kind(), TransportErrorKind::Timeout);
    assert_eq!(error_code(&token(&test, &renewal(&refresh_token)).await), "invalid_grant");
    assert_eq!((test.refreshes(), test.reuses()), (2, 1), "it was sent once, and taken");
}

fn error_code(answer: &(u16, serde_json::Value)) -> String {
    text(&answer.1, "/error")
}

#[tokio::test]
async fn slow_answers_come_after_their_delay() {
    let test = start::<Standard>().await;
    let form = exchange(&code(&test).await);
    test.slow(Duration::from_millis(120));
    let start = Instant::now();
    assert_eq!(token(&test, &form).await.0, 200);
    assert!(start.elapsed() >= Duration::from_millis(120));
    test.slow(Duration::from_secs(3600));
    test.slow(Duration::ZERO);
    assert_eq!(token(&test, &form).await.0, 400, "the last word counts: no hour passes");
}

#[tokio::test]
async fn all_access_tokens_can_be_ended_at_once() {
    let test = start::<Standard>().await;
    let (access_token, refresh_token) = tokens(&test).await;
    test.expire_now();
    assert_eq!(call(&test, API, &access_token).await.0, 401);
    let (_, body) = token(&test, &renewal(&refresh_token)).await;
    assert_eq!(call(&test, API, &text(&body, "/access_token")).await.0, 200);
}

#[tokio::test]
async fn all_refresh_tokens_can_be_refused_at_once() {
    let test = start::<Standard>().await;
    let (access_token, refresh_token) = tokens(&test).await;
    test.refuse_refresh();
    assert_eq!(error(token(&test, &renewal(&refresh_token)).await), "invalid_grant");
    assert_eq!(call(&test, API, &access_token).await.0, 200);
    let (_, refresh_token) = tokens(&test).await;
    assert_eq!(token(&test, &renewal(&refresh_token)).await.0, 200, "a new sign-in works");
}

#[tokio::test]
async fn it_ends_when_it_is_dropped_even_while_an_answer_is_held_back() {
    let test = start::<Standard>().await;
    test.slow(Duration::from_secs(3600));
    let transport = test.transport();
    let waiting = tokio::spawn({
        let transport = transport.clone();
        async move { transport.send(post("https://id.example/token", &exchange("x"))).await }
    });
    while test.token_requests() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(test);
    let answered: Result<Response, _> = waiting.await.expect("no panic");
    assert_eq!(answered.expect("the answer comes at once").status(), 400);
    let refused = tokio::time::timeout(Duration::from_secs(5), async {
        while transport.send(get(API, &[])).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    refused.await.expect("nobody listens any more");
}

#[tokio::test]
async fn of_a_lost_answer_not_one_byte_is_sent() {
    let test = start::<Standard>().await;
    test.drop_connection();
    let address = test.origin().replace("http://", "");
    let received = tokio::task::spawn_blocking(move || {
        let mut connection = TcpStream::connect(address).expect("a connection");
        let request = b"POST /id.example/token HTTP/1.1\r\nhost: id.example\r\ncontent-length: 0\r\n\r\n";
        connection.write_all(request).expect("sent");
        let mut received = Vec::new();
        // Some systems call the end a reset.
        let _end = connection.read_to_end(&mut received);
        received
    });
    assert_eq!(received.await.expect("no panic"), b"");
    assert_eq!(test.token_requests(), 1);
}

#[tokio::test]
async fn a_request_whose_client_went_away_before_it_was_looked_at_is_not_carried_out() {
    let test = start::<Standard>().await;
    let (_, refresh_token) = tokens(&test).await;
    test.hesitate(Duration::from_millis(200));
    let request = test.transport();
    let request = request.send(post("https://id.example/token", &renewal(&refresh_token)));
    assert!(tokio::time::timeout(Duration::from_millis(100), request).await.is_err());
    tokio::time::sleep(Duration::from_millis(300)).await;
    test.hesitate(Duration::ZERO);
    assert_eq!(test.refreshes(), 1, "it arrived");
    assert_eq!(token(&test, &renewal(&refresh_token)).await.0, 200, "and changed nothing");
}
