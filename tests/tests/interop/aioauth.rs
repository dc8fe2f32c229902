//! aioauth, as its own `FastAPI` example sets it up: HTTP Basic at `/oauth/tokenize`, no `state` when the user says no.

use crate::{
    agent::Answer,
    server::Server,
    walk::{Walk, assert_grant_is_dead, refresh_token},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use oauth_runtime::{Callback, CallbackError, Credentials, Error, OAuthProvider, PendingAuthorization};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

const ORIGIN: &str = "https://aioauth.example";

#[derive(OAuthProvider, Clone)]
#[oauth(
    name = "aioauth",
    base_uri = "https://aioauth.example",
    authorization_path = "/oauth/authorize",
    access_token_path = "/oauth/tokenize",
    token_endpoint_auth_methods = ["client_secret_basic"],
    scopes(
        default = ["email"],
        /// The address.
        EMAIL = "email",
    ),
    token(response(error(description = "description"))),
    refresh(support = "rotating"),
    api(base_url = "https://aioauth.example/api"),
)]
struct Aioauth;

fn walk(environment: &[(&str, &str)]) -> Walk<Aioauth> {
    Walk::new(Aioauth, ORIGIN, Server::start("aioauth", environment), "confidential")
}

#[tokio::test]
#[ignore = "starts aioauth, which .ci/run installs"]
async fn a_user_signs_in_and_the_api_answers() {
    let walk = walk(&[]);
    let (session, tokens) = walk.signed_in("alice").await;
    assert!(tokens.has_scope(&Aioauth::EMAIL));
    assert_eq!(walk.network.sent(), ["POST /oauth/tokenize"]);
    let me: Value = session.get("me").json().await.unwrap();
    assert_eq!(me, json!({ "client_id": "interopconf", "scope": "email" }));
}

#[tokio::test]
#[ignore = "starts aioauth, which .ci/run installs"]
async fn the_client_authenticates_by_http_basic() {
    let walk = walk(&[]);
    walk.finish(Answer::Approve).await.unwrap();
    let expected = format!("Basic {}", BASE64_STANDARD.encode("interopconf:confsecret1"));
    assert_eq!(walk.network.last_authorization(), Some(expected));
}

#[tokio::test]
#[ignore = "starts aioauth, which .ci/run installs"]
async fn the_lifetime_of_the_refresh_token_is_kept() {
    let walk = walk(&[("REFRESH_TTL", "900")]);
    let tokens = walk.finish(Answer::Approve).await.unwrap();
    let left = tokens.refresh_token_expires_at().unwrap().duration_since(SystemTime::now()).unwrap();
    assert!((880..=900).contains(&left.as_secs()), "{left:?}");
}

#[tokio::test]
#[ignore = "starts aioauth, which .ci/run installs"]
async fn a_denial_without_a_state_is_a_denial_of_nobody_known() {
    let walk = walk(&[]);
    let error = walk.finish(Answer::Deny).await.unwrap_err();
    assert!(matches!(error, Error::Callback(CallbackError::ErrorWithoutState)), "{error:?}");
    assert!(error.needs_login());
    assert!(walk.network.sent().is_empty());
}

#[tokio::test]
#[ignore = "starts aioauth, which .ci/run installs"]
async fn a_denial_with_a_state_says_who_denied_what() {
    let walk = walk(&[("DENY_STATE", "1")]);
    let error = walk.finish(Answer::Deny).await.unwrap_err();
    let Error::Denied(refusal) = error else { panic!("{error:?}") };
    assert_eq!(refusal.code(), "access_denied");
    assert_eq!(refusal.description(), Some("denied by the user"));
    assert!(walk.network.sent().is_empty());
}

#[tokio::test]
#[ignore = "starts aioauth, which .ci/run installs"]
async fn a_wrong_secret_is_refused_and_not_shown() {
    let server = Server::start("aioauth", &[]);
    let credentials = Credentials::confidential("interopconf", "not-the-secret");
    let walk = Walk::with_credentials(Aioauth, ORIGIN, server, credentials);
    let error = walk.finish(Answer::Approve).await.unwrap_err();
    let Error::Refused(refusal) = &error else { panic!("{error:?}") };
    assert_eq!((refusal.code(), refusal.status()), ("invalid_client", Some(401)));
    assert_eq!(refusal.description(), Some("Invalid client_id parameter value."));
    assert!(!format!("{error} {error:?}").contains("not-the-secret"));
}

#[tokio::test]
#[ignore = "starts aioauth, which .ci/run installs"]
async fn a_callback_that_comes_twice_is_exchanged_once() {
    let walk = walk(&[]);
    let (query, pending) = walk.authorize(Answer::Approve).await;
    let copy = PendingAuthorization::parse(&pending.expose()).unwrap();
    walk.flow.finish(Callback::new(query.clone(), pending)).await.unwrap();
    let error = walk.flow.finish(Callback::new(query, copy)).await.unwrap_err();
    assert!(matches!(error, Error::Callback(CallbackError::AlreadyUsed)), "{error:?}");
    assert_eq!(walk.network.sent(), ["POST /oauth/tokenize"]);
}

#[tokio::test]
#[ignore = "starts aioauth, which .ci/run installs"]
async fn a_refresh_rotates_and_the_old_refresh_token_is_refused() {
    let walk = walk(&[]);
    let (session, first) = walk.signed_in("alice").await;
    let second = session.refresh().await.unwrap();
    assert_ne!(refresh_token(&first), refresh_token(&second));

    let late = walk.adopted("alice, elsewhere", &first).await;
    assert_grant_is_dead(late.refresh().await);
    session.refresh().await.expect("aioauth does not revoke the family: the newest one still works");
}

#[tokio::test]
#[ignore = "starts aioauth, which .ci/run installs"]
async fn an_expired_token_is_refreshed_behind_a_session() {
    let walk = walk(&[("TOKEN_TTL", "2")]);
    let (session, _) = walk.signed_in("alice").await;
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let me: Value = session.get("me").json().await.unwrap();
    assert_eq!(me["scope"], "email");
    assert_eq!(walk.network.sent(), ["POST /oauth/tokenize", "POST /oauth/tokenize", "GET /api/me"]);
}

#[tokio::test]
#[ignore = "starts aioauth, which .ci/run installs"]
async fn a_token_that_died_early_costs_one_refresh_and_one_more_call() {
    let walk = walk(&[]);
    let (_, first) = walk.signed_in("alice").await;
    let other = walk.adopted("alice, elsewhere", &first).await;
    let newer = other.refresh().await.unwrap();
    // What the session of a process would hold that slept through the other's refresh, but for the refresh token.
    let mut record = serde_json::to_value(newer.expose()).unwrap();
    record["access_token"] = json!(first.access_token().expose());
    let stale: oauth_runtime::StoredTokens = serde_json::from_value(record).unwrap();
    let session = walk.adopted("alice", &stale.into()).await;

    let me: Value = session.get("me").json().await.unwrap();
    assert_eq!(me["scope"], "email");
    let sent = walk.network.sent();
    assert_eq!(sent[2..], ["GET /api/me", "POST /oauth/tokenize", "GET /api/me"]);
}
