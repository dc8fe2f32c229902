use crate::{definitions::*, raw::*};
use oauth_test_provider::TestProvider;

/// The error that a changed request ends with, at the client.
async fn refused(form: Form) -> String {
    let test = start::<Standard>().await;
    let back = authorize(&test, &form).await;
    assert!(back.starts_with(REDIRECT_URI), "{back}");
    assert_eq!(parameter(&back, "state").as_deref(), Some("a state"));
    assert_eq!(parameter(&back, "code"), None);
    parameter(&back, "error").unwrap_or_else(|| panic!("no error in {back}"))
}

/// What the user sees instead of a redirect.
async fn page<P: oauth_runtime::OAuthProvider>(test: &TestProvider<P>, form: &Form) -> (u16, String) {
    let answer = send(test, get(&authorization_url(form), &[])).await;
    assert!(answer.headers().get("location").is_none());
    (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
}

#[tokio::test]
async fn a_good_request_comes_back_with_a_code_and_the_state() {
    let test = start::<Standard>().await;
    let back = authorize(&test, &authorization()).await;
    assert!(back.starts_with("http://127.0.0.1:3000/callback?app=1&code="), "{back}");
    assert_eq!(parameter(&back, "state").as_deref(), Some("a state"));
    assert_eq!(parameter(&back, "iss"), None);
    assert_eq!(test.requests()[0].status, Some(200));
}

#[tokio::test]
async fn the_user_is_not_sent_to_an_address_that_nobody_vouches_for() {
    let test = start::<Standard>().await;
    for form in [
        authorization().without("client_id"),
        authorization().with("client_id", "another"),
        authorization().and("client_id", ID),
        authorization().without("redirect_uri"),
        authorization().and("redirect_uri", REDIRECT_URI),
        authorization().with("redirect_uri", "/callback"),
        authorization().with("redirect_uri", "http://app.example/callback"),
        authorization().with("redirect_uri", "https://app.example/callback#here"),
        authorization().with("redirect_uri", "javascript:alert(1)"),
    ] {
        assert_eq!(page(&test, &form).await.0, 400, "{}", form.text());
    }
    let refused = test.requests().iter().filter(|request| request.refused.is_some()).count();
    assert_eq!(refused, 9);
}

#[tokio::test]
async fn only_registered_redirect_uris_are_taken_once_there_are_some() {
    let test = start::<Standard>().await;
    test.redirect_uris([REDIRECT_URI]);
    assert_eq!(page(&test, &authorization()).await.0, 200);
    let near = authorization().with("redirect_uri", "http://127.0.0.1:3000/callback?app=1&x=2");
    assert_eq!(page(&test, &near).await.0, 400);
}

#[tokio::test]
async fn a_response_type_other_than_code_is_refused() {
    assert_eq!(refused(authorization().with("response_type", "token")).await, "unsupported_response_type");
    assert_eq!(refused(authorization().without("response_type")).await, "invalid_request");
}

#[tokio::test]
async fn a_parameter_that_comes_twice_is_refused() {
    assert_eq!(refused(authorization().and("scope", "write")).await, "invalid_request");
}

#[tokio::test]
async fn a_client_secret_in_the_url_is_refused() {
    assert_eq!(refused(authorization().and("client_secret", SECRET)).await, "invalid_request");
}

#[tokio::test]
async fn a_request_inside_the_request_is_refused() {
    assert_eq!(refused(authorization().and("request_uri", "https://evil.example")).await, "invalid_request");
}

#[tokio::test]
async fn pkce_without_s256_is_refused() {
    for form in [
        authorization().without("code_challenge"),
        authorization().with("code_challenge_method", "plain"),
        authorization().without("code_challenge_method"),
        authorization().with("code_challenge", VERIFIER).with("code_challenge", "too-short"),
    ] {
        assert_eq!(refused(form.clone()).await, "invalid_request", "{}", form.text());
    }
}

#[tokio::test]
async fn a_provider_that_refuses_pkce_takes_a_request_without_it_only() {
    let test = start::<NoPkce>().await;
    let back = authorize(&test, &authorization()).await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"));
    let plain = authorization().without("code_challenge").without("code_challenge_method");
    let code = parameter(&authorize(&test, &plain).await, "code").expect("a code");
    assert_eq!(error(token(&test, &exchange(&code)).await), "invalid_request");
    let code = parameter(&authorize(&test, &plain).await, "code").expect("a code");
    assert_eq!(token(&test, &exchange(&code).without("code_verifier")).await.0, 200);
}

#[tokio::test]
async fn a_scope_that_the_catalogue_does_not_know_is_refused_unless_it_is_open() {
    let unknown = authorization().with("scope", "read fly");
    assert_eq!(refused(unknown.clone()).await, "invalid_scope");
    let test = start::<Open>().await;
    assert!(parameter(&authorize(&test, &unknown).await, "code").is_some());
}

#[tokio::test]
async fn scopes_are_read_from_the_declared_parameter_by_the_declared_separator() {
    let test = start::<ScopeList>().await;
    let good = authorization().without("scope").and("permissions", "read,write");
    assert!(parameter(&authorize(&test, &good).await, "code").is_some());
    for wrong in [good.clone().with("permissions", "read write"), authorization()] {
        assert_eq!(parameter(&authorize(&test, &wrong).await, "error").as_deref(), Some("invalid_scope"));
    }
}

#[tokio::test]
async fn a_required_scope_must_be_asked_for() {
    let test = start::<ScopeList>().await;
    let form = authorization().without("scope").and("permissions", "read");
    assert_eq!(parameter(&authorize(&test, &form).await, "error").as_deref(), Some("invalid_scope"));
}

#[tokio::test]
async fn a_declared_parameter_must_be_there_with_its_value() {
    let test = start::<Declared>().await;
    for form in [authorization(), authorization().and("access_type", "online")] {
        assert_eq!(parameter(&authorize(&test, &form).await, "error").as_deref(), Some("invalid_request"));
    }
    let good = authorization().and("access_type", "offline");
    assert!(parameter(&authorize(&test, &good).await, "code").is_some());
}

#[tokio::test]
async fn the_issuer_comes_with_every_answer_where_it_is_promised() {
    let test = start::<Issuer>().await;
    for form in [authorization(), authorization().with("scope", "fly")] {
        let back = authorize(&test, &form).await;
        assert_eq!(parameter(&back, "iss").as_deref(), Some("https://id.example"), "{back}");
    }
}

#[tokio::test]
async fn a_denied_consent_is_an_error_with_the_state() {
    let test = start::<Standard>().await;
    test.deny();
    let back = authorize(&test, &authorization()).await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&back, "state").as_deref(), Some("a state"));
    let next = authorize(&test, &authorization()).await;
    assert!(parameter(&next, "code").is_some(), "the next consent is granted again");
}

#[tokio::test]
async fn a_denial_has_the_providers_own_code() {
    let test = start::<WithExamples>().await;
    test.deny();
    let back = authorize(&test, &authorization()).await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("user_cancelled"));
}

#[tokio::test]
async fn the_authorization_endpoint_takes_no_post() {
    let test = start::<Standard>().await;
    let answer = send(&test, post("https://id.example/authorize", &authorization())).await;
    assert_eq!(answer.status(), 405);
}

#[tokio::test]
async fn a_request_has_the_definitions_names_and_options() {
    let test = start::<OtherRequest>().await;
    let good = authorization()
        .without("client_id")
        .and("client_key", ID)
        .without("response_type")
        .and("duration", "temporary")
        .and("prompt", "none");
    assert!(parameter(&authorize(&test, &good).await, "code").is_some());
    for wrong in [
        good.clone().and("client_id", ID),
        good.clone().and("response_type", "code"),
        good.clone().with("prompt", "dance"),
        good.clone().without("duration"),
    ] {
        let back = authorize(&test, &wrong).await;
        assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"), "{}", wrong.text());
    }
    assert_eq!(page(&test, &authorization()).await.0, 400);
}
