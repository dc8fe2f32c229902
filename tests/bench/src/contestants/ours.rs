//! Ours, as its documentation uses it.

use super::client_013;
use crate::{
    case::{Awaited, Call, Case, Prepared, TwoThreads, Work},
    config::CONFIG,
};
use bytes::Bytes;
use oauth_runtime::{
    AuthCodeFlow, AuthorizationRequest, Callback, Credentials, OAuthProvider, Secret, Session, TokenSet,
    bench::Parts,
    transport::{Request, ReqwestTransport, Response, TransportError},
};
use std::{hint::black_box, rc::Rc, time::SystemTime};
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
        Case::new(Work::UrlGiven, NAME, Call(given(), |url| url))
            .note("the part of `begin` that writes the URL, the scopes among it"),
        Case::new(Work::UrlFresh, NAME, Call(move || begin(&begun), shown_url))
            .note("`begin`, with what has to be remembered"),
        exchange(runtime, Work::Exchange, NAME, ReqwestTransport::from(client_013()))
            .note("`finish` with a client that keeps connections; the callback's checks, the mark of the used state"),
        exchange(runtime, Work::Exchange, "ours-as-it-comes", ReqwestTransport::new())
            .note("a connection for each token request, beside a floor that keeps one"),
        exchange(runtime, Work::ExchangeAlone, NAME, ReqwestTransport::new()).note("as it comes"),
        parse(Work::Parse, CONFIG.answer()),
        parse(Work::ParseIdToken, CONFIG.answer_with_id_token()),
        finish(runtime, Work::Parse, CONFIG.answer()),
    ];
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

/// What writes the URL, with a state and a challenge that are there.
fn given() -> impl Fn() -> String {
    let parts = Parts::new(flow(), [Google::OPENID, Google::EMAIL, Google::PROFILE]);
    move || parts.url(black_box(CONFIG.state), black_box(CONFIG.challenge))
}

/// What reads an answer, with every check.
fn parse(work: Work, answer: String) -> Case {
    let parts = Parts::new(flow(), [Google::OPENID, Google::EMAIL, Google::PROFILE]);
    let response = Response::new(Bytes::from(answer));
    let now = SystemTime::now();
    let read = move || parts.parse(black_box(&response), now).expect("an answer");
    Case::new(work, NAME, Call(read, shown)).note("with every check, and wiped when it is dropped")
}

/// All of `finish` without a network.
fn finish(runtime: &Rc<Runtime>, work: Work, answer: String) -> Case {
    let flow = offline(answer.leak());
    let begun = flow.clone();
    let ready = move || callback(begin(&begun));
    let finish = async move |callback| flow.finish(callback).await.expect("tokens");
    Case::new(work, "ours-all-of-finish", Prepared(runtime.clone(), ready, finish, shown))
        .note("the callback read and checked, the request made, the answer parsed")
}

/// All of `finish`, because a code is exchanged only with the callback that brought it.
fn exchange(runtime: &Rc<Runtime>, work: Work, name: &'static str, transport: ReqwestTransport) -> Case {
    let flow = flow().transport(transport);
    let begun = flow.clone();
    let ready = move || callback(begin(&begun));
    let exchange = async move |callback| flow.finish(callback).await.expect("tokens");
    Case::new(work, name, Prepared(runtime.clone(), ready, exchange, shown))
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
            Awaited(
                runtime.clone(),
                async move || access_token(&session).await,
                |token: Secret| token.expose().to_owned(),
            ),
        )
        .note("`session.access_token()`"),
        Case::new(
            Work::TokenTwoThreads,
            NAME,
            TwoThreads(async move |thread: usize| access_token(&two[thread]).await),
        ),
        Case::new(Work::TokenTwoThreadsOneOwner, NAME, TwoThreads(async move |_| access_token(&one).await)),
        Case::new(
            Work::Parts,
            "ours: flow.session(owner)",
            Awaited(runtime.clone(), made, |()| String::new()),
        ),
    ]
}
