//! Rows about answers of the token endpoint: to a code, and to a refresh token.

use super::{
    canary,
    definition::{CLIENT_ID, Kind},
    judge::{self, Cost},
    ours::OLD,
    placeholder::Values,
    player::Stage,
    recipe::{self, Message, Recipe, Step},
    reference::Answer,
    row::Row,
    server::{Layer, Received, Seen, Server, json},
    subject::{Answering, Client, Got, Play, Target},
};
use serde_json::Value;
use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};
use tokio::runtime::{Builder, Runtime};

/// What is answered where a row does not say it.
pub(crate) const GOOD: &str = r#"{"access_token":"AT-GOOD","token_type":"Bearer","expires_in":3600,"refresh_token":"RT-2","scope":"read write"}"#;
/// What an honest user brings back.
pub(crate) const HONEST: &str = "code=CODE-canary-1&state={STATE}";
/// How many ask at once for a fresh token.
const CALLERS: usize = 4;

/// The server of a row, and the other origin at which nothing may arrive.
pub(crate) struct Scene {
    /// What the client is made for.
    pub(crate) target: Target,
    /// The token endpoint.
    pub(crate) server: Server,
    /// The other origin.
    pub(crate) elsewhere: Server,
    values: Values,
}

impl Scene {
    /// Starts the servers of a row.
    ///
    /// # Errors
    /// No port is free.
    pub(crate) fn set(stage: &Stage<'_>, row: &Row, steps: Vec<Step>, layer: Layer) -> Result<Self, String> {
        static RUN: AtomicU64 = AtomicU64::new(0);
        let text = |error: std::io::Error| error.to_string();
        let evil = |_: usize, _: &Received| json(200, r#"{"access_token":"AT-EVIL","token_type":"Bearer"}"#);
        let elsewhere = Server::start(&stage.host, stage.life(), Layer::Plain, evil).map_err(text)?;
        let values = Values::default()
            .with("PORT2", elsewhere.port().to_string())
            .with("RUN", RUN.fetch_add(1, Ordering::Relaxed).to_string())
            .with("CLIENT_ID", CLIENT_ID)
            .with("NONCE", "nonce-1")
            .with("STATE", "state-1");
        let port = Arc::<OnceLock<u16>>::default();
        let answering = answering(stage, row, steps, (values.clone(), port.clone()));
        let server = Server::start(&stage.host, stage.life(), layer, answering).map_err(text)?;
        port.get_or_init(|| server.port());
        let kind = match row {
            _ if row.recipe.to_string().contains("{REQUEST_BODY}") => Kind::SecretInBody,
            _ if row.needs_iss => Kind::PromisesIssuer,
            _ => Kind::Plain,
        };
        let target = Target { port: server.port(), kind, deadline: stage.pace.deadline, root: None };
        Ok(Self { values: at(&values, server.port()), target, server, elsewhere })
    }

    /// The servers of a row in which the token endpoint answers well.
    ///
    /// # Errors
    /// No port is free.
    pub(crate) fn good(stage: &Stage<'_>, row: &Row) -> Result<Self, String> {
        Self::set(stage, row, Self::good_steps(), Layer::Plain)
    }

    /// A good answer.
    pub(crate) fn good_steps() -> Vec<Step> {
        vec![Step::Http(Message::json(200, GOOD))]
    }

    /// What [`good`](Self::good) grants.
    pub(crate) fn good_tokens() -> Result<Got, &'static str> {
        let answer = Answer { status: 200, content_type: Some("application/json"), body: GOOD.as_bytes() };
        judge::expected(&answer, None)
    }

    /// What a strict reader makes of the row's answer, if it is a whole one that does not depend on the request.
    fn expected(&self, recipe: &Recipe, kept: Option<&str>) -> Option<Result<Got, &'static str>> {
        let message: &Message = recipe.only_message()?;
        let body = message.body(&self.values);
        let answer =
            Answer { status: message.status, content_type: message.header("content-type"), body: &body };
        Some(judge::expected(&answer, kept))
    }

    fn seen(&self) -> (Seen, Seen) {
        (self.server.seen(), self.elsewhere.seen())
    }
}

