//! What a web application must tell apart when a sign-in fails: each case typed, explained, and without a secret.

use crate::{
    browser::{Browser, Page},
    leaks,
    site::{CLIENT_SECRET, Site},
};
use axum::http::StatusCode;
use oauth_runtime::{
    AnswerErrorKind, CallbackError, Error, LoginRequired,
    transport::{Response, TransportErrorKind},
};
use serde_json::json;
use std::time::Duration;

/// The error's text, after a look for secrets in whatever it shows.
fn explanation(site: &Site, page: &Page) -> String {
    let mut secrets = leaks::sent(&site.test);
    secrets.push(CLIENT_SECRET.to_owned());
    leaks::assert_none(page.error(), &secrets);
    page.error().to_string()
}

/// `text` says each of `parts`.
fn assert_says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
}

#[tokio::test]
async fn denied_is_what_the_user_said() {
    let mut site = Site::start().await;
    site.test.deny();
    let page = site.sign_in().await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(matches!(page.error(), Error::Denied(_)));
    assert_eq!(page.error().code(), Some("access_denied"));
    assert_says(
        &explanation(&site, &page),
        &[
            "GitHub refused the authorization: access_denied (the user denied the request)",
            "https://github.com/login/oauth/authorize",
            "client_id=journey",
            "redirect_uri=https://app.example/callback",
            "read:user user:email",
            "said no",
        ],
    );
    assert_eq!(site.test.token_requests(), 0);
}

#[tokio::test]
async fn a_mismatch_of_the_redirect_uri_names_the_uri_and_the_console() {
    let mut site = Site::start().await;
    let body = json!({
        "error": "redirect_uri_mismatch",
        "error_description": "The redirect_uri MUST match the registered callback URL for this application.",
    });
    site.test.answer_next(Response::new(body.to_string().into()));
    let page = site.sign_in().await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(page.error().code(), Some("redirect_uri_mismatch"));
    assert_says(
        &explanation(&site, &page),
        &[
            "The redirect_uri MUST match the registered callback URL",
            "status 200",
            "POST https://github.com/login/oauth/access_token",
            "Register exactly this one at https://github.com/settings/developers",
            "The callback URL was https://app.example/callback.",
            "see https://docs.github.com/",
        ],
    );
}

#[tokio::test]
async fn a_secret_that_the_provider_echoes_is_not_shown() {
    let mut site = Site::start().await;
    let callback = site.until_callback().await;
    let code = callback.split("code=").nth(1).and_then(|rest| rest.split('&').next()).unwrap();
    let plain: String =
        url::form_urlencoded::parse(format!("x={code}").as_bytes()).map(|pair| pair.1).collect();
    let body = json!({
        "error": "invalid_grant",
        "error_description": format!("no code {plain} ({code}) for client journey:{CLIENT_SECRET}"),
    });
    let mut answer = Response::new(body.to_string().into());
    *answer.status_mut() = StatusCode::BAD_REQUEST;
    site.test.answer_next(answer);
    let page = site.visit(&callback).await;
    assert_eq!(page.error().code(), Some("invalid_grant"));
    assert_says(&explanation(&site, &page), &["no code [secret]", "for client journey:[secret]"]);
}

#[tokio::test]
async fn expired_is_a_user_who_took_too_long() {
    let mut site = Site::start().await;
    let callback = site.until_callback().await;
    site.test.clock().advance(Duration::from_secs(601));
    let page = site.visit(&callback).await;
    assert_eq!(page.text, "That took too long. Sign in at /login");
    assert!(matches!(page.error(), Error::Callback(CallbackError::Expired)));
    assert_says(&explanation(&site, &page), &["longer than ten minutes", "start again"]);
    assert_eq!(site.test.token_requests(), 0);
}

#[tokio::test]
async fn just_in_time_is_in_time() {
    let mut site = Site::start().await;
    let callback = site.until_callback().await;
    site.test.clock().advance(Duration::from_secs(590));
    assert_eq!(site.visit(&callback).await.location.as_deref(), Some("/profile"));
}

#[tokio::test]
async fn a_reload_of_the_callback_is_no_second_exchange_and_no_sign_out() {
    let mut site = Site::start().await;
    let callback = site.until_callback().await;
    site.visit(&callback).await;
    for _ in 0..2 {
        let page = site.visit(&callback).await;
        assert_eq!(page.text, "This page was open before. Sign in at /login");
        assert!(matches!(page.error(), Error::Callback(CallbackError::AlreadyUsed)));
        assert_says(&explanation(&site, &page), &["used already", "a reload"]);
    }
    assert_eq!((site.test.token_requests(), site.test.codes_used_twice()), (1, 0));
    assert_eq!(site.visit("/profile").await.text, "Signed in as ada");
}

