//! Authorization requests that are not percent-encoded, that stand behind a fragment, that have no empty parameters.

use crate::{Desk, query};
use oauth_runtime::{AuthCodeFlow, OAuthProvider, Scope};

/// As Unsplash: a plus between two scopes, as it is.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://unsplash.com/oauth/authorize",
    token_endpoint = "https://unsplash.com/oauth/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    scopes(separator = "+", open = true, PUBLIC = "public", READ_USER = "read_user"),
    authorization(raw = ["scope", "redirect_uri", "claims"], params(claims = "a:b%7B1%7D")),
)]
struct Unsplash;

/// As Apollo: a page that reads its parameters behind `#`.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://app.apollo.io",
    token_endpoint = "https://app.apollo.io/api/v1/oauth/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    code_challenge_methods = [],
    scopes(READ = "read_user_profile"),
    authorization(fragment = "/oauth/authorize", skip_empty = true, options(login_hint())),
    token(encoding = "json"),
)]
struct Apollo;

/// As SHOPLINE: the same, at an address of the shop.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://{handle}.myshopline.com/admin/oauth-web/",
    token_endpoint = "https://{handle}.myshopline.com/admin/oauth/token/create",
    token_endpoint_auth_methods = ["client_secret_post"],
    code_challenge_methods = [],
    variables(handle(format = "host_label")),
    scopes(separator = ",", READ_PRODUCTS = "read_products", READ_ORDERS = "read_orders"),
    authorization(
        fragment = "/oauth/authorize",
        rename(response_type = "responseType", client_id = "appKey", redirect_uri = "redirectUri", state = "customField"),
    ),
)]
struct Shopline {
    handle: oauth_runtime::variable::HostLabel,
}

#[tokio::test]
async fn what_is_raw_reaches_the_provider_as_it_is() {
    let desk = Desk::of(Unsplash).await;
    let request = desk.flow.begin([Unsplash::PUBLIC, Unsplash::READ_USER]);
    let url = request.url();
    for part in
        ["&scope=public+read_user&", "&redirect_uri=http://127.0.0.1:3000/callback&", "&claims=a:b%7B1%7D"]
    {
        assert!(url.contains(part), "{part} in {url}");
    }
    let tokens = desk.approved(request).await;
    assert_eq!(tokens.missing_scopes().count(), 0);
}

#[tokio::test]
async fn nothing_raw_can_end_its_parameter() {
    let desk = Desk::of(Unsplash).await;
    let hostile = Scope::open("a&state=forged#b").expect("each of these is a character of scopes");
    let request = desk.flow.begin([hostile]);
    let sent = query(&request);
    assert_eq!(sent["scope"], "a&state=forged#b");
    assert_ne!(sent["state"], "forged");
    let url: url::Url = request.url().parse().expect("it is a URL");
    assert_eq!(url.fragment(), None);

    let redirect_uri = "https://app.example/callback?a=b&state=forged";
    let credentials = desk.test.credentials();
    let flow = AuthCodeFlow::new(Unsplash, credentials, redirect_uri).expect("it is a good one");
    let sent = query(&flow.begin([]));
    assert_eq!(sent["redirect_uri"], redirect_uri);
    assert_ne!(sent["state"], "forged");
}

#[tokio::test]
async fn a_provider_that_wants_a_parameter_raw_refuses_it_encoded() {
    let desk = Desk::of(Unsplash).await;
    let url = desk.flow.begin([Unsplash::PUBLIC, Unsplash::READ_USER]).url().to_owned();
    let page =
        desk.test.try_approve(&url.replace("public+read", "public%2Bread")).await.expect_err("encoded");
    assert!(page.contains("must not be percent-encoded"), "{page}");
}

#[tokio::test]
async fn parameters_stand_behind_the_fragment() {
    let desk = Desk::of(Apollo).await;
    let request = desk.flow.begin([Apollo::READ]);
    assert!(request.url().contains("#/oauth/authorize?response_type=code&"), "{}", request.url());
    desk.approved(request).await;

    let handle = "my-shop".parse().expect("it is a label");
    let desk = Desk::of(Shopline { handle }).await;
    let request = desk.flow.begin([Shopline::READ_PRODUCTS, Shopline::READ_ORDERS]);
    assert!(request.url().contains("/admin/oauth-web/#/oauth/authorize?responseType=code&appKey="));
    desk.approved(request).await;
}

#[tokio::test]
async fn parameters_before_the_fragment_are_refused() {
    let desk = Desk::of(Apollo).await;
    let url = desk.flow.begin([Apollo::READ]).url().replace("#/oauth/authorize", "");
    let page = desk.test.try_approve(&url).await.expect_err("they are in the query");
    assert!(page.contains("behind the fragment"), "{page}");
}

#[tokio::test]
async fn a_parameter_without_a_value_is_left_out() {
    let desk = Desk::of(Apollo).await;
    let request =
        desk.flow.begin([Apollo::READ]).with(Apollo::login_hint("")).param("team", "").expect("it is free");
    assert!(!request.url().contains("login_hint") && !request.url().contains("team"), "{}", request.url());
    desk.approved(request).await;
    let request = desk.flow.begin([Apollo::READ]).with(Apollo::login_hint("ada"));
    assert!(request.url().contains("&login_hint=ada"));
    desk.approved(request).await;
}
