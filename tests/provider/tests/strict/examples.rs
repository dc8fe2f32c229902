//! Examples as tests, and as answers.

#![allow(clippy::unwrap_used)]

use crate::{definitions::*, raw::*};
use oauth_runtime::{
    AuthCodeFlow, Callback, OAuthProvider,
    provider::{HasApi, HasAuthorizationEndpoint, HasRefresh, HasRevocation, HasUserinfo},
    spec::{Capture, Example, Spec, Stage, TokenResponse},
};
use oauth_test_provider::{TestProvider, check_examples, check_file};
use std::{panic, time::Duration};

const TOKEN: &str = r#"{"access_token":"at","refresh_token":"rt","token_type":"bearer","scope":"read write","expires_in":60}"#;
const USER: &str = r#"{"sub":"1815","email":"ada@example.com","email_verified":true,"name":"Ada"}"#;

const fn example(stage: Stage, body: &'static str, expect: &'static str) -> Example {
    Example { stage, title: "it", status: 200, content_type: "application/json", body, expect }
}

/// What the check says of one example; `None`: nothing.
fn verdict<P: OAuthProvider>() -> Option<String> {
    let caught = panic::catch_unwind(check_examples::<P>).err()?;
    Some(*caught.downcast::<String>().expect("a text"))
}

macro_rules! verdicts {
    ($($test:ident: $stage:ident $body:expr, $expect:expr => $said:expr;)*) => {$(
        #[test]
        fn $test() {
            struct Shown;
            impl OAuthProvider for Shown {
                const SPEC: &'static Spec = &STANDARD;
                const EXAMPLES: &'static [Example] = &[example(Stage::$stage, $body, $expect)];
            }
            let said: &[&str] = &$said;
            let verdict = verdict::<Shown>();
            assert_eq!(verdict.is_some(), !said.is_empty(), "{verdict:?}");
            for part in said {
                assert!(verdict.as_ref().is_some_and(|text| text.contains(part)), "{part} in {verdict:?}");
            }
        }
    )*};
}

const KEEPING: Spec = Spec {
    response: TokenResponse {
        plain: false,
        capture: &[Capture { name: "team_id", path: &["team", "id"] }],
        ..TokenResponse::PLAIN
    },
    ..STANDARD
};

#[test]
fn a_file_needs_an_example_only_where_its_answer_is_not_the_standards() {
    struct Plain;
    impl OAuthProvider for Plain {
        const SPEC: &'static Spec = &Spec {
            response: TokenResponse {
                plain: false,
                default_expires_in: Some(Duration::from_secs(60)),
                ..TokenResponse::PLAIN
            },
            ..STANDARD
        };
    }
    struct Other;
    impl OAuthProvider for Other {
        const SPEC: &'static Spec = &KEEPING;
    }
    check_file::<Plain>();
    let caught = panic::catch_unwind(check_file::<Other>).unwrap_err();
    let text = caught.downcast::<String>().expect("a text");
    assert!(text.contains("show one in an `[[example]]`"), "{text}");
}

