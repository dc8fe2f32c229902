use crate::{definitions::*, raw::*};
use oauth_runtime::OAuthProvider;
use serde_json::{Value, json};
use std::time::Duration;

/// The answers to a good code and to a guessed one.
async fn answers<P: OAuthProvider>() -> ((u16, Value), (u16, Value)) {
    let test = start::<P>().await;
    let good = token(&test, &exchange(&code(&test).await)).await;
    (good, token(&test, &exchange("guessed")).await)
}

#[tokio::test]
async fn a_token_stands_where_the_definition_says() {
    let ((status, body), (refused, error)) = answers::<Shaped>().await;
    assert_eq!((status, refused), (200, 200), "with a condition for success, an error comes with status 200");
    assert_eq!(body["ok"], true);
    assert!(body["data"]["token"].is_string() && body["data"]["renewal"]["token"].is_string());
    assert_eq!((&body["data"]["expires"], &body["data"]["token_type"]), (&3600.into(), &"bot".into()));
    assert_eq!(body["data"]["permissions"], "read");
    assert_eq!(error["ok"], false);
    assert_eq!(error["failure"], json!({ "code": "invalid_grant", "text": "the code is unknown" }));
}

#[tokio::test]
async fn a_code_that_is_a_number_is_written_as_a_number() {
    let ((_, body), (_, error)) = answers::<Coded>().await;
    assert_eq!(body["errcode"], 0);
    assert_eq!(error["errcode"], 40029);
}

#[tokio::test]
async fn a_lifetime_with_a_default_is_not_named() {
    let test = start::<Unsaid>().await;
    let (_, body) = token(&test, &exchange(&code(&test).await)).await;
    assert_eq!(body.get("expires_in"), None);
    let access_token = text(&body, "/access_token");
    test.clock().advance(Duration::from_secs(599));
    assert_eq!(call(&test, "https://api.example/v1/x", &access_token).await.0, 200);
    test.clock().advance(Duration::from_secs(1));
    assert_eq!(call(&test, "https://api.example/v1/x", &access_token).await.0, 401);
}

#[tokio::test]
async fn an_example_lends_its_other_fields_and_none_of_its_tokens() {
    let ((_, body), (status, error)) = answers::<WithExamples>().await;
    assert_eq!((&body["team"]["id"], &body["token_type"]), (&"T1".into(), &"bearer".into()));
    assert_ne!(body["access_token"], "x");
    assert_ne!(body["refresh_token"], "y");
    assert_eq!(body.get("id_token"), None);
    assert_eq!(status, 200);
    assert_eq!(error, json!({ "error": "bad_code", "error_description": "the documented text" }));
}

#[tokio::test]
async fn an_error_has_the_providers_own_code() {
    let test = start::<WithExamples>().await;
    let form = exchange(&code(&test).await).with("redirect_uri", "https://app.example/");
    assert_eq!(token(&test, &form).await.1["error"], "uri_mismatch");
}

#[tokio::test]
async fn a_form_is_answered_where_the_example_is_a_form() {
    let test = start::<FormAnswer>().await;
    let answer = send(&test, post("https://id.example/token", &exchange(&code(&test).await))).await;
    assert_eq!(answer.headers()["content-type"], "application/x-www-form-urlencoded");
    let answer = format!("?{}", String::from_utf8_lossy(answer.body()));
    assert_eq!(parameter(&answer, "team").as_deref(), Some("T1"));
    assert_eq!(parameter(&answer, "expires_in").as_deref(), Some("3600"));
}

#[tokio::test]
async fn fewer_scopes_can_be_granted_than_are_asked_for() {
    let test = start::<Standard>().await;
    test.grant_only(["write"]);
    let form = authorization().with("scope", "read write");
    let code = parameter(&authorize(&test, &form).await, "code").expect("a code");
    let (_, body) = token(&test, &exchange(&code)).await;
    assert_eq!(body["scope"], "write");
    let echo = call(&test, "https://api.example/v1/x", &text(&body, "/access_token")).await.1;
    assert_eq!(echo["scopes"], json!(["write"]));
    test.grant_only([""; 0]);
    let (_, body) = token(&test, &exchange(&crate::raw::code(&test).await)).await;
    assert_eq!(body["scope"], "", "nothing is granted, and the answer says so");
}
