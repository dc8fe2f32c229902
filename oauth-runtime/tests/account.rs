//! Who the user is (OpenID Connect Core §5.3), and the end of a grant (RFC 7009).

mod common;

use common::{ACME, ENDPOINTS, Server, answer, flow, good, json_answer, provider, stored};
use oauth_runtime::{
    AnswerErrorKind, Error, LoginRequired, Session,
    provider::{HasAuthorizationEndpoint, HasRevocation},
    spec::{
        Also, AuthMethod, Claim, Endpoint, Endpoints, ErrorHint, Revocation, Revokes, Spec, Stage,
        TokenRequest, Userinfo,
    },
    transport::Response,
};
use serde_json::{Value, json};

const WITH_ACCOUNT: Spec = Spec {
    api: None,
    endpoints: Endpoints {
        userinfo: Endpoint::new("https://id.example/userinfo"),
        revocation: Endpoint::new("https://id.example/revoke"),
        ..ENDPOINTS
    },
    ..ACME
};
provider!(WithAccount, WITH_ACCOUNT);
provider!(
    Codes,
    Spec {
        userinfo: Userinfo {
            subject: &["id"],
            also: &[Also {
                claim: Claim::Email,
                url: Endpoint::new("https://id.example/emails"),
                pick: Some("primary"),
                field: &["email"],
                scope: Some("email"),
            }],
            ..Userinfo::PLAIN
        },
        ..WITH_ACCOUNT
    }
);

async fn session_of<P: HasAuthorizationEndpoint>(provider: P, server: &Server, scopes: &str) -> Session<P> {
    let session = flow(provider, server).session("ada");
    let record = json!({"access_token": "AT", "refresh_token": "RT", "obtained_at": 0, "scopes": scopes});
    session.adopt(stored(record)).await.expect("stored");
    session
}

#[tokio::test]
async fn the_user_is_who_the_declared_endpoint_says() {
    let body = json!({"sub": "248289761001", "email": "ada@example.com", "email_verified": true, "name": "", "x": 1});
    let server = Server::always(json_answer(200, &body));
    let user = session_of(WithAccount, &server, "").await.userinfo().await.expect("a user");
    assert_eq!((&*user.subject, user.email.as_deref()), ("248289761001", Some("ada@example.com")));
    assert_eq!((user.email_verified, user.name, &user.claims["x"]), (Some(true), None, &json!(1)));
    let sent = server.only();
    assert_eq!((&*sent.method, &*sent.uri), ("GET", "https://id.example/userinfo"));
    assert_eq!(sent.header("authorization"), Some("Bearer AT"));
}

#[tokio::test]
async fn an_answer_that_names_no_user_is_an_error() {
    for (body, expected) in [
        (json!({"email": "ada@example.com"}), AnswerErrorKind::Missing("sub")),
        (json!({"sub": ""}), AnswerErrorKind::Missing("sub")),
        (json!({"sub": null}), AnswerErrorKind::Missing("sub")),
        (json!({"sub": ["a"]}), AnswerErrorKind::Missing("sub")),
        (json!([]), AnswerErrorKind::Missing("sub")),
        (Value::Null, AnswerErrorKind::Missing("sub")),
    ] {
        let server = Server::always(json_answer(200, &body));
        let outcome = session_of(WithAccount, &server, "").await.userinfo().await;
        assert!(
            matches!(outcome, Err(Error::Answer(ref error)) if error.kind() == expected),
            "{body}: {outcome:?}"
        );
    }
    for status in [302, 401, 403, 500] {
        let server = Server::always(json_answer(status, &json!({"sub": "1", "error": "invalid_token"})));
        let session = flow(WithAccount, &server).session("ada");
        session.adopt(stored(json!({"access_token": "AT", "obtained_at": 0}))).await.expect("stored");
        assert!(session.userinfo().await.is_err(), "{status}");
    }
}

#[tokio::test]
async fn what_was_said_of_one_address_does_not_hold_for_another() {
    for (emails, email, verified) in [
        (
            json!([{"email": "old@x.example"}, {"email": "ada@x.example", "primary": true, "verified": true}]),
            "ada@x.example",
            Some(true),
        ),
        (
            json!([{"email": "ada@x.example", "primary": true, "verified": false}]),
            "ada@x.example",
            Some(false),
        ),
        (json!([{"email": "ada@x.example", "primary": true}]), "ada@x.example", None),
        (json!([{"email": "eve@x.example", "primary": "true"}]), "public@x.example", Some(true)),
        (json!([]), "public@x.example", Some(true)),
    ] {
        let server = Server::new(move |sent, _| {
            let profile = json!({"id": 1815, "email": "public@x.example", "email_verified": true});
            json_answer(200, if sent.uri.ends_with("/emails") { &emails } else { &profile })
        });
        let user = session_of(Codes, &server, "email").await.userinfo().await.expect("a user");
        assert_eq!(
            (&*user.subject, user.email.as_deref(), user.email_verified),
            ("1815", Some(email), verified)
        );
        assert_eq!(server.count(), 2);
    }
    let server = Server::always(json_answer(200, &json!({"id": 1815})));
    let user = session_of(Codes, &server, "read").await.userinfo().await.expect("a user");
    assert_eq!((user.email, server.count()), (None, 1), "not asked for without its scope");
}

