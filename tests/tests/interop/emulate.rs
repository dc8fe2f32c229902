//! vercel-labs' `emulate`: well-known providers. The definitions are those of the catalogue to the letter; only their
//! addresses lead to the emulator. It has no consent page: to choose a user is to consent.

use crate::{
    agent::Answer,
    network::Network,
    server::Server,
    walk::{Walk, assert_grant_is_dead, refresh_token},
};
use oauth_providers::{
    apple::Apple, clerk::Clerk, github::GitHub, google::Google, linear::Linear, microsoft::Microsoft,
    okta::Okta, slack::Slack, vercel::Vercel,
};
use oauth_runtime::{
    AuthorizationRequest, Callback, Credentials, Error, OAuthProvider, PrivateKey, Session, SigningAlgorithm,
    TokenSet, Userinfo, provider::HasAuthorizationEndpoint,
};

/// What an address of the provider starts with, and where the emulator has it.
type Routes = &'static [(&'static str, &'static str)];

fn start<P: OAuthProvider + HasAuthorizationEndpoint>(provider: P, service: &str, routes: Routes) -> Walk<P> {
    let server = Server::start("emulate", &[("SERVICE", service)]);
    let (id, secret) = ("/clients/confidential/client_id", "/clients/confidential/client_secret");
    let credentials = Credentials::confidential(server.text(id), server.text(secret));
    Walk::over(Network::routed(server.text("/origin"), routes), provider, server, credentials)
}

/// A session of alice, who signed in by `request`.
async fn signed_in<P: OAuthProvider + HasAuthorizationEndpoint>(
    walk: &Walk<P>,
    request: AuthorizationRequest<P>,
) -> (Session<P>, TokenSet<P>) {
    let (query, pending) = walk.authorize_for(request, Answer::Approve).await;
    let tokens = walk.flow.finish(Callback::new(query, pending)).await.unwrap();
    (walk.adopted("alice", &tokens).await, tokens)
}

fn assert_is_alice(user: &Userinfo) {
    assert!(!user.subject.is_empty());
    assert_eq!(user.name.as_deref(), Some("Alice L."));
    assert_eq!(user.email.as_deref(), Some("alice@example.test"));
}

fn github() -> Walk<GitHub> {
    start(GitHub, "github", &[("https://github.com", ""), ("https://api.github.com", "")])
}

#[tokio::test]
#[ignore = "starts emulate, which .ci/run installs"]
async fn github_says_who_the_user_is_and_which_address_is_the_primary_one() {
    let walk = github();
    let (session, tokens) = signed_in(&walk, walk.flow.begin([GitHub::READ_USER, GitHub::USER_EMAIL])).await;
    assert_eq!(tokens.missing_scopes().count(), 0);
    assert!(tokens.refresh_token().is_none() && tokens.expires_at().is_none());
    let user = session.userinfo().await.unwrap();
    assert_is_alice(&user);
    assert_eq!(user.preferred_username.as_deref(), Some("alice"));
    assert_eq!(user.email_verified, Some(true));
    assert_eq!(walk.network.sent(), ["POST /login/oauth/access_token", "GET /user", "GET /user/emails"]);
}

#[tokio::test]
#[ignore = "starts emulate, which .ci/run installs"]
async fn github_refuses_a_wrong_secret_with_status_200() {
    let server = Server::start("emulate", &[("SERVICE", "github")]);
    let credentials = Credentials::confidential(server.text("/clients/confidential/client_id"), "not-it");
    let walk = Walk::with_credentials(GitHub, "https://github.com", server, credentials);
    let error = walk.finish(Answer::Approve).await.unwrap_err();
    let Error::Refused(refusal) = &error else { panic!("{error:?}") };
    assert_eq!((refusal.code(), refusal.status()), ("incorrect_client_credentials", Some(200)));
    assert_eq!(refusal.means(), "invalid_client");
    assert!(refusal.hint().unwrap().contains("https://github.com/settings/developers"));
}

