//! Clients that sign what they prove themselves by, at providers that check it.

use crate::user::{flow, flow_of, signs_in};
use oauth_runtime::{Credentials, Error, OAuthProvider, PrivateKey, SigningAlgorithm, variable::PathSegment};
use oauth_test_provider::TestProvider;
use std::time::Duration;

/// A client secret that is signed for each request.
#[derive(OAuthProvider)]
#[oauth(
    name = "Fruit",
    authorization_endpoint = "https://id.fruit.example/authorize",
    token_endpoint = "https://id.fruit.example/token",
    revocation_endpoint = "https://id.fruit.example/revoke",
    token_endpoint_auth_methods = ["client_secret_post"],
    variables(team_id(format = "path_segment"), key_id(format = "path_segment")),
    client(assertion(
        r#as = "client_secret",
        alg = "ES256",
        header(kid = "{key_id}"),
        claims(iss = "{team_id}", aud = "https://id.fruit.example"),
        ttl = "30m",
    ))
)]
struct Fruit {
    team_id: PathSegment,
    key_id: PathSegment,
}

fn fruit() -> Fruit {
    Fruit { team_id: "TEAM9".parse().unwrap(), key_id: "KEY7".parse().unwrap() }
}

/// An assertion, as an enterprise's identity provider wants it.
#[derive(OAuthProvider)]
#[oauth(
    name = "Enterprise",
    authorization_endpoint = "https://id.enterprise.example/authorize",
    token_endpoint = "https://id.enterprise.example/token",
    token_endpoint_auth_methods = ["client_secret_basic", "private_key_jwt"],
    refresh(support = "rotating")
)]
struct Enterprise;

#[tokio::test]
async fn a_client_with_a_key_signs_users_in_refreshes_and_revokes() {
    let test = TestProvider::<Fruit>::start().await;
    let flow = flow(fruit(), &test);
    let session = flow.session("ada");
    session.adopt(signs_in(&test, &flow).await).await.unwrap();
    test.clock().advance(Duration::from_secs(7200));
    session.access_token().await.unwrap();
    assert_eq!(test.refreshes(), 1);
    session.revoke().await.unwrap();
}

#[tokio::test]
async fn a_provider_that_takes_secrets_and_keys_takes_either() {
    let test = TestProvider::<Enterprise>::start().await;
    for credentials in [test.credentials(), test.signing_credentials()] {
        let flow = flow_of(Enterprise, credentials, &test);
        let session = flow.session("ada");
        session.adopt(signs_in(&test, &flow).await).await.unwrap();
        session.refresh().await.unwrap();
    }
    assert_eq!(test.refreshes(), 2);
}

#[tokio::test]
async fn a_client_that_signs_with_another_key_is_refused() {
    let test = TestProvider::<Enterprise>::start().await;
    let id = test.signing_credentials().client_id().to_owned();
    let other = PrivateKey::new(SigningAlgorithm::Es256, |_| Ok(vec![0; 64]));
    let flow = flow_of(Enterprise, Credentials::private_key(id, other), &test);
    let (url, pending) = flow.begin([]).into_parts();
    let query = crate::user::comes_back(&test, &url).await;
    let refused = flow.finish(oauth_runtime::Callback::new(query, pending)).await;
    let Err(Error::Refused(refusal)) = refused else { panic!("{refused:?}") };
    assert_eq!(refusal.code(), "invalid_client");
}
