//! The token answer (RFC 6749 §5): what is taken, what is refused, and what is read out of it.

mod common;

use common::{ACME, Acme, Server, answer, flow, json_answer, provider, sign_in, time};
use oauth_runtime::{
    AnswerErrorKind as Kind, Error, Scope, TokenSet,
    provider::HasAuthorizationEndpoint,
    spec::{Condition, ErrorHint, Scalar, Spec, Stage, Template, TokenResponse},
    transport::Response,
};
use serde_json::{Value, json};
use std::time::Duration;

const NOW: u64 = 1_000_000;

async fn read_by<P: HasAuthorizationEndpoint>(provider: P, response: Response) -> Result<TokenSet<P>, Error> {
    sign_in(&flow(provider, &Server::always(response)).clock(|| time(NOW))).await
}

async fn read(response: Response) -> Result<TokenSet<Acme>, Error> {
    read_by(Acme, response).await
}

fn kind_of<T: std::fmt::Debug>(outcome: Result<T, Error>, what: &str) -> Kind {
    match outcome {
        Err(Error::Answer(error)) => error.kind(),
        other => panic!("{what}: {other:?}"),
    }
}

const TOKEN: &str = r#"{"access_token":"AT","token_type":"Bearer","expires_in":3600}"#;

#[tokio::test]
async fn a_json_object_is_taken_whatever_its_status_of_200_and_its_label() {
    for status in [200, 201, 202, 203, 206, 299] {
        for label in [
            "application/json",
            "text/html",
            "text/plain; charset=x",
            "",
            "application/x-www-form-urlencoded",
        ] {
            let tokens = read(answer(status, label, TOKEN)).await;
            let tokens = tokens.unwrap_or_else(|error| panic!("{status} {label}: {error}"));
            assert_eq!(tokens.access_token().expose(), "AT");
        }
    }
    for body in [format!("{TOKEN}\n"), format!(" \r\n\t{TOKEN}")] {
        assert!(read(answer(200, "application/json", body)).await.is_ok());
    }
}

#[tokio::test]
async fn a_form_is_read_where_it_is_labelled_as_one_and_nowhere_else() {
    let form = "access_token=A%2BT&token_type=bearer&expires_in=3600&scope=a+b&x=y";
    for label in ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"] {
        let tokens = read(answer(200, label, form)).await.expect("a token");
        assert_eq!(tokens.access_token().expose(), "A+T");
        assert_eq!(tokens.scopes().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(tokens.extra("x"), Some(&json!("y")));
    }
    for label in ["application/json", "text/plain", ""] {
        assert_eq!(kind_of(read(answer(200, label, form)).await, label), Kind::NotJson);
    }
    let label = "application/x-www-form-urlencoded";
    for (body, expected) in [
        ("", Kind::NotJson),
        ("x=y", Kind::Missing("access_token")),
        ("access_token=A&access_token=B", Kind::Duplicated("access_token")),
        ("access_token=", Kind::Invalid("access_token")),
        ("access_token=%FF", Kind::Invalid("access_token")),
        ("access_token=A%0D%0A", Kind::Invalid("access_token")),
    ] {
        assert_eq!(kind_of(read(answer(200, label, body)).await, body), expected);
    }
    let error = read(answer(200, label, "error=bad_verification_code&error_description=no")).await;
    assert_eq!(error.expect_err("an error").code(), Some("bad_verification_code"));
}

