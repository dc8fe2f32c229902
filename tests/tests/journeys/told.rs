//! Who the user is, where no userinfo endpoint says it in the standard's words.

use crate::user::{flow, signs_in_with};
use oauth_runtime::{
    Error, OAuthProvider, Userinfo,
    provider::{HasAuthorizationEndpoint, HasUserinfo},
};
use oauth_test_provider::TestProvider;

/// Says which shop it is in a callback that it signs.
#[derive(OAuthProvider)]
#[oauth(
    name = "Shop",
    authorization_endpoint = "https://id.example.com/authorize",
    token_endpoint = "https://id.example.com/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    code_challenge_methods = [],
    callback(capture = ["shop", "owner"], verify(hmac = "hmac")),
    userinfo(source = "callback", subject = "shop", name = "owner"),
    refresh(support = "none")
)]
struct Shop;

/// Has a name in two parts.
#[derive(OAuthProvider)]
#[oauth(
    name = "Two parts",
    authorization_endpoint = "https://id.example.com/authorize",
    token_endpoint = "https://id.example.com/token",
    userinfo_endpoint = "https://api.example.com/me",
    token_endpoint_auth_methods = ["client_secret_post"],
    userinfo(root = "user", subject = "id", name = ["firstName", "names.last"])
)]
struct Named;

async fn user<P: HasAuthorizationEndpoint + HasUserinfo>(
    provider: P,
    test: &TestProvider<P>,
    change: impl FnOnce(String) -> String,
) -> Result<Userinfo, Error> {
    let flow = flow(provider, test);
    let session = flow.session("ada");
    session.adopt(signs_in_with(test, &flow, change).await?).await?;
    session.userinfo().await
}

#[tokio::test]
async fn a_signed_callback_says_who_it_is_and_nothing_is_asked() {
    let test = TestProvider::<Shop>::start().await;
    test.brings("shop", "acme.example.com");
    let user = user(Shop, &test, |query| query).await.unwrap();
    assert_eq!((user.subject.as_str(), user.name.as_deref()), ("acme.example.com", Some("ada")));
    assert_eq!(test.requests().iter().filter(|request| request.url.contains("/me")).count(), 0);
}

#[tokio::test]
async fn another_name_in_a_signed_callback_signs_nobody_in() {
    let test = TestProvider::<Shop>::start().await;
    test.brings("shop", "acme.example.com");
    let outcome = user(Shop, &test, |query| query.replace("acme", "victim")).await;
    assert!(matches!(outcome, Err(Error::Callback(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_name_in_two_parts_is_one_name() {
    let test = TestProvider::<Named>::start().await;
    assert_eq!(user(Named, &test, |query| query).await.unwrap().name.as_deref(), Some("Ada Lovelace"));
}
