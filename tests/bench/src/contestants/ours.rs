//! Ours, as its documentation uses it.

use crate::{
    case::{Awaited, Call, Case, TwoThreads, Work},
    config::CONFIG,
};
use bytes::Bytes;
use oauth_runtime::{
    AuthCodeFlow, AuthorizationRequest, Callback, Credentials, OAuthProvider, Secret, Session, TokenSet,
    transport::{Request, Response, TransportError},
};
use std::{hint::black_box, rc::Rc};
use tokio::runtime::Runtime;

const NAME: &str = "ours";

/// Google, with its token endpoint on this machine.
#[derive(OAuthProvider)]
#[oauth(
    name = "Google",
    authorization_endpoint = "https://accounts.google.com/o/oauth2/v2/auth",
    token_endpoint = "http://127.0.0.1:29471/token",
    token_endpoint_auth_methods = ["client_secret_basic"],
    scopes(
        /// Sign in.
        OPENID = "openid",
        /// The e-mail address.
        EMAIL = "email",
        /// Name and picture.
        PROFILE = "profile",
    ),
)]
pub struct Google;

/// The flow with everything as it comes: memory stores, the default transport.
pub fn flow() -> AuthCodeFlow<Google> {
    let credentials = Credentials::confidential(CONFIG.client_id, CONFIG.client_secret);
    AuthCodeFlow::new(Google, credentials, CONFIG.redirect_uri).expect("the settings are good")
}

fn shown_url(begun: AuthorizationRequest<Google>) -> String {
    begun.url().to_owned()
}

fn begin(flow: &AuthCodeFlow<Google>) -> AuthorizationRequest<Google> {
    flow.begin([Google::OPENID, Google::EMAIL, Google::PROFILE])
}

/// A callback that a user's browser would bring for it.
fn callback(begun: AuthorizationRequest<Google>) -> Callback<Google> {
    let (url, pending) = begun.into_parts();
    let (_, rest) = url.split_once("&state=").expect("there is a state");
    let state = rest.split('&').next().unwrap_or_default();
    Callback::new(format!("code=4%2F0AeaYSHBexamplecode&state={state}"), pending)
}

pub fn cases(runtime: &Rc<Runtime>) -> Vec<Case> {
    let begun = flow();
    let mut cases = vec![
        Case::new(Work::UrlFresh, NAME, Call(move || begin(&begun), shown_url))
            .note("`begin`, with what has to be remembered"),
        exchange(runtime),
    ];
    for (work, answer) in
        [(Work::Parse, CONFIG.answer()), (Work::ParseIdToken, CONFIG.answer_with_id_token())]
    {
        cases.push(finish_in_memory(runtime, work, answer.leak()));
    }
    cases.extend(tokens(runtime));
    cases
}

fn shown(tokens: TokenSet<Google>) -> String {
    tokens.access_token().expose().to_owned()
}

/// A flow whose token endpoint is a constant in memory.
pub fn offline(answer: &'static str) -> AuthCodeFlow<Google> {
    flow().transport(move |_: Request| async move {
        Ok::<_, TransportError>(Response::new(Bytes::from_static(answer.as_bytes())))
    })
}

/// Begin, callback and exchange: nothing less can be asked of it, because a code is exchanged only for whoever began.
fn exchange(runtime: &Rc<Runtime>) -> Case {
    let flow = flow();
    let exchange = async move || flow.finish(callback(begin(&flow))).await.expect("tokens");
    Case::new(Work::Exchange, NAME, Awaited(runtime.clone(), exchange, shown))
        .note("with `begin`, the callback's checks and the mark of the used state")
}

/// The same without a network.
fn finish_in_memory(runtime: &Rc<Runtime>, work: Work, answer: &'static str) -> Case {
    let flow = offline(answer);
    let finish = async move || flow.finish(callback(begin(&flow))).await.expect("tokens");
    Case::new(work, NAME, Awaited(runtime.clone(), finish, shown)).note("with all of `begin` and `finish`")
}

/// The whole login of `owner`, whose session is left.
pub async fn sign_in(flow: &AuthCodeFlow<Google>, owner: &str) -> Session<Google> {
    let tokens = flow.finish(callback(begin(flow))).await.expect("tokens");
    let session = flow.session(owner);
    session.adopt(tokens).await.expect("memory takes it");
    session
}

/// A session of each of two owners, whose tokens are fresh.
fn sessions(runtime: &Runtime) -> [Session<Google>; 2] {
    let flow = offline(CONFIG.answer().leak());
    ["ada", "grace"].map(|owner| runtime.block_on(sign_in(&flow, owner)))
}

async fn access_token(session: &Session<Google>) -> Secret {
    black_box(session).access_token().await.expect("a fresh token")
}

fn tokens(runtime: &Rc<Runtime>) -> Vec<Case> {
    let flow = flow();
    let made = async move || {
        let session = flow.session(black_box("ada"));
        drop(session);
    };
    let [session, _] = sessions(runtime);
    let two = sessions(runtime);
    let [one, _] = sessions(runtime);
    vec![
        Case::new(
            Work::Token,
            NAME,
            Awaited(runtime.clone(), async move || access_token(&session).await, |token: Secret| {
                token.expose().to_owned()
            }),
        )
        .note("`session.access_token()`"),
        Case::new(
            Work::TokenTwoThreads,
            NAME,
            TwoThreads(async move |thread: usize| access_token(&two[thread]).await),
        ),
        Case::new(Work::TokenTwoThreadsOneOwner, NAME, TwoThreads(async move |_| access_token(&one).await)),
        Case::new(Work::Parts, "ours: flow.session(owner)", Awaited(runtime.clone(), made, |()| String::new())),
    ]
}