#[tokio::test]
#[ignore = "starts emulate, which .ci/run installs"]
async fn google_keeps_one_refresh_token_and_revokes_the_grant() {
    let walk = start(
        Google,
        "google",
        &[
            ("https://accounts.google.com/o/oauth2/v2/auth", "/o/oauth2/v2/auth"),
            ("https://oauth2.googleapis.com/token", "/oauth2/token"),
            ("https://oauth2.googleapis.com/revoke", "/oauth2/revoke"),
            ("https://openidconnect.googleapis.com/v1/userinfo", "/oauth2/v2/userinfo"),
        ],
    );
    let (session, first) = signed_in(&walk, walk.flow.begin([])).await;
    assert!(first.id_token().is_some());
    let second = session.refresh().await.unwrap();
    assert_eq!(refresh_token(&first), refresh_token(&second));
    assert_ne!(first.access_token().expose(), second.access_token().expose());
    session.revoke().await.unwrap();
    assert_eq!(walk.network.sent(), ["POST /token", "POST /token", "POST /revoke"]);
    assert_grant_is_dead(walk.adopted("alice, elsewhere", &second).await.refresh().await);
}

#[tokio::test]
#[ignore = "starts emulate, which .ci/run installs"]
async fn microsoft_rotates_refresh_tokens_and_says_who_the_user_is() {
    let walk = start(
        Microsoft::default(),
        "microsoft",
        &[("https://login.microsoftonline.com/common", ""), ("https://graph.microsoft.com", "")],
    );
    let request =
        walk.flow.begin([Microsoft::OPENID, Microsoft::PROFILE, Microsoft::EMAIL, Microsoft::OFFLINE_ACCESS]);
    let (session, first) = signed_in(&walk, request).await;
    assert_eq!(first.missing_scopes().count(), 0);
    assert_is_alice(&session.userinfo().await.unwrap());
    let second = session.refresh().await.unwrap();
    assert_ne!(refresh_token(&first), refresh_token(&second));
    assert_grant_is_dead(walk.adopted("alice, elsewhere", &first).await.refresh().await);
}

#[tokio::test]
#[ignore = "starts emulate, which .ci/run installs"]
async fn apple_posts_the_callback_with_the_name_and_takes_a_signed_secret() {
    let server =
        Server::start("emulate", &[("SERVICE", "apple"), ("REDIRECT_URI", "https://app.example/callback")]);
    let key = PrivateKey::new(SigningAlgorithm::Es256, |_| Ok(vec![0; 64])).with_id("ABC123DEFG");
    let credentials = Credentials::private_key(server.text("/clients/confidential/client_id"), key);
    let provider = Apple { team_id: "DEF123GHIJ".parse().unwrap() };
    let walk = Walk::with_credentials(provider, "https://appleid.apple.com", server, credentials);

    let (form, pending) = walk.authorize(Answer::Approve).await;
    let first = walk.flow.finish(Callback::from_form(form, pending)).await.unwrap();
    assert_eq!(first.captured("user").unwrap()["name"]["firstName"], "Alice");
    assert!(first.id_token().is_some());
    let session = walk.adopted("alice", &first).await;
    let second = session.refresh().await.unwrap();
    assert_eq!(refresh_token(&first), refresh_token(&second));
    session.revoke().await.unwrap();
    assert_eq!(walk.network.sent(), ["POST /auth/token", "POST /auth/token", "POST /auth/revoke"]);
}

