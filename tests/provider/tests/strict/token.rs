use crate::{definitions::*, raw::*};
use http::header;
use std::time::Duration;

const URL: &str = "https://id.example/token";

#[tokio::test]
async fn a_good_request_gets_tokens_once() {
    let test = start::<Standard>().await;
    let (status, body) = token(&test, &exchange(&code(&test).await)).await;
    assert_eq!(status, 200);
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3600);
    assert_eq!(body["scope"], "read");
    assert!(body["refresh_token"].is_string());
    assert_eq!(test.token_requests(), 1);
    assert_eq!(test.refreshes(), 0);
}

#[tokio::test]
async fn a_code_that_comes_twice_is_refused_and_its_tokens_are_revoked() {
    let test = start::<Standard>().await;
    let code = code(&test).await;
    let (_, body) = token(&test, &exchange(&code)).await;
    let access_token = text(&body, "/access_token");
    assert_eq!(call(&test, "https://api.example/v1/x", &access_token).await.0, 200);

    assert_eq!(error(token(&test, &exchange(&code)).await), "invalid_grant");
    assert_eq!(test.codes_used_twice(), 1);
    assert_eq!(call(&test, "https://api.example/v1/x", &access_token).await.0, 401);
    assert_eq!(error(token(&test, &renewal(&text(&body, "/refresh_token"))).await), "invalid_grant");
}

#[tokio::test]
async fn a_code_is_good_for_ten_minutes() {
    let test = start::<Standard>().await;
    let (early, late) = (code(&test).await, code(&test).await);
    test.clock().advance(Duration::from_secs(590));
    assert_eq!(token(&test, &exchange(&early)).await.0, 200);
    test.clock().advance(Duration::from_secs(11));
    assert_eq!(error(token(&test, &exchange(&late)).await), "invalid_grant");
}

#[tokio::test]
async fn a_code_is_bound_to_its_redirect_uri_byte_for_byte() {
    let test = start::<Standard>().await;
    for other in ["http://127.0.0.1:3000/callback?app=%31", "http://127.0.0.1:3000/callback", ""] {
        let form = exchange(&code(&test).await).with("redirect_uri", other);
        assert_eq!(error(token(&test, &form).await), "invalid_grant", "{other}");
    }
}

#[tokio::test]
async fn a_code_is_bound_to_its_verifier() {
    let test = start::<Standard>().await;
    let good = exchange(&code(&test).await);
    let wrong = VERIFIER.replace('d', "e");
    for form in [good.clone().with("code_verifier", &wrong), good.without("code_verifier")] {
        let form = form.with("code", &code(&test).await);
        assert_eq!(error(token(&test, &form).await), "invalid_grant");
    }
}

#[tokio::test]
async fn a_wrong_attempt_uses_the_code_up() {
    let test = start::<Standard>().await;
    let good = exchange(&code(&test).await);
    assert_eq!(token(&test, &good.clone().without("code_verifier")).await.0, 400);
    assert_eq!(error(token(&test, &good).await), "invalid_grant");
}

#[tokio::test]
async fn an_unknown_code_is_refused() {
    let test = start::<Standard>().await;
    assert_eq!(error(token(&test, &exchange("guessed")).await), "invalid_grant");
    assert_eq!(error(token(&test, &exchange("guessed").without("code")).await), "invalid_request");
}

#[tokio::test]
async fn a_grant_type_that_is_not_declared_is_refused() {
    let test = start::<Standard>().await;
    let form = exchange("x").with("grant_type", "password");
    assert_eq!(error(token(&test, &form).await), "unsupported_grant_type");
    assert_eq!(error(token(&test, &exchange("x").without("grant_type")).await), "invalid_request");
}

