//! Callbacks that are not as the standard has them: other names, further parameters, a signature, no state.

use crate::user::{REDIRECT_URI, comes_back, flow, signs_in, signs_in_with};
use oauth_runtime::{
    AuthCodeFlow, Callback, CallbackError, Credentials, Error, OAuthProvider, PendingAuthorization, TokenSet,
    provider::HasAuthorizationEndpoint, variable::HostLabel,
};
use oauth_test_provider::TestProvider;
use serde_json::json;

/// As Shopify: each callback is signed, and an installation may begin in its store.
#[derive(OAuthProvider)]
#[oauth(
    name = "Shops",
    authorization_endpoint = "https://{shop}.shops.example/authorize",
    token_endpoint = "https://{shop}.shops.example/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    code_challenge_methods = [],
    variables(shop(format = "host_label", suffix = ".shops.example")),
    callback(
        capture = ["shop", "host", "timestamp"],
        verify(hmac = "hmac", alg = "sha256", key = "{client_secret}", message = "sorted query without hmac"),
        without_state = "restart"
    )
)]
struct Shops {
    shop: HostLabel,
}

/// As Amazon's Selling Partner API: the code has another name, and the callback tells who sells.
#[derive(OAuthProvider)]
#[oauth(
    name = "Market",
    authorization_endpoint = "https://market.example/apps/authorize/consent",
    token_endpoint = "https://api.market.example/auth/o2/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    callback(
        code_parameter = "spapi_oauth_code",
        state_parameter = "market_state",
        error_parameter = "error_code",
        capture(seller = "selling_partner_id")
    )
)]
struct Market;

/// As `TikTok` for Business: the code is `auth_code`, here and in the token request.
#[derive(OAuthProvider)]
#[oauth(
    name = "Ads",
    authorization_endpoint = "https://ads.example/portal/auth",
    token_endpoint = "https://ads.example/open_api/oauth2/access_token",
    token_endpoint_auth_methods = ["client_secret_post"],
    code_challenge_methods = [],
    callback(code_parameter = "auth_code"),
    token(encoding = "json", rename(code = "auth_code", client_id = "app_id", client_secret = "secret"))
)]
struct Ads;

fn shops(test: &TestProvider<Shops>) -> AuthCodeFlow<Shops> {
    flow(Shops { shop: "ada".parse().unwrap() }, test)
}

async fn begun<P: HasAuthorizationEndpoint>(
    test: &TestProvider<P>,
    flow: &AuthCodeFlow<P>,
) -> (String, PendingAuthorization<P>) {
    let (url, pending) = flow.begin([]).into_parts();
    (comes_back(test, &url).await, pending)
}

