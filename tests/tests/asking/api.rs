//! API calls: where the token stands, what means that it has lapsed, how long to wait.

use crate::Desk;
use oauth_runtime::{Error, OAuthProvider};
use serde_json::{Value, json};
use std::time::Duration;

/// Takes the token in a form, and the call for the user by POST.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://forms.example/authorize",
    token_endpoint = "https://forms.example/token",
    userinfo_endpoint = "https://api.forms.example/me",
    token_endpoint_auth_methods = ["client_secret_post"],
    scopes(READ = "read"),
    userinfo(method = "POST"),
    api(base_url = "https://api.forms.example", placement = "body", parameter = "token"),
)]
struct Forms;

/// As `GoToWebinar`: a lapsed token gets a 403.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://authentication.logmeininc.com/oauth/authorize",
    token_endpoint = "https://authentication.logmeininc.com/oauth/token",
    token_endpoint_auth_methods = ["client_secret_basic"],
    api(base_url = "https://api.getgo.com/G2W/rest/v2", expired_status = [403]),
)]
struct GoToWebinar;

/// As X: the time until which to wait, in a header of its own.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://x.com/i/oauth2/authorize",
    token_endpoint = "https://api.x.com/2/oauth2/token",
    token_endpoint_auth_methods = ["client_secret_basic"],
    api(base_url = "https://api.x.com/2", retry_after(header = "x-rate-limit-reset", unit = "unix_time")),
)]
struct X;

/// As Discord: the seconds to wait.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://discord.com/api/oauth2/authorize",
    token_endpoint = "https://discord.com/api/oauth2/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    api(base_url = "https://discord.com/api/v10", retry_after = "X-RateLimit-Reset-After"),
)]
struct Discord;

/// As Dropbox: the user is asked for by a POST without a body.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://www.dropbox.com/oauth2/authorize",
    token_endpoint = "https://api.dropboxapi.com/oauth2/token",
    userinfo_endpoint = "https://api.dropboxapi.com/2/users/get_current_account",
    token_endpoint_auth_methods = ["client_secret_post"],
    userinfo(method = "POST", subject = "account_id", name = "name.display_name"),
)]
struct Dropbox;

#[tokio::test]
async fn a_token_in_a_form_joins_the_fields_of_the_call() {
    let desk = Desk::of(Forms).await;
    let session = desk.session(desk.flow.begin([Forms::READ])).await;
    let echo: Value = session.post("notes").form([("title", "a & b")]).json().await.expect("it is a form");
    assert_eq!((&echo["body"], &echo["query"]), (&json!({ "title": "a & b" }), &json!({})));
    let echo: Value = session.post("notes").json().await.expect("the token is all of the form");
    assert_eq!(echo["body"], json!({}));
    assert_eq!(session.userinfo().await.expect("it is a POST").subject, "1815-12-10");
}

#[tokio::test]
async fn a_token_in_a_form_is_not_sent_where_no_form_is() {
    let desk = Desk::of(Forms).await;
    let session = desk.session(desk.flow.begin([Forms::READ])).await;
    let before = desk.test.requests().len();
    for call in [session.get("notes"), session.post("notes").json_body(&json!({ "a": 1 }))] {
        let error = call.send().await.expect_err("there is no form");
        assert!(matches!(error, Error::Configuration(_)), "{error}");
    }
    assert_eq!(desk.test.requests().len(), before);
}

#[tokio::test]
async fn a_status_that_means_a_lapsed_token_refreshes_it_once() {
    let desk = Desk::of(GoToWebinar).await;
    let session = desk.session(desk.flow.begin([])).await;
    desk.test.expire_now();
    session.get("webinars").json::<Value>().await.expect("refreshed after a 403");
    assert_eq!(desk.test.refreshes(), 1);
}

#[tokio::test]
async fn a_token_that_is_refused_after_its_refresh_as_well_is_an_error() {
    let desk = Desk::of(GoToWebinar).await;
    let session = desk.session(desk.flow.begin([])).await;
    desk.test.expire_now();
    let answer = r#"{"access_token":"of-another-provider","token_type":"bearer","expires_in":3600}"#;
    desk.test.answer_next(http::Response::new(answer.into()));
    let answer = session.get("webinars").send().await.expect("there is an answer");
    assert_eq!((answer.status().as_u16(), desk.test.refreshes()), (403, 1));
    assert!(answer.json::<Value>().is_err());
}

#[tokio::test]
async fn a_wait_is_read_from_the_header_of_the_provider() {
    let desk = Desk::of(X).await;
    let flow = desk.flow.clone().clock({
        let clock = desk.test.clock();
        move || clock.now()
    });
    let desk = Desk { flow, ..desk };
    let session = desk.session(desk.flow.begin([])).await;
    desk.test.too_many_calls(Duration::from_secs(90));
    let error = session.get("users/me").json::<Value>().await.expect_err("too many");
    let Error::Answer(answer) = &error else { panic!("{error}") };
    let wait = answer.retry_after().expect("it says so");
    assert!((88..=90).contains(&wait.as_secs()), "{wait:?}");

    let desk = Desk::of(Discord).await;
    let session = desk.session(desk.flow.begin([])).await;
    desk.test.too_many_calls(Duration::from_secs(7));
    let answer = session.get("users/@me").send().await.expect("there is an answer");
    assert_eq!(answer.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn the_user_is_asked_for_by_post_where_the_provider_wants_it() {
    let desk = Desk::of(Dropbox).await;
    let session = desk.session(desk.flow.begin([])).await;
    let user = session.userinfo().await.expect("a POST");
    assert_eq!((user.subject.as_str(), user.name.as_deref()), ("1815-12-10", Some("Ada Lovelace")));
}