#[tokio::test]
async fn a_wrong_secret_is_a_401_with_a_challenge() {
    let test = start::<Standard>().await;
    let form = exchange(&code(&test).await);
    for wrong in
        ["Basic dGhlK2NsaWVudDp3cm9uZw==", "Basic dGhlIGNsaWVudDpzK2MlcjpuMA==", "Basic ?", "Bearer x"]
    {
        let mut request = post(URL, &form);
        request.headers_mut().insert(header::AUTHORIZATION, wrong.parse().expect("text"));
        let answer = send(&test, request).await;
        assert_eq!(answer.status(), 401, "{wrong}");
        assert!(answer.headers().contains_key(header::WWW_AUTHENTICATE));
        assert_eq!(read(&answer).1["error"], "invalid_client");
    }
    assert_eq!(token(&test, &form).await.0, 200, "the code is still good: nobody proved to be its client");
}

#[tokio::test]
async fn two_client_authentications_at_once_are_refused() {
    let test = start::<Standard>().await;
    let form = exchange(&code(&test).await).and("client_id", ID).and("client_secret", SECRET);
    assert_eq!(error(token(&test, &form).await), "invalid_request");
}

#[tokio::test]
async fn only_the_declared_client_authentication_is_taken() {
    let test = start::<Post>().await;
    let form = exchange(&code(&test).await);
    assert_eq!(token(&test, &form).await.0, 401, "Basic, where post is declared");
    let mut request = post(URL, &form.and("client_id", ID).and("client_secret", SECRET));
    request.headers_mut().remove(header::AUTHORIZATION);
    assert_eq!(send(&test, request).await.status(), 200);
}

#[tokio::test]
async fn parameters_are_taken_from_the_declared_place_only() {
    let test = start::<Standard>().await;
    let form = exchange(&code(&test).await);
    let in_query = post(&format!("{URL}?{}", form.text()), &Form::of(&[]));
    assert_eq!(error(read(&send(&test, in_query).await)), "invalid_request");
    let mut as_json = post(URL, &form);
    as_json.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().expect("text"));
    assert_eq!(error(read(&send(&test, as_json).await)), "invalid_request");
    let by_get = get(&format!("{URL}?{}", form.text()), &[("authorization", BASIC)]);
    let answer = send(&test, by_get).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()[header::ALLOW]),
        (405, &"POST".parse().expect("text"))
    );
    assert_eq!(token(&test, &form).await.0, 200);
}

#[tokio::test]
async fn a_parameter_that_comes_twice_is_refused() {
    let test = start::<Standard>().await;
    let code = code(&test).await;
    assert_eq!(error(token(&test, &exchange(&code).and("code", &code)).await), "invalid_request");
}

#[tokio::test]
async fn a_form_for_a_json_endpoint_is_refused() {
    let test = start::<Json>().await;
    let form = exchange(&code(&test).await);
    assert_eq!(error(token(&test, &form).await), "invalid_request");
}

#[tokio::test]
async fn declared_parameters_and_headers_of_a_token_request_must_be_there() {
    let test = start::<Declared>().await;
    let authorization = authorization().and("access_type", "offline");
    let code = parameter(&authorize(&test, &authorization).await, "code").expect("a code");
    let form = exchange(&code).and("expiring", "1");
    let good = |form: &Form| {
        let mut request = post(&format!("{URL}?version=2"), form);
        request.headers_mut().insert("x-token", "yes".parse().expect("text"));
        request
    };
    let mut headless = good(&form);
    headless.headers_mut().remove("x-token");
    let mut unversioned = good(&form);
    *unversioned.uri_mut() = URL.parse().expect("a URL");
    for wrong in [headless, unversioned, good(&form.clone().without("expiring"))] {
        assert_eq!(error(read(&send(&test, wrong).await)), "invalid_request");
    }
    assert_eq!(send(&test, good(&form)).await.status(), 200);
}

#[tokio::test]
async fn what_was_wrong_stands_in_the_log() {
    let test = start::<WithExamples>().await;
    let (status, body) = token(&test, &exchange("guessed")).await;
    assert_eq!((status, &body["error_description"]), (200, &"the documented text".into()));
    let request = test.requests().pop().expect("a request");
    assert_eq!(request.url, URL);
    assert_eq!(request.parameter("code"), Some("guessed"));
    assert_eq!(request.status, Some(200));
    assert_eq!(request.refused.as_deref(), Some("the code is unknown"));
}