fn at(values: &Values, port: u16) -> Values {
    let here = format!("http://127.0.0.1:{port}");
    values.clone().with("SELF", format!("{here}/token")).with("ISS", here)
}

/// The row's answer, each time; or once and then that of the row which follows.
fn answering(
    stage: &Stage<'_>,
    row: &Row,
    steps: Vec<Step>,
    (values, port): (Values, Arc<OnceLock<u16>>),
) -> impl Fn(usize, &Received) -> super::server::Answer + Send + Sync + 'static {
    let follows = row.follow_up_id().map(|id| {
        let next = stage.rows.iter().find(|row| row.id == id);
        match next.map(|next| Recipe::parse(&next.recipe, &next.endpoint)) {
            Some(Ok(Recipe::Answer(steps))) => Some(steps),
            _ => None,
        }
    });
    move |number, request| {
        let values = at(&values, port.get().copied().unwrap_or_default())
            .with("REQUEST_BODY", escaped(&String::from_utf8_lossy(&request.body)));
        match &follows {
            Some(next) if number > 0 => {
                next.as_ref().map_or_else(|| json(200, GOOD), |steps| recipe::actions(steps, &values))
            }
            _ => recipe::actions(&steps, &values),
        }
    }
}

/// As it stands in a JSON text.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn steps(recipe: &Recipe) -> Vec<Step> {
    match recipe {
        Recipe::Answer(steps) => steps.clone(),
        _ => Vec::new(),
    }
}

/// A runtime on this thread, so that what it costs can be told from what others cost.
pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("it needs no more than this thread")
}

/// Runs what a client does on this thread alone, and measures it.
pub(crate) fn with_client<'c, T>(
    stage: &Stage<'_>,
    row: &Row,
    client: &'c dyn Client,
    run: impl FnOnce(&'c dyn Client) -> Answering<'c, T>,
) -> (T, Cost) {
    let runtime =
        Builder::new_current_thread().enable_all().build().expect("a runtime needs no more than a thread");
    let (mut result, started) = (None, Instant::now());
    let info = allocation_counter::measure(|| result = Some(runtime.block_on(run(client))));
    let elapsed = started.elapsed();
    (result.expect("the closure ran"), Cost { elapsed, allowed: stage.allowed(row), memory: info.bytes_max })
}

fn made(stage: &Stage<'_>, row: &Row, recipe: &Recipe) -> Result<(Box<dyn Client>, Scene), String> {
    Scene::set(stage, row, steps(recipe), Layer::Plain)
        .and_then(|scene| Ok((stage.subject.client(&scene.target)?, scene)))
        .map_err(|problem| format!("cannot be played: {problem}"))
}

/// Plays a row about the answer to a code.
pub(crate) fn login(stage: &Stage<'_>, row: &Row, recipe: &Recipe) -> Vec<String> {
    let (client, scene) = match made(stage, row, recipe) {
        Ok(made) => made,
        Err(problem) => return vec![problem],
    };
    let follows = row.follow_up.is_some();
    let (plays, cost) = with_client(stage, row, &*client, |client| {
        Box::pin(async move {
            let first = client.login(HONEST).await;
            let second = if follows { Some(client.login(HONEST).await) } else { None };
            (first, second)
        })
    });
    let (seen, elsewhere) = scene.seen();
    let mut findings = judge::outcome(row, &plays.0, scene.expected(recipe, None).as_ref());
    findings.extend(cost.findings());
    findings.extend(judge::requests(row.max_requests + usize::from(follows), &seen, &elsewhere));
    findings.extend(judge::printed(&plays.0, &more_secrets(row, &seen)));
    findings.extend(of_this_answer(row, &plays.0));
    if let Some(play) = &plays.1 {
        findings.extend(after(play));
    }
    findings
}

