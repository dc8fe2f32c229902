use crate::{definitions::*, raw::*};
use oauth_runtime::transport::{Request, Response, Transport, TransportError, TransportErrorKind};
use std::{
    error::Error,
    sync::{Arc, Mutex},
};

#[tokio::test]
async fn a_host_that_the_definition_does_not_name_is_refused_before_anything_is_sent() {
    let test = start::<Standard>().await;
    let sent = Arc::new(Mutex::new(0));
    let count = sent.clone();
    let transport = test.transport().over(move |_: Request| {
        *count.lock().expect("not poisoned") += 1;
        async { Ok::<Response, TransportError>(Response::default()) }
    });
    for url in [
        "https://evil.example/token",
        "https://id.example.evil/token",
        "https://id.example:8443/token",
        "http://id.example/token",
        "http://127.0.0.1:1/id.example/token",
    ] {
        let error = transport.send(get(url, &[])).await.expect_err(url);
        assert_eq!(error.kind(), TransportErrorKind::Connect);
        let cause = error.source().expect("a cause").to_string();
        assert!(
            cause.starts_with("nothing was sent: the definition of Standard <Inc> does not name http"),
            "{cause}"
        );
    }
    assert_eq!(*sent.lock().expect("not poisoned"), 0);
    transport.send(get("https://id.example/x", &[])).await.expect("an answer");
    assert_eq!(*sent.lock().expect("not poisoned"), 1);
}

#[tokio::test]
async fn a_request_keeps_everything_but_its_address() {
    let test = start::<Standard>().await;
    let origin = test.origin();
    let transport = test.transport().over(move |request: Request| {
        assert_eq!(request.uri().to_string(), format!("{origin}/id.example/token?a=%2F"));
        assert_eq!(request.headers()["x-kept"], "1");
        assert_eq!(request.extensions().get::<u8>(), Some(&7));
        async { Ok::<Response, TransportError>(Response::default()) }
    });
    let mut request = get("https://id.example/token?a=%2F", &[("x-kept", "1")]);
    request.extensions_mut().insert(7_u8);
    transport.send(request).await.expect("an answer");
}

#[tokio::test]
async fn the_user_agent_is_sent_to_the_test_provider_and_nowhere_else() {
    let test = start::<Standard>().await;
    let transport = test.transport();
    let local = format!("{}/id.example/authorize?a=b", test.origin());
    assert_eq!(transport.front_channel("https://id.example/authorize?a=b"), local);
    assert_eq!(transport.front_channel(&local), local);
    let elsewhere = transport.front_channel("https://evil.example/").into_owned();
    assert_eq!(send(&test, get(&elsewhere, &[])).await.status(), 404);
}

#[tokio::test]
async fn many_run_at_once_and_know_nothing_of_each_other() {
    let first = start::<Standard>().await;
    let second = start::<Standard>().await;
    assert_ne!(first.origin(), second.origin());
    let (access_token, _) = tokens(&first).await;
    assert_eq!(call(&first, "https://api.example/v1/x", &access_token).await.0, 200);
    assert_eq!(call(&second, "https://api.example/v1/x", &access_token).await.0, 401);
    assert_eq!(second.token_requests(), 0);
}