#[tokio::test]
#[ignore = "starts emulate, which .ci/run installs"]
async fn okta_serves_a_custom_authorization_server() {
    let provider = Okta {
        domain: "acme.okta.com".parse().unwrap(),
        authorization_server: Some("default".parse().unwrap()),
    };
    let walk = start(provider, "okta", &[("https://acme.okta.com", "")]);
    let request = walk.flow.begin([Okta::OPENID, Okta::PROFILE, Okta::EMAIL, Okta::OFFLINE_ACCESS]);
    let (session, _) = signed_in(&walk, request).await;
    assert_is_alice(&session.userinfo().await.unwrap());
    let second = session.refresh().await.unwrap();
    session.revoke().await.unwrap();
    let below = |call: &String| call.contains(" /oauth2/default/v1/");
    assert!(walk.network.sent().iter().all(below), "{:?}", walk.network.sent());
    assert_grant_is_dead(walk.adopted("alice, elsewhere", &second).await.refresh().await);
}

#[tokio::test]
#[ignore = "starts emulate, which .ci/run installs"]
async fn linear_takes_scopes_with_commas_and_rotates_refresh_tokens() {
    let walk = start(Linear, "linear", &[("https://linear.app", ""), ("https://api.linear.app", "")]);
    let (session, first) = signed_in(&walk, walk.flow.begin([Linear::READ, Linear::WRITE])).await;
    assert_eq!(first.missing_scopes().count(), 0);
    let second = session.refresh().await.unwrap();
    assert_ne!(refresh_token(&first), refresh_token(&second));
    assert_grant_is_dead(walk.adopted("alice, elsewhere", &first).await.refresh().await);
    let query = serde_json::json!({ "query": "{ viewer { email } }" });
    let answer: serde_json::Value = session.post("graphql").json_body(&query).json().await.unwrap();
    assert_eq!(answer["data"]["viewer"]["email"], "alice@example.test");
}

#[tokio::test]
#[ignore = "starts emulate, which .ci/run installs"]
async fn clerk_says_who_the_user_is() {
    let provider = Clerk { domain: "clerk.example.com".parse().unwrap() };
    let walk = start(provider, "clerk", &[("https://clerk.example.com", "")]);
    let (session, tokens) = signed_in(&walk, walk.flow.begin([])).await;
    assert_eq!(tokens.missing_scopes().count(), 0);
    assert_is_alice(&session.userinfo().await.unwrap());
}

#[tokio::test]
#[ignore = "starts emulate, which .ci/run installs"]
async fn slack_gives_one_token_to_the_bot_and_one_to_the_user() {
    let walk = start(Slack, "slack", &[("https://slack.com", "")]);
    let request = walk.flow.begin([Slack::CHAT_WRITE, Slack::USER_USERS_READ]);
    let (session, tokens) = signed_in(&walk, request).await;
    assert_eq!(tokens.missing_scopes().count(), 0);
    let user = tokens.named(Slack::USER).expect("the answer has both");
    assert_eq!(user.scopes().collect::<Vec<_>>(), ["users:read"]);
    let as_bot: serde_json::Value = session.post("auth.test").json().await.unwrap();
    let as_user: serde_json::Value = session.named(Slack::USER).post("auth.test").json().await.unwrap();
    assert_eq!(as_user["user"], "alice");
    assert_ne!(as_bot["user_id"], as_user["user_id"]);
    assert_eq!(as_bot["team_id"].as_str(), tokens.captured("team_id").and_then(|id| id.as_str()));
}

#[tokio::test]
#[ignore = "starts emulate, which .ci/run installs"]
async fn vercel_takes_the_secret_in_the_body_and_says_who_the_user_is() {
    let walk = start(Vercel, "vercel", &[("https://vercel.com", ""), ("https://api.vercel.com", "")]);
    let (session, tokens) = signed_in(&walk, walk.flow.begin([])).await;
    assert_eq!(walk.network.last_authorization(), None);
    assert_eq!(tokens.missing_scopes().count(), 0);
    let user = session.userinfo().await.unwrap();
    assert_is_alice(&user);
    assert_eq!(user.preferred_username.as_deref(), Some("alice"));
    assert_eq!(walk.network.sent(), ["POST /login/oauth/token", "GET /login/oauth/userinfo"]);
}
