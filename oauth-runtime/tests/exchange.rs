//! The token request (RFC 6749 §2.3, §3.2 and §4.1.3, RFC 7636 §4.5).

mod common;

use base64::{Engine, prelude::BASE64_STANDARD};
use common::{
    ACME, Acme, REDIRECT_URI, Sent, Server, answer, begin, confidential, flow, good, json_answer, param,
    provider, sign_in,
};
use oauth_runtime::{
    AnswerErrorKind, AuthCodeFlow, Callback, Credentials, Error,
    provider::HasAuthorizationEndpoint,
    spec::{AuthMethod, Encoding, Endpoint, Method, Param, Pkce, Refresh, Spec, Template, TokenRequest},
    transport::{Limits, TransportError, TransportErrorKind},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// The request of a sign-in as this client.
async fn request_of<P: HasAuthorizationEndpoint>(provider: P, credentials: Credentials) -> Sent {
    let server = Server::always(good());
    let flow = AuthCodeFlow::new(provider, credentials, REDIRECT_URI).expect("a flow");
    sign_in(&flow.transport(server.transport())).await.expect("a token");
    server.only()
}

#[tokio::test]
async fn a_token_request_is_a_form_by_post_with_the_code_the_redirect_uri_and_the_verifier() {
    let sent = request_of(Acme, confidential()).await;
    assert_eq!((&*sent.method, &*sent.uri), ("POST", "https://id.example/token"));
    assert_eq!(sent.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(sent.header("accept"), Some("application/json"));
    let names: Vec<_> = sent.form().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["grant_type", "code", "redirect_uri", "code_verifier"]);
    assert_eq!(sent.field("grant_type").as_deref(), Some("authorization_code"));
    assert_eq!(sent.field("code").as_deref(), Some("CODE"));
    assert!(sent.headers.get("authorization").expect("it is there").is_sensitive());
}

#[tokio::test]
async fn the_verifier_is_the_one_of_the_challenge() {
    let server = Server::always(good());
    let flow = flow(Acme, &server);
    let (url, pending) = flow.begin([]).into_parts();
    let query = format!("code=CODE&state={}", param(&url, "state"));
    flow.finish(Callback::new(query, pending)).await.expect("a token");
    let verifier = server.only().field("code_verifier").expect("a verifier");
    let challenge = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    assert_eq!(challenge, param(&url, "code_challenge"));
    assert!((43..=128).contains(&verifier.len()) && verifier != param(&url, "state"));
}

#[tokio::test]
async fn the_redirect_uri_is_the_same_bytes_both_times() {
    for redirect_uri in
        ["https://app.example/callback?a=b&c=%7e%7E+x", "HTTPS://App.Example:443/./x", "com.example.app:/cb"]
    {
        let server = Server::always(good());
        let flow = AuthCodeFlow::new(Acme, confidential(), redirect_uri).expect("a flow");
        let flow = flow.transport(server.transport());
        assert_eq!(param(flow.begin([]).url(), "redirect_uri"), redirect_uri);
        sign_in(&flow).await.expect("a token");
        assert_eq!(server.only().field("redirect_uri").as_deref(), Some(redirect_uri));
    }
}

#[tokio::test]
async fn both_parts_of_basic_are_form_urlencoded_before_they_are_joined() {
    for (id, secret, pair) in [
        ("id", "secret", "id:secret"),
        ("a:b", "c:d", "a%3Ab:c%3Ad"),
        (":%+ é", "é +%:", "%3A%25%2B%20%C3%A9:%C3%A9%20%2B%25%3A"),
        ("id", "a&b=c/d?e", "id:a%26b%3Dc%2Fd%3Fe"),
        ("id", "", "id:"),
    ] {
        let sent = request_of(Acme, Credentials::confidential(id, secret)).await;
        let blob =
            sent.header("authorization").and_then(|value| value.strip_prefix("Basic ")).expect("Basic");
        let text = String::from_utf8(BASE64_STANDARD.decode(blob).expect("base64")).expect("UTF-8");
        assert_eq!(text, pair);
        let (sent_id, sent_secret) = text.split_once(':').expect("a colon");
        let decode = |text: &str| {
            url::form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned())
        };
        assert_eq!(decode(sent_id).unwrap_or_default(), id);
        assert_eq!(decode(sent_secret).unwrap_or_default(), secret);
        assert!(
            sent.field("client_id").is_none() && sent.field("client_secret").is_none(),
            "one method, not two"
        );
    }
}

provider!(Post, Spec { token_endpoint_auth_methods: &[AuthMethod::ClientSecretPost], ..ACME });
provider!(
    Several,
    Spec {
        token_endpoint_auth_methods: &[
            AuthMethod::None,
            AuthMethod::ClientSecretPost,
            AuthMethod::ClientSecretBasic
        ],
        ..ACME
    }
);

