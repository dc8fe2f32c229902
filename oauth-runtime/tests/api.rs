//! API calls (RFC 6750): where the token goes, how, and what a 401 does.

mod common;

use common::{
    ACME, API, Acme, Clock, Server, answer, flow, good, json_answer, lapsed, param, provider, query_of,
    stored,
};
use oauth_runtime::{
    AnswerErrorKind, ApiRequest, AuthCodeFlow, Error, LoginRequired, Session,
    provider::HasApi,
    provider::HasAuthorizationEndpoint,
    spec::{Api, Condition, ErrorHint, Param, Placement, Scalar, Spec, Stage, Template, TokenResponse},
    transport::{Limits, Response},
};
use serde_json::{Value, json};
use std::time::Duration;

/// A session whose token is good, at a provider that answers everything alike.
async fn session_of<P>(provider: P, response: Response) -> (Session<P>, Server)
where
    P: HasAuthorizationEndpoint + HasApi,
{
    let server = Server::always(response);
    let session = flow(provider, &server).session("ada");
    let record = json!({"access_token": "AT-OLD", "refresh_token": "RT-OLD", "obtained_at": 0});
    session.adopt(stored(record)).await.expect("stored");
    (session, server)
}

async fn session() -> (Session<Acme>, Server) {
    session_of(Acme, json_answer(200, &json!({"login": "ada"}))).await
}

#[tokio::test]
async fn a_path_is_joined_to_the_base_url_and_stays_on_its_origin() {
    for (path, uri) in [
        ("user", "https://api.example/v1/user"),
        ("/user", "https://api.example/v1/user"),
        ("", "https://api.example/v1/"),
        ("/", "https://api.example/v1/"),
        ("user?a=b&c", "https://api.example/v1/user?a=b&c"),
        ("?a=b", "https://api.example/v1/?a=b"),
        ("user#x", "https://api.example/v1/user"),
        ("../v2/user", "https://api.example/v2/user"),
        ("../../../../x", "https://api.example/x"),
        ("/me:profile", "https://api.example/v1/me:profile"),
        ("users/me:profile", "https://api.example/v1/users/me:profile"),
        ("a b/é", "https://api.example/v1/a%20b/%C3%A9"),
        ("https://api.example/v2/user", "https://api.example/v2/user"),
        ("https://API.example:443/v2", "https://api.example/v2"),
        ("https://uploads.example/file", "https://uploads.example/file"),
        // What tries to look like an address, and is a path here:
        ("//evil.example/x", "https://api.example/v1/evil.example/x"),
        ("///evil.example", "https://api.example/v1/evil.example"),
        ("/https://evil.example", "https://api.example/v1/https://evil.example"),
        ("/@evil.example", "https://api.example/v1/@evil.example"),
    ] {
        let (session, server) = session().await;
        session.get(path).send().await.unwrap_or_else(|error| panic!("{path}: {error}"));
        let sent = server.only();
        assert_eq!(sent.uri, uri, "{path}");
        assert_eq!(sent.header("authorization"), Some("Bearer AT-OLD"));
        assert!(sent.headers["authorization"].is_sensitive());
    }
}

#[tokio::test]
async fn the_token_goes_to_no_other_origin() {
    for path in [
        "https://evil.example/user",
        "http://api.example/user",
        "https://api.example:8443/user",
        "https://api.example.evil.example/user",
        "https://evil.example/https://api.example",
        "https://api.example@evil.example/",
        "https://user@api.example/",
        "https://user:word@api.example/",
        "https://:word@api.example/",
        "https:evil.example",
        "https:/evil.example",
        "https:\\\\evil.example",
        "HTTPS://EVIL.EXAMPLE",
        " https://evil.example",
        "\thttps://evil.example",
        "ht\ntps://evil.example",
        "https://api.example./user",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "http://uploads.example/",
        "ftp://api.example/",
        "javascript:alert(1)",
        "data:text/plain,x",
        "file:///etc/passwd",
        "blob:https://api.example/x",
    ] {
        let (session, server) = session().await;
        let outcome = session.get(path).send().await;
        assert!(matches!(outcome, Err(Error::ForeignOrigin(_))), "{path}: {outcome:?}");
        let outcome = session.post(path).header("x", "y").json_body(&1).json::<Value>().await;
        assert!(matches!(outcome, Err(Error::ForeignOrigin(_))), "{path}");
        assert_eq!(server.count(), 0, "{path}");
    }
    for path in
        ["\\\\evil.example", "\\/evil.example", "/\\evil.example", "/\t/evil.example", "\n//evil.example"]
    {
        let (session, server) = session().await;
        let outcome = session.get(path).send().await;
        let stayed = server.seen().iter().all(|sent| sent.url().host_str() == Some("api.example"));
        assert!(stayed, "{path:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_redirect_of_the_api_is_an_answer_and_is_not_followed() {
    let mut response = answer(302, "", "");
    response.headers_mut().insert("location", "https://evil.example/".parse().expect("a value"));
    let (session, server) = session_of(Acme, response).await;
    let answer = session.get("user").send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), server.count()), (302, 1));
}

