//! Refreshes by the thousand, cut short, at a strict server, and with a clock that jumps.

use super::{Findings, World};
use crate::hostile::{
    definition::Plain,
    ours::{self, OLD, whole_seconds},
    server::{Action, Answer, Received, json},
};
use oauth_runtime::{AuthCodeFlow, Error, Secret};
use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};
use tokio::task::JoinSet;

/// What a refresh gets.
pub(super) const NEW: &str =
    r#"{"access_token":"AT-NEW","token_type":"Bearer","expires_in":3600,"refresh_token":"RT-2"}"#;

/// An answer that takes its time.
pub(super) fn late(delay: Duration) -> impl Fn(usize, &Received) -> Answer + Send + Sync + 'static {
    move |_, _| [vec![Action::Sleep(delay)], json(200, NEW)].concat()
}

/// Gives `owner` tokens that have lapsed.
pub(super) async fn lapsed(flow: &AuthCodeFlow<Plain>, owner: &str) -> Result<(), String> {
    let tokens = ours::lapsed(whole_seconds());
    flow.session(owner).adopt(tokens).await.map_err(|error| error.to_string())
}

fn is_new(token: &Result<Secret, Error>) -> bool {
    token.as_ref().is_ok_and(|token| token.expose() == "AT-NEW")
}

/// Many callers of one expired token.
pub(super) async fn stampede(world: &World<'_>) -> Findings {
    let delay = world.delay("delay_ms", 2000);
    let server = world.server(late(delay))?;
    let flow = world.flow(&server)?;
    lapsed(&flow, "ada").await?;
    let count = world.share_of(world.number("callers", 10_000));
    let started = Instant::now();
    let mut callers = JoinSet::new();
    for _ in 0..count {
        let session = flow.session("ada");
        callers.spawn(async move { session.access_token().await });
    }
    let mut served = 0;
    while let Some(token) = callers.join_next().await {
        served += usize::from(token.is_ok_and(|token| is_new(&token)));
    }
    let after = started.elapsed().saturating_sub(delay);
    let mut findings = Vec::new();
    if served != count || server.count() != 1 {
        findings.push(format!("{served} of {count} callers were served by {} requests", server.count()));
    }
    if after > Duration::from_millis(50) + world.pace.slack {
        findings.push(format!("the last was served {} ms after the answer", after.as_millis()));
    }
    Ok(findings)
}

/// A caller that goes away in the middle.
pub(super) async fn cancel(world: &World<'_>) -> Findings {
    let at = world.delay("at_ms", 100);
    let server = world.server(late(3 * at))?;
    let flow = world.flow(&server)?;
    lapsed(&flow, "ada").await?;
    let session = flow.session("ada");
    let caller = tokio::spawn(async move { session.access_token().await.is_ok() });
    tokio::time::sleep(at).await;
    caller.abort();
    let _ = caller.await;
    tokio::time::sleep(4 * at).await;
    let before = server.count();
    let token = flow.session("ada").access_token().await;
    let mut findings = Vec::new();
    if !is_new(&token) {
        findings.push("the next caller does not see the new token".to_owned());
    }
    if (before, server.count()) != (1, 1) {
        findings.push(format!("sent {} requests, then {}", before, server.count()));
    }
    Ok(findings)
}

/// A clock that goes forward a day and back again.
pub(super) async fn clock_jump(world: &World<'_>) -> Findings {
    let server = world.server(|_, _| json(200, NEW))?;
    let offset = Arc::new(AtomicI64::new(0));
    let (reading, start) = (offset.clone(), whole_seconds());
    let flow = world.flow(&server)?.clock(move || shifted(start, reading.load(Ordering::SeqCst)));
    lapsed(&flow, "ada").await?;
    let mut findings = Vec::new();
    for (step, (what, jump)) in
        [("at first", 0), ("a day ahead", 86_400), ("back again", 0), ("a day behind", -86_400)]
            .into_iter()
            .enumerate()
    {
        offset.store(jump, Ordering::SeqCst);
        for _ in 0..100 {
            if !is_new(&flow.session("ada").access_token().await) {
                findings.push(format!("{what}: no token"));
                break;
            }
        }
        if server.count() > step + 1 {
            findings.push(format!("{what}: {} requests by then", server.count()));
        }
    }
    if server.count() < 2 {
        findings.push("a token that lapsed was used".to_owned());
    }
    Ok(findings)
}

