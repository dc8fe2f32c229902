//! [`App`]: an application on the axum integration, with two providers, served over HTTP.

use super::browser::Browser;
use crate::hostile::{
    callback::judge,
    canary::printed,
    class,
    definition::{CLIENT_SECRET, Other, Plain, PromisesIssuer, REDIRECT_URI},
    exchange::{Scene, runtime},
    ours::{self, encoded, parameter, whole_seconds},
    player::Stage,
    row::{Row, Verdict},
    subject::{Got, Play},
};
use axum::{
    Router,
    extract::{Query, State},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use oauth_runtime::{
    AuthCodeFlow, AuthorizationRequest, Callback, Error, TokenSet,
    provider::{HasAuthorizationEndpoint, OAuthProvider},
};
use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// What came of a callback: the access token and how long it lives, or the error.
pub type Outcome = Result<Got, Error>;

/// An application. It stops when it is dropped.
pub struct App {
    /// Where it listens.
    pub port: u16,
    outcomes: Arc<Mutex<Vec<Outcome>>>,
    task: JoinHandle<()>,
}

struct Site<P> {
    flow: AuthCodeFlow<P>,
    outcomes: Arc<Mutex<Vec<Outcome>>>,
}

impl<P> Clone for Site<P> {
    fn clone(&self) -> Self {
        Self { flow: self.flow.clone(), outcomes: self.outcomes.clone() }
    }
}

impl App {
    /// An application with `flow` under `/login` and `/callback`, and another provider under `/other/..`.
    ///
    /// # Errors
    /// No port is free, or the other flow cannot be made.
    pub async fn start<P: OAuthProvider>(flow: AuthCodeFlow<P>, other_port: u16) -> Result<Self, String> {
        let outcomes = Arc::<Mutex<Vec<Outcome>>>::default();
        let other = ours::flow::<Other>(other_port, "https://app.example/other/callback")
            .map_err(|error| error.to_string())?;
        let router = routes(Site { flow, outcomes: outcomes.clone() });
        let router = router.nest("/other", routes(Site { flow: other, outcomes: outcomes.clone() }));
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(|error| error.to_string())?;
        let port = listener.local_addr().map_err(|error| error.to_string())?.port();
        let task = tokio::spawn(async move {
            // It ends with the test.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { port, outcomes, task })
    }

    /// Takes what came of the callbacks so far.
    pub fn outcomes(&self) -> Vec<Outcome> {
        std::mem::take(&mut *self.outcomes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A new user agent that has begun to sign in under `prefix`, and the state that it was given.
    pub async fn begun(&self, prefix: &str) -> (Browser, String) {
        let mut browser = Browser::new(self.port);
        let state = begin(&mut browser, prefix).await;
        (browser, state)
    }
}

/// Begins a sign-in and gives its state.
pub async fn begin(browser: &mut Browser, prefix: &str) -> String {
    let reply = browser.get(&format!("{prefix}/login")).await;
    parameter(reply.location(), "state").unwrap_or_default()
}

impl Drop for App {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The callback takes any method here, so that it is the extractor that refuses the wrong ones.
fn routes<P: OAuthProvider>(site: Site<P>) -> Router {
    Router::new()
        .route("/login", get(login::<P>))
        .route("/callback", any(callback_page::<P>))
        .with_state(site)
}

async fn login<P: OAuthProvider>(
    State(site): State<Site<P>>,
    Query(query): Query<BTreeMap<String, String>>,
) -> AuthorizationRequest<P> {
    let wanted = query.get("return_to").and_then(|path| path.parse().ok());
    site.flow.begin([]).return_to(wanted.unwrap_or_default())
}

async fn callback_page<P: OAuthProvider>(
    State(site): State<Site<P>>,
    callback: Result<Callback<P>, Error>,
) -> Response {
    let return_to = callback.as_ref().map(Callback::return_to).unwrap_or_default();
    let outcome = match callback {
        Ok(callback) => site.flow.finish(callback).await,
        Err(error) => Err(error),
    };
    let noted = outcome.as_ref().map(|tokens| got(tokens, whole_seconds())).map_err(Clone::clone);
    site.outcomes.lock().unwrap_or_else(PoisonError::into_inner).push(noted);
    match outcome {
        Ok(_) => return_to.into_response(),
        Err(error) => error.into_response(),
    }
}

fn got<P: OAuthProvider>(tokens: &TokenSet<P>, now: SystemTime) -> Got {
    Got {
        access_token: tokens.access_token().expose().to_owned(),
        refresh_token: tokens.refresh_token().map(|token| token.expose().to_owned()),
        lifetime: tokens.expires_at().map(|at| at.duration_since(now).unwrap_or_default()),
        scopes: tokens.scopes().map(ToString::to_string).collect(),
    }
}

/// What our callback does with an outcome, as the judge reads it. Whole seconds may have passed since the answer came.
pub fn play_of(outcome: &Outcome, secrets: Vec<String>) -> Play {
    let lifetime = Scene::good_tokens().ok().and_then(|good| good.lifetime);
    let outcome_of = outcome.clone().map(|got| Got { lifetime, ..got });
    let (display, printed) = match outcome {
        Ok(_) => Default::default(),
        Err(error) => (error.to_string(), printed(error)),
    };
    Play { outcome: outcome_of.map_err(|error| class::failure(&error)), display, printed, secrets }
}

/// Plays a row about a query with a browser at the application.
pub fn callback(stage: &Stage<'_>, row: &Row, query: &str) -> Vec<String> {
    let outcome = runtime().block_on(async {
        if row.needs_iss {
            walk::<PromisesIssuer>(stage, row, query).await
        } else {
            walk::<Plain>(stage, row, query).await
        }
    });
    outcome.unwrap_or_else(|problem| vec![format!("cannot be played: {problem}")])
}

async fn walk<P>(stage: &Stage<'_>, row: &Row, query: &str) -> Result<Vec<String>, String>
where
    P: HasAuthorizationEndpoint + From<u16>,
{
    let scene = Scene::good(stage, row)?;
    let flow = ours::flow::<P>(scene.server.port(), REDIRECT_URI).map_err(|error| error.to_string())?;
    let app = App::start(flow.deadline(stage.pace.deadline), scene.elsewhere.port()).await?;
    let (mut browser, state) = app.begun("").await;
    let query = query.replace("{STATE}", &state).replace("{ISS}", &encoded(&scene.target.issuer()));
    let reply = browser.get(&format!("/callback?{query}")).await;
    let mut outcomes = app.outcomes();
    let mut findings = Vec::new();
    let expected = if row.verdict == Verdict::Accept { 300..400 } else { 400..500 };
    if row.verdict != Verdict::Either && !expected.contains(&reply.status) {
        findings.push(format!("the page has the status {}", reply.status));
    }
    let secrets = vec![CLIENT_SECRET.to_owned(), state];
    if let Some(outcome) = outcomes.pop() {
        let mut play = play_of(&outcome, secrets);
        play.printed.push_str(&reply.body);
        findings.extend(judge(row, &play, &query, &scene.server.seen(), &scene.elsewhere.seen()));
        if outcome.is_err() && reply.header("x-content-type-options") != Some("nosniff") {
            findings.push("the error page may be read as HTML".to_owned());
        }
    } else if !matches!(reply.status, 400 | 414 | 431) {
        findings.push("the callback was not looked at".to_owned());
    }
    Ok(findings)
}
