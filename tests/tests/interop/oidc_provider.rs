//! oidc-provider: demands PKCE, names itself in every callback (RFC 9207), revokes a whole family on reuse.

use crate::{
    agent::Answer,
    server::Server,
    walk::{Walk, assert_grant_is_dead, refresh_token},
};
use oauth_runtime::{CallbackError, Error, OAuthProvider};
use serde_json::Value;
use std::time::Duration;

const ORIGIN: &str = "https://oidc.example";

#[derive(OAuthProvider, Clone)]
#[oauth(
    name = "oidc-provider",
    issuer = "https://oidc.example",
    authorization_endpoint = "https://oidc.example/auth",
    token_endpoint = "https://oidc.example/token",
    token_endpoint_auth_methods = ["client_secret_basic"],
    authorization_response_iss_parameter = true,
    scopes(
        default = ["openid", "email", "offline_access"],
        /// Who the user is.
        OPENID = "openid",
        /// The address.
        EMAIL = "email",
        /// A refresh token.
        OFFLINE_ACCESS = "offline_access",
    ),
    authorization(params(prompt = "consent")),
    refresh(support = "rotating"),
    api(base_url = "https://oidc.example"),
)]
struct OidcProvider;

/// It calls itself what the definition calls it, though it listens on a free port.
fn start(more: &[(&str, &str)]) -> Server {
    Server::start("oidc-provider", &[&[("ISSUER", ORIGIN)], more].concat())
}

fn walk(environment: &[(&str, &str)]) -> Walk<OidcProvider> {
    Walk::new(OidcProvider, ORIGIN, start(environment), "confidential")
}

#[tokio::test]
#[ignore = "starts oidc-provider, which .ci/run installs"]
async fn a_user_signs_in_and_the_api_answers() {
    let walk = walk(&[]);
    let (session, tokens) = walk.signed_in("alice").await;
    assert!(tokens.id_token().is_some());
    assert_eq!(tokens.missing_scopes().count(), 0);
    let me: Value = session.get("me").json().await.unwrap();
    assert_eq!(me["email"], "alice@example.test");
    assert_eq!(walk.network.sent(), ["POST /token", "GET /me"]);
}

#[tokio::test]
#[ignore = "starts oidc-provider, which .ci/run installs"]
async fn reserved_characters_in_id_and_secret_are_encoded() {
    let walk = Walk::new(OidcProvider, ORIGIN, start(&[]), "special");
    walk.finish(Answer::Approve).await.unwrap();
}

#[tokio::test]
#[ignore = "starts oidc-provider, which .ci/run installs"]
async fn a_denial_says_who_denied_what() {
    let walk = walk(&[]);
    let error = walk.finish(Answer::Deny).await.unwrap_err();
    let Error::Denied(refusal) = error else { panic!("{error:?}") };
    assert_eq!(refusal.code(), "access_denied");
    assert_eq!(refusal.description(), Some("End-User aborted interaction"));
    assert!(walk.network.sent().is_empty());
}

#[tokio::test]
#[ignore = "starts oidc-provider, which .ci/run installs"]
async fn a_callback_of_another_issuer_is_not_exchanged() {
    let walk = Walk::new(OidcProvider, ORIGIN, Server::start("oidc-provider", &[]), "confidential");
    let error = walk.finish(Answer::Approve).await.unwrap_err();
    assert!(matches!(error, Error::Callback(CallbackError::Issuer)), "{error:?}");
    assert!(walk.network.sent().is_empty());
}

#[tokio::test]
#[ignore = "starts oidc-provider, which .ci/run installs"]
async fn reuse_of_a_refresh_token_ends_the_whole_grant() {
    let walk = walk(&[]);
    let (session, first) = walk.signed_in("alice").await;
    let second = session.refresh().await.unwrap();
    assert_ne!(refresh_token(&first), refresh_token(&second));

    let late = walk.adopted("alice, elsewhere", &first).await;
    assert_grant_is_dead(late.refresh().await);
    assert_grant_is_dead(session.refresh().await);
}

#[tokio::test]
#[ignore = "starts oidc-provider, which .ci/run installs"]
async fn an_expired_token_is_refreshed_behind_a_session() {
    let walk = walk(&[("TOKEN_TTL", "2")]);
    let (session, _) = walk.signed_in("alice").await;
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let me: Value = session.get("me").json().await.unwrap();
    assert_eq!(me["sub"], "alice");
    assert_eq!(walk.network.sent(), ["POST /token", "POST /token", "GET /me"]);
}
