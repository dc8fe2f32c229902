//! The real client, where the access token itself is renewed.

use crate::definitions::*;
use oauth_runtime::{
    AuthCodeFlow, Callback, Error, LoginRequired, Session,
    provider::{HasAuthorizationEndpoint, HasRefresh},
};
use oauth_test_provider::TestProvider;
use std::time::Duration;

/// Ada's session at a provider that renews in place.
async fn signed_in<P: HasAuthorizationEndpoint + HasRefresh>(
    provider: P,
    test: &TestProvider<InPlace>,
) -> Session<P> {
    let clock = test.clock();
    let flow = AuthCodeFlow::new(provider, test.credentials(), "https://app.example/callback")
        .expect("a flow")
        .transport(test.transport())
        .clock(move || clock.now());
    let (url, pending) = flow.begin([]).into_parts();
    let back = test.approve(&url).await;
    let query = back.split_once('?').map_or("", |(_, query)| query).to_owned();
    let session = flow.session("ada");
    let tokens = flow.finish(Callback::new(&query, pending)).await.expect("signed in");
    session.adopt(tokens).await.expect("stored");
    session
}

#[tokio::test]
async fn a_token_is_renewed_again_and_again_before_it_lapses_and_never_after() {
    let test = TestProvider::<InPlace>::start().await;
    let session = signed_in(InPlace, &test).await;
    for renewals in 1..=3 {
        test.clock().advance(Duration::from_secs(2000));
        session.access_token().await.expect("not yet");
        assert_eq!(test.refreshes(), renewals - 1);
        test.clock().advance(Duration::from_secs(600));
        session.access_token().await.expect("renewed");
        assert_eq!(test.refreshes(), renewals);
    }
    test.clock().advance(Duration::from_secs(3600));
    let error = session.access_token().await.expect_err("lapsed");
    assert!(matches!(error, Error::LoginRequired(LoginRequired::Expired)), "{error}");
    assert_eq!((test.refreshes(), test.reuses()), (3, 0), "nothing was sent");
}

#[tokio::test]
async fn a_client_without_the_quirk_has_nothing_to_refresh_with() {
    let test = TestProvider::<InPlace>::start().await;
    let session = signed_in(Post, &test).await;
    test.clock().advance(Duration::from_secs(3599));
    session.access_token().await.expect("it has not lapsed");
    test.clock().advance(Duration::from_secs(1));
    assert!(session.access_token().await.expect_err("lapsed").needs_login());
    assert_eq!(test.refreshes(), 0);
}
