//! What a client is given, how its credentials stand in HTTP Basic, where its users come back to.

use crate::Desk;
use oauth_runtime::{AuthCodeFlow, Credentials, Error, OAuthProvider, provider::HasAuthorizationEndpoint};
use oauth_test_provider::TestProvider;

/// As Epic Games: the credentials in HTTP Basic stand as they are.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://www.epicgames.com/id/authorize",
    token_endpoint = "https://api.epicgames.dev/epic/oauth/v2/token",
    token_endpoint_auth_methods = ["client_secret_basic"],
    client(secret = "required", basic(form_encode = false)),
    scopes(BASIC_PROFILE = "basic_profile"),
)]
struct EpicGames;

/// As a Stripe App: the secret is the user name, and there is no password.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://marketplace.stripe.com/oauth/v2/authorize",
    token_endpoint = "https://api.stripe.com/v1/oauth/token",
    token_endpoint_auth_methods = ["client_secret_basic"],
    client(basic(username = "{client_secret}", password = "")),
    token(params(who = "{client_id}")),
)]
struct StripeApp;

/// As an installed application at Reddit: HTTP Basic without a secret.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://www.reddit.com/api/v1/authorize",
    token_endpoint = "https://www.reddit.com/api/v1/access_token",
    token_endpoint_auth_methods = ["client_secret_basic"],
    client(secret = "none", basic(password = "")),
)]
struct Installed;

/// As Microsoft: with a secret or without.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    token_endpoint = "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    client(secret = "optional", redirect(loopback = "any_port", custom_scheme = false)),
)]
struct Microsoft;

/// As Apple: https and nothing else.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://appleid.apple.com/auth/authorize",
    token_endpoint = "https://appleid.apple.com/auth/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    client(redirect(https = true, localhost_http = false, loopback = "no", custom_scheme = false)),
)]
struct HttpsOnly;

#[tokio::test]
async fn credentials_stand_in_basic_as_the_provider_reads_them() {
    let desk = Desk::of(EpicGames).await;
    desk.approved(desk.flow.begin([EpicGames::BASIC_PROFILE])).await;
    let desk = Desk::of(StripeApp).await;
    desk.approved(desk.flow.begin([])).await;
    let desk = Desk::of(Installed).await;
    desk.approved(desk.flow.begin([])).await;
}

#[tokio::test]
async fn a_client_id_with_a_colon_cannot_be_read_as_another_in_raw_basic() {
    let test = TestProvider::<EpicGames>::start().await;
    test.client("a:b", "c");
    let flow = AuthCodeFlow::new(EpicGames, test.credentials(), "http://127.0.0.1:3000/callback")
        .expect("the redirect URI is good")
        .transport(test.transport());
    let (url, pending) = flow.begin([]).into_parts();
    let back = test.approve(&url).await;
    let query = back.split_once('?').map_or("", |(_, query)| query);
    let outcome = flow.finish(oauth_runtime::Callback::new(query, pending)).await;
    assert!(matches!(outcome, Err(Error::Configuration(_))), "{outcome:?}");
    assert_eq!(test.token_requests(), 0);
}

#[tokio::test]
async fn a_client_without_a_secret_is_taken_where_it_is_optional() {
    let test = TestProvider::<Microsoft>::start().await;
    for credentials in [test.credentials(), test.public_credentials()] {
        let flow = AuthCodeFlow::new(Microsoft, credentials, "http://127.0.0.1:3000/callback")
            .expect("either is good")
            .transport(test.transport());
        let desk = Desk { test: TestProvider::<Microsoft>::start().await, flow };
        let (url, pending) = desk.flow.begin([]).into_parts();
        let back = test.approve(&url).await;
        let query = back.split_once('?').map_or("", |(_, query)| query);
        desk.flow.finish(oauth_runtime::Callback::new(query, pending)).await.expect("ada approved");
    }
}

/// Why a flow cannot be made; `None`: it can.
fn problem<P: HasAuthorizationEndpoint>(
    provider: P,
    credentials: Credentials,
    redirect_uri: &str,
) -> Option<String> {
    AuthCodeFlow::new(provider, credentials, redirect_uri).err().map(|error| error.to_string())
}

#[test]
fn credentials_of_a_kind_that_the_provider_does_not_give_are_refused() {
    const URI: &str = "https://app.example/callback";
    let (confidential, public) = (Credentials::confidential("id", "secret"), Credentials::public("id"));
    assert_eq!(problem(EpicGames, confidential.clone(), URI), None);
    let text = problem(EpicGames, public.clone(), URI).expect("it is public");
    assert!(text.contains("every client a secret: use `Credentials::confidential`"), "{text}");
    assert_eq!(problem(Installed, public.clone(), URI), None);
    let text = problem(Installed, confidential.clone(), URI).expect("it has a secret");
    assert!(text.contains("no client a secret: use `Credentials::public`"), "{text}");
    assert_eq!((problem(Microsoft, confidential, URI), problem(Microsoft, public, URI)), (None, None));
}

#[test]
fn a_redirect_uri_of_a_kind_that_the_provider_does_not_take_is_refused() {
    let problem = |uri| problem(HttpsOnly, Credentials::confidential("id", "secret"), uri);
    for taken in ["https://app.example/callback", "https://localhost/callback"] {
        assert_eq!(problem(taken), None, "{taken}");
    }
    for refused in [
        "http://127.0.0.1:3000/callback",
        "http://[::1]/callback",
        "http://localhost:3000/callback",
        "HTTP://LOCALHOST/callback",
        "http://0x7f.1/callback",
        "com.example.app:/callback",
    ] {
        let text = problem(refused).unwrap_or_else(|| panic!("{refused} was taken"));
        assert!(text.contains("that HttpsOnly does not take: it takes https"), "{text}");
    }
}

#[test]
fn the_message_says_what_the_provider_takes() {
    let text = problem(Microsoft, Credentials::public("id"), "com.example.app:/callback").expect("refused");
    assert!(
        text.ends_with("it takes https, http on localhost, http on 127.0.0.1 or [::1] with any port"),
        "{text}"
    );
}

#[tokio::test]
async fn any_port_of_a_loopback_address_is_good_where_the_provider_says_so() {
    let test = TestProvider::<Microsoft>::start().await;
    test.redirect_uris(["http://127.0.0.1/callback"]);
    let approve = async |uri: &str| {
        let flow = AuthCodeFlow::new(Microsoft, test.credentials(), uri).expect("it is a loopback address");
        let url = flow.transport(test.transport()).begin([]).url().to_owned();
        test.try_approve(&url).await
    };
    assert!(approve("http://127.0.0.1:49152/callback").await.is_ok());
    for other in ["http://127.0.0.1:49152/other", "http://localhost:49152/callback"] {
        assert!(approve(other).await.expect_err(other).contains("is not registered"));
    }
}
