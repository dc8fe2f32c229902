use crate::{definitions::*, raw::*};
use http::header;
use oauth_runtime::{OAuthProvider, transport::Response};
use oauth_test_provider::TestProvider;

fn body(answer: &Response) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}

/// The value of the hidden input.
fn interaction(page: &str) -> &str {
    let (_, rest) = page.split_once("name=\"interaction\" value=\"").expect("a hidden input");
    rest.split('"').next().expect("a value")
}

async fn login_page<P: OAuthProvider>(test: &TestProvider<P>) -> String {
    body(&send(test, get(&authorization_url(&authorization()), &[])).await)
}

async fn submit<P: OAuthProvider>(test: &TestProvider<P>, path: &str, form: &Form) -> Response {
    send(test, post(&format!("{}{path}", test.origin()), form)).await
}

async fn sign_in<P: OAuthProvider>(test: &TestProvider<P>) -> String {
    let page = login_page(test).await;
    let name = interaction(&page).to_owned();
    let form = Form::of(&[("interaction", &name), ("username", "ada"), ("password", "lovelace")]);
    let answer = submit(test, "/-/login", &form).await;
    assert_eq!(answer.status(), 303, "{}", body(&answer));
    name
}

async fn consent_page<P: OAuthProvider>(test: &TestProvider<P>, name: &str) -> Response {
    send(test, get(&format!("{}/-/consent?interaction={name}", test.origin()), &[])).await
}

#[tokio::test]
async fn the_login_page_is_filled_in_and_says_what_it_is() {
    let test = start::<Standard>().await;
    let page = login_page(&test).await;
    for part in [
        "value=\"ada\"",
        "value=\"lovelace\"",
        "This is a test provider standing in for <b>Standard &lt;Inc&gt;</b>",
        "action=\"/-/login\"",
        "method=\"post\"",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    assert!(!page.contains("<script"), "{page}");
}

#[tokio::test]
async fn a_wrong_password_is_told_and_goes_no_further() {
    let test = start::<Standard>().await;
    let page = login_page(&test).await;
    let form = Form::of(&[("interaction", interaction(&page)), ("username", "ada"), ("password", "babbage")]);
    let answer = submit(&test, "/-/login", &form).await;
    assert!(body(&answer).contains("The user name or the password is wrong."));
    let answer = consent_page(&test, interaction(&page)).await;
    assert!(body(&answer).contains("name=\"password\""), "the consent page is not shown");
    let form = Form::of(&[("interaction", interaction(&page)), ("decision", "approve")]);
    let answer = submit(&test, "/-/consent", &form).await;
    assert!(answer.headers().get(header::LOCATION).is_none(), "and no code is given");
}

#[tokio::test]
async fn the_consent_page_names_the_client_and_the_scopes_with_their_texts() {
    let test = start::<Standard>().await;
    test.client_name("A \"client\" <b>");
    let name = sign_in(&test).await;
    let page = body(&consent_page(&test, &name).await);
    for part in [
        "A &quot;client&quot; &lt;b&gt; wants to use your Standard &lt;Inc&gt; account",
        "Read &lt;everything&gt; <code>read</code>",
        "value=\"approve\"",
        ">Approve</button>",
        "value=\"deny\"",
        ">Deny</button>",
        "http://127.0.0.1:3000",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
}

#[tokio::test]
async fn the_deny_button_denies() {
    let test = start::<Standard>().await;
    let name = sign_in(&test).await;
    let form = Form::of(&[("interaction", &name), ("decision", "deny")]);
    let answer = submit(&test, "/-/consent", &form).await;
    let location = answer.headers()[header::LOCATION].to_str().expect("a URL");
    assert_eq!(parameter(location, "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn a_consent_is_taken_once() {
    let test = start::<Standard>().await;
    let name = sign_in(&test).await;
    let form = Form::of(&[("interaction", &name), ("decision", "approve")]);
    assert_eq!(submit(&test, "/-/consent", &form).await.status(), 303);
    let again = submit(&test, "/-/consent", &form).await;
    assert_eq!(again.status(), 400);
    assert!(body(&again).contains("start again"));
}

#[tokio::test]
async fn a_sign_in_that_took_too_long_is_over() {
    let test = start::<Standard>().await;
    let name = sign_in(&test).await;
    test.clock().advance(std::time::Duration::from_secs(601));
    assert_eq!(consent_page(&test, &name).await.status(), 400);
}

#[tokio::test]
async fn every_page_carries_the_headers_that_protect_it() {
    let test = start::<Standard>().await;
    let login = send(&test, get(&authorization_url(&authorization()), &[])).await;
    let name = sign_in(&test).await;
    let consent = consent_page(&test, &name).await;
    let problem = send(&test, get("https://id.example/authorize", &[])).await;
    for answer in [&login, &consent, &problem] {
        let header = |name: header::HeaderName| answer.headers()[name].to_str().expect("text");
        let policy = header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; "), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"), "{policy}");
        assert_eq!(header(header::REFERRER_POLICY), "no-referrer");
        assert_eq!(header(header::CACHE_CONTROL), "no-store");
        assert_eq!(header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    }
    let policy = consent.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    assert!(policy.contains("form-action 'self' http://127.0.0.1:3000;"), "{policy}");
    let login = login.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    assert!(login.contains("form-action 'self';"), "{login}");
}

#[tokio::test]
async fn the_stylesheet_is_served() {
    let test = start::<Standard>().await;
    let answer = send(&test, get(&format!("{}/-/style.css", test.origin()), &[])).await;
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(body(&answer).contains("main"));
}

#[tokio::test]
async fn a_page_says_what_the_definition_knows_of_its_error() {
    let test = start::<Explained>().await;
    test.redirect_uris(["https://app.example/registered"]);
    let page = test.try_approve(&authorization_url(&authorization())).await.expect_err("not registered");
    assert!(
        page.contains("redirect_uri_mismatch: Register http://127.0.0.1:3000/callback?app=1 at "),
        "{page}"
    );
    assert!(page.contains("https://console.example https://docs.example"), "{page}");
}
