//! Token answers that are no success (RFC 6749 §5.2): what the server says, and what is made of it.

mod common;

use common::{ACME, Acme, REDIRECT_URI, Server, answer, flow, json_answer, lapsed, provider, sign_in, time};
use oauth_runtime::{
    AnswerErrorKind as Kind, AuthCodeFlow, Credentials, Error, TokenSet,
    spec::{Spec, Stage},
    transport::Response,
};
use serde_json::{Value, json};
use std::time::Duration;

const NOW: u64 = 1_000_000;
const TOKEN: &str = r#"{"access_token":"AT","token_type":"Bearer","expires_in":3600}"#;

async fn read(response: Response) -> Result<TokenSet<Acme>, Error> {
    sign_in(&flow(Acme, &Server::always(response)).clock(|| time(NOW))).await
}

fn kind_of<T: std::fmt::Debug>(outcome: Result<T, Error>, what: &str) -> Kind {
    match outcome {
        Err(Error::Answer(error)) => error.kind(),
        other => panic!("{what}: {other:?}"),
    }
}

#[tokio::test]
async fn an_error_wins_over_a_token_whatever_the_status() {
    for status in [200, 201, 400, 401, 403, 500, 503] {
        let body =
            json!({"error": "invalid_grant", "access_token": "AT-EVIL", "error_uri": "https://id.example/e"});
        let Err(Error::Refused(refusal)) = read(json_answer(status, &body)).await else { panic!("{status}") };
        assert_eq!(
            (refusal.code(), refusal.status(), refusal.stage()),
            ("invalid_grant", Some(status), Stage::Token)
        );
        assert_eq!(refusal.uri(), Some("https://id.example/e"));
    }
    for (error, code) in [
        (json!({"type": "OAuthException", "message": "bad", "code": 190}), "OAuthException"),
        (json!({"code": 190}), "190"),
        (json!({"type": "", "code": "expired"}), "expired"),
        (json!({"type": "", "code": ""}), "unknown_error"),
        (json!({}), "unknown_error"),
        (json!("never heard of"), "never heard of"),
        (json!(true), "unknown_error"),
        (json!(17), "17"),
        (json!(["x"]), "unknown_error"),
    ] {
        let outcome = read(json_answer(200, &json!({"error": error, "access_token": "AT-EVIL"}))).await;
        assert_eq!(outcome.expect_err("an error").code(), Some(code), "{error}");
    }
    for nothing in [json!(""), json!(null), json!(false), json!(0)] {
        let outcome = read(json_answer(200, &json!({"error": nothing, "access_token": "AT"}))).await;
        assert!(outcome.is_ok(), "{nothing} beside a token is no error");
    }
}

#[tokio::test]
async fn an_error_that_is_an_object_is_described_by_its_message() {
    let object = json!({"type": "OAuthException", "message": "the code was used"});
    for (body, expected) in [
        (json!({"error": object}), Some("the code was used")),
        (json!({"error": object, "error_description": "said twice"}), Some("said twice")),
        (json!({"error": {"type": "OAuthException", "message": 17}}), None),
    ] {
        let Err(Error::Refused(refusal)) = read(json_answer(400, &body)).await else { panic!("no refusal") };
        assert_eq!((refusal.code(), refusal.description()), ("OAuthException", expected));
    }
}

#[tokio::test]
async fn what_a_server_says_of_an_error_is_hostile_text() {
    let description = format!("x\r\nSet-Cookie: a=b\u{1b}[2J\u{0}\u{202e}<script>{}", "y".repeat(10_000));
    let body = json!({"error": "bad\n\u{200b}code", "error_description": description, "error_uri": "javascript:alert(1)"});
    let Err(Error::Refused(refusal)) = read(json_answer(400, &body)).await else { panic!("no refusal") };
    assert_eq!(refusal.code(), "bad  code");
    assert!(refusal.uri().is_none());
    let text = format!("{refusal} {refusal:?}");
    assert!(!text.chars().any(|c| c.is_control() || c == '\u{202e}'), "{text:?}");
    assert!(text.len() < 2000, "{}", text.len());
    for uri in
        ["http://id.example", "https://id.example/\r\n", "//id.example", " https://x", "https://é.example"]
    {
        let Err(Error::Refused(refusal)) =
            read(json_answer(400, &json!({"error": "x", "error_uri": uri}))).await
        else {
            panic!("no refusal")
        };
        assert!(refusal.uri().is_none(), "{uri}");
    }
}