#[tokio::test]
async fn a_client_authenticates_by_one_declared_method() {
    let sent = request_of(Post, Credentials::confidential("i d", "s&c=é")).await;
    assert_eq!(sent.field("client_id").as_deref(), Some("i d"));
    assert_eq!(sent.field("client_secret").as_deref(), Some("s&c=é"));
    assert!(sent.header("authorization").is_none());

    let sent = request_of(Several, confidential()).await;
    assert!(
        sent.field("client_secret").is_some() && sent.header("authorization").is_none(),
        "the first that fits"
    );

    for sent in [
        request_of(Several, Credentials::public("id")).await,
        request_of(Acme, Credentials::public("id")).await,
        request_of(Post, Credentials::public("id")).await,
    ] {
        assert_eq!(sent.field("client_id").as_deref(), Some("id"));
        assert!(sent.field("client_secret").is_none() && sent.header("authorization").is_none());
        assert!(sent.field("code_verifier").is_some());
    }
}

const DECLARED: TokenRequest = TokenRequest {
    params: &[
        Param { name: "audience", value: Template::new("a&b") },
        Param { name: "app", value: Template::new("{client_id}") },
        Param { name: "secret", value: Template::new("{client_secret}") },
    ],
    headers: &[
        Param { name: "X-App", value: Template::new("app {client_id}") },
        Param { name: "Accept", value: Template::new("application/vnd.acme+json") },
    ],
    ..TokenRequest::PLAIN
};
provider!(Declared, Spec { token: DECLARED, ..ACME });

#[tokio::test]
async fn declared_parameters_and_headers_are_added() {
    let sent = request_of(Declared, confidential()).await;
    assert_eq!(sent.field("audience").as_deref(), Some("a&b"));
    assert_eq!(sent.field("app").as_deref(), Some("id"));
    assert!(sent.field("secret").is_none(), "a secret is no parameter of a definition");
    assert_eq!(sent.header("x-app"), Some("app id"));
    assert_eq!(sent.header("accept"), Some("application/vnd.acme+json"));
}

provider!(
    AsJson,
    Spec {
        token: TokenRequest { encoding: Encoding::Json, ..DECLARED },
        token_endpoint_auth_methods: &[AuthMethod::ClientSecretPost],
        ..ACME
    }
);
provider!(
    AsQuery,
    Spec {
        token: TokenRequest { method: Method::Get, encoding: Encoding::Query, ..DECLARED },
        token_endpoint_auth_methods: &[AuthMethod::ClientSecretBasic],
        ..ACME
    }
);

#[tokio::test]
async fn a_token_request_can_be_json_or_a_query() {
    let sent = request_of(AsJson, Credentials::confidential("id", "s\"\\é")).await;
    assert_eq!(sent.header("content-type"), Some("application/json"));
    let body: Value = serde_json::from_slice(&sent.body).expect("JSON");
    assert_eq!(body["client_secret"], "s\"\\é");
    assert_eq!((&body["code"], &body["redirect_uri"]), (&json!("CODE"), &json!(REDIRECT_URI)));
    assert_eq!(body["audience"], "a&b");

    let sent = request_of(AsQuery, confidential()).await;
    assert_eq!((&*sent.method, sent.body.len()), ("GET", 0));
    assert_eq!(sent.header("content-type"), None);
    assert_eq!(param(&sent.uri, "code"), "CODE");
    assert_eq!(param(&sent.uri, "audience"), "a&b");
    assert!(!sent.uri.contains("client-secret"), "Basic keeps the secret out of the URL");
}

provider!(
    Renaming,
    Spec {
        pkce: Pkce::Refused,
        token: TokenRequest {
            rename: &[("code", "auth_code"), ("client_id", "app_id")],
            omit: &["redirect_uri"],
            grant_type: Some("code"),
            query: &[Param { name: "v", value: Template::new("2") }],
            auth: &[AuthMethod::ClientSecretPost],
            send_state: true,
            ..TokenRequest::PLAIN
        },
        refresh: Refresh {
            endpoint: Endpoint::new("https://id.example/refresh?a=b"),
            request: Some(TokenRequest { grant_type: Some("again"), ..TokenRequest::PLAIN }),
            ..Refresh::PLAIN
        },
        ..ACME
    }
);

#[tokio::test]
async fn a_message_has_the_shape_that_its_definition_gives_it() {
    let server = Server::always(good());
    let flow = flow(Renaming, &server);
    let (state, pending) = begin(&flow);
    let tokens =
        flow.finish(Callback::new(format!("code=CODE&state={state}"), pending)).await.expect("a token");
    let sent = server.only();
    assert_eq!(sent.uri, "https://id.example/token?v=2");
    let names: Vec<_> = sent.form().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["grant_type", "auth_code", "state", "app_id", "client_secret"]);
    assert_eq!((sent.field("grant_type"), sent.field("state")), (Some("code".to_owned()), Some(state)));

    flow.session("ada").adopt(tokens).await.expect("stored");
    flow.session("ada").refresh().await.expect("refreshed");
    let sent = &server.seen()[1];
    assert_eq!(sent.uri, "https://id.example/refresh?a=b");
    assert_eq!(sent.field("grant_type").as_deref(), Some("again"));
    assert_eq!(sent.field("refresh_token").as_deref(), Some("RT-NEW"));
    assert!(sent.header("authorization").is_some(), "the client's own method again");
}