fn callback_error<P: OAuthProvider>(outcome: Result<TokenSet<P>, Error>) -> CallbackError {
    match outcome {
        Err(Error::Callback(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_signed_callback_signs_in_and_its_parameters_are_kept() {
    let test = TestProvider::<Shops>::start().await;
    test.brings("shop", "ada.shops.example");
    test.brings("host", "YWRtaW4=&%");
    let flow = shops(&test);
    let tokens = signs_in(&test, &flow).await;
    assert_eq!(tokens.captured("shop"), Some(&json!("ada.shops.example")));
    assert_eq!(tokens.captured("host"), Some(&json!("YWRtaW4=&%")));
    assert_eq!(tokens.captured("hmac"), None);
    flow.session("ada").adopt(tokens).await.unwrap();
    let refreshed = flow.session("ada").refresh().await.unwrap();
    assert_eq!(refreshed.captured("shop"), Some(&json!("ada.shops.example")), "it is kept with the tokens");
}

/// What somebody makes of a query.
type Change = fn(String) -> String;

#[tokio::test]
async fn a_callback_that_the_provider_did_not_sign_sends_nothing() {
    let test = TestProvider::<Shops>::start().await;
    let flow = shops(&test);
    let without = |query: String| {
        query.split('&').filter(|pair| !pair.starts_with("hmac=")).collect::<Vec<_>>().join("&")
    };
    let changes: [(&str, Change); 4] = [
        ("changed", |query| query.replace("shop=ada", "shop=eve")),
        ("another code", |query| query.replace("code=", "code=x")),
        ("more", |query| format!("{query}&shop=eve")),
        ("another signature", |query| query.replace("hmac=", "hmac=0")),
    ];
    for (what, change) in changes {
        let error = callback_error(signs_in_with(&test, &flow, change).await);
        assert_eq!(error, CallbackError::Signature, "{what}");
    }
    assert_eq!(callback_error(signs_in_with(&test, &flow, without).await), CallbackError::Signature);
    assert_eq!(test.token_requests(), 0);
    signs_in_with(&test, &flow, |query| query).await.unwrap();
}

#[tokio::test]
async fn a_refused_signature_uses_the_sign_in_up() {
    let test = TestProvider::<Shops>::start().await;
    let flow = shops(&test);
    let (query, pending) = begun(&test, &flow).await;
    let again = PendingAuthorization::parse(&pending.expose()).unwrap();
    let forged = Callback::new(query.replace("shop=ada", "shop=eve"), pending);
    assert_eq!(callback_error(flow.finish(forged).await), CallbackError::Signature);
    let honest = Callback::new(query, again);
    assert_eq!(callback_error(flow.finish(honest).await), CallbackError::AlreadyUsed);
}

#[tokio::test]
async fn a_sign_in_that_begins_in_the_providers_store_is_begun_again_and_signs_nobody_in() {
    let test = TestProvider::<Shops>::start().await;
    let flow = shops(&test);
    let start = test.starts_here(REDIRECT_URI);
    let query = start.split_once('?').unwrap().1;
    let pending = || flow.begin([]).into_parts().1;
    let restart = callback_error(flow.finish(Callback::new(query, pending())).await);
    assert_eq!(restart, CallbackError::Restart);
    let with_code = format!("{query}&code=stolen");
    let forged = callback_error(flow.finish(Callback::new(with_code, pending())).await);
    assert_eq!(forged, CallbackError::Signature, "only the provider can send somebody back to the start");
    assert_eq!(test.token_requests(), 0);
}

#[tokio::test]
async fn without_the_declaration_a_missing_state_is_an_error() {
    let test = TestProvider::<Market>::start().await;
    let flow = flow(Market, &test);
    let without = |query: String| query.replace("market_state=", "state=");
    let error = callback_error(signs_in_with(&test, &flow, without).await);
    assert_eq!(error, CallbackError::MissingState);
    assert_eq!(test.token_requests(), 0);
}

#[tokio::test]
async fn a_client_without_a_secret_cannot_read_signed_callbacks() {
    let test = TestProvider::<Shops>::start().await;
    let shops = Shops { shop: "ada".parse().unwrap() };
    let error = AuthCodeFlow::new(shops, Credentials::public("id"), REDIRECT_URI).unwrap_err();
    assert!(error.to_string().contains("signs its callbacks with the client secret"), "{error}");
    assert!(test.requests().is_empty());
}

#[tokio::test]
async fn code_state_and_error_have_the_providers_names() {
    let test = TestProvider::<Market>::start().await;
    test.brings("selling_partner_id", "A3FQ");
    let flow = flow(Market, &test);
    let (query, pending) = begun(&test, &flow).await;
    assert!(query.contains("spapi_oauth_code=") && query.contains("market_state="), "{query}");
    let tokens = flow.finish(Callback::new(query, pending)).await.unwrap();
    assert_eq!(tokens.captured("seller"), Some(&json!("A3FQ")));

    test.deny();
    let error = signs_in_with(&test, &flow, |query| query).await.unwrap_err();
    assert!(matches!(&error, Error::Denied(refusal) if refusal.code() == "access_denied"), "{error}");
}

#[tokio::test]
async fn a_renamed_parameter_that_stands_there_twice_is_refused() {
    let test = TestProvider::<Market>::start().await;
    let flow = flow(Market, &test);
    for (more, name) in
        [("spapi_oauth_code=x", "spapi_oauth_code"), ("selling_partner_id=x", "selling_partner_id")]
    {
        let error = callback_error(signs_in_with(&test, &flow, |query| format!("{query}&{more}")).await);
        assert_eq!(error, CallbackError::Duplicated(name));
    }
    assert_eq!(test.token_requests(), 0);
    let standard = signs_in_with(&test, &flow, |query| format!("{query}&code=x&state=y&error=z")).await;
    assert!(standard.is_ok(), "the standard's names mean nothing here");
}

#[tokio::test]
async fn the_code_goes_on_under_the_name_of_the_token_request() {
    let test = TestProvider::<Ads>::start().await;
    let flow = flow(Ads, &test);
    signs_in(&test, &flow).await;
    let exchange = test.requests().pop().unwrap();
    assert!(exchange.parameter("auth_code").is_some_and(|code| code.starts_with("code")), "{exchange:?}");
}
