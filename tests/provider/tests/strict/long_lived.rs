//! Providers whose first token is traded for a long-lived one, which is renewed in place.
//!
//! Checked on 2026-11-21 against <https://developers.facebook.com/docs/instagram-platform/reference/refresh_access_token>,
//! <https://developers.facebook.com/docs/threads/get-started/long-lived-tokens> and
//! <https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived>.

use oauth_runtime::{
    AuthCodeFlow, Callback, Error, LoginRequired, OAuthProvider, Session,
    provider::{HasAuthorizationEndpoint, HasRefresh},
};
use oauth_test_provider::TestProvider;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://www.instagram.com/oauth/authorize",
    token_endpoint = "https://api.instagram.com/oauth/access_token",
    token_endpoint_auth_methods = ["client_secret_post"],
    scopes(separator = ","),
    token(response(defaults(expires_in = 3600))),
    exchange(
        url = "https://graph.instagram.com/access_token",
        method = "GET",
        encoding = "query",
        params(
            grant_type = "ig_exchange_token",
            access_token = "{access_token}",
            client_secret = "{client_secret}"
        ),
        on_failure = "keep",
    ),
    refresh(
        support = "in_place",
        present = "access_token",
        endpoint = "https://graph.instagram.com/refresh_access_token",
        method = "GET",
        encoding = "query",
        auth = "none",
        omit = ["client_id"],
        rename(refresh_token = "access_token"),
        grant_type = "ig_refresh_token",
        leeway = "30d",
    ),
    api(base_url = "https://graph.instagram.com"),
)]
struct Instagram;

#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://threads.net/oauth/authorize",
    token_endpoint = "https://graph.threads.net/oauth/access_token",
    token_endpoint_auth_methods = ["client_secret_post"],
    code_challenge_methods = [],
    scopes(separator = ","),
    token(response(defaults(expires_in = 3600))),
    exchange(
        url = "https://graph.threads.net/access_token",
        method = "GET",
        encoding = "query",
        params(
            grant_type = "th_exchange_token",
            access_token = "{access_token}",
            client_secret = "{client_secret}"
        ),
        on_failure = "keep",
    ),
    refresh(
        support = "in_place",
        present = "access_token",
        endpoint = "https://graph.threads.net/refresh_access_token",
        method = "GET",
        encoding = "query",
        auth = "none",
        omit = ["client_id"],
        rename(refresh_token = "access_token"),
        grant_type = "th_refresh_token",
        leeway = "30d",
    ),
    api(base_url = "https://graph.threads.net/v1.0"),
)]
struct Threads;

/// One address for the code, the exchange and the renewal, which is the same call as the exchange.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://www.facebook.com/v21.0/dialog/oauth",
    token_endpoint = "https://graph.facebook.com/v21.0/oauth/access_token",
    token_endpoint_auth_methods = ["client_secret_post"],
    scopes(separator = ","),
    exchange(
        url = "https://graph.facebook.com/v21.0/oauth/access_token",
        method = "GET",
        encoding = "query",
        params(
            grant_type = "fb_exchange_token",
            client_id = "{client_id}",
            client_secret = "{client_secret}",
            fb_exchange_token = "{access_token}",
        ),
        on_failure = "keep",
    ),
    refresh(
        support = "in_place",
        present = "access_token",
        method = "GET",
        encoding = "query",
        rename(refresh_token = "fb_exchange_token"),
        grant_type = "fb_exchange_token",
        leeway = "30d",
    ),
    api(base_url = "https://graph.facebook.com/v21.0"),
)]
struct Facebook;

/// A provider whose first token is of no use: each is traded for a session's, also after a refresh.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://auth.acme.example/oauth/authorize",
    token_endpoint = "https://auth.acme.example/oauth/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    exchange(
        after = ["code", "refresh"],
        url = "https://rest.acme.example/login",
        encoding = "json",
        params(version = "*", access_token = "{access_token}"),
        response(access_token = "BhRestToken"),
    ),
    refresh(support = "rotating"),
    api(base_url = "https://rest.acme.example", header = "BhRestToken", scheme = ""),
)]
struct Sessions;

