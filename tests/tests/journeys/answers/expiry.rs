//! Tokens that lapse, whatever way the provider has to say when.

use crate::user::{flow, signs_in};
use oauth_runtime::{Error, OAuthProvider, Secret, provider::HasAuthorizationEndpoint};
use oauth_test_provider::{TestProvider, check_examples};
use std::time::{Duration, SystemTime};

/// Names a date.
#[derive(OAuthProvider)]
#[oauth(
    name = "Sentry",
    authorization_endpoint = "https://sentry.io/oauth/authorize/",
    token_endpoint = "https://sentry.io/api/0/sentry-app-installations/token/",
    token_endpoint_auth_methods = ["client_secret_post"],
    token(
        encoding = "json",
        response(access_token = "token", refresh_token = "refreshToken", expires_at = "expiresAt")
    ),
    example(
        stage = "token",
        title = "long ago",
        body = r#"{"id": "38", "token": "ec48bf98637d44c294ead7566513686237e74ab67a074c64b3aaca2d93dbb8f1", "refreshToken": "c866f154a65841638d44ee26364409b0a1a67bd642bd46e7a476f34f810712d6", "dateCreated": "2019-08-07T20:25:09.870Z", "expiresAt": "2019-08-08T04:25:09.870Z", "state": null, "application": null}"#,
        expect(expires_in = 0)
    )
)]
struct Sentry;

/// Names seconds of the epoch.
#[derive(OAuthProvider)]
#[oauth(
    name = "Seconds of the epoch",
    authorization_endpoint = "https://id.example.com/authorize",
    token_endpoint = "https://id.example.com/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    token(encoding = "json", response(expires_at = "access_token_expiration", expires_at_format = "unix"))
)]
struct Epoch;

/// Counts milliseconds.
#[derive(OAuthProvider)]
#[oauth(
    name = "Milliseconds",
    authorization_endpoint = "https://id.example.com/authorize",
    token_endpoint = "https://id.example.com/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    token(response(expires_in_unit = "ms"))
)]
struct Milliseconds;

/// Says 0 of tokens that do not lapse, as Mailchimp does.
#[derive(OAuthProvider)]
#[oauth(
    name = "Zero",
    authorization_endpoint = "https://id.example.com/authorize",
    token_endpoint = "https://id.example.com/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    token(response(expires_in_zero = "never")),
    refresh(support = "none")
)]
struct Zero;

/// The same without the key: RFC 6749 knows no lifetime that never ends.
#[derive(OAuthProvider)]
#[oauth(
    name = "Zero",
    authorization_endpoint = "https://id.example.com/authorize",
    token_endpoint = "https://id.example.com/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    refresh(support = "none")
)]
struct Lapsed;

/// An hour's token is refreshed after an hour, and not before.
async fn lapses<P: HasAuthorizationEndpoint>(provider: P) {
    let test = TestProvider::<P>::start().await;
    test.access_token_lifetime(Duration::from_secs(3600));
    let flow = flow(provider, &test);
    let tokens = signs_in(&test, &flow).await;
    let left = tokens.expires_at().and_then(|at| at.duration_since(test.clock().now()).ok());
    assert!(left.is_some_and(|left| (3590..=3600).contains(&left.as_secs())), "{left:?} are left");
    let session = flow.session("ada");
    session.adopt(tokens).await.unwrap();
    test.clock().advance(Duration::from_secs(3000));
    session.access_token().await.unwrap();
    assert_eq!(test.refreshes(), 0);
    test.clock().advance(Duration::from_secs(600));
    assert!(session.tokens().await.unwrap().expires_at() > Some(SystemTime::now()));
    assert_eq!(test.refreshes(), 1);
}

#[tokio::test]
async fn a_token_lapses_at_the_date_that_the_answer_names() {
    lapses(Sentry).await;
}

#[tokio::test]
async fn a_token_lapses_at_the_second_of_the_epoch_that_the_answer_names() {
    lapses(Epoch).await;
}

#[tokio::test]
async fn a_token_lapses_after_the_milliseconds_that_the_answer_names() {
    lapses(Milliseconds).await;
}

#[test]
fn a_date_of_the_documentation_is_read_and_has_passed() {
    check_examples::<Sentry>();
}

async fn of_no_lifetime<P: HasAuthorizationEndpoint>(provider: P) -> Result<Secret, Error> {
    let test = TestProvider::<P>::start().await;
    test.access_token_lifetime(Duration::ZERO);
    let flow = flow(provider, &test);
    let tokens = signs_in(&test, &flow).await;
    let session = flow.session("ada");
    session.adopt(tokens).await.unwrap();
    session.access_token().await
}

#[tokio::test]
async fn a_lifetime_of_zero_means_never_only_where_the_definition_says_so() {
    assert!(of_no_lifetime(Zero).await.is_ok());
    assert!(of_no_lifetime(Lapsed).await.unwrap_err().needs_login());
}