#[test]
fn a_captured_value_is_read() {
    struct Shown;
    impl OAuthProvider for Shown {
        const SPEC: &'static Spec = &KEEPING;
        const EXAMPLES: &'static [Example] = &[
            Example { title: "same", ..example(Stage::Token, TEAM, r#"{"captured":{"team_id":"T1"}}"#) },
            Example { title: "other", ..example(Stage::Token, TEAM, r#"{"captured":{"team_id":"T2"}}"#) },
        ];
    }
    const TEAM: &str = r#"{"access_token":"at","team":{"id":"T1"}}"#;
    let verdict = verdict::<Shown>().expect("one is wrong");
    assert!(verdict.contains("`captured.team_id` is read as \"T1\", and expected to be \"T2\""), "{verdict}");
    assert!(!verdict.contains("same"), "{verdict}");
}

verdicts! {
    an_example_that_is_read_as_it_says_passes: Token TOKEN, r#"{"access_token":"at","refresh_token":"rt","scopes":["read","write"],"expires_in":60}"# => [];
    another_access_token_is_found: Token TOKEN, r#"{"access_token":"other"}"# => ["\"it\" (Token): `access_token` is read as \"at\", and expected to be \"other\""];
    another_lifetime_is_found: Token TOKEN, r#"{"access_token":"at","expires_in":61}"# => ["`expires_in` is read as 60, and expected to be 61"];
    all_differences_come_together: Token TOKEN, r#"{"access_token":"a","refresh_token":"b","scopes":["read"]}"# => ["`access_token` is", "`refresh_token` is", "`scopes` is read as [\"read\",\"write\"]"];
    an_id_token_that_is_not_there_is_found: Token TOKEN, r#"{"access_token":"at","id_token":"x"}"# => ["`id_token` is read as null"];
    an_error_is_read: Token r#"{"error":"invalid_grant","error_description":"used"}"#, r#"{"error":"invalid_grant","means":"invalid_grant","description":"used"}"# => [];
    an_error_that_is_none_is_found: Token TOKEN, r#"{"error":"invalid_grant"}"# => ["`error` is read as null, and expected to be \"invalid_grant\""];
    an_error_that_nobody_expects_is_found: Token r#"{"error":"invalid_grant"}"#, r#"{"access_token":"at"}"# => ["it is read as an error: ", "`access_token` is read as null"];
    an_answer_that_cannot_be_read_is_found: Token "<html>", r#"{"access_token":"at"}"# => ["it is read as an error: "];
    a_refresh_is_read: Refresh TOKEN, r#"{"access_token":"at","refresh_token":"rt"}"# => [];
    a_refresh_of_another_token_is_found: Refresh TOKEN, r#"{"access_token":"other"}"# => ["(Refresh): `access_token`"];
    a_refused_refresh_is_read: Refresh r#"{"error":"invalid_grant"}"#, r#"{"error":"invalid_grant"}"# => [];
    a_callback_is_read: Callback "code=c0de&state=shown", r#"{"code":"c0de"}"# => [];
    another_code_in_a_callback_is_found: Callback "code=c0de", r#"{"code":"other"}"# => ["(Callback): "];
    a_denial_in_a_callback_is_read: Callback "error=access_denied", r#"{"error":"access_denied"}"# => [];
    a_denial_that_is_a_code_is_found: Callback "code=c0de", r#"{"error":"access_denied"}"# => ["(Callback): "];
    a_user_is_read: Userinfo USER, r#"{"subject":"1815","email":"ada@example.com","email_verified":true,"name":"Ada"}"# => [];
    another_user_is_found: Userinfo USER, r#"{"subject":"1816"}"# => ["(Userinfo): `subject` is read as \"1815\""];
    a_claim_that_is_not_there_is_found: Userinfo USER, r#"{"subject":"1815","picture":"x"}"# => ["`picture` is read as null"];
    a_revocation_is_read: Revocation "", "{}" => [];
    a_revocation_that_should_be_refused_is_found: Revocation "", r#"{"error":"unsupported_token_type"}"# => ["(Revocation): `error` is read as null"];
    a_refused_revocation_is_read: Revocation r#"{"error":"unsupported_token_type"}"#, r#"{"error":"unsupported_token_type"}"# => [];
    an_answer_of_the_api_is_read: Api r#"["an album"]"#, "{}" => [];
    an_answer_of_the_api_that_is_no_json_is_found: Api "an album", "{}" => ["(Api): it is read as an error"];
}

#[test]
fn a_definition_without_examples_is_no_test() {
    assert!(verdict::<Standard>().is_some_and(|text| text.contains("standard has no `[[example]]`")));
}

#[tokio::test]
async fn examples_are_checked_in_an_async_test_too() {
    check_examples::<FormAnswer>();
}

provider!(
    /// An example for each stage, and an error for each.
    Played,
    STANDARD,
    &[
        Example { title: "a short token", ..example(Stage::Token, TOKEN, r#"{"access_token":"at","refresh_token":"rt","expires_in":60}"#) },
        Example { title: "a used code", ..example(Stage::Token, r#"{"error":"bad_code"}"#, r#"{"error":"bad_code"}"#) },
        Example { title: "denied", ..example(Stage::Callback, "error=cancelled&why=no", r#"{"error":"cancelled"}"#) },
        Example { title: "a code", ..example(Stage::Callback, "code=c0de&shop=s", r#"{"code":"c0de"}"#) },
        Example { title: "ada", ..example(Stage::Userinfo, USER, r#"{"subject":"1815"}"#) },
        Example { title: "babbage", ..example(Stage::Userinfo, r#"{"sub":"1791"}"#, r#"{"subject":"1791"}"#) },
        Example { title: "an album", ..example(Stage::Api, r#"["an album"]"#, "{}") },
        Example { title: "not revoked", ..example(Stage::Revocation, r#"{"error":"busy"}"#, r#"{"error":"busy"}"#) },
    ]
);

#[tokio::test]
async fn an_example_is_played_once_and_its_tokens_are_good() {
    let test = start::<Played>().await;
    test.answers("a short token");
    let (_, body) = token(&test, &exchange(&code(&test).await)).await;
    assert_eq!(body.to_string(), serde_json::from_str::<serde_json::Value>(TOKEN).unwrap().to_string());
    assert_eq!(call(&test, "https://api.example/v1/x", "at").await.0, 200);
    test.clock().advance(Duration::from_secs(61));
    assert_eq!(call(&test, "https://api.example/v1/x", "at").await.0, 401);
    let (_, body) = token(&test, &exchange(&code(&test).await)).await;
    assert_ne!(body["access_token"], "at", "the next answer is an ordinary one");
}

#[tokio::test]
async fn a_request_that_is_not_right_gets_no_example_that_grants() {
    let test = start::<Played>().await;
    test.answers("a short token");
    assert_eq!(token(&test, &exchange("guessed")).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn an_example_that_refuses_is_answered_whatever_is_asked() {
    let test = start::<Played>().await;
    test.answers("a used code");
    let form = exchange(&code(&test).await);
    assert_eq!(token(&test, &form).await.1["error"], "bad_code");
    assert!(token(&test, &form).await.1["access_token"].is_string(), "the code was not looked at");
}

#[tokio::test]
async fn a_consent_ends_as_an_example_of_the_callback_does() {
    let test = start::<Played>().await;
    test.answers("denied");
    test.answers("a code");
    let back = authorize(&test, &authorization()).await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("cancelled"));
    assert_eq!(parameter(&back, "why").as_deref(), Some("no"));
    assert!(parameter(&back, "state").is_some(), "whose answer it is stays");
    let back = authorize(&test, &authorization()).await;
    assert_eq!(parameter(&back, "shop").as_deref(), Some("s"));
    let (status, _) = token(&test, &exchange("c0de")).await;
    assert_eq!(status, 200, "the example's code is good");
}

#[tokio::test]
async fn each_stage_plays_its_own() {
    let test = TestProvider::<Played>::start().await;
    let flow = AuthCodeFlow::new(Played, test.credentials(), "https://app.example/callback").unwrap();
    let flow = flow.transport(test.transport());
    let (url, pending) = flow.begin([]).into_parts();
    let back = test.approve(&url).await;
    let query = back.split_once('?').unwrap().1;
    let session = flow.session("ada");
    let tokens = flow.finish(Callback::new(query, pending)).await.unwrap();
    session.adopt(tokens).await.unwrap();
    for title in ["babbage", "ada", "an album", "not revoked"] {
        test.answers(title);
    }
    assert_eq!(session.userinfo().await.unwrap().subject, "1791");
    assert_eq!(session.userinfo().await.unwrap().subject, "1815");
    let album: Vec<String> = session.get("x").json().await.unwrap();
    assert_eq!(album, ["an album"]);
    assert_eq!(session.revoke().await.unwrap_err().code(), Some("busy"));
    session.revoke().await.unwrap();
}

#[tokio::test]
#[should_panic(
    expected = "Standard <Inc> has no example \"a shrot token\"; it has \"a short token\", \"a used code\""
)]
async fn a_title_that_is_none_is_refused() {
    TestProvider::<Played>::start().await.answers("a shrot token");
}