provider!(
    InHeader,
    Spec {
        api: Some(Api {
            header: "X-Acme-Token",
            scheme: "",
            headers: &[
                Param { name: "Acme-Version", value: Template::new("2026-01-01") },
                Param { name: "User-Agent", value: Template::new("app {client_id}") },
            ],
            query: &[Param { name: "key", value: Template::new("{client_id}") }],
            ..API
        }),
        ..ACME
    }
);
provider!(WithScheme, Spec { api: Some(Api { scheme: "token", ..API }), ..ACME });
provider!(
    InQuery,
    Spec { api: Some(Api { placement: Placement::Query, parameter: "oauth_token", ..API }), ..ACME }
);

#[tokio::test]
async fn the_token_stands_where_the_definition_says_and_nowhere_else() {
    let (session, server) = session_of(InHeader, answer(200, "", "")).await;
    session.get("user?a=b").send().await.expect("an answer");
    let sent = server.only();
    assert_eq!((sent.header("x-acme-token"), sent.header("authorization")), (Some("AT-OLD"), None));
    assert_eq!(
        (sent.header("acme-version"), sent.header("user-agent")),
        (Some("2026-01-01"), Some("app id"))
    );
    assert_eq!(query_of(&sent.uri).len(), 2);
    assert_eq!(param(&sent.uri, "key"), "id");

    let (session, server) = session_of(WithScheme, answer(200, "", "")).await;
    session.get("user").send().await.expect("an answer");
    assert_eq!(server.only().header("authorization"), Some("token AT-OLD"));

    let (session, server) = session_of(InQuery, answer(200, "", "")).await;
    session.get("user?a=b#c").send().await.expect("an answer");
    let sent = server.only();
    assert_eq!((param(&sent.uri, "oauth_token"), sent.header("authorization")), ("AT-OLD".to_owned(), None));
}

