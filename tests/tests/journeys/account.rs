//! Who the user is, and giving the grant back: by the standard's calls, and by calls that share hardly a name with it.

use oauth_providers::{apaleo::Apaleo, github::GitHub, stack_exchange::StackExchange, vkid::VKID};
use oauth_runtime::{
    AuthCodeFlow, AuthorizationRequest, Callback, Error, LoginRequired, OAuthProvider, Session,
    provider::HasAuthorizationEndpoint,
};
use oauth_test_provider::TestProvider;

/// A provider that does nearly everything in its own way.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://id.acme.example/authorize",
    token_endpoint = "https://id.acme.example/token",
    revocation_endpoint = "https://id.acme.example/apps/{client_id}/grant",
    userinfo_endpoint = "https://api.acme.example/me",
    token_endpoint_auth_methods = ["client_secret_post"],
    scopes(READ = "read", EMAIL = "email"),
    authorization(
        rename(client_id = "client_key", state = "csrf"),
        omit = ["response_type"],
        params(kind = "web"),
        options(prompt(enum = ["none", "consent"], default = "none"), login_hint()),
    ),
    token(
        encoding = "json",
        headers("Acme-Version" = "2"),
        rename(client_id = "client_key", code = "auth_code"),
        query(v = 2),
        grant_type = "auth",
        send_state = true,
    ),
    refresh(
        support = "rotating",
        method = "GET",
        encoding = "query",
        grant_type = "renew",
        omit = ["client_id"],
        auth = "client_secret_basic",
    ),
    revocation(
        method = "DELETE",
        rename(token = "access_token"),
        omit = ["token_type_hint"],
        auth = "client_secret_basic",
        revokes = "grant",
    ),
    userinfo(
        root = "items.0",
        subject = "id",
        query(fields = "id"),
        headers("Acme-User" = "1"),
        also(email(url = "https://api.acme.example/emails", pick = "primary", field = "address", scope = "email")),
    ),
    api(base_url = "https://api.acme.example"),
)]
struct Acme;

/// Signs ada in, by a request that `begin` makes.
async fn sign_in<P: HasAuthorizationEndpoint>(
    provider: P,
    begin: impl FnOnce(&AuthCodeFlow<P>) -> AuthorizationRequest<P>,
) -> (TestProvider<P>, Session<P>) {
    let test = TestProvider::<P>::start().await;
    let flow = AuthCodeFlow::new(provider, test.credentials(), "http://127.0.0.1:3000/callback")
        .expect("the redirect URI is good")
        .transport(test.transport());
    let (url, pending) = begin(&flow).into_parts();
    let back = test.approve(&url).await;
    let query = back.split_once('?').map_or("", |(_, query)| query);
    let tokens = flow.finish(Callback::new(query, pending)).await.expect("ada approved");
    let session = flow.session("ada");
    session.adopt(tokens).await.expect("the store is in memory");
    (test, session)
}

#[tokio::test]
async fn hardly_a_name_of_the_standard_is_left_and_everything_works() {
    let begin = |flow: &AuthCodeFlow<Acme>| {
        let request =
            flow.begin([Acme::READ, Acme::EMAIL]).with(Acme::PROMPT_CONSENT).with(Acme::login_hint("ada"));
        let url = request.url();
        assert!(
            url.contains("client_key=") && url.contains("&csrf=") && !url.contains("response_type"),
            "{url}"
        );
        assert!(
            url.contains("prompt=consent") && !url.contains("prompt=none") && url.contains("login_hint=ada")
        );
        request
    };
    let (test, session) = sign_in(Acme, begin).await;
    let user = session.userinfo().await.expect("the token is good");
    assert!(!user.subject.is_empty() && user.email.is_some(), "{user:?}");
    test.expire_now();
    session.get("albums").send().await.expect("refreshed by GET");
    assert_eq!((test.refreshes(), test.reuses()), (1, 0));
    session.revoke().await.expect("deleted");
    let error = session.access_token().await.expect_err("the grant is given back");
    assert!(matches!(error, Error::LoginRequired(LoginRequired::NoTokens)));
}