const BY_ACCESS_TOKEN: Spec = Spec {
    revocation: Revocation {
        revokes: Revokes::AccessToken,
        request: Some(TokenRequest { auth: &[AuthMethod::Bearer], ..TokenRequest::PLAIN }),
    },
    ..WITH_ACCOUNT
};
provider!(ByAccessToken, BY_ACCESS_TOKEN);

async fn is_kept<P: HasRevocation>(session: &Session<P>) -> bool {
    session.stored_tokens().await.expect("loaded").is_some()
}

#[tokio::test]
async fn a_revoked_grant_is_forgotten_here_once_the_provider_has_it() {
    for response in [
        answer(200, "", ""),
        answer(204, "", ""),
        answer(200, "text/html", "<html>"),
        json_answer(200, &json!({})),
    ] {
        let server = Server::always(response);
        let session = session_of(WithAccount, &server, "").await;
        session.revoke().await.expect("revoked");
        assert!(!is_kept(&session).await);
        let sent = server.only();
        assert_eq!((&*sent.method, &*sent.uri), ("POST", "https://id.example/revoke"));
        assert_eq!(
            (sent.field("token").as_deref(), sent.field("token_type_hint").as_deref()),
            (Some("RT"), Some("refresh_token"))
        );
        assert!(sent.header("authorization").is_some_and(|value| value.starts_with("Basic ")));
        assert!(matches!(session.revoke().await, Err(Error::LoginRequired(LoginRequired::NoTokens))));
    }
    let server = Server::always(answer(200, "", ""));
    session_of(ByAccessToken, &server, "").await.revoke().await.expect("revoked");
    let sent = server.only();
    assert_eq!(
        (sent.field("token").as_deref(), sent.header("authorization")),
        (Some("AT"), Some("Bearer AT"))
    );
    assert!(sent.headers["authorization"].is_sensitive(), "it is a token");
}

#[tokio::test]
async fn tokens_stay_where_the_provider_did_not_take_them_back() {
    let responses: [Response; 5] = [
        answer(503, "", ""),
        answer(307, "", ""),
        json_answer(400, &json!({"error": "unsupported_token_type"})),
        json_answer(401, &json!({"error": "invalid_client"})),
        json_answer(200, &json!({"error": "not_allowed"})),
    ];
    for response in responses {
        let server = Server::always(response);
        let session = session_of(WithAccount, &server, "").await;
        let error = session.revoke().await.expect_err("not revoked");
        assert!(is_kept(&session).await && server.count() == 1, "{error}");
        if let Error::Refused(refusal) = &error {
            assert_eq!(refusal.stage(), Stage::Revocation);
        }
        assert!(!format!("{error} {error:?}").contains("RT"), "{error}");
    }
    let server = Server::always(good());
    let nobody = flow(WithAccount, &server).session("nobody");
    assert!(nobody.revoke().await.is_err() && server.count() == 0);
}

provider!(
    // A provider that says at which endpoint its errors mean what.
    Staged,
    Spec {
        errors: &[
            ErrorHint { code: "of_the_api", stage: Some(Stage::Api), reauthorize: true, ..ErrorHint::PLAIN },
            ErrorHint {
                code: "of_userinfo",
                stage: Some(Stage::Userinfo),
                reauthorize: true,
                ..ErrorHint::PLAIN
            },
            ErrorHint { code: "of_a_code", stage: Some(Stage::Token), reauthorize: true, ..ErrorHint::PLAIN },
            ErrorHint { code: "of_all", reauthorize: true, ..ErrorHint::PLAIN },
        ],
        ..WITH_ACCOUNT
    }
);

#[tokio::test]
async fn an_error_means_at_userinfo_what_it_means_there_or_at_the_api_and_nowhere_else() {
    for (code, at_userinfo, at_token) in [
        ("of_the_api", true, false),
        ("of_userinfo", true, false),
        ("of_a_code", false, true),
        ("of_all", true, true),
    ] {
        let server = Server::always(json_answer(403, &json!({"error": code})));
        let error = session_of(Staged, &server, "").await.userinfo().await.expect_err("an error");
        assert_eq!((error.needs_login(), error.code().is_some()), (at_userinfo, at_userinfo), "{code}");
        let error = common::sign_in(&flow(Staged, &server)).await.expect_err("an error");
        assert_eq!((error.needs_login(), error.code()), (at_token, Some(code)), "{code}");
    }
}
