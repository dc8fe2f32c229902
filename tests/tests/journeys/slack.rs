//! Slack: one answer with a token of the application's bot and one of the user, each a grant of its own.

use crate::user::{comes_back, flow};
use oauth_providers::slack::Slack;
use oauth_runtime::{AuthCodeFlow, Callback, Error, LoginRequired, Scope, Session, TokenSet};
use oauth_test_provider::TestProvider;
use serde_json::Value;
use std::time::Duration;

struct Workspace {
    test: TestProvider<Slack>,
    flow: AuthCodeFlow<Slack>,
}

impl Workspace {
    async fn open() -> Self {
        let test = TestProvider::<Slack>::start().await;
        let flow = flow(Slack, &test);
        Self { test, flow }
    }

    async fn installs<const N: usize>(&self, scopes: [Scope<Slack>; N]) -> TokenSet<Slack> {
        let (url, pending) = self.flow.begin(scopes).into_parts();
        let query = comes_back(&self.test, &url).await;
        self.flow.finish(Callback::new(query, pending)).await.unwrap()
    }

    async fn session<const N: usize>(&self, scopes: [Scope<Slack>; N]) -> Session<Slack> {
        let session = self.flow.session("ada");
        session.adopt(self.installs(scopes).await).await.unwrap();
        session
    }
}

async fn scopes_of_call(session: &Session<Slack>) -> Value {
    let echo: Value = session.get("conversations.list").json().await.unwrap();
    echo["scopes"].clone()
}

fn is_signed_out(outcome: &Result<oauth_runtime::Secret, Error>) -> bool {
    matches!(outcome, Err(Error::LoginRequired(LoginRequired::NoTokens)))
}

#[tokio::test]
async fn an_answer_has_the_token_of_the_bot_and_that_of_the_user_each_with_its_scopes() {
    let slack = Workspace::open().await;
    let tokens = slack.installs([Slack::CHAT_WRITE, Slack::USER_SEARCH_READ]).await;
    assert!(tokens.has_scope(&Slack::CHAT_WRITE) && tokens.has_scope(&Slack::USER_SEARCH_READ));
    assert!(!tokens.has_scope(&Slack::USER_CHAT_WRITE), "the bot may write, the user's token may not");
    assert_eq!(tokens.missing_scopes().count(), 0);
    let user = tokens.named(Slack::USER).expect("there is a token of the user");
    assert_eq!(user.scopes().collect::<Vec<_>>(), ["search:read"]);
    assert!(user.has_scope(&Slack::USER_SEARCH_READ) && user.captured("user_id").is_some());
    assert_ne!(user.access_token().expose(), tokens.access_token().expose());
    assert!(tokens.captured("team_id").is_some());
}

#[tokio::test]
async fn no_token_stands_among_the_further_members_of_the_answer() {
    let slack = Workspace::open().await;
    let tokens = slack.installs([Slack::CHAT_WRITE, Slack::USER_SEARCH_READ]).await;
    let user = tokens.named(Slack::USER).expect("there is a token of the user");
    let stored = serde_json::to_string(&tokens.expose()).unwrap();
    assert!(stored.contains(tokens.access_token().expose()) && stored.contains("authed_user"), "{stored}");
    assert!(!stored.contains(user.access_token().expose()), "{stored}");
    assert!(!stored.contains(user.refresh_token().unwrap().expose()), "{stored}");
    assert!(!format!("{tokens:?} {user:?}").contains(user.access_token().expose()));
}

#[tokio::test]
async fn each_token_makes_calls_of_its_own_and_is_renewed_by_itself() {
    let slack = Workspace::open().await;
    let bot = slack.session([Slack::CHAT_WRITE, Slack::USER_SEARCH_READ]).await;
    let user = bot.named(Slack::USER);
    assert_eq!(scopes_of_call(&bot).await, serde_json::json!(["chat:write"]));
    assert_eq!(scopes_of_call(&user).await, serde_json::json!(["search:read"]));

    let first = bot.access_token().await.unwrap();
    slack.test.clock().advance(Duration::from_secs(7200));
    let renewed = user.tokens().await.unwrap();
    assert_eq!(slack.test.refreshes(), 1, "the user's alone");
    assert!(renewed.has_scope(&Slack::USER_SEARCH_READ) && !renewed.has_scope(&Slack::CHAT_WRITE));
    assert_eq!(scopes_of_call(&user).await, serde_json::json!(["search:read"]));
    let second = bot.tokens().await.unwrap();
    assert_eq!(slack.test.refreshes(), 2);
    assert_ne!(second.access_token().expose(), first.expose());
    assert!(second.has_scope(&Slack::CHAT_WRITE) && second.has_scope(&Slack::USER_SEARCH_READ));
}

