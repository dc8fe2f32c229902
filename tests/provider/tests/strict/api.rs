use crate::{definitions::*, raw::*};
use http::header;
use serde_json::json;
use std::time::Duration;

const ALBUMS: &str = "https://api.example/v1/albums?page=2";

#[tokio::test]
async fn a_good_token_gets_an_echo() {
    let test = start::<Standard>().await;
    let (access_token, _) = tokens(&test).await;
    let mut request = get(ALBUMS, &[("authorization", &format!("bearer {access_token}"))]);
    *request.method_mut() = http::Method::PUT;
    *request.body_mut() = r#"{"title":"x"}"#.into();
    let (status, body) = read(&send(&test, request).await);
    assert_eq!(status, 200);
    let expected = json!({
        "method": "PUT", "path": "/v1/albums", "query": { "page": "2" }, "scopes": ["read"], "body": { "title": "x" },
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_token_that_is_not_good_gets_a_401_with_a_challenge() {
    let test = start::<Standard>().await;
    for url in [ALBUMS, "https://id.example/userinfo"] {
        for headers in
            [&[][..], &[("authorization", "Bearer guessed")], &[("authorization", "Basic guessed")]]
        {
            let answer = send(&test, get(url, headers)).await;
            assert_eq!(answer.status(), 401);
            assert_eq!(answer.headers()[header::WWW_AUTHENTICATE], "Bearer error=\"invalid_token\"");
        }
    }
}

#[tokio::test]
async fn an_access_token_lapses_by_the_clock() {
    let test = start::<Standard>().await;
    let (access_token, _) = tokens(&test).await;
    test.clock().advance(Duration::from_secs(3590));
    assert_eq!(call(&test, ALBUMS, &access_token).await.0, 200);
    test.clock().advance(Duration::from_secs(11));
    let (status, body) = call(&test, ALBUMS, &access_token).await;
    assert_eq!((status, &body["error_description"]), (401, &"the access token has expired".into()));
}

#[tokio::test]
async fn the_lifetime_of_access_tokens_can_be_set() {
    let test = start::<Standard>().await;
    test.access_token_lifetime(Duration::from_secs(5));
    let (_, body) = token(&test, &exchange(&code(&test).await)).await;
    assert_eq!(body["expires_in"], 5);
    test.access_token_lifetime(None);
    let (_, body) = token(&test, &exchange(&code(&test).await)).await;
    assert_eq!(body.get("expires_in"), None);
    test.clock().advance(Duration::from_secs(1_000_000));
    assert_eq!(call(&test, ALBUMS, &text(&body, "/access_token")).await.0, 200);
}

#[tokio::test]
async fn a_token_is_taken_from_the_declared_place_only() {
    let test = start::<Standard>().await;
    let (access_token, _) = tokens(&test).await;
    let in_query = format!("{ALBUMS}&access_token={access_token}");
    let in_header = format!("Bearer {access_token}");
    assert_eq!(send(&test, get(&in_query, &[])).await.status(), 401);
    assert_eq!(send(&test, get(&in_query, &[("authorization", &in_header)])).await.status(), 400);
    assert_eq!(send(&test, get(ALBUMS, &[("authorization", &in_header)])).await.status(), 200);

    let test = start::<InQuery>().await;
    let (access_token, _) = tokens(&test).await;
    let in_query = format!("{ALBUMS}&access_token={access_token}");
    assert_eq!(call(&test, ALBUMS, &access_token).await.0, 401);
    let (status, body) = read(&send(&test, get(&in_query, &[])).await);
    assert_eq!((status, &body["query"]), (200, &json!({ "page": "2" })), "the echo leaves the token out");

    let test = start::<Key>().await;
    let (access_token, _) = tokens(&test).await;
    assert_eq!(call(&test, ALBUMS, &access_token).await.0, 401);
    assert_eq!(send(&test, get(ALBUMS, &[("x-key", &access_token)])).await.status(), 200);
}

#[tokio::test]
async fn declared_headers_and_parameters_of_the_api_must_be_there() {
    let test = start::<Declared>().await;
    let form = authorization().and("access_type", "offline");
    let code = parameter(&authorize(&test, &form).await, "code").expect("a code");
    let mut request = post("https://id.example/token?version=2", &exchange(&code).and("expiring", "1"));
    request.headers_mut().insert("x-token", "yes".parse().expect("text"));
    let bearer = format!("Bearer {}", text(&read(&send(&test, request).await).1, "/access_token"));
    let with_version = [("authorization", bearer.as_str()), ("x-api-version", "7")];
    let good = "https://api.example/v1/albums?site=main";
    assert_eq!(send(&test, get(good, &with_version[..1])).await.status(), 400);
    assert_eq!(send(&test, get("https://api.example/v1/albums", &with_version)).await.status(), 400);
    assert_eq!(send(&test, get(good, &with_version)).await.status(), 200);
}

#[tokio::test]
async fn userinfo_is_ada_unless_the_definition_has_an_example() {
    const USERINFO: &str = "https://id.example/userinfo";
    let test = start::<Standard>().await;
    let (access_token, _) = tokens(&test).await;
    let (_, body) = call(&test, USERINFO, &access_token).await;
    assert_eq!((&body["name"], &body["login"]), (&"Ada Lovelace".into(), &"ada".into()));

    let test = start::<WithExamples>().await;
    let (access_token, _) = tokens(&test).await;
    assert_eq!(call(&test, USERINFO, &access_token).await.1, json!({ "login": "ada-example" }));
}

#[tokio::test]
async fn an_example_whose_title_names_a_path_is_for_that_path() {
    let test = start::<WithExamples>().await;
    let (access_token, _) = tokens(&test).await;
    assert_eq!(call(&test, ALBUMS, &access_token).await.1, json!(["an album"]));
    assert_eq!(call(&test, "https://api.example/v1/other", &access_token).await.1["path"], "/v1/other");
}

#[tokio::test]
async fn an_endpoint_that_the_test_provider_lacks_says_so() {
    let test = start::<Standard>().await;
    let answer = send(&test, get("https://id.example/device", &[])).await;
    assert_eq!(answer.status(), 501);
    assert!(String::from_utf8_lossy(answer.body()).contains("device_authorization_endpoint"));
    assert_eq!(send(&test, get("https://id.example/elsewhere", &[])).await.status(), 404);
}
