use crate::{definitions::*, raw::*};
use http::header;
use oauth_runtime::transport::Request;
use oauth_test_provider::TestProvider;
use serde_json::Value;
use std::time::Duration;

const API: &str = "https://api.example/v1/x";

#[tokio::test]
async fn a_rotating_refresh_token_is_good_once_and_a_second_use_ends_the_grant() {
    let test = start::<Standard>().await;
    let (_, old) = tokens(&test).await;
    let (status, body) = token(&test, &renewal(&old)).await;
    assert_eq!(status, 200);
    let (access_token, new) = (text(&body, "/access_token"), text(&body, "/refresh_token"));
    assert_ne!(old, new);
    assert_eq!(call(&test, API, &access_token).await.0, 200);

    assert_eq!(error(token(&test, &renewal(&old)).await), "invalid_grant");
    assert_eq!(test.reuses(), 1);
    assert_eq!(call(&test, API, &access_token).await.0, 401, "the thief's token is dead");
    assert_eq!(error(token(&test, &renewal(&new)).await), "invalid_grant", "and the rightful one too");
    assert_eq!(test.refreshes(), 3);
}

#[tokio::test]
async fn a_reusable_refresh_token_stays_good_and_no_new_one_comes() {
    let test = start::<Reusable>().await;
    let (_, refresh_token) = tokens(&test).await;
    for _ in 0..3 {
        let (status, body) = token(&test, &renewal(&refresh_token)).await;
        assert_eq!((status, body.get("refresh_token")), (200, None));
    }
    assert_eq!(test.reuses(), 0);
}

#[tokio::test]
async fn rotation_can_be_switched() {
    let test = start::<Reusable>().await;
    let (_, refresh_token) = tokens(&test).await;
    test.rotate(true);
    let (_, body) = token(&test, &renewal(&refresh_token)).await;
    assert!(body["refresh_token"].is_string());
    test.rotate(false);
    let (_, body) = token(&test, &renewal(&text(&body, "/refresh_token"))).await;
    assert_eq!(body["refresh_token"], Value::Null);
}

#[tokio::test]
async fn there_is_no_refresh_where_the_definition_says_so() {
    let test = start::<NoRefresh>().await;
    let (_, body) = token(&test, &exchange(&code(&test).await)).await;
    assert_eq!(body.get("refresh_token"), None);
    assert_eq!(error(token(&test, &renewal("x")).await), "unsupported_grant_type");
}

#[tokio::test]
async fn a_refresh_token_is_bound_to_its_client() {
    let test = start::<Standard>().await;
    let (_, refresh_token) = tokens(&test).await;
    test.client("another", "secret");
    let mut request = post("https://id.example/token", &renewal(&refresh_token));
    request.headers_mut().insert(header::AUTHORIZATION, "Basic YW5vdGhlcjpzZWNyZXQ=".parse().expect("text"));
    assert_eq!(error(read(&send(&test, request).await)), "invalid_grant");
    test.client(ID, SECRET);
    assert_eq!(token(&test, &renewal(&refresh_token)).await.0, 200);
}

#[tokio::test]
async fn a_refresh_token_lapses_by_the_clock() {
    let test = start::<Standard>().await;
    test.refresh_token_lifetime(Duration::from_secs(1000));
    let (_, body) = token(&test, &exchange(&code(&test).await)).await;
    assert_eq!(body["refresh_token_expires_in"], 1000);
    let refresh_token = text(&body, "/refresh_token");
    test.clock().advance(Duration::from_secs(999));
    let (_, body) = token(&test, &renewal(&refresh_token)).await;
    test.clock().advance(Duration::from_secs(1000));
    assert_eq!(error(token(&test, &renewal(&text(&body, "/refresh_token"))).await), "invalid_grant");
}

#[tokio::test]
async fn a_refresh_cannot_ask_for_more_than_was_granted() {
    let test = start::<Standard>().await;
    let (_, refresh_token) = tokens(&test).await;
    let more = renewal(&refresh_token).and("scope", "read write");
    assert_eq!(error(token(&test, &more).await), "invalid_scope");
    assert_eq!(token(&test, &renewal(&refresh_token).and("scope", "read")).await.0, 200);
}

#[tokio::test]
async fn a_refresh_goes_to_its_own_endpoint_where_there_is_one() {
    let test = start::<Renewing>().await;
    let (_, refresh_token) = tokens(&test).await;
    assert_eq!(error(token(&test, &renewal(&refresh_token)).await), "unsupported_grant_type");
    let request = post("https://id.example/refresh", &renewal(&refresh_token));
    assert_eq!(send(&test, request).await.status(), 200);
    assert_eq!(test.refreshes(), 1);
}

#[tokio::test]
async fn a_revoked_refresh_token_takes_its_access_tokens_with_it() {
    let test = start::<Standard>().await;
    let (access_token, refresh_token) = tokens(&test).await;
    let revoke = |token: &str| post("https://id.example/revoke", &Form::of(&[("token", token)]));
    assert_eq!(send(&test, revoke("unknown")).await.status(), 200);
    assert_eq!(call(&test, API, &access_token).await.0, 200);
    let mut stranger = revoke(&refresh_token);
    stranger.headers_mut().remove(header::AUTHORIZATION);
    assert_eq!(send(&test, stranger).await.status(), 401);
    assert_eq!(send(&test, revoke(&refresh_token)).await.status(), 200);
    assert_eq!(call(&test, API, &access_token).await.0, 401);
    assert_eq!(error(token(&test, &renewal(&refresh_token)).await), "invalid_grant");
}