/// An access token that is not in the answer came from somewhere else.
fn of_this_answer(row: &Row, play: &Play) -> Option<String> {
    let recipe = row.recipe.to_string();
    let got = play.outcome.as_ref().ok()?;
    // Where it is repeated, or cut into chunks, it does not stand there in one piece.
    let in_pieces = recipe.contains("{REP:") || recipe.to_ascii_lowercase().contains("chunked");
    let is_known = in_pieces
        || canary::tokens(&recipe).contains(&got.access_token)
        || texts(&row.recipe).contains(&got.access_token);
    (!is_known).then(|| format!("got {:.40}, which is not in the answer", got.access_token))
}

/// Every text of a recipe, in its order.
fn texts(recipe: &Value) -> String {
    match recipe {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(texts).collect(),
        Value::Object(members) => members.values().map(texts).collect(),
        _ => String::new(),
    }
}

/// What is wrong with the exchange that follows a row.
fn after(play: &Play) -> Option<String> {
    match &play.outcome {
        Ok(got) if got.access_token == "AT-GOOD" => None,
        Ok(got) => Some(format!("the next exchange got {}", got.access_token)),
        Err(_) => Some(format!("the next exchange failed: {}", play.display)),
    }
}

/// Tokens in the row, and the verifiers that were sent.
fn more_secrets(row: &Row, seen: &Seen) -> Vec<String> {
    let mut secrets = canary::tokens(&row.recipe.to_string());
    secrets.extend(seen.requests.iter().filter_map(|request| request.field("code_verifier")));
    secrets
}

/// Plays a row about the answer to a refresh token.
pub(crate) fn refresh(stage: &Stage<'_>, row: &Row, recipe: &Recipe) -> Vec<String> {
    let (client, scene) = match made(stage, row, recipe) {
        Ok(made) => made,
        Err(problem) => return vec![problem],
    };
    let (refreshed, cost) = with_client(stage, row, &*client, |client| client.refresh(CALLERS));
    let (seen, elsewhere) = scene.seen();
    let expected = scene.expected(recipe, Some(OLD.1));
    let mut findings = cost.findings();
    findings.extend(judge::requests(row.max_requests, &seen, &elsewhere));
    for play in &refreshed.plays {
        findings.extend(judge::outcome(row, play, expected.as_ref()));
        findings.extend(judge::printed(play, &more_secrets(row, &seen)));
    }
    findings.extend(stored(&refreshed.plays, refreshed.stored.as_ref()));
    findings.sort();
    findings.dedup();
    findings
}

/// Plays a row about the answer to a revocation.
pub(crate) fn revoke(stage: &Stage<'_>, row: &Row, recipe: &Recipe) -> Vec<String> {
    let (client, scene) = match made(stage, row, recipe) {
        Ok(made) => made,
        Err(problem) => return vec![problem],
    };
    let (revoked, cost) = with_client(stage, row, &*client, |client| client.revoke());
    let (seen, elsewhere) = scene.seen();
    let mut findings = cost.findings();
    findings.extend(judge::requests(row.max_requests, &seen, &elsewhere));
    let Some(play) = revoked.plays.first() else {
        findings.push("a user cannot sign out here".to_owned());
        return findings;
    };
    findings.extend(judge::outcome(row, play, None));
    findings.extend(judge::printed(play, &[]));
    match (&play.outcome, &revoked.stored) {
        (Ok(_), Some(_)) => findings.push("revoked tokens are still stored".to_owned()),
        (Err(_), None) => findings.push("tokens that may be alive are forgotten".to_owned()),
        _ => {}
    }
    findings
}

/// What is wrong with what the store holds: what the callers got, or what was there before.
fn stored(plays: &[Play], stored: Option<&Got>) -> Option<String> {
    let got = plays.iter().find_map(|play| play.outcome.as_ref().ok());
    match (got, stored) {
        (Some(got), Some(stored)) if got == stored => None,
        (Some(_), _) => Some("callers got tokens that are not the stored ones".to_owned()),
        (None, Some(stored))
            if stored.access_token == OLD.0 && stored.refresh_token.as_deref() == Some(OLD.1) =>
        {
            None
        }
        (None, _) => Some("the stored tokens changed though the refresh failed".to_owned()),
    }
}
