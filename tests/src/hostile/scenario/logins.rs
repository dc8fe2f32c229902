//! Sign-ins that somebody repeats, shares, mixes up or begins by the thousand.

use super::{
    Findings, World,
    app::{App, Outcome, begin},
};
use crate::hostile::{
    class,
    exchange::GOOD,
    ours::{parameter, whole_seconds},
    server::{Action, json},
};
use oauth_runtime::{Error, MemoryStateStore};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// A finding unless the outcome is an error of one of `classes`.
pub(super) fn refused(what: &str, outcome: Option<Outcome>, classes: &[&str]) -> Option<String> {
    match outcome {
        None => Some(format!("{what}: nothing came of it")),
        Some(Ok(_)) => Some(format!("{what}: it was accepted")),
        Some(Err(error)) => {
            let known = class::failure(&error).classes;
            let fits = classes.is_empty() || known.iter().any(|class| classes.contains(class));
            (!fits).then(|| format!("{what}: {error}"))
        }
    }
}

/// A finding unless the outcome is a token.
pub(super) fn accepted(what: &str, outcome: Option<Outcome>) -> Option<String> {
    match outcome {
        Some(Ok(_)) => None,
        Some(Err(error)) => Some(format!("{what}: {error}")),
        None => Some(format!("{what}: nothing came of it")),
    }
}

/// The honest callback again, by the same browser.
pub(super) async fn replay(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let app = world.app(&server).await?;
    let (mut browser, state) = app.begun("").await;
    browser.get(&format!("/callback?code=CODE1&state={state}")).await;
    let mut findings: Vec<_> = accepted("the first callback", app.outcomes().pop()).into_iter().collect();
    browser.get(&format!("/callback?code=CODE1&state={state}")).await;
    findings.extend(refused("the reload", app.outcomes().pop(), &["AlreadyUsed"]));
    if server.count() != 1 {
        findings.push(format!("sent {} requests", server.count()));
    }
    Ok(findings)
}

/// An honest callback after one that was refused (CVE-2023-27490).
pub(super) async fn replay_after_failure(world: &World<'_>) -> Findings {
    let mut findings = Vec::new();
    for (what, query) in [
        ("after a denial", "error=access_denied&state={STATE}"),
        ("after a foreign issuer", "code=CODE1&state={STATE}&iss=https://evil.example"),
        ("after an unusable code", "code=a%20b&state={STATE}"),
        ("after an empty code", "code=&state={STATE}"),
        ("after a code that stood there twice", "code=CODE1&code=CODE2&state={STATE}"),
    ] {
        let server = world.good_server()?;
        let app = world.app(&server).await?;
        let (mut browser, state) = app.begun("").await;
        browser.get(&format!("/callback?{}", query.replace("{STATE}", &state))).await;
        findings.extend(refused(what, app.outcomes().pop(), &[]));
        browser.get(&format!("/callback?code=CODE1&state={state}")).await;
        findings.extend(refused(what, app.outcomes().pop(), &["AlreadyUsed", "State"]));
        if server.count() > 0 {
            findings.push(format!("{what}: sent {} requests", server.count()));
        }
    }
    findings.extend(replay_after_failed_exchange(world).await?);
    Ok(findings)
}

async fn replay_after_failed_exchange(world: &World<'_>) -> Findings {
    let server = world.server(|_, _| json(503, "{}"))?;
    let app = world.app(&server).await?;
    let (mut browser, state) = app.begun("").await;
    for _ in 0..2 {
        browser.get(&format!("/callback?code=CODE1&state={state}")).await;
    }
    let mut findings = Vec::new();
    findings.extend(refused("after an exchange that failed", app.outcomes().pop(), &["AlreadyUsed"]));
    if server.count() != 1 {
        findings.push(format!("after an exchange that failed: sent {} requests", server.count()));
    }
    Ok(findings)
}

/// A user who comes back after ten minutes, with a cookie that a browser should have dropped.
pub(super) async fn expired(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let ahead = Arc::new(AtomicU64::new(0));
    let (reading, start) = (ahead.clone(), whole_seconds());
    let flow = world.flow(&server)?;
    let flow = flow.clock(move || start + Duration::from_secs(reading.load(Ordering::SeqCst)));
    let app = App::start(flow, server.port()).await?;
    let (mut browser, state) = app.begun("").await;
    let (mut early, early_state) = app.begun("").await;
    ahead.store(590, Ordering::SeqCst);
    early.get(&format!("/callback?code=CODE1&state={early_state}")).await;
    let mut findings: Vec<_> = accepted("before ten minutes", app.outcomes().pop()).into_iter().collect();
    ahead.store(601, Ordering::SeqCst);
    browser.get(&format!("/callback?code=CODE1&state={state}")).await;
    findings.extend(refused("after ten minutes", app.outcomes().pop(), &["Expired"]));
    if server.count() != 1 {
        findings.push(format!("sent {} requests", server.count()));
    }
    Ok(findings)
}

