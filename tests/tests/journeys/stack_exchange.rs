//! The flow manager of auth-code-flow: a base URI and two paths, and a state that is stored and checked for each user.

use crate::user::{REDIRECT_URI, comes_back, flow};
use oauth_providers::stack_exchange;
use oauth_runtime::{
    AuthCodeFlow, BoxError, CallbackError, Error, LoginRequired, OAuthProvider, Scope, StateStore, TokenSet,
    provider::HasAuthorizationEndpoint,
};
use oauth_test_provider::{RecordedRequest, TestProvider};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};
use url::Url;

/// Questions and answers; what was `post_form_data=True`.
#[derive(OAuthProvider)]
#[oauth(
    name = "Stack Exchange",
    base_uri = "https://stackoverflow.com",
    authorization_path = "/oauth",
    access_token_path = "/oauth/access_token/json",
    token_endpoint_auth_methods = ["client_secret_post"],
    scopes(separator = ",", NO_EXPIRY = "no_expiry", READ_INBOX = "read_inbox"),
    token(response(expires_in = "expires")),
    refresh(support = "none"),
    api(base_url = "https://api.stackexchange.com/2.3", placement = "query")
)]
struct StackExchange;

/// The same by what was the default: the code goes in JSON.
#[derive(OAuthProvider)]
#[oauth(
    name = "Stack Exchange",
    base_uri = "https://stackoverflow.com",
    authorization_path = "/oauth",
    access_token_path = "/oauth/access_token/json",
    token_endpoint_auth_methods = ["client_secret_post"],
    scopes(separator = ",", READ_INBOX = "read_inbox"),
    token(encoding = "json", response(expires_in = "expires")),
    refresh(support = "none")
)]
struct StackExchangeInJson;

/// The application's own table of users' states.
#[derive(Clone, Default)]
struct UserStates(Arc<Mutex<HashMap<String, (String, Instant)>>>);

impl StateStore for UserStates {
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, BoxError> {
        let mut states = self.0.lock().unwrap();
        if states.get(key).is_some_and(|(_, until)| *until > Instant::now()) {
            return Ok(false);
        }
        states.insert(key.to_owned(), (value.to_owned(), Instant::now() + ttl));
        Ok(true)
    }

    async fn take(&self, key: &str) -> Result<Option<String>, BoxError> {
        let taken = self.0.lock().unwrap().remove(key);
        Ok(taken.filter(|(_, until)| *until > Instant::now()).map(|(value, _)| value))
    }
}

impl UserStates {
    fn keys(&self) -> Vec<String> {
        self.0.lock().unwrap().keys().cloned().collect()
    }
}

/// What an application writes around the flow: an address for a user, and a token for the same user.
struct FlowManager<P> {
    flow: AuthCodeFlow<P>,
    states: UserStates,
}

impl<P: HasAuthorizationEndpoint> FlowManager<P> {
    fn new(provider: P, test: &TestProvider<P>) -> Self {
        let states = UserStates::default();
        Self { flow: flow(provider, test).state_store(states.clone()), states }
    }

    async fn authorization_url(&self, user: &str, scope: Scope<P>) -> String {
        let (url, pending) = self.flow.begin([scope]).into_parts();
        self.flow.store_pending(user, pending).await.unwrap();
        url
    }

    async fn access_token(&self, user: &str, query: &str) -> Result<TokenSet<P>, Error> {
        let callback = self.flow.take_pending(user, query).await?;
        self.flow.finish(callback).await
    }
}

fn state_of(url: &str) -> String {
    let url = Url::parse(url).unwrap();
    url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
}

fn token_request<P: OAuthProvider>(test: &TestProvider<P>) -> RecordedRequest {
    let is_token = |request: &RecordedRequest| request.url.contains("/oauth/access_token");
    test.requests().into_iter().find(is_token).expect("a code was exchanged")
}

fn callback_error<T>(outcome: Result<T, Error>) -> CallbackError {
    match outcome.err() {
        Some(Error::Callback(error)) => error,
        other => panic!("no callback error: {other:?}"),
    }
}

#[tokio::test]
async fn the_base_uri_and_the_paths_make_the_addresses() {
    let test = TestProvider::<StackExchange>::start().await;
    let manager = FlowManager::new(StackExchange, &test);
    let url = manager.authorization_url("ada", StackExchange::READ_INBOX).await;
    let query = comes_back(&test, &url).await;
    manager.access_token("ada", &query).await.unwrap();

    let requests = test.requests();
    assert!(requests[0].url.starts_with("https://stackoverflow.com/oauth?"), "{}", requests[0].url);
    assert_eq!(requests[0].parameter("scope"), Some("read_inbox"));
    assert_eq!(token_request(&test).url, "https://stackoverflow.com/oauth/access_token/json");
}