#[tokio::test]
async fn what_is_no_strict_json_object_is_refused() {
    let deep = format!(r#"{{"access_token":"AT","x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let utf16: Vec<u8> = TOKEN.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: &[(&[u8], Kind)] = &[
        (b"", Kind::NotJson),
        (b"<html>oops</html>", Kind::NotJson),
        (b"[]", Kind::Missing("access_token")),
        (br#"[{"access_token":"AT"}]"#, Kind::Missing("access_token")),
        (br#""AT""#, Kind::Missing("access_token")),
        (b"null", Kind::Missing("access_token")),
        (b"{}", Kind::Missing("access_token")),
        (br#"{"access_token":"AT"}{"access_token":"AT"}"#, Kind::NotJson),
        (br#"{"access_token":"AT"} x"#, Kind::NotJson),
        (br#"{"access_token":"AT",}"#, Kind::NotJson),
        (br#"{"access_token":"AT""#, Kind::NotJson),
        (b"{'access_token':'AT'}", Kind::NotJson),
        (br#")]}',{"access_token":"AT"}"#, Kind::NotJson),
        (br#"{"access_token":"AT","expires_in":NaN}"#, Kind::NotJson),
        (br#"{"access_token":"AT","expires_in":Infinity}"#, Kind::NotJson),
        (br#"{"access_token":"AT","expires_in":1e400}"#, Kind::NotJson),
        (b"\xef\xbb\xbf{\"access_token\":\"AT\"}", Kind::NotJson),
        (b"{\"access_token\":\"AT\xff\"}", Kind::NotJson),
        (b"{\"access_token\":\"AT\",\"x\":\"\xff\"}", Kind::NotJson),
        (br#"{"access_token":"AT","x":"\ud800"}"#, Kind::NotJson),
        (&utf16, Kind::NotJson),
        (deep.as_bytes(), Kind::NotJson),
        (br#"{"access_token":"A","access_token":"B"}"#, Kind::Duplicated("access_token")),
        (br#"{"access_token":"A","access\u005ftoken":"B"}"#, Kind::Duplicated("access_token")),
        (br#"{"access_token":"A","expires_in":1,"expires_in":2}"#, Kind::Duplicated("expires_in")),
        (br#"{"access_token":"A","error":null,"error":"x"}"#, Kind::Duplicated("error")),
    ];
    for (body, expected) in cases {
        let what = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        assert_eq!(
            kind_of(read(answer(200, "application/json", body.to_vec())).await, &what),
            *expected,
            "{what}"
        );
    }
    let unread = r#"{"access_token":"AT","x":1,"x":2,"__proto__":{"admin":true}}"#;
    assert!(read(answer(200, "", unread)).await.is_ok(), "twice among what is not read");
}

#[tokio::test]
async fn a_token_is_visible_ascii_and_not_empty() {
    let long = "A".repeat(4096);
    for good in ["AT", "a-._~+/=", "!\"#$%&'()*,:;<>?@[\\]^`{|}", &long] {
        let tokens = read(json_answer(200, &json!({"access_token": good}))).await.expect(good);
        assert_eq!(tokens.access_token().expose(), good);
    }
    let huge = "A".repeat(500_000);
    for bad in [
        json!(""),
        json!(" AT"),
        json!("A T"),
        json!("AT\r\nX-Evil: 1"),
        json!("AT\u{0}"),
        json!("AT\u{7f}"),
        json!("ÄT"),
        json!(7),
        json!(true),
        json!(["AT"]),
        json!({"value": "AT"}),
        json!(huge),
    ] {
        let outcome = read(json_answer(200, &json!({ "access_token": bad }))).await;
        assert_eq!(kind_of(outcome, "access_token"), Kind::Invalid("access_token"));
        if bad != json!("") {
            for name in ["refresh_token", "id_token"] {
                let outcome = read(json_answer(200, &json!({"access_token": "AT", name: bad}))).await;
                assert_eq!(kind_of(outcome, name), Kind::Invalid(name));
            }
        }
    }
    for nothing in [json!(null), json!("")] {
        let body = json!({"access_token": "AT", "refresh_token": nothing, "id_token": nothing});
        let tokens = read(json_answer(200, &body)).await.expect("a token");
        assert!(tokens.refresh_token().is_none() && tokens.id_token().is_none());
    }
    let outcome = read(json_answer(200, &json!({"access_token": null}))).await;
    assert_eq!(kind_of(outcome, "null"), Kind::Missing("access_token"));
}

provider!(
    UserTokens,
    Spec { response: TokenResponse { plain: false, token_types: &["user"], ..TokenResponse::PLAIN }, ..ACME }
);

#[tokio::test]
async fn a_token_type_is_bearer_or_declared_or_left_out() {
    for good in [json!("Bearer"), json!("bearer"), json!("BEARER"), json!(null)] {
        let body = json!({"access_token": "AT", "token_type": good});
        assert!(read(json_answer(200, &body)).await.is_ok(), "{good}");
    }
    for (bad, expected) in [
        (json!("mac"), Kind::TokenType),
        (json!("DPoP"), Kind::TokenType),
        (json!("user"), Kind::TokenType),
        (json!(""), Kind::TokenType),
        (json!("Bearer\r\nX-Evil: 1"), Kind::TokenType),
        (json!(7), Kind::Invalid("token_type")),
    ] {
        let outcome = read(json_answer(200, &json!({"access_token": "AT", "token_type": bad}))).await;
        assert_eq!(kind_of(outcome, "token_type"), expected, "{bad}");
    }
    let body = json!({"access_token": "AT", "token_type": "User"});
    assert!(read_by(UserTokens, json_answer(200, &body)).await.is_ok());
}

#[tokio::test]
async fn a_lifetime_is_read_in_every_spelling_and_never_means_for_ever() {
    const TEN_YEARS: u64 = 10 * 365 * 86_400;
    for (expires_in, lifetime) in [
        ("3600", Some(3600)),
        ("3600.0", Some(3600)),
        ("3599.9", Some(3599)),
        (r#""3600""#, Some(3600)),
        (r#"" 3600 ""#, Some(3600)),
        ("null", None),
        (r#""""#, None),
        ("0", Some(0)),
        ("-1", Some(0)),
        (r#""-1""#, Some(0)),
        ("-9223372036854775809", Some(0)),
        ("9223372036854775807", Some(TEN_YEARS)),
        ("18446744073709551616", Some(TEN_YEARS)),
        ("1e300", Some(TEN_YEARS)),
    ] {
        let body = format!(
            r#"{{"access_token":"AT","expires_in":{expires_in},"refresh_token_expires_in":{expires_in}}}"#
        );
        let tokens =
            read(answer(200, "", body)).await.unwrap_or_else(|error| panic!("{expires_in}: {error}"));
        let expected = lifetime.map(|lifetime| time(NOW + lifetime));
        assert_eq!(
            (tokens.expires_at(), tokens.refresh_token_expires_at()),
            (expected, expected),
            "{expires_in}"
        );
    }
    for bad in ["true", "[]", "{}", r#""never""#, r#""inf""#, r#""NaN""#, r#""0x10""#] {
        let body = format!(r#"{{"access_token":"AT","expires_in":{bad}}}"#);
        assert_eq!(kind_of(read(answer(200, "", body)).await, bad), Kind::Invalid("expires_in"));
    }
}

provider!(
    Commas,
    Spec { response: TokenResponse { plain: false, scope_separator: ",", ..TokenResponse::PLAIN }, ..ACME }
);

#[tokio::test]
async fn what_was_granted_is_what_the_answer_says_or_what_was_asked_where_it_says_nothing() {
    const NOTHING: &[&str] = &[];
    for (scope, granted, missing) in [
        (None, &["read", "write"][..], NOTHING),
        (Some(json!(null)), &["read", "write"], NOTHING),
        (Some(json!("")), NOTHING, &["read", "write"]),
        (Some(json!([])), NOTHING, &["read", "write"]),
        (Some(json!("read")), &["read"], &["write"]),
        (Some(json!("write  read admin")), &["write", "read", "admin"], NOTHING),
        (Some(json!(["read", "", "write"])), &["read", "write"], NOTHING),
        (Some(json!("read,write")), &["read,write"], &["read", "write"]),
        // RFC 6749 §3.3 has no backslash in a scope.
        (Some(json!("read user\\write \\")), &["read"], &["write"]),
        (Some(json!(["\\", "read\\", "write"])), &["write"], &["read"]),
    ] {
        let mut body = json!({"access_token": "AT"});
        if let Some(scope) = &scope {
            body["scope"] = scope.clone();
        }
        let flow = flow(Acme, &Server::always(json_answer(200, &body)));
        let asked = ["read", "write"].map(|scope| Scope::open(scope).expect("a scope"));
        let (url, pending) = flow.begin(asked.clone()).into_parts();
        let query = format!("code=CODE&state={}", common::param(&url, "state"));
        let tokens = flow.finish(oauth_runtime::Callback::new(query, pending)).await.expect("a token");
        assert_eq!(tokens.scopes().collect::<Vec<_>>(), granted, "{scope:?}");
        assert_eq!(tokens.missing_scopes().collect::<Vec<_>>(), missing, "{scope:?}");
        assert_eq!(tokens.has_scope(&asked[0]), granted.contains(&"read"));
    }
    for bad in [json!(7), json!({"a": 1}), json!(["read", 7]), json!(true)] {
        let outcome = read(json_answer(200, &json!({"access_token": "AT", "scope": bad}))).await;
        assert_eq!(kind_of(outcome, "scope"), Kind::Invalid("scope"));
    }
    let body = json!({"access_token": "AT", "scope": "a:b, c"});
    let tokens = read_by(Commas, json_answer(200, &body)).await.expect("a token");
    assert_eq!(tokens.scopes().collect::<Vec<_>>(), ["a:b", "c"]);
}

provider!(
    Nested,
    Spec {
        response: TokenResponse {
            plain: false,
            root: &["authed_user"],
            access_token: &["token", "value"],
            refresh_token: &["renewal"],
            expires_in: &["ttl"],
            scope: &["scopes"],
            success: &[Condition { path: &["ok"], value: Scalar::Bool(true) }],
            error_description: &["detail", "text"],
            default_expires_in: Some(Duration::from_secs(60)),
            ..TokenResponse::PLAIN
        },
        errors: &[ErrorHint {
            code: "token_revoked",
            stage: Some(Stage::Token),
            means: Some("invalid_grant"),
            hint: Template::new("install the app again"),
            docs: Some("https://docs.example/errors"),
            reauthorize: true,
            ..ErrorHint::PLAIN
        }],
        ..ACME
    }
);

#[tokio::test]
async fn a_definition_says_where_things_stand_and_what_a_success_is() {
    let body = json!({
        "ok": true, "access_token": "xoxb-bot", "team": {"id": "T1"}, "error": "",
        "authed_user": {"token": {"value": "AT"}, "renewal": "RT", "scopes": "a b", "access_token": "no"}
    });
    let tokens = read_by(Nested, json_answer(200, &body)).await.expect("a token");
    assert_eq!(tokens.access_token().expose(), "AT");
    assert_eq!(tokens.refresh_token().map(oauth_runtime::Secret::expose), Some("RT"));
    assert_eq!(tokens.expires_at(), Some(time(NOW + 60)), "the declared default");
    assert_eq!(tokens.extra("team"), Some(&json!({"id": "T1"})));
    assert!(!format!("{tokens:?}").contains("xoxb"), "what is kept is not shown");

    for (body, code) in [
        (json!({"ok": false, "error": "token_revoked", "detail": {"text": "gone"}}), "token_revoked"),
        (json!({"ok": "true", "error": 17, "authed_user": {"token": {"value": "AT"}}}), "17"),
        (json!({"authed_user": {"token": {"value": "AT"}}}), "unknown_error"),
        (json!({"ok": null}), "unknown_error"),
    ] {
        let Err(Error::Refused(refusal)) = read_by(Nested, json_answer(200, &body)).await else {
            panic!("{body} is taken")
        };
        assert_eq!((refusal.code(), refusal.status()), (code, Some(200)));
        if code == "token_revoked" {
            assert_eq!(refusal.description(), Some("gone"));
            assert_eq!((refusal.means(), refusal.hint()), ("invalid_grant", Some("install the app again")));
            assert_eq!((refusal.docs(), refusal.reauthorize()), (Some("https://docs.example/errors"), true));
        }
    }
    let flat = json!({"ok": true, "token": {"value": "AT"}});
    assert_eq!(
        kind_of(read_by(Nested, json_answer(200, &flat)).await, "flat"),
        Kind::Missing("access_token")
    );
}

provider!(
    Counted,
    Spec {
        response: TokenResponse {
            plain: false,
            success: &[Condition { path: &["code"], value: Scalar::Integer(0) }],
            ..TokenResponse::PLAIN
        },
        ..ACME
    }
);
provider!(
    Worded,
    Spec {
        response: TokenResponse {
            plain: false,
            success: &[Condition { path: &["code"], value: Scalar::Text("ok") }],
            ..TokenResponse::PLAIN
        },
        ..ACME
    }
);

#[tokio::test]
async fn a_success_is_the_declared_number_or_text_itself_and_nothing_like_it() {
    let body = |code: &Value| json_answer(200, &json!({"code": code, "access_token": "AT"}));
    read_by(Counted, body(&json!(0))).await.expect("the number");
    read_by(Worded, body(&json!("ok"))).await.expect("the text");
    for code in [json!(1), json!("0"), json!(false), json!(null), json!([0])] {
        let outcome = read_by(Counted, body(&code)).await;
        assert!(matches!(outcome, Err(Error::Refused(_))), "{code} is taken");
    }
    for code in [json!("OK"), json!("no"), json!(""), json!(true), json!(["ok"])] {
        let outcome = read_by(Worded, body(&code)).await;
        assert!(matches!(outcome, Err(Error::Refused(_))), "{code} is taken");
    }
}