fn shifted(start: SystemTime, seconds: i64) -> SystemTime {
    let by = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { start - by } else { start + by }
}

/// One grant that hangs, and many that do not.
pub(super) async fn head_of_line(world: &World<'_>) -> Findings {
    let server = world.server(|number, _| if number == 0 { vec![Action::Hang] } else { json(200, NEW) })?;
    let flow = world.flow(&server)?;
    lapsed(&flow, "slow").await?;
    let session = flow.session("slow");
    let slow = tokio::spawn(async move { session.access_token().await.is_ok() });
    while server.count() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let owners: Vec<String> = (0..1000).map(|number| format!("user-{number}")).collect();
    for owner in &owners {
        lapsed(&flow, owner).await?;
    }
    let mut findings = Vec::new();
    let (mut refreshed, mut times) = (0, Vec::new());
    for owner in owners.iter().take(world.share_of(1000)) {
        refreshed += usize::from(is_new(&flow.session(owner.as_str()).access_token().await));
        let started = Instant::now();
        let _ = flow.session(owner.as_str()).access_token().await;
        times.push(started.elapsed());
    }
    times.sort();
    let slowest = times[times.len() * 99 / 100];
    if refreshed != times.len() {
        findings.push(format!("{refreshed} of {} grants were refreshed", times.len()));
    }
    if slowest > Duration::from_millis(5) + world.pace.slack / 10 {
        findings.push(format!("p99 is {} ms", slowest.as_millis()));
    }
    slow.abort();
    Ok(findings)
}

/// A server at which a refresh token is good once, and twice is the end of the grant.
#[derive(Default)]
struct Strict {
    used: HashSet<String>,
    next: u64,
    reuses: usize,
}

impl Strict {
    fn answer(&mut self, request: &Received) -> Answer {
        let token = request.field("refresh_token").unwrap_or_default();
        let is_current = token == self.current();
        if !is_current || !self.used.insert(token) {
            self.reuses += 1;
            return json(400, r#"{"error":"invalid_grant"}"#);
        }
        self.next += 1;
        let (at, rt) = (self.next, self.current());
        json(
            200,
            &format!(
                r#"{{"access_token":"AT-{at}","token_type":"Bearer","expires_in":3600,"refresh_token":"{rt}"}}"#
            ),
        )
    }

    fn current(&self) -> String {
        if self.next == 0 { OLD.1.to_owned() } else { format!("RT-CURRENT-{}", self.next) }
    }
}

/// Many forced refreshes by many callers.
pub(super) async fn reuse_detection(world: &World<'_>) -> Findings {
    let strict = Arc::new(Mutex::new(Strict::default()));
    let shared = strict.clone();
    let server = world
        .server(move |_, request| shared.lock().unwrap_or_else(PoisonError::into_inner).answer(request))?;
    let flow = world.flow(&server)?;
    lapsed(&flow, "ada").await?;
    let mut failures = 0;
    for _ in 0..world.share_of(500) {
        let mut callers = JoinSet::new();
        for number in 0..8 {
            let session = flow.session("ada");
            callers.spawn(async move {
                if number % 2 == 0 {
                    session.refresh().await.is_ok()
                } else {
                    session.access_token().await.is_ok()
                }
            });
        }
        while let Some(done) = callers.join_next().await {
            failures += usize::from(!done.unwrap_or(false));
        }
    }
    let reuses = strict.lock().unwrap_or_else(PoisonError::into_inner).reuses;
    let problem = format!("{reuses} refresh tokens were used twice and {failures} callers got none");
    Ok(if reuses + failures > 0 { vec![problem] } else { Vec::new() })
}