#[tokio::test]
async fn the_states_of_two_users_are_stored_and_checked_at_once() {
    let test = TestProvider::<StackExchange>::start().await;
    let manager = FlowManager::new(StackExchange, &test);
    let for_ada = manager.authorization_url("ada", StackExchange::READ_INBOX).await;
    let for_grace = manager.authorization_url("grace", StackExchange::READ_INBOX).await;
    assert_ne!(state_of(&for_ada), state_of(&for_grace));
    let keys = manager.states.keys();
    assert_eq!(keys.len(), 2);
    assert!(!keys.iter().any(|key| key.contains(&state_of(&for_ada))), "a state stands in clear");

    let of_grace = comes_back(&test, &for_grace).await;
    let of_ada = comes_back(&test, &for_ada).await;
    let grace = manager.access_token("grace", &of_grace).await.unwrap();
    let ada = manager.access_token("ada", &of_ada).await.unwrap();
    assert_ne!(ada.access_token().expose(), grace.access_token().expose());
}

#[tokio::test]
async fn a_second_check_of_the_same_state_fails() {
    let test = TestProvider::<StackExchange>::start().await;
    let manager = FlowManager::new(StackExchange, &test);
    let url = manager.authorization_url("ada", StackExchange::READ_INBOX).await;
    let query = comes_back(&test, &url).await;
    manager.access_token("ada", &query).await.unwrap();

    let again = manager.access_token("ada", &query).await;
    assert_eq!(callback_error(again), CallbackError::AlreadyUsed);
    assert_eq!(test.token_requests(), 1);
}

#[tokio::test]
async fn of_two_checks_at_the_same_time_one_succeeds() {
    let test = TestProvider::<StackExchange>::start().await;
    let manager = FlowManager::new(StackExchange, &test);
    let url = manager.authorization_url("ada", StackExchange::READ_INBOX).await;
    let query = comes_back(&test, &url).await;

    let checks = tokio::join!(manager.access_token("ada", &query), manager.access_token("ada", &query));
    assert!(checks.0.is_ok() != checks.1.is_ok());
    assert_eq!(test.token_requests(), 1);
}

#[tokio::test]
async fn another_users_state_fails_and_is_used_up() {
    let test = TestProvider::<StackExchange>::start().await;
    let manager = FlowManager::new(StackExchange, &test);
    let url = manager.authorization_url("ada", StackExchange::READ_INBOX).await;
    let query = comes_back(&test, &url).await;

    let stolen = manager.access_token("mallory", &query).await;
    assert_eq!(callback_error(stolen), CallbackError::Mismatch);
    let too_late = manager.access_token("ada", &query).await;
    assert_eq!(callback_error(too_late), CallbackError::UnknownState);
    assert_eq!(test.token_requests(), 0);
}

#[tokio::test]
async fn a_state_that_nobody_stored_fails() {
    let test = TestProvider::<StackExchange>::start().await;
    let manager = FlowManager::new(StackExchange, &test);
    let invented = manager.access_token("ada", "code=abc&state=invented").await;
    assert_eq!(callback_error(invented), CallbackError::UnknownState);
    let missing = manager.access_token("ada", "code=abc").await;
    assert_eq!(callback_error(missing), CallbackError::MissingState);
    assert!(test.requests().is_empty());
}

#[tokio::test]
async fn the_lifetime_is_read_from_expires() {
    const DAY: Duration = Duration::from_secs(86_400);
    let test = TestProvider::<StackExchange>::start().await;
    let mut manager = FlowManager::new(StackExchange, &test);
    let now = SystemTime::now();
    manager.flow = manager.flow.clock(move || now);

    test.access_token_lifetime(DAY);
    let url = manager.authorization_url("ada", StackExchange::READ_INBOX).await;
    let query = comes_back(&test, &url).await;
    assert_eq!(manager.access_token("ada", &query).await.unwrap().expires_at(), Some(now + DAY));

    test.access_token_lifetime(None);
    let url = manager.authorization_url("ada", StackExchange::NO_EXPIRY).await;
    let query = comes_back(&test, &url).await;
    assert_eq!(manager.access_token("ada", &query).await.unwrap().expires_at(), None);
}

/// What the old library sent, in the order of the alphabet.
const SENT: [&str; 6] = ["client_id", "client_secret", "code", "code_verifier", "grant_type", "redirect_uri"];

