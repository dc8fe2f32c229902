//! The real client against the real definition: both read the same table, and meet.

use crate::definitions::*;
use oauth_runtime::{
    AuthCodeFlow, Callback, Error, Scope, TokenSet,
    provider::{HasApi, HasAuthorizationEndpoint, HasRefresh, HasRevocation, HasUserinfo, OAuthProvider},
    transport::Transport,
};
use oauth_test_provider::{RemoteProvider, TestProvider};
use serde_json::Value;
use std::time::Duration;

const READ: Scope<OtherClaims> = Scope::known("read");
const WRITE: Scope<OtherClaims> = Scope::known("write");
const REDIRECT_URI: &str = "https://app.example/callback";

trait Whole: HasAuthorizationEndpoint + HasApi + HasRefresh + HasRevocation + HasUserinfo {}
impl<P: HasAuthorizationEndpoint + HasApi + HasRefresh + HasRevocation + HasUserinfo> Whole for P {}

fn flow<P: Whole, S: OAuthProvider>(provider: P, test: &TestProvider<S>) -> AuthCodeFlow<P> {
    let flow = AuthCodeFlow::new(provider, test.credentials(), REDIRECT_URI).expect("a flow");
    flow.transport(test.transport())
}

async fn sign_in<P: Whole, S: OAuthProvider>(
    flow: &AuthCodeFlow<P>,
    test: &TestProvider<S>,
) -> Result<TokenSet<P>, Error> {
    let (url, pending) = flow.begin([]).into_parts();
    let back = test.approve(&url).await;
    let query = back.split_once('?').map_or("", |(_, query)| query).to_owned();
    flow.finish(Callback::new(&query, pending)).await
}

/// Sign in, call the API, refresh behind a call, ask who the user is, revoke: with a client of the definition `P` at a provider of `S`.
async fn walk<P: Whole, S: OAuthProvider>(provider: P) -> Result<(), Error> {
    let test = TestProvider::<S>::start().await;
    let flow = flow(provider, &test);
    let session = flow.session("ada");
    session.adopt(sign_in(&flow, &test).await?).await?;
    let echo: Value = session.get("albums").json().await?;
    assert_eq!(echo["path"], "/v1/albums");
    test.expire_now();
    let _renewed: Value = session.get("albums").json().await?;
    assert_eq!(test.refreshes(), 1);
    let user = session.userinfo().await?;
    assert_eq!((user.subject.as_str(), user.name.as_deref()), ("1815-12-10", Some("Ada Lovelace")));
    let access_token = session.access_token().await?;
    session.revoke().await?;
    assert!(session.access_token().await.is_err(), "nothing is left here");
    session.adopt(sign_in(&flow, &test).await?).await?;
    assert_ne!(session.access_token().await?.expose(), access_token.expose());
    Ok(())
}

macro_rules! quirks {
    ($($test:ident: $quirk:ident),* $(,)?) => {$(
        #[tokio::test]
        async fn $test() {
            walk::<$quirk, $quirk>($quirk).await.expect("a client with the quirk gets through");
            // An error page panics in `approve`, as no user gets through it.
            let refused = tokio::spawn(walk::<Standard, $quirk>(Standard)).await;
            assert!(!matches!(refused, Ok(Ok(()))), "a client without the quirk must not get through");
        }
    )*};
}

quirks! {
    a_secret_in_the_body_is_demanded: Post,
    a_json_body_is_demanded: Json,
    a_request_by_get_is_demanded: Query,
    the_absence_of_pkce_is_demanded: NoPkce,
    declared_parameters_and_headers_are_demanded: Declared,
    other_names_are_demanded: Renamed,
    another_scope_parameter_is_demanded: ScopeList,
    another_answer_is_given: Shaped,
    another_header_for_the_token_is_demanded: Key,
    the_token_in_the_query_is_demanded: InQuery,
    another_refresh_endpoint_is_demanded: Renewing,
    another_answer_to_a_refresh_is_given: ShapedRefresh,
    another_revocation_is_demanded: OwnRevocation,
    a_revocation_by_the_token_itself_is_demanded: BearerRevocation,
    other_names_for_claims_are_given: OtherClaims,
    other_names_in_the_authorization_request_are_demanded: OtherRequest,
}

#[tokio::test]
async fn what_is_no_demand_lets_both_through() {
    walk::<Standard, Standard>(Standard).await.expect("the standard");
    walk::<Reusable, Reusable>(Reusable).await.expect("refresh tokens that stay");
    walk::<Public, Public>(Public).await.expect("a public client");
    walk::<Coded, Coded>(Coded).await.expect("errors by number");
    walk::<Unsaid, Unsaid>(Unsaid).await.expect("a lifetime that is not named");
    walk::<Issuer, Issuer>(Issuer).await.expect("an issuer");
    walk::<FormAnswer, FormAnswer>(FormAnswer).await.expect("an answer that is a form");
}