#[tokio::test]
async fn a_caller_sets_the_query_the_headers_and_the_body_but_not_the_token() {
    let (session, server) = session().await;
    let request = session.request(http::Method::PATCH, "user?a=1").query("b c", "d&e=é").query("a", "2");
    let request = request.header("x-one", "1").header("X-One", "2").header("Authorization", "Bearer EVIL");
    request.json_body(&json!({"name": "Ada"})).send().await.expect("an answer");
    let sent = server.only();
    assert_eq!((&*sent.method, sent.text()), ("PATCH", r#"{"name":"Ada"}"#.to_owned()));
    let pairs =
        [("a", "1"), ("b c", "d&e=é"), ("a", "2")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(query_of(&sent.uri), pairs);
    assert_eq!((sent.header("x-one"), sent.header("content-type")), (Some("2"), Some("application/json")));
    let tokens: Vec<_> = sent.headers.get_all("authorization").iter().collect();
    assert_eq!(tokens, ["Bearer AT-OLD"]);

    let (session, server) = self::session().await;
    session.post("file").body("text/plain", "hello").send().await.expect("an answer");
    let sent = server.only();
    assert_eq!((sent.header("content-type"), sent.text()), (Some("text/plain"), "hello".to_owned()));
    for (name, value) in [("bad name", "x"), ("x", "a\r\nX-Evil: 1"), ("x", "a\u{0}"), ("", "x")] {
        let outcome = session.get("user").header(name, value).send().await;
        assert!(matches!(outcome, Err(Error::Configuration(_))), "{name:?}: {value:?}");
    }
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_stored_token_that_no_header_can_hold_is_an_error_that_does_not_show_it() {
    for spoiled in ["AT\r\nX-Evil: 1", "AT\u{0}", "AT\n"] {
        let server = Server::always(good());
        let session = flow(Acme, &server).session("ada");
        session.adopt(stored(json!({"access_token": spoiled, "obtained_at": 0}))).await.expect("stored");
        let error = session.get("user").send().await.expect_err("it cannot be sent");
        assert!(matches!(error, Error::Configuration(_)) && !error.to_string().contains("AT"), "{error}");
        assert_eq!(server.count(), 0);
    }
}

/// An API that knows only the refreshed token, and a token endpoint.
fn resource_server(known: &'static str) -> Server {
    Server::new(move |sent, _| {
        if sent.uri.contains("id.example") {
            return good();
        }
        let is_known = sent.header("authorization") == Some(known);
        if is_known { json_answer(200, &json!({"login": "ada"})) } else { answer(401, "", "") }
    })
}

#[tokio::test]
async fn after_a_401_the_token_is_refreshed_once_and_the_call_repeated_once() {
    let server = resource_server("Bearer AT-NEW");
    let session = flow(Acme, &server).session("ada");
    let record = json!({"access_token": "AT-WITHDRAWN", "refresh_token": "RT-OLD", "obtained_at": 0});
    session.adopt(stored(record.clone())).await.expect("stored");
    let user: Value = session.post("user").json_body(&json!({"a": 1})).json().await.expect("a user");
    assert_eq!(user["login"], "ada");
    let seen = server.seen();
    assert_eq!((seen.len(), seen[0].text(), seen[2].text()), (3, seen[2].text(), r#"{"a":1}"#.to_owned()));
    session.get("user").send().await.expect("an answer");
    assert_eq!(server.count(), 4, "the new token is kept");

    let server = resource_server("none is good enough");
    let session = flow(Acme, &server).session("ada");
    session.adopt(stored(record)).await.expect("stored");
    let answer = session.get("user").send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), server.count()), (401, 3), "one refresh, one retry, and no more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_calls_that_meet_a_401_share_one_refresh() {
    let server = resource_server("Bearer AT-NEW").slow(Duration::from_millis(20));
    let flow = flow(Acme, &server);
    let record = json!({"access_token": "AT-WITHDRAWN", "refresh_token": "RT-OLD", "obtained_at": 0});
    flow.session("ada").adopt(stored(record)).await.expect("stored");
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let session = flow.session("ada");
            tokio::spawn(
                async move { session.get("user").send().await.expect("an answer").status().as_u16() },
            )
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.expect("no panic"), 200);
    }
    let refreshes = server.seen().iter().filter(|sent| sent.uri.contains("id.example")).count();
    assert_eq!(refreshes, 1);
}

#[tokio::test]
async fn a_401_without_a_refresh_token_is_an_answer_and_one_with_a_dead_grant_asks_for_the_user() {
    let server = resource_server("none");
    let session = flow(Acme, &server).session("ada");
    session.adopt(stored(json!({"access_token": "AT", "obtained_at": 0}))).await.expect("stored");
    let answer = session.get("user").send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), server.count()), (401, 1));

    let server = Server::new(|sent, _| {
        let is_api = sent.uri.contains("api.example");
        if is_api {
            common::answer(401, "", "")
        } else {
            json_answer(400, &json!({"error": "invalid_grant"}))
        }
    });
    let session = flow(Acme, &server).session("ada");
    session
        .adopt(stored(json!({"access_token": "AT", "refresh_token": "RT", "obtained_at": 0})))
        .await
        .expect("stored");
    for _ in 0..3 {
        let error = session.get("user").send().await.expect_err("the grant is dead");
        assert!(matches!(error, Error::LoginRequired(LoginRequired::GrantDead { .. })));
    }
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_lapsed_token_is_refreshed_before_the_call() {
    let server = resource_server("Bearer AT-NEW");
    let session = flow(Acme, &server).session("ada");
    session.adopt(lapsed()).await.expect("stored");
    let user: Value = session.get("user").json().await.expect("a user");
    assert_eq!((&user["login"], server.count()), (&json!("ada"), 2));
    let nobody = flow(Acme, &server).session("nobody").get("user").send().await;
    assert!(matches!(nobody, Err(Error::LoginRequired(LoginRequired::NoTokens))));
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn json_is_read_from_a_success_and_what_is_wrong_is_described_without_the_body() {
    for (status, body, expected) in [
        (200, r#"{"login":"ada"}"#, None),
        (201, r#"{"login":"ada"}"#, None),
        (200, "<html>the body</html>", Some(AnswerErrorKind::NotJson)),
        (200, r#"{"login":7}"#, Some(AnswerErrorKind::NotJson)),
        (200, "", Some(AnswerErrorKind::NotJson)),
        (403, r#"{"login":"ada"}"#, Some(AnswerErrorKind::Status)),
        (302, "", Some(AnswerErrorKind::Status)),
        (503, "the body", Some(AnswerErrorKind::Unavailable { retry_after: Some(Duration::from_secs(7)) })),
    ] {
        #[derive(serde::Deserialize)]
        struct User {
            login: String,
        }
        let mut response = answer(status, "text/html", body);
        response.headers_mut().insert("retry-after", "7".parse().expect("a value"));
        let (session, _) = session_of(Acme, response).await;
        let answer = session.get("user?secret=in-the-query").send().await.expect("an answer");
        assert_eq!(
            (answer.bytes().as_ref(), answer.retry_after()),
            (body.as_bytes(), Some(Duration::from_secs(7)))
        );
        match (answer.json::<User>(), expected) {
            (Ok(user), None) => assert_eq!(user.login, "ada"),
            (Err(Error::Answer(error)), Some(kind)) => {
                assert_eq!((error.kind(), error.status(), error.stage()), (kind, status, Stage::Api));
                let text = format!("{error} {error:?}");
                assert!(text.contains("https://api.example/v1/user") && !text.contains("the body"), "{text}");
                assert!(!text.contains("in-the-query"), "{text}");
            }
            (outcome, _) => panic!("{status} {body}: {}", outcome.is_ok()),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_api_that_never_answers_is_waited_for_until_its_deadline() {
    let server = Server::always(good()).slow(Duration::from_secs(3600));
    let flow: AuthCodeFlow<Acme> = flow(Acme, &server).clock(Clock::at(0).reading());
    let session = flow.session("ada");
    session.adopt(stored(json!({"access_token": "AT", "obtained_at": 0}))).await.expect("stored");
    let start = tokio::time::Instant::now();
    let call: ApiRequest = session.get("user");
    assert!(matches!(call.send().await, Err(Error::Transport(_))));
    assert_eq!(start.elapsed().as_secs(), Limits::API.deadline.as_secs());
}

provider!(
    // A provider that says what its errors mean, and puts a refusal into a 200.
    Explaining,
    Spec {
        response: TokenResponse {
            plain: false,
            success: &[Condition { path: &["ok"], value: Scalar::Bool(true) }],
            ..TokenResponse::PLAIN
        },
        errors: &[
            ErrorHint {
                code: "token_revoked",
                stage: Some(Stage::Api),
                reauthorize: true,
                ..ErrorHint::PLAIN
            },
            ErrorHint { code: "busy", retry: true, hint: Template::new("wait a minute"), ..ErrorHint::PLAIN },
            ErrorHint { code: "bad_code", stage: Some(Stage::Token), ..ErrorHint::PLAIN },
        ],
        ..ACME
    }
);

#[tokio::test]
async fn an_error_of_the_api_that_the_definition_explains_is_a_refusal() {
    for (status, body, code, needs_login) in [
        (403, json!({"ok": false, "error": "token_revoked"}), "token_revoked", true),
        (400, json!({"error": {"code": "token_revoked", "message": "m"}}), "token_revoked", true),
        (200, json!({"ok": false, "error": "token_revoked"}), "token_revoked", true),
        (503, json!({"error": "busy"}), "busy", false),
    ] {
        let (session, _server) = session_of(Explaining, json_answer(status, &body)).await;
        let error = session.get("user").json::<Value>().await.expect_err("an error");
        assert!(matches!(&error, Error::Refused(refusal) if refusal.stage() == Stage::Api), "{error:?}");
        assert_eq!((error.code(), error.needs_login()), (Some(code), needs_login), "{body}");
        assert_eq!(error.is_transient(), code == "busy");
        assert_eq!(error.to_string().contains("wait a minute"), code == "busy", "{error}");
    }
}

#[tokio::test]
async fn an_error_of_the_api_that_the_definition_does_not_explain_is_its_status() {
    for (status, body) in [
        (403, json!({"ok": false, "error": "not_in_channel"})),
        (403, json!({"error": "bad_code"})),
        (403, json!("token_revoked")),
        (403, json!({"message": "no"})),
    ] {
        let (session, _server) = session_of(Explaining, json_answer(status, &body)).await;
        let error = session.get("user").json::<Value>().await.expect_err("an error");
        assert!(matches!(&error, Error::Answer(_)) && error.code().is_none(), "{error:?}");
    }
    for body in [json!({"ok": false, "error": "not_in_channel"}), json!({"error": {"code": "ok"}}), json!([])]
    {
        let (session, _server) = session_of(Explaining, json_answer(200, &body)).await;
        assert_eq!(session.get("user").json::<Value>().await.expect("an answer"), body);
    }
}

provider!(
    Numbered,
    Spec {
        errors: &[
            ErrorHint {
                code: "NO1815",
                hint: Template::new("ask for consent"),
                docs: Some("https://example.com/1815"),
                reauthorize: true,
                ..ErrorHint::PLAIN
            },
            ErrorHint { code: "invalid_grant", hint: Template::new("in general"), ..ErrorHint::PLAIN },
        ],
        ..ACME
    }
);

#[tokio::test]
async fn a_code_at_the_head_of_a_description_explains_and_decides_nothing() {
    for (description, hint, docs) in [
        ("NO1815: not today", "ask for consent", Some("https://example.com/1815")),
        ("NO1816: not today", "in general", None),
    ] {
        let body = json!({"error": "invalid_grant", "error_description": description});
        let (session, _server) = session_of(Numbered, json_answer(400, &body)).await;
        let error = session.get("user").json::<Value>().await.expect_err("an error");
        let Error::Refused(refusal) = &error else { panic!("{error:?}") };
        assert_eq!((refusal.code(), refusal.hint(), refusal.docs()), ("invalid_grant", Some(hint), docs));
    }
    let body = json!({"error": "busy", "error_description": "NO1815: not today"});
    let (session, _server) = session_of(Numbered, json_answer(400, &body)).await;
    let error = session.get("user").json::<Value>().await.expect_err("an error");
    assert!(!error.needs_login(), "what explains does not decide: {error:?}");
}

#[tokio::test]
async fn a_success_of_the_api_is_an_answer_whatever_it_calls_an_error() {
    for body in [json!({"error": "invalid_grant"}), json!({"error": {"code": "invalid_grant"}})] {
        let (session, _server) = session_of(Numbered, json_answer(200, &body)).await;
        assert_eq!(session.get("user").json::<Value>().await.expect("an answer"), body);
    }
}

provider!(
    // Its own errors stand elsewhere than the standard's.
    Elsewhere,
    Spec {
        response: TokenResponse {
            plain: false,
            success: &[Condition { path: &["ok"], value: Scalar::Bool(true) }],
            error_code: &["code"],
            ..TokenResponse::PLAIN
        },
        errors: &[ErrorHint { code: "token_revoked", reauthorize: true, ..ErrorHint::PLAIN }],
        ..ACME
    }
);

#[tokio::test]
async fn an_error_in_the_standards_place_is_one_too_but_not_in_a_success() {
    let body = json!({"ok": true, "error": {"code": "token_revoked", "message": "m"}});
    let (session, _server) = session_of(Elsewhere, json_answer(403, &body)).await;
    let error = session.get("user").json::<Value>().await.expect_err("an error");
    assert_eq!((error.code(), error.needs_login()), (Some("token_revoked"), true), "{error:?}");
    let (session, _server) = session_of(Elsewhere, json_answer(200, &body)).await;
    assert_eq!(session.get("user").json::<Value>().await.expect("an answer"), body);
}
