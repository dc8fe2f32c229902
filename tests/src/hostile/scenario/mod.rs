//! Rows that take code to play: what users, attackers and time do between the requests.

pub mod app;
pub mod browser;
mod logins;
mod processes;
mod refreshes;
mod requests;
mod returns;
mod stores;

use super::{
    definition::{Plain, REDIRECT_URI},
    exchange::{GOOD, runtime},
    ours,
    player::{Fate, Pace, Stage},
    row::Row,
    server::{Answer, Layer, Received, Server, json},
};
use app::App;
use oauth_runtime::AuthCodeFlow;
use serde_json::Value;
use std::{future::Future, pin::Pin, time::Duration};
use tokio::{runtime::Handle, time::timeout};

/// What is wrong; nothing, if all is well.
pub type Findings = Result<Vec<String>, String>;

type Playing<'a> = Pin<Box<dyn Future<Output = Findings> + 'a>>;

/// What a scenario is played with.
pub struct World<'a> {
    host: Handle,
    life: Duration,
    pace: Pace,
    row: &'a Row,
}

impl World<'_> {
    /// A token endpoint.
    fn server(
        &self,
        answering: impl Fn(usize, &Received) -> Answer + Send + Sync + 'static,
    ) -> Result<Server, String> {
        Server::start(&self.host, self.life, Layer::Plain, answering).map_err(|error| error.to_string())
    }

    /// One that answers well.
    fn good_server(&self) -> Result<Server, String> {
        self.server(|_, _| json(200, GOOD))
    }

    fn flow(&self, server: &Server) -> Result<AuthCodeFlow<Plain>, String> {
        let flow = ours::flow(server.port(), REDIRECT_URI).map_err(|error| error.to_string())?;
        Ok(flow.deadline(self.pace.deadline))
    }

    /// An application whose providers both stand at `server`.
    async fn app(&self, server: &Server) -> Result<App, String> {
        App::start(self.flow(server)?, server.port()).await
    }

    /// A number of the row, or what is usual.
    fn number(&self, name: &str, usual: u64) -> u64 {
        self.row.recipe.get(name).and_then(Value::as_u64).unwrap_or(usual)
    }

    /// How many of what a scenario does in bulk.
    fn share_of(&self, count: u64) -> usize {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let share = (count as f64 * self.pace.share) as usize;
        share.max(20)
    }

    /// A waiting time of the row, cut to what the deadline allows.
    fn delay(&self, name: &str, usual: u64) -> Duration {
        Duration::from_millis(self.number(name, usual)).min(self.pace.deadline / 4)
    }
}

/// What a row can say of its scenario, in numbers.
const NUMBERS: &[&str] = &["callers", "processes", "tasks", "times", "delay_ms", "at_ms"];
/// More of something than this is no test of a client, but of the machine. Waiting is cut to the deadline anyway.
const MOST: u64 = 1_000_000;
/// No scenario takes as long, but one in which the client never ends.
const LONGEST: Duration = Duration::from_secs(300);

/// What a row says of its scenario and this player does not look at.
pub(super) fn passed_over(row: &Row) -> Vec<&str> {
    let Some(members) = row.recipe.as_object().filter(|members| members.contains_key("scenario")) else {
        return Vec::new();
    };
    // The store fails where it saves, as `op` says.
    let is_known = |name: &str, value: &Value| match name {
        "scenario" => true,
        "op" => value == "save",
        _ => NUMBERS.contains(&name),
    };
    let strange = members.iter().filter(|(name, value)| !is_known(name, value));
    strange.map(|(name, _)| name.as_str()).collect()
}

/// Plays the scenario of a row.
pub fn play(stage: &Stage<'_>, row: &Row, name: &str) -> Fate {
    let world = World { host: stage.host.clone(), life: stage.life() * 4, pace: stage.pace, row };
    let Some(playing) = find(name, &row.id, &world) else {
        return Fate::NotBuilt(needs(name, &row.endpoint).to_owned());
    };
    let count = |name: &&&str| !name.ends_with("_ms") && world.number(name, 0) > MOST;
    if let Some(name) = NUMBERS.iter().find(count) {
        return Fate::Short(vec![format!("cannot be played: {name} is more than {MOST}")]);
    }
    match runtime().block_on(async { timeout(LONGEST, playing).await }) {
        Ok(Ok(findings)) => findings.into(),
        Ok(Err(problem)) => Fate::Short(vec![format!("cannot be played: {problem}")]),
        Err(_) => Fate::Short(vec![format!("did not end in {} s", LONGEST.as_secs())]),
    }
}