fn names(request: &RecordedRequest) -> Vec<&str> {
    let mut names: Vec<_> = request.parameters.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn post_form_data_sends_a_form() {
    let test = TestProvider::<StackExchange>::start().await;
    test.client("app", "+secret&more=/%");
    let manager = FlowManager::new(StackExchange, &test);
    let url = manager.authorization_url("ada", StackExchange::READ_INBOX).await;
    let query = comes_back(&test, &url).await;
    manager.access_token("ada", &query).await.unwrap();

    let request = token_request(&test);
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(names(&request), SENT);
    assert_eq!(request.parameter("grant_type"), Some("authorization_code"));
    assert_eq!(request.parameter("redirect_uri"), Some(REDIRECT_URI));
    assert_eq!(request.parameter("client_secret"), Some("+secret&more=/%"));
    assert!(!request.headers.contains_key("authorization"));
}

#[tokio::test]
async fn without_post_form_data_the_same_goes_in_json() {
    let test = TestProvider::<StackExchangeInJson>::start().await;
    test.client("app", "+secret&more=/%");
    let manager = FlowManager::new(StackExchangeInJson, &test);
    let url = manager.authorization_url("ada", StackExchangeInJson::READ_INBOX).await;
    let query = comes_back(&test, &url).await;
    manager.access_token("ada", &query).await.unwrap();

    let request = token_request(&test);
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(names(&request), SENT);
    assert_eq!(request.parameter("grant_type"), Some("authorization_code"));
    assert_eq!(request.parameter("client_secret"), Some("+secret&more=/%"));
    assert!(!request.headers.contains_key("authorization"));
}

#[tokio::test]
async fn the_api_gets_the_token_in_the_query() {
    let test = TestProvider::<StackExchange>::start().await;
    let manager = FlowManager::new(StackExchange, &test);
    let url = manager.authorization_url("ada", StackExchange::READ_INBOX).await;
    let query = comes_back(&test, &url).await;
    let tokens = manager.access_token("ada", &query).await.unwrap();
    let session = manager.flow.session("ada");
    session.adopt(tokens.clone()).await.unwrap();

    let inbox: Value = session.get("inbox").query("pagesize", "10").json().await.unwrap();
    assert_eq!(inbox["path"], "/2.3/inbox");
    assert_eq!(inbox["query"], json!({ "pagesize": "10" }));
    let request = test.requests().pop().unwrap();
    assert!(request.url.starts_with("https://api.stackexchange.com/2.3/inbox?"), "{}", request.url);
    assert_eq!(request.parameter("access_token"), Some(tokens.access_token().expose()));
    assert!(!request.headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_token_that_lapsed_asks_for_a_sign_in_and_sends_nothing() {
    let test = TestProvider::<StackExchange>::start().await;
    let mut manager = FlowManager::new(StackExchange, &test);
    let clock = test.clock();
    manager.flow = manager.flow.clock(move || clock.now());
    let url = manager.authorization_url("ada", StackExchange::READ_INBOX).await;
    let query = comes_back(&test, &url).await;
    let session = manager.flow.session("ada");
    session.adopt(manager.access_token("ada", &query).await.unwrap()).await.unwrap();

    test.clock().advance(Duration::from_secs(7200));
    let before = test.requests().len();
    let error = session.get("inbox").send().await.unwrap_err();
    assert!(matches!(error, Error::LoginRequired(LoginRequired::Expired)), "{error:?}");
    assert_eq!(test.requests().len(), before);
}

#[tokio::test]
async fn the_definition_of_the_catalogue_adds_the_request_key() {
    let test = TestProvider::<stack_exchange::StackExchange>::start().await;
    let provider =
        stack_exchange::StackExchange { api_key: Some("U4DMV*8nvpm3EOpvf69Rxw((".parse().unwrap()) };
    let manager = FlowManager::new(provider, &test);
    let url = manager.authorization_url("ada", stack_exchange::StackExchange::READ_INBOX).await;
    let query = comes_back(&test, &url).await;
    let session = manager.flow.session("ada");
    session.adopt(manager.access_token("ada", &query).await.unwrap()).await.unwrap();

    let me: Value = session.get("me").query("site", "stackoverflow").json().await.unwrap();
    assert_eq!(me["items"][0]["display_name"], "Ada Lovelace");
    let request = test.requests().pop().unwrap();
    assert_eq!(request.parameter("key"), Some("U4DMV*8nvpm3EOpvf69Rxw(("));
    assert_eq!(request.parameter("site"), Some("stackoverflow"));
}