#[tokio::test]
async fn an_installation_for_the_user_alone_has_no_token_of_the_bot() {
    let slack = Workspace::open().await;
    let tokens = slack.installs([Slack::USER_SEARCH_READ]).await;
    assert!(!tokens.has_access_token() && tokens.named(Slack::USER).is_some());
    assert!(tokens.has_scope(&Slack::USER_SEARCH_READ) && tokens.missing_scopes().count() == 0);
    let session = slack.flow.session("ada");
    session.adopt(tokens).await.unwrap();
    assert!(is_signed_out(&session.access_token().await));
    let user = session.named(Slack::USER);
    assert_eq!(scopes_of_call(&user).await, serde_json::json!(["search:read"]));
    session.revoke().await.unwrap();
    assert!(is_signed_out(&user.access_token().await));
    assert!(session.revoke().await.unwrap_err().needs_login(), "there is nothing left to revoke");
}

#[tokio::test]
async fn an_installation_for_the_bot_alone_has_no_token_of_the_user() {
    let slack = Workspace::open().await;
    let tokens = slack.installs([Slack::CHAT_WRITE]).await;
    assert!(tokens.has_access_token() && tokens.named(Slack::USER).is_none());
    let session = slack.flow.session("ada");
    session.adopt(tokens).await.unwrap();
    assert!(is_signed_out(&session.named(Slack::USER).access_token().await));
}

#[tokio::test]
async fn a_later_sign_in_of_the_user_leaves_the_token_of_the_bot() {
    let slack = Workspace::open().await;
    let bot = slack.session([Slack::CHAT_WRITE]).await;
    let token = bot.access_token().await.unwrap();
    let session = slack.session([Slack::USER_SEARCH_READ]).await;
    assert_eq!(session.access_token().await.unwrap().expose(), token.expose());
    assert_eq!(scopes_of_call(&session.named(Slack::USER)).await, serde_json::json!(["search:read"]));
}

#[tokio::test]
async fn what_ends_the_first_token_ends_the_others_and_not_the_other_way_round() {
    let slack = Workspace::open().await;
    let bot = slack.session([Slack::CHAT_WRITE, Slack::USER_SEARCH_READ]).await;
    let user = bot.named(Slack::USER);
    user.revoke().await.unwrap();
    assert!(is_signed_out(&user.access_token().await));
    assert_eq!(scopes_of_call(&bot).await, serde_json::json!(["chat:write"]), "the bot goes on");

    let bot = slack.session([Slack::CHAT_WRITE, Slack::USER_SEARCH_READ]).await;
    let seen = slack.test.requests().len();
    bot.revoke().await.unwrap();
    assert_eq!(slack.test.requests().len() - seen, 2, "one call for each token");
    assert!(is_signed_out(&bot.access_token().await) && is_signed_out(&user.access_token().await));

    let bot = slack.session([Slack::CHAT_WRITE, Slack::USER_SEARCH_READ]).await;
    bot.remove().await.unwrap();
    assert!(is_signed_out(&bot.access_token().await) && is_signed_out(&user.access_token().await));
}

#[tokio::test]
async fn a_dead_token_of_the_user_says_nothing_of_the_bot() {
    let slack = Workspace::open().await;
    let bot = slack.session([Slack::CHAT_WRITE, Slack::USER_SEARCH_READ]).await;
    let stored = bot.named(Slack::USER).stored_tokens().await.unwrap().expect("it is stored");
    let replaced = stored.refresh_token().unwrap().expose().to_owned();
    bot.named(Slack::USER).refresh().await.unwrap();
    // An old copy comes back, as out of a backup: the provider takes it for a theft.
    bot.named(Slack::USER).adopt(stored).await.unwrap();
    let dead = bot.named(Slack::USER).refresh().await.unwrap_err();
    assert!(dead.needs_login() && !dead.to_string().contains(&replaced), "{dead}");
    assert_eq!(scopes_of_call(&bot).await, serde_json::json!(["chat:write"]));
}

#[tokio::test]
async fn a_refusal_with_status_200_is_an_error_in_the_words_of_the_definition() {
    let slack = Workspace::open().await;
    slack.test.answers("refused");
    let (url, pending) = slack.flow.begin([Slack::CHAT_WRITE]).into_parts();
    let query = comes_back(&slack.test, &url).await;
    let error = slack.flow.finish(Callback::new(query, pending)).await.unwrap_err();
    let Error::Refused(refusal) = &error else { panic!("{error}") };
    assert_eq!((refusal.code(), refusal.means()), ("invalid_code", "invalid_grant"));
    assert!(refusal.hint().is_some_and(|hint| hint.contains("Send the user to Slack again")));
}
