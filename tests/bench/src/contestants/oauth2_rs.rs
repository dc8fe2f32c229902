//! The `oauth2` crate, as its documentation uses it.

use super::client_012;
use crate::{
    case::{Awaited, Call, Case, Work},
    config::CONFIG,
};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse, TokenUrl,
    basic::{BasicClient, BasicTokenResponse},
};
use std::{hint::black_box, rc::Rc};
use tokio::runtime::Runtime;

const NAME: &str = "oauth2";

pub type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

pub fn client() -> Client {
    BasicClient::new(ClientId::new(CONFIG.client_id.into()))
        .set_client_secret(ClientSecret::new(CONFIG.client_secret.into()))
        .set_auth_uri(AuthUrl::new(CONFIG.authorization_endpoint.into()).expect("a URL"))
        .set_token_uri(TokenUrl::new(CONFIG.token_endpoint.into()).expect("a URL"))
        .set_redirect_uri(RedirectUrl::new(CONFIG.redirect_uri.into()).expect("a URL"))
}

pub fn url(
    client: &Client,
    state: impl FnOnce() -> CsrfToken,
    challenge: PkceCodeChallenge,
) -> (String, CsrfToken) {
    let mut request = client.authorize_url(state);
    for scope in CONFIG.scopes {
        request = request.add_scope(Scope::new(scope.to_owned()));
    }
    let (url, state) = request.set_pkce_challenge(challenge).url();
    (url.into(), state)
}

pub fn cases(runtime: &Rc<Runtime>) -> Vec<Case> {
    let mut cases = Vec::from(urls());
    cases.extend(parses(Work::Parse, CONFIG.answer().leak()));
    cases.extend(parses(Work::ParseIdToken, CONFIG.answer_with_id_token().leak()));
    cases.push(exchange(runtime));
    cases
}

fn urls() -> [Case; 2] {
    let given = client();
    // `set_pkce_challenge` takes the challenge by value: a clone, two Strings, is part of the API.
    let challenge =
        PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(CONFIG.verifier.into()));
    let fresh = client();
    [
        Case::new(
            Work::UrlGiven,
            NAME,
            Call(
                move || url(&given, || CsrfToken::new(CONFIG.state.into()), challenge.clone()),
                |(url, _)| url,
            ),
        ),
        Case::new(
            Work::UrlFresh,
            NAME,
            Call(
                move || {
                    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
                    (url(&fresh, CsrfToken::new_random, challenge), verifier)
                },
                |((url, _), _)| url,
            ),
        )
        .note("its state has 128 bits"),
    ]
}

fn parses(work: Work, answer: &'static str) -> [Case; 2] {
    let shown = |token: BasicTokenResponse| token.access_token().secret().clone();
    // What the crate does inside: serde_path_to_error over a slice.
    let as_it_does = move || -> BasicTokenResponse {
        let mut reader = serde_json::Deserializer::from_slice(black_box(answer.as_bytes()));
        serde_path_to_error::deserialize(&mut reader).expect("a token answer")
    };
    let plain = move || -> BasicTokenResponse {
        serde_json::from_slice(black_box(answer.as_bytes())).expect("a token answer")
    };
    [
        Case::new(work, NAME, Call(as_it_does, shown)),
        Case::new(work, "oauth2-type-by-serde_json", Call(plain, shown)),
    ]
}

fn exchange(runtime: &Rc<Runtime>) -> Case {
    let (client, http) = (client(), client_012());
    let exchange = async move || {
        client
            .exchange_code(AuthorizationCode::new(CONFIG.code.into()))
            .set_pkce_verifier(PkceCodeVerifier::new(CONFIG.verifier.into()))
            .request_async(&http)
            .await
            .expect("tokens")
    };
    let shown = |token: BasicTokenResponse| token.access_token().secret().clone();
    Case::new(Work::Exchange, NAME, Awaited(runtime.clone(), exchange, shown)).on_reqwest_012()
}