async fn signed_in<P: HasAuthorizationEndpoint + HasRefresh>(
    provider: P,
    test: &TestProvider<P>,
) -> Result<Session<P>, Error> {
    let clock = test.clock();
    let flow = AuthCodeFlow::new(provider, test.credentials(), "https://app.example/callback")?;
    let flow = flow.transport(test.transport()).clock(move || clock.now());
    let (url, pending) = flow.begin([]).into_parts();
    let back = test.approve(&url).await;
    let query = back.split_once('?').map_or("", |(_, query)| query).to_owned();
    let session = flow.session("ada");
    session.adopt(flow.finish(Callback::new(&query, pending)).await?).await?;
    Ok(session)
}

/// Sixty days after sixty days, and then none.
async fn lives_long<P: HasAuthorizationEndpoint + HasRefresh>(provider: P) {
    let test = TestProvider::<P>::start().await;
    let session = signed_in(provider, &test).await.expect("signed in");
    assert_eq!((test.token_requests(), test.exchanges(), test.refreshes()), (1, 1, 0));
    for renewals in 1..=3 {
        test.clock().advance(DAY * 29);
        session.access_token().await.expect("not yet");
        assert_eq!(test.refreshes(), renewals - 1);
        test.clock().advance(DAY * 2);
        session.access_token().await.expect("renewed");
        assert_eq!(test.refreshes(), renewals);
    }
    assert_eq!((test.exchanges(), test.codes_used_twice(), test.reuses()), (1, 0, 0));
    test.clock().advance(DAY * 60);
    let error = session.access_token().await.expect_err("lapsed");
    assert!(matches!(error, Error::LoginRequired(LoginRequired::Expired)), "{error}");
    assert_eq!(test.refreshes(), 3, "nothing was sent");
}

#[tokio::test]
async fn a_token_of_instagram_threads_and_facebook_is_renewed_as_long_as_it_is_used() {
    lives_long(Instagram).await;
    lives_long(Threads).await;
    lives_long(Facebook).await;
}

#[tokio::test]
async fn a_refused_exchange_keeps_the_first_token_and_never_renews_it() {
    let test = TestProvider::<Instagram>::start().await;
    test.refuse_exchange();
    let session = signed_in(Instagram, &test).await.expect("signed in");
    let tokens = session.tokens().await.expect("the first one");
    assert!(tokens.exchange_failed());
    assert!(tokens.exchange_error().expect("why").to_string().contains("exchange"));
    test.clock().advance(Duration::from_secs(3599));
    session.access_token().await.expect("it has not lapsed");
    test.clock().advance(Duration::from_secs(1));
    assert!(session.access_token().await.expect_err("lapsed").needs_login());
    assert_eq!((test.exchanges(), test.refreshes()), (1, 0));
}

#[tokio::test]
async fn a_session_s_token_is_got_again_after_each_refresh() {
    let test = TestProvider::<Sessions>::start().await;
    let session = signed_in(Sessions, &test).await.expect("signed in");
    let call = || async { session.get("entity").send().await.expect("an answer").status().as_u16() };
    assert_eq!(call().await, 200);
    test.expire_now();
    assert_eq!(call().await, 200, "refreshed and exchanged");
    assert_eq!((test.refreshes(), test.exchanges(), test.reuses()), (1, 2, 0));

    let refused = TestProvider::<Sessions>::start().await;
    refused.refuse_exchange();
    let error = signed_in(Sessions, &refused).await.map(|_| ()).expect_err("there is no session");
    assert!(
        matches!(&error, Error::Refused(refusal) if refusal.stage() == oauth_runtime::spec::Stage::Exchange)
    );
}