#[tokio::test]
async fn a_code_is_sent_once_whatever_the_answer() {
    let failure = |kind| move || Err(TransportError::new(kind));
    let mut answers: Vec<Box<dyn Fn() -> Result<_, _> + Send + Sync>> = vec![
        Box::new(|| Ok(json_answer(401, &json!({"error": "invalid_client"})))),
        Box::new(|| Ok(json_answer(400, &json!({"error": "slow_down"})))),
        Box::new(|| Ok(json_answer(400, &json!({"error": "authorization_pending"})))),
        Box::new(|| Ok(answer(200, "text/html", "<html>"))),
        Box::new(failure(TransportErrorKind::Connect)),
        Box::new(failure(TransportErrorKind::Tls)),
        Box::new(failure(TransportErrorKind::Timeout)),
        Box::new(failure(TransportErrorKind::Protocol)),
        Box::new(failure(TransportErrorKind::BodyTooLarge)),
        Box::new(failure(TransportErrorKind::Other)),
    ];
    for status in
        [204, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 408, 425, 429, 500, 502, 503, 504, 999]
    {
        answers.push(Box::new(move || Ok(answer(status, "", ""))));
    }
    for answering in answers {
        let server = Server::failing(move |_, _| answering());
        let outcome = sign_in(&flow(Acme, &server)).await;
        let error = outcome.expect_err("no token was given");
        assert_eq!(server.count(), 1, "{error}");
    }
}

#[tokio::test]
async fn a_redirect_is_refused_even_with_a_token_in_it() {
    for status in [300, 301, 302, 303, 307, 308] {
        let server = Server::new(move |_, _| {
            let mut response =
                json_answer(status, &json!({"access_token": "AT-EVIL", "token_type": "Bearer"}));
            response.headers_mut().insert("location", "https://evil.example/".parse().expect("a value"));
            response
        });
        let Err(Error::Answer(error)) = sign_in(&flow(Acme, &server)).await else {
            panic!("{status} is taken")
        };
        assert_eq!((error.kind(), error.status(), server.count()), (AnswerErrorKind::Redirect, status, 1));
    }
}

fn kind_of<T>(outcome: Result<T, Error>) -> TransportErrorKind {
    match outcome {
        Err(Error::Transport(error)) => error.kind(),
        Err(error) => panic!("another error: {error}"),
        Ok(_) => panic!("no error"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_waited_for_until_the_deadline_and_no_longer() {
    let server = Server::always(good()).slow(Duration::from_secs(3600));
    for (deadline, expected) in [(None, 10), (Some(3), 3)] {
        let mut flow = flow(Acme, &server);
        if let Some(seconds) = deadline {
            flow = flow.deadline(Duration::from_secs(seconds));
        }
        let start = tokio::time::Instant::now();
        assert_eq!(kind_of(sign_in(&flow).await), TransportErrorKind::Timeout);
        let waited = start.elapsed();
        assert!(waited >= Duration::from_secs(expected), "{waited:?}");
        assert!(waited < Duration::from_millis(expected * 1000 + 50), "{waited:?}");
    }
    assert_eq!(server.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn no_deadline_at_all_is_a_deadline_too() {
    let server = Server::always(good()).slow(Duration::from_secs(3600));
    let flow = flow(Acme, &server).deadline(Duration::MAX);
    let tokens = sign_in(&flow).await.expect("it came in the end");
    flow.session("ada").adopt(tokens).await.expect("stored");
    flow.session("ada").refresh().await.expect("a lease of three times the deadline can be had");
}

#[tokio::test]
async fn an_answer_larger_than_the_limit_is_refused_whatever_the_transport_let_through() {
    for (length, is_fine) in [(Limits::TOKEN.body, true), (Limits::TOKEN.body + 1, false)] {
        let mut body = br#"{"access_token":"AT"}"#.to_vec();
        body.resize(length, b' ');
        let outcome = sign_in(&flow(Acme, &Server::always(answer(200, "application/json", body)))).await;
        if is_fine {
            assert_eq!(outcome.expect("a token").access_token().expose(), "AT");
        } else {
            assert_eq!(kind_of(outcome), TransportErrorKind::BodyTooLarge);
        }
    }
}

#[tokio::test]
async fn a_transport_is_told_its_limits() {
    let transport = |request: oauth_runtime::transport::Request| async move {
        let limits = *request.extensions().get::<Limits>().expect("the limits are there");
        assert_eq!(limits, Limits { deadline: Duration::from_secs(7), ..Limits::TOKEN });
        Ok(good())
    };
    let flow = AuthCodeFlow::new(Acme, confidential(), REDIRECT_URI).expect("a flow");
    sign_in(&flow.transport(transport).deadline(Duration::from_secs(7))).await.expect("a token");
}