/// The code of a scenario, by its name; rows that are kept for acceptance may call it otherwise, so by their id too.
fn find<'a>(name: &str, id: &str, world: &'a World<'a>) -> Option<Playing<'a>> {
    by_name(name, world).or_else(|| by_name(by_id(id)?, world))
}

fn by_name<'a>(name: &str, world: &'a World<'a>) -> Option<Playing<'a>> {
    Some(match name {
        "replay" | "reload" | "replay_after_success" | "state_replay" => Box::pin(logins::replay(world)),
        "replay_after_failure" => Box::pin(logins::replay_after_failure(world)),
        "expired" | "expired_state" | "state_expired" | "late" | "ttl" => Box::pin(logins::expired(world)),
        "other_browser" | "another_browser" | "session_fixation" | "fixation" | "no_cookie"
        | "cross_browser" => Box::pin(logins::other_browser(world)),
        "mixup" | "mix_up" => Box::pin(logins::mixup(world)),
        "concurrent" => Box::pin(logins::concurrent(world)),
        "two_tabs" | "tabs" => Box::pin(logins::two_tabs(world)),
        "flood" | "login_flood" | "pending_flood" | "state_flood" => Box::pin(logins::flood(world)),
        "redirect_uri_echo" => Box::pin(requests::redirect_uri_echo(world)),
        "host_header" | "forwarded_host" | "redirect_uri_host" | "host" => {
            Box::pin(requests::host_header(world))
        }
        "head" | "prefetch" => Box::pin(requests::head(world)),
        "form_post" | "post" => Box::pin(requests::form_post(world)),
        "overlong" => Box::pin(requests::overlong(world)),
        "login_csrf" => Box::pin(requests::login_csrf(world)),
        "forged_cookie" | "cookie_forgery" | "cookie_injection" | "cookie_tossing" => {
            Box::pin(requests::forged_cookie(world))
        }
        "open_redirect" | "return_to" => Box::pin(returns::open_redirect(world)),
        "stampede" => Box::pin(refreshes::stampede(world)),
        "cancel" => Box::pin(refreshes::cancel(world)),
        "clock_jump" => Box::pin(refreshes::clock_jump(world)),
        "head_of_line" => Box::pin(refreshes::head_of_line(world)),
        "reuse_detection" => Box::pin(refreshes::reuse_detection(world)),
        "store_fault" => Box::pin(stores::store_fault(world)),
        "lost_race" => Box::pin(stores::lost_race(world)),
        "multi_process" => Box::pin(async move { processes::multi_process(world) }),
        "lease_expiry" => Box::pin(async move { processes::lease_expiry(world) }),
        "crash_points" => Box::pin(async move { processes::crash_points(world) }),
        _ => return None,
    })
}

/// What `security.md`'s table says a row is about.
fn by_id(id: &str) -> Option<&'static str> {
    Some(match id {
        "C032" => "replay",
        "C033" => "replay_after_failure",
        "C034" => "expired",
        "C035" => "other_browser",
        "C036" => "mixup",
        "C037" => "concurrent",
        "C038" => "flood",
        "C039" => "open_redirect",
        "C040" => "host_header",
        "C041" => "head",
        "C042" => "form_post",
        "C043" => "overlong",
        "C044" => "login_csrf",
        "C047" => "two_tabs",
        "C048" => "redirect_uri_echo",
        _ => return None,
    })
}

/// What a scenario waits for.
fn needs(name: &str, endpoint: &str) -> &'static str {
    match (name, endpoint) {
        ("pending_forever" | "slow_down", _) => "device",
        (_, "metadata") => "discovery",
        _ => "a scenario that this player does not know",
    }
}