#[tokio::test]
async fn another_status_is_never_a_success_and_says_when_to_come_again() {
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    for (status, retry_after, expected) in [
        (400, "", Kind::Status),
        (404, "5", Kind::Status),
        (500, "", Kind::Unavailable { retry_after: None }),
        (503, "5", Kind::Unavailable { retry_after: seconds(5) }),
        (429, " 120 ", Kind::Unavailable { retry_after: seconds(120) }),
        (429, "99999999999999999999", Kind::Unavailable { retry_after: seconds(86_400) }),
        (429, "18446744073709551615", Kind::Unavailable { retry_after: seconds(86_400) }),
        (429, "-5", Kind::Unavailable { retry_after: None }),
        (429, "soon", Kind::Unavailable { retry_after: None }),
        (503, "Mon, 12 Jan 1970 13:47:40 GMT", Kind::Unavailable { retry_after: seconds(60) }),
        (503, "Mon, 12 Jan 1970 13:40:00 GMT", Kind::Unavailable { retry_after: seconds(0) }),
        (503, "Fri, 31 Dec 9999 23:59:59 GMT", Kind::Unavailable { retry_after: seconds(86_400) }),
    ] {
        let mut response = answer(status, "application/json", TOKEN);
        if !retry_after.is_empty() {
            response.headers_mut().insert("retry-after", retry_after.parse().expect("a value"));
        }
        let outcome = read(response).await;
        assert_eq!(outcome.as_ref().is_err_and(Error::is_transient), expected != Kind::Status);
        assert_eq!(kind_of(outcome, retry_after), expected, "{status} {retry_after}");
    }
}

#[tokio::test]
async fn an_unusable_answer_is_described_without_its_body() {
    let body = Value::from("the body itself, secret or not").to_string();
    let Err(Error::Answer(error)) = read(answer(403, "text/html", body)).await.map(|_| ()) else {
        panic!("no answer error")
    };
    assert_eq!((error.status(), error.stage()), (403, Stage::Token));
    assert!(!format!("{error} {error:?}").contains("the body itself"), "{error}");
}

provider!(Consoled, Spec { console: Some("https://id.example/apps"), ..ACME });

#[tokio::test]
async fn the_codes_of_the_standard_are_explained() {
    for (code, expected) in [
        ("access_denied", "said no".to_owned()),
        ("invalid_grant", format!("made for another redirect URI than {REDIRECT_URI}")),
        ("invalid_client", "compare them with those at https://id.example/apps".to_owned()),
        ("unauthorized_client", "look at its settings at https://id.example/apps".to_owned()),
        ("redirect_uri_mismatch", format!("register exactly {REDIRECT_URI} at https://id.example/apps")),
        ("redirect_uri", format!("register exactly {REDIRECT_URI} at https://id.example/apps")),
        ("invalid_scope", "not allowed for this client at https://id.example/apps".to_owned()),
        ("temporarily_unavailable", "try again later".to_owned()),
        ("server_error", "try again later".to_owned()),
    ] {
        let server = Server::always(json_answer(400, &json!({"error": code})));
        let error = sign_in(&flow(Consoled, &server)).await.expect_err("an error");
        let Error::Refused(refusal) = error else { panic!("{code}: no refusal") };
        let hint = refusal.hint().unwrap_or_default();
        assert!(hint.ends_with(&expected), "{code}: {hint}");
    }
    let unknown = read(json_answer(400, &json!({"error": "no_such_code"}))).await;
    let Err(Error::Refused(refusal)) = unknown else { panic!("no refusal") };
    assert_eq!(refusal.hint(), None);
    assert!(refusal.sent().contains("client_id=id"), "{}", refusal.sent());
}

#[tokio::test]
async fn a_grant_that_a_refresh_finds_dead_says_that_the_user_has_to_sign_in() {
    let server = Server::always(json_answer(400, &json!({"error": "invalid_grant"})));
    let session = flow(Acme, &server).session("ada");
    session.adopt(lapsed()).await.expect("stored");
    let text = session.access_token().await.expect_err("it is dead").to_string();
    assert!(text.contains("the user has to sign in again"), "{text}");
}

#[tokio::test]
async fn what_is_hidden_is_the_secret_and_not_what_looks_a_little_like_one() {
    let honest = "see docs.acme.example.com or eyJ, really";
    let outcome = read(json_answer(400, &json!({"error": "x", "error_description": honest}))).await;
    let Err(Error::Refused(refusal)) = outcome else { panic!("no refusal") };
    assert_eq!(refusal.description(), Some(honest));
    for echo in ["two words/1", "two+words%2f1", "tw%6F words/1", "tw%6f+words/1", "two%20words%2F1"] {
        let server = Server::always(json_answer(400, &json!({"error": "x", "error_description": echo})));
        let credentials = Credentials::confidential("id", "two words/1");
        let flow = AuthCodeFlow::new(Acme, credentials, REDIRECT_URI).expect("a flow");
        let outcome = sign_in(&flow.transport(server.transport())).await;
        let Err(Error::Refused(refusal)) = outcome else { panic!("no refusal") };
        assert_eq!(refusal.description(), Some("[secret]"), "{echo}");
    }
}