#[tokio::test]
async fn a_revocation_that_takes_access_tokens_takes_no_refresh_token() {
    let test = start::<OwnRevocation>().await;
    let (access_token, refresh_token) = tokens(&test).await;
    let revoke = |token: &str| {
        let mut request = post("https://api.example/applications/me/grant", &Form::of(&[]));
        *request.method_mut() = http::Method::DELETE;
        *request.body_mut() = serde_json::json!({ "access_token": token }).to_string().into();
        request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().expect("text"));
        request
    };
    assert_eq!(error(read(&send(&test, revoke(&refresh_token)).await)), "unsupported_token_type");
    assert_eq!(send(&test, revoke(&access_token)).await.status(), 200);
    assert_eq!(call(&test, API, &access_token).await.0, 401);
}

#[tokio::test]
async fn a_token_revokes_itself_where_the_definition_says_so() {
    let test = start::<BearerRevocation>().await;
    let (access_token, _) = tokens(&test).await;
    let mut request = post("https://id.example/revoke", &Form::of(&[]));
    assert_eq!(read(&send(&test, request.clone()).await).1["error"], "invalid_token", "Basic is no token");
    request
        .headers_mut()
        .insert(header::AUTHORIZATION, format!("Bearer {access_token}").parse().expect("text"));
    assert_eq!(read(&send(&test, request).await), (200, serde_json::json!({ "ok": true })));
    assert_eq!(call(&test, API, &access_token).await.0, 401);
}

/// A token of a provider that renews it in place, and the request for that.
async fn in_place(test: &TestProvider<InPlace>) -> (String, impl Fn(&str) -> Request + use<>) {
    let form = exchange(&code(test).await).and("client_id", ID).and("client_secret", SECRET);
    let mut request = post("https://id.example/token", &form);
    request.headers_mut().remove(header::AUTHORIZATION);
    let (_, body) = read(&send(test, request).await);
    assert_eq!(body.get("refresh_token"), None, "there is none");
    let renewal = |token: &str| {
        let form = Form::of(&[("grant_type", "renew"), ("access_token", token)]);
        get(&format!("https://id.example/renew?{}", form.text()), &[])
    };
    (text(&body, "/access_token"), renewal)
}

#[tokio::test]
async fn an_access_token_is_renewed_in_place_as_long_as_it_is_good() {
    let test = start::<InPlace>().await;
    let (old, renewal) = in_place(&test).await;
    test.clock().advance(Duration::from_secs(3599));
    let (status, body) = read(&send(&test, renewal(&old)).await);
    assert_eq!(status, 200);
    let new = text(&body, "/access_token");
    test.clock().advance(Duration::from_secs(1));
    assert_eq!(call(&test, API, &new).await.0, 200);
    assert_eq!(error(read(&send(&test, renewal(&old)).await)), "invalid_grant", "it has lapsed");
    assert_eq!(error(read(&send(&test, renewal("unknown")).await)), "invalid_grant");
    test.refuse_refresh();
    assert_eq!(error(read(&send(&test, renewal(&new)).await)), "invalid_grant");
    assert_eq!((call(&test, API, &new).await.0, test.refreshes(), test.reuses()), (200, 4, 0));
}

#[tokio::test]
async fn a_token_that_was_renewed_comes_again_only_where_nothing_is_replaced() {
    let test = start::<InPlace>().await;
    let (old, renewal) = in_place(&test).await;
    for _ in 0..2 {
        assert_eq!(read(&send(&test, renewal(&old)).await).0, 200);
    }
    test.rotate(true);
    assert_eq!(read(&send(&test, renewal(&old)).await).0, 200);
    assert_eq!(error(read(&send(&test, renewal(&old)).await)), "invalid_grant");
    assert_eq!((test.reuses(), call(&test, API, &old).await.0), (1, 401));
}

#[tokio::test]
async fn a_replaced_refresh_token_is_honoured_within_a_grace_and_ends_the_grant_after_it() {
    let test = start::<Standard>().await;
    test.grace(Duration::from_secs(30));
    let (_, old) = tokens(&test).await;
    let (_, first) = token(&test, &renewal(&old)).await;
    let (status, second) = token(&test, &renewal(&old)).await;
    assert_eq!(status, 200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    test.clock().advance(Duration::from_secs(31));
    assert_eq!(error(token(&test, &renewal(&old)).await), "invalid_grant");
    let [grant] = &test.grants()[..] else { panic!("one consent") };
    assert_eq!((grant.refreshes, grant.replays, grant.reuses, grant.is_revoked), (3, 1, 1, true));
}

#[tokio::test]
async fn what_happened_is_told_apart_by_grant() {
    let test = start::<Standard>().await;
    let ((_, quiet), (_, busy)) = (tokens(&test).await, tokens(&test).await);
    token(&test, &renewal(&busy)).await;
    let [first, second] = &test.grants()[..] else { panic!("two consents") };
    assert_eq!((first.refreshes, second.refreshes), (0, 1));
    token(&test, &renewal(&busy)).await;
    let revoked: Vec<_> = test.grants().iter().map(|grant| (grant.reuses, grant.is_revoked)).collect();
    assert_eq!(revoked, [(0, false), (1, true)]);
    assert_eq!(token(&test, &renewal(&quiet)).await.0, 200, "the other grant lives on");
}