#[tokio::test]
async fn github_says_who_the_user_is_and_takes_the_grant_back() {
    let (test, session) = sign_in(GitHub, |flow| flow.begin([GitHub::READ_USER, GitHub::USER_EMAIL])).await;
    let user = session.userinfo().await.expect("the token is good");
    assert_eq!((user.subject.as_str(), user.preferred_username.as_deref()), ("1815", Some("ada")));
    assert!(user.email.is_some(), "GitHub tells it by a call of its own");
    session.revoke().await.expect("GitHub deletes the grant");
    assert_eq!(test.requests().last().map(|request| request.method.to_string()).as_deref(), Some("DELETE"));
}

#[tokio::test]
async fn apaleo_follows_the_standard_in_both() {
    let (_test, session) = sign_in(Apaleo, |flow| flow.begin([Apaleo::OPENID, Apaleo::PROFILE])).await;
    let user = session.userinfo().await.expect("the token is good");
    assert_eq!((user.subject.as_str(), user.name.as_deref()), ("1815-ada", Some("Ada Lovelace")));
    session.revoke().await.expect("revoked");
}

#[tokio::test]
async fn stack_exchange_has_its_users_in_a_list() {
    let (_test, session) = sign_in(StackExchange::default(), |flow| flow.begin([])).await;
    let user = session.userinfo().await.expect("the token is good");
    assert_eq!((user.subject.as_str(), user.name.as_deref()), ("1852", Some("Ada Lovelace")));
}

#[tokio::test]
async fn vk_id_is_told_which_client_asks_who_the_user_is() {
    let (test, session) = sign_in(VKID::default(), |flow| flow.begin([])).await;
    let user = session.userinfo().await.expect("the token is good");
    assert_eq!((user.subject.as_str(), user.name.as_deref()), ("66748", Some("Ada")));
    let requests = test.requests();
    let asked = requests.last().expect("the call for the user");
    let client = format!("?client_id={}&", test.credentials().client_id());
    assert!(asked.url.contains(&client), "{}", asked.url);
    assert!(asked.parameter("access_token").is_some(), "in the form, and in no address");
}

/// A provider that says in its token answer who signed in, and has no call for it.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://id.atlas.example/authorize",
    token_endpoint = "https://id.atlas.example/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    userinfo(source = "token", root = "athlete", subject = "id", preferred_username = "username"),
)]
struct Atlas;

#[tokio::test]
async fn a_token_answer_can_say_who_the_user_is() {
    let (test, session) = sign_in(Atlas, |flow| flow.begin([])).await;
    let user = session.userinfo().await.expect("the answer said it");
    assert_eq!((user.subject.as_str(), user.preferred_username.as_deref()), ("1815-12-10", Some("ada")));
    assert_eq!(user.claims["family_name"], "Lovelace");
    assert_eq!(test.token_requests(), 1);
    // It is kept with the tokens, whoever refreshes them.
    session.refresh().await.expect("a refresh");
    assert_eq!(session.userinfo().await.expect("still known"), user);
}

#[tokio::test]
async fn a_token_answer_that_does_not_say_it_is_an_error_and_no_user() {
    let (test, session) = sign_in(Atlas, |flow| flow.begin([])).await;
    let mut stored = serde_json::to_value(session.tokens().await.expect("tokens").expose()).expect("JSON");
    stored["extra"] = serde_json::json!({ "athlete": { "username": "ada" } });
    let tokens: oauth_runtime::StoredTokens = serde_json::from_value(stored).expect("stored tokens");
    session.adopt(tokens.into()).await.expect("stored");
    let Err(Error::Answer(error)) = session.userinfo().await else { panic!("nobody is named") };
    assert_eq!(error.kind(), oauth_runtime::AnswerErrorKind::Missing("sub"));
    drop(test);
}