#[tokio::test]
async fn another_browser_cannot_use_a_callback_and_does_not_use_it_up() {
    let mut site = Site::start().await;
    let callback = site.until_callback().await;
    let mut other = Browser::default();
    other.until_callback(&site.application, &site.test).await;
    let page = other.visit(&site.application, &callback).await;
    assert_eq!(page.text, "You began in another browser. Sign in at /login");
    assert!(matches!(page.error(), Error::Callback(CallbackError::UnknownState)));
    assert_says(&explanation(&site, &page), &["began in another browser", "start again"]);
    assert_eq!(site.test.token_requests(), 0);

    assert_eq!(site.visit(&callback).await.location.as_deref(), Some("/profile"), "it was the other's");
}

#[tokio::test]
async fn a_gateway_in_front_of_a_provider_that_is_down_is_named() {
    let mut site = Site::start().await;
    site.test.html_502();
    let page = site.sign_in().await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    let Error::Answer(answer) = page.error() else { panic!("{:?}", page.error()) };
    assert_eq!(answer.kind(), AnswerErrorKind::Unavailable { retry_after: None });
    assert_eq!(answer.status(), 502);
    assert_says(
        &explanation(&site, &page),
        &[
            "GitHub's token endpoint answered with status 502",
            "try again later",
            "bytes of text/html",
            "POST https://github.com/login/oauth/access_token with grant_type=authorization_code",
            "redirect_uri=https://app.example/callback",
        ],
    );
    assert_eq!(site.test.token_requests(), 1, "a code is sent once");
    assert_eq!(site.sign_in().await.text, "Signed in as ada");
}

#[tokio::test]
async fn a_provider_that_asks_to_wait_is_quoted() {
    let mut site = Site::start().await;
    let mut answer = Response::new("slow down".into());
    *answer.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    answer.headers_mut().insert("retry-after", "7".parse().unwrap());
    site.test.answer_next(answer);
    let page = site.sign_in().await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    let Error::Answer(answer) = page.error() else { panic!("{:?}", page.error()) };
    assert_eq!(answer.retry_after(), Some(Duration::from_secs(7)));
    assert_says(&explanation(&site, &page), &["status 429", "try again in 7 s"]);
}

fn transport_kind(page: &Page) -> TransportErrorKind {
    match page.error() {
        Error::Transport(error) => error.kind(),
        other => panic!("no transport error: {other:?}"),
    }
}

#[tokio::test]
async fn a_provider_that_does_not_answer_in_time_is_not_waited_for() {
    let mut site = Site::start().await;
    site.restart_with(CLIENT_SECRET, |flow| flow.deadline(Duration::from_millis(100)));
    site.test.slow(Duration::from_secs(600));
    let page = site.sign_in().await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(transport_kind(&page), TransportErrorKind::Timeout);
    assert_says(
        &explanation(&site, &page),
        &["no complete answer came in time for POST", "grant_type=authorization_code", "try again later"],
    );
    assert_eq!(site.test.token_requests(), 1, "a code is sent once");

    site.restart();
    site.test.slow(Duration::ZERO);
    assert_eq!(site.sign_in().await.text, "Signed in as ada");
}

#[tokio::test]
async fn an_answer_that_breaks_off_does_not_send_the_code_again() {
    let mut site = Site::start().await;
    let callback = site.until_callback().await;
    site.test.drop_connection();
    let page = site.visit(&callback).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(matches!(transport_kind(&page), TransportErrorKind::Protocol | TransportErrorKind::Other));
    assert!(page.error().is_transient() && !page.error().needs_login());
    explanation(&site, &page);

    let page = site.visit(&callback).await;
    assert!(matches!(page.error(), Error::Callback(CallbackError::AlreadyUsed)));
    assert_eq!((site.test.token_requests(), site.test.codes_used_twice()), (1, 0));
    assert_eq!(site.sign_in().await.text, "Signed in as ada");
}

#[tokio::test]
async fn a_provider_that_is_down_during_a_refresh_signs_nobody_out() {
    let mut site = Site::start().await;
    site.sign_in().await;
    site.test.clock().advance(Duration::from_secs(9 * 3600));
    site.test.html_502();
    for _ in 0..3 {
        let page = site.visit("/profile").await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_says(&explanation(&site, &page), &["status 502", "grant_type=refresh_token"]);
    }
    assert_eq!(site.test.refreshes(), 1, "the failure is shared for a while");

    site.restart();
    let page = site.visit("/profile").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "the store remembers it for the next process");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(site.visit("/profile").await.text, "Signed in as ada");
}

#[tokio::test]
async fn a_grant_that_was_taken_back_asks_for_a_sign_in() {
    let mut site = Site::start().await;
    site.sign_in().await;
    site.test.refuse_refresh();
    site.test.clock().advance(Duration::from_secs(9 * 3600));
    let page = site.visit("/profile").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    let is_dead = |reason: &LoginRequired| matches!(reason, LoginRequired::GrantDead { code, hint: Some(_) } if code == "bad_refresh_token");
    assert!(matches!(page.error(), Error::LoginRequired(reason) if is_dead(reason)), "{:?}", page.error());
    assert_says(
        &explanation(&site, &page),
        &["bad_refresh_token", "sign in again", "not used for six months"],
    );
    assert_eq!(site.sign_in().await.text, "Signed in as ada");
}
