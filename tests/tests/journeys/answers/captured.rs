//! What is kept of an answer besides its tokens.

use crate::user::{flow, signs_in};
use oauth_runtime::OAuthProvider;
use oauth_test_provider::{TestProvider, check_examples};
use serde_json::json;
use std::time::Duration;

/// Keeps a list of values, each under its own name.
#[derive(OAuthProvider)]
#[oauth(
    name = "TikTok Login Kit",
    authorization_endpoint = "https://www.tiktok.com/v2/auth/authorize/",
    token_endpoint = "https://open.tiktokapis.com/v2/oauth/token/",
    token_endpoint_auth_methods = ["client_secret_post"],
    token(response(scope_separator = ",", capture = ["open_id"]))
)]
struct TikTok;

/// Keeps values under names, and has an example of an answer.
#[derive(OAuthProvider)]
#[oauth(
    name = "Notion",
    authorization_endpoint = "https://api.notion.com/v1/oauth/authorize",
    token_endpoint = "https://api.notion.com/v1/oauth/token",
    token_endpoint_auth_methods = ["client_secret_basic"],
    token(encoding = "json", response(capture(workspace = "workspace_id", user_id = "owner.user.id"))),
    example(
        stage = "token",
        title = "success",
        body = r#"{"access_token": "x", "token_type": "bearer", "bot_id": "b", "workspace_id": "w", "owner": {"type": "user", "user": {"id": "u"}}}"#,
        expect(access_token = "x", captured(workspace = "w", user_id = "u"))
    )
)]
struct Notion;

#[test]
fn an_example_says_what_is_kept() {
    check_examples::<Notion>();
}

#[tokio::test]
async fn a_value_of_the_answer_is_kept_with_the_tokens_and_through_a_refresh() {
    let test = TestProvider::<TikTok>::start().await;
    let flow = flow(TikTok, &test);
    let tokens = signs_in(&test, &flow).await;
    let open_id = tokens.captured("open_id").cloned().expect("TikTok says who it is");
    let session = flow.session("ada");
    session.adopt(tokens).await.unwrap();
    test.clock().advance(Duration::from_secs(7200));
    assert_eq!(session.tokens().await.unwrap().captured("open_id"), Some(&open_id));
    assert_eq!(test.refreshes(), 1);
}

#[tokio::test]
async fn a_value_is_kept_under_the_name_that_the_definition_gives_it() {
    let test = TestProvider::<Notion>::start().await;
    let tokens = signs_in(&test, &flow(Notion, &test)).await;
    assert_eq!(tokens.captured("workspace"), Some(&json!("w")));
    assert_eq!(tokens.captured("user_id"), Some(&json!("u")));
    assert_eq!(tokens.captured("bot_id"), None, "only what the definition names");
    assert_eq!(tokens.extra("bot_id"), Some(&json!("b")));
}