#[tokio::test]
async fn a_claim_of_another_call_is_the_one_that_is_meant_and_needs_its_scope() {
    for scopes in ["read write", "read"] {
        let test = TestProvider::<OtherClaims>::start().await;
        let flow = flow(OtherClaims, &test);
        let session = flow.session("ada");
        let asked = scopes.split(' ').map(|scope| if scope == "write" { WRITE } else { READ });
        let (url, pending) = flow.begin(asked).into_parts();
        let back = test.approve(&url).await;
        let query = back.split_once('?').map_or("", |(_, query)| query).to_owned();
        let tokens = flow.finish(Callback::new(&query, pending)).await.expect("tokens");
        session.adopt(tokens).await.expect("stored");
        assert_eq!(session.userinfo().await.expect("claims").email.as_deref(), Some("ada@example.com"));
        let calls = test.requests().iter().filter(|request| request.url.contains("/v1/emails")).count();
        assert_eq!(calls, usize::from(scopes.contains("write")));
    }
}

#[tokio::test]
async fn a_denied_consent_is_an_error_of_its_own() {
    let test = TestProvider::<Standard>::start().await;
    test.deny();
    let error = sign_in(&flow(Standard, &test), &test).await.expect_err("denied");
    assert!(matches!(error, Error::Denied(_)), "{error}");
    assert_eq!(test.token_requests(), 0);
}

#[tokio::test]
async fn the_callback_of_a_tenant_comes_from_its_own_issuer() {
    let test = TestProvider::<Tenants>::start().await;
    let acme = flow(Tenants("acme"), &test);
    sign_in(&acme, &test).await.expect("acme's user");
    let requests = test.requests();
    assert_eq!(requests[0].url.split('?').next(), Some("https://acme.example/authorize"));
    assert_eq!(requests[1].url, "https://acme.example/token");

    let session = acme.session("ada");
    session.adopt(sign_in(&acme, &test).await.expect("again")).await.expect("stored");
    let _file: Value = session.get("https://files.example/a").json().await.expect("another origin");
    let stranger = session.get("https://acme.example.evil/a").send().await.expect_err("no origin of acme");
    assert!(matches!(stranger, Error::ForeignOrigin(_)), "{stranger}");
}

#[tokio::test]
async fn a_hundred_calls_with_a_lapsed_token_make_one_refresh() {
    let test = TestProvider::<Standard>::start().await;
    let flow = flow(Standard, &test);
    let session = flow.session("ada");
    session.adopt(sign_in(&flow, &test).await.expect("signed in")).await.expect("stored");
    test.expire_now();
    test.slow(Duration::from_millis(50));
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { session.get("albums").json::<Value>().await })
        })
        .collect();
    for call in calls {
        call.await.expect("no panic").expect("an answer");
    }
    assert_eq!((test.refreshes(), test.reuses()), (1, 0));
}

#[tokio::test]
async fn a_clock_can_be_shared_with_the_flow() {
    let test = TestProvider::<Standard>::start().await;
    let clock = test.clock();
    let flow = flow(Standard, &test).clock(move || clock.now());
    let session = flow.session("ada");
    session.adopt(sign_in(&flow, &test).await.expect("signed in")).await.expect("stored");
    test.clock().advance(Duration::from_secs(3600));
    session.access_token().await.expect("a fresh token");
    assert_eq!(test.refreshes(), 1);
}

#[tokio::test]
async fn a_grant_that_was_taken_back_asks_for_a_new_sign_in() {
    let test = TestProvider::<Standard>::start().await;
    let flow = flow(Standard, &test);
    let session = flow.session("ada");
    session.adopt(sign_in(&flow, &test).await.expect("signed in")).await.expect("stored");
    test.expire_now();
    test.refuse_refresh();
    let error = session.get("albums").send().await.expect_err("no grant");
    assert!(error.needs_login(), "{error}");
}

#[tokio::test]
async fn a_front_channel_is_where_the_flow_sends_its_users() {
    let test = TestProvider::<Standard>::start().await;
    let (url, _) = flow(Standard, &test).begin([]).into_parts();
    assert!(url.starts_with(&format!("{}/id.example/authorize?", test.origin())), "{url}");
    assert_eq!(test.transport().front_channel(&url), url);
}

#[tokio::test]
async fn a_second_process_reaches_the_provider_by_its_origin() {
    let test = TestProvider::<Standard>::start().await;
    let here = flow(Standard, &test);
    let remote = RemoteProvider::<Standard>::at(test.origin());
    let there = AuthCodeFlow::new(Standard, remote.credentials(), REDIRECT_URI).expect("a flow");
    let there = there.transport(remote.transport());
    let session = there.session("ada");
    session.adopt(sign_in(&here, &test).await.expect("a sign-in")).await.expect("a store");
    session.refresh().await.expect("the same provider");
    assert_eq!(test.refreshes(), 1);
}