/// An attacker's own callback in the victim's browser (RFC 6749 §10.12), and the victim's in the attacker's.
pub(super) async fn other_browser(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let app = world.app(&server).await?;
    let (_, of_attacker) = app.begun("").await;
    let (mut victim, _) = app.begun("").await;
    victim.get(&format!("/callback?code=CODE-OF-ATTACKER&state={of_attacker}")).await;
    let mut findings = Vec::new();
    findings.extend(refused("a browser that began another sign-in", app.outcomes().pop(), &["State"]));
    let mut without = super::browser::Browser::new(app.port);
    without.get(&format!("/callback?code=CODE-OF-ATTACKER&state={of_attacker}")).await;
    findings.extend(refused("a browser that began none", app.outcomes().pop(), &["State"]));
    findings.extend(of_another_user(world).await?);
    if server.count() > 0 {
        findings.push(format!("sent {} requests", server.count()));
    }
    Ok(findings)
}

/// The same with the state kept on the server: what was stored for one user is nothing for another.
async fn of_another_user(world: &World<'_>) -> Findings {
    let flow = world.flow(&world.good_server()?)?;
    let (url, pending) = flow.begin([]).into_parts();
    flow.store_pending("mallory", pending).await.map_err(|error| error.to_string())?;
    let query = format!("code=C&state={}", parameter(&url, "state").unwrap_or_default());
    let taken = flow.take_pending("ada", &query).await;
    Ok(match taken {
        Err(Error::Callback(_)) => Vec::new(),
        Err(error) => vec![error.to_string()],
        Ok(_) => vec!["a user took what was stored for another".to_owned()],
    })
}

/// A state of one provider at another's callback (RFC 9700 §4.4).
pub(super) async fn mixup(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let app = world.app(&server).await?;
    let (mut browser, state) = app.begun("").await;
    browser.get(&format!("/other/callback?code=CODE1&state={state}")).await;
    let mut findings: Vec<_> =
        refused("at the other provider's callback", app.outcomes().pop(), &["ProviderMismatch", "State"])
            .into_iter()
            .collect();
    // The cookie is named after its provider, and a browser can be made to rename it.
    let renamed =
        browser.cookies.iter().map(|(name, value)| (name.replace("hostile", "other"), value.clone()));
    browser.cookies = renamed.collect();
    browser.get(&format!("/other/callback?code=CODE1&state={state}")).await;
    findings.extend(refused("with a renamed cookie", app.outcomes().pop(), &["ProviderMismatch", "State"]));
    if server.count() > 0 {
        findings.push(format!("sent {} requests", server.count()));
    }
    Ok(findings)
}

/// A hundred callbacks at once at four instances of an application that share a state store.
pub(super) async fn concurrent(world: &World<'_>) -> Findings {
    let server =
        world.server(|_, _| [vec![Action::Sleep(Duration::from_millis(50))], json(200, GOOD)].concat())?;
    let states = MemoryStateStore::new();
    let mut apps = Vec::new();
    for _ in 0..4 {
        apps.push(App::start(world.flow(&server)?.state_store(states.clone()), server.port()).await?);
    }
    let (browser, state) = apps[0].begun("").await;
    let mut callbacks = tokio::task::JoinSet::new();
    for number in 0..100 {
        let mut browser = browser.at(apps[number % apps.len()].port);
        let target = format!("/callback?code=CODE1&state={state}");
        callbacks.spawn(async move { browser.get(&target).await.status });
    }
    while callbacks.join_next().await.is_some() {}
    let outcomes: Vec<_> = apps.iter().flat_map(App::outcomes).collect();
    let signed_in = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let mut findings = Vec::new();
    if (outcomes.len(), signed_in, server.count()) != (100, 1, 1) {
        let (all, requests) = (outcomes.len(), server.count());
        findings.push(format!("{all} callbacks, {signed_in} sign-ins, {requests} requests"));
    }
    Ok(findings)
}

/// Two sign-ins at once in one browser.
pub(super) async fn two_tabs(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let app = world.app(&server).await?;
    let (mut browser, first) = app.begun("").await;
    let second = begin(&mut browser, "").await;
    let mut findings = Vec::new();
    for (what, state) in [("the first tab", first), ("the second tab", second)] {
        browser.get(&format!("/callback?code=CODE1&state={state}")).await;
        findings.extend(accepted(what, app.outcomes().pop()));
    }
    Ok(findings)
}

/// Sign-ins that are begun and never finished: the store has a limit, and an honest user still gets in.
pub(super) async fn flood(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let states = MemoryStateStore::new();
    let flow = world.flow(&server)?.state_store(states.clone());
    let text = |error: Error| error.to_string();
    for number in 0..world.share_of(100_000) {
        let (_, pending) = flow.begin([]).into_parts();
        flow.store_pending(&format!("bot-{number}"), pending).await.map_err(text)?;
    }
    let mut findings = Vec::new();
    if states.len() > 10_000 {
        findings.push(format!("{} pending sign-ins are kept", states.len()));
    }
    let (url, pending) = flow.begin([]).into_parts();
    flow.store_pending("ada", pending).await.map_err(text)?;
    let query = format!("code=CODE1&state={}", parameter(&url, "state").unwrap_or_default());
    let callback = flow.take_pending("ada", &query).await.map_err(text)?;
    if let Err(error) = flow.finish(callback).await {
        findings.push(format!("an honest user does not get in: {error}"));
    }
    Ok(findings)
}
