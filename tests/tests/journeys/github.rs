//! The web application of requests-oauthlib's documentation: sign in, keep the token, show the profile.

use crate::{
    browser::{Browser, Page},
    site::{CLIENT_SECRET, Site},
};
use axum::http::{Method, StatusCode};
use oauth_runtime::{Error, LoginRequired, Refusal, spec::Stage};
use std::time::{Duration, SystemTime};
use tokio::task::JoinSet;

fn refused(page: &Page) -> &Refusal {
    match page.error() {
        Error::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_visitor_signs_in_and_sees_the_profile() {
    let mut site = Site::start().await;
    let page = site.visit("/profile").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(page.text.contains("Sign in at /login"));

    assert_eq!(site.sign_in().await.text, "Signed in as ada");
    assert_eq!(site.visit("/profile").await.text, "Signed in as ada", "the token was kept");
    assert_eq!(site.test.token_requests(), 1);
}

#[tokio::test]
async fn a_visitor_is_still_signed_in_after_a_restart() {
    let mut site = Site::start().await;
    site.sign_in().await;
    site.restart();
    assert_eq!(site.visit("/profile").await.text, "Signed in as ada");
    assert_eq!(site.test.token_requests(), 1);
}

#[tokio::test]
async fn a_sign_in_goes_on_after_a_restart_in_its_middle() {
    let mut site = Site::start().await;
    let callback = site.until_callback().await;
    site.restart();
    assert_eq!(site.visit(&callback).await.location.as_deref(), Some("/profile"));
    assert_eq!(site.visit("/profile").await.text, "Signed in as ada");
}

#[tokio::test]
async fn a_token_that_was_refreshed_is_the_one_that_is_kept() {
    let mut site = Site::start().await;
    site.sign_in().await;
    let before = site.table.rows();
    site.test.clock().advance(Duration::from_secs(9 * 3600));
    assert_eq!(site.visit("/profile").await.text, "Signed in as ada");
    let after = site.table.rows();
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_eq!(before[0].0, after[0].0, "the same key");
    assert_ne!(before[0].1, after[0].1, "another token");

    site.restart();
    site.test.clock().advance(Duration::from_secs(9 * 3600));
    assert_eq!(site.visit("/profile").await.text, "Signed in as ada");
    assert_eq!((site.test.refreshes(), site.test.reuses()), (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_requests_at_once_share_one_refresh_over_a_table_of_three_methods() {
    let mut site = Site::start().await;
    site.sign_in().await;
    site.test.clock().advance(Duration::from_secs(9 * 3600));
    let mut visits = JoinSet::new();
    for _ in 0..50 {
        let (mut tab, application) = (site.browser.clone(), site.application.clone());
        visits.spawn(async move { tab.visit(&application, "/profile").await.text });
    }
    assert!(visits.join_all().await.iter().all(|text| text == "Signed in as ada"));
    assert_eq!((site.test.refreshes(), site.test.reuses()), (1, 0));
}

#[tokio::test]
async fn two_visitors_have_a_row_each_and_signing_out_removes_one() {
    let mut site = Site::start().await;
    site.sign_in().await;
    let mut other = Browser::default();
    assert_eq!(other.sign_in(&site.application, &site.test).await.text, "Signed in as ada");
    let rows = site.table.rows();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|(key, _)| key.starts_with("github::")), "{:?}", rows[0].0);

    other.send(&site.application, Method::POST, "/sign-out").await;
    assert_eq!(site.table.rows().len(), 1);
    let page = other.visit(&site.application, "/profile").await;
    assert!(matches!(page.error(), Error::LoginRequired(LoginRequired::NoTokens)));
    assert_eq!(site.visit("/profile").await.text, "Signed in as ada");
}

#[tokio::test]
async fn scopes_granted_narrower_than_asked_are_data_and_no_error() {
    let mut site = Site::start().await;
    site.test.grant_only(["read:user"]);
    let page = site.sign_in().await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text, "Signed in as ada, without user:email");
    site.restart();
    assert_eq!(site.visit("/profile").await.text, "Signed in as ada, without user:email");

    site.test.grant_only(["read:user", "user:email"]);
    assert_eq!(site.sign_in().await.text, "Signed in as ada");
}

#[tokio::test]
async fn two_tabs_can_sign_in_at_once() {
    let mut site = Site::start().await;
    let first = site.until_callback().await;
    let second = site.until_callback().await;
    for callback in [first, second] {
        assert_eq!(site.visit(&callback).await.location.as_deref(), Some("/profile"));
        assert_eq!(site.visit("/profile").await.text, "Signed in as ada");
    }
}

#[tokio::test]
async fn a_wrong_client_secret_is_an_error_with_status_200_and_names_the_console() {
    let mut site = Site::start().await;
    site.restart_with("mistyped", |flow| flow);
    let page = site.sign_in().await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "nothing that the visitor can mend");
    let refusal = refused(&page);
    assert_eq!(refusal.status(), Some(200));
    assert_eq!((refusal.code(), refusal.means()), ("incorrect_client_credentials", "invalid_client"));
    assert_eq!(refusal.stage(), Stage::Token);
    let hint = refusal.hint().unwrap();
    assert!(hint.contains("https://github.com/settings/developers"), "{hint}");
    assert!(refusal.docs().unwrap().starts_with("https://docs.github.com/"));
    assert!(!page.error().needs_login() && !page.error().is_transient());
    assert!(site.table.rows().is_empty());
}

#[tokio::test]
async fn a_code_that_lapsed_is_an_error_with_status_200_and_sends_the_user_back() {
    let mut site = Site::start().await;
    let callback = site.until_callback().await;
    // The provider's clock is ahead, and the application does not know.
    site.restart_with(CLIENT_SECRET, |flow| flow.clock(SystemTime::now));
    site.test.clock().advance(Duration::from_secs(601));
    let page = site.visit(&callback).await;
    let refusal = refused(&page);
    assert_eq!(refusal.status(), Some(200));
    assert_eq!((refusal.code(), refusal.means()), ("bad_verification_code", "invalid_grant"));
    assert_eq!(refusal.description(), Some("The code passed is incorrect or expired."));
    assert!(refusal.hint().unwrap().contains("Send the user to GitHub again"));
    assert!(refusal.reauthorize() && page.error().needs_login());
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(site.sign_in().await.text, "Signed in as ada");
}

#[tokio::test]
async fn a_denied_consent_is_told_apart_and_can_be_tried_again() {
    let mut site = Site::start().await;
    site.test.deny();
    let page = site.sign_in().await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.text, "You said no at GitHub. Sign in at /login");
    let Error::Denied(refusal) = page.error() else { panic!("{:?}", page.error()) };
    assert_eq!((refusal.code(), refusal.status(), refusal.stage()), ("access_denied", None, Stage::Callback));
    assert_eq!(site.test.token_requests(), 0);

    assert_eq!(site.sign_in().await.text, "Signed in as ada");
}
