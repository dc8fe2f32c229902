//! Refreshes among processes that share a store: races, which this program plays by starting itself again.

use super::{Findings, World};
use std::{
    env::{self, consts::EXE_SUFFIX},
    path::PathBuf,
    process::Command,
};

/// Many callers in many processes, and one request.
pub(super) fn multi_process(world: &World<'_>) -> Findings {
    let (processes, tasks) = (world.number("processes", 8), world.share_of(world.number("tasks", 200)));
    // The answer takes as long as a claim lasts, so that a claim which nobody renews would be lost.
    let lease = world.delay("delay_ms", 2000).as_millis();
    race(&format!("--processes {processes} --tasks {tasks} --expiries 1 --lease {lease} --answer-takes 1"))
}

/// An answer that takes three leases, and a holder that is stopped for as long.
pub(super) fn lease_expiry(world: &World<'_>) -> Findings {
    let tasks = world.share_of(200);
    let slow = race(&format!("--processes 3 --tasks {tasks} --expiries 1 --answer-takes 3"))?;
    let stopped = race(&format!("--scenario stop --processes 3 --tasks {tasks} --rounds 1"))?;
    Ok([slow, stopped].concat())
}

/// A process is killed at each of twelve points, before a provider that forgives a second use and one that does not.
pub(super) fn crash_points(_: &World<'_>) -> Findings {
    race("--scenario crash --rounds 1 --lease 250")
}

/// Plays a race on a file of SQLite, and on each server that the environment names: the rules that were broken.
fn race(flags: &str) -> Findings {
    let servers = [("postgres", "OAUTH_TEST_POSTGRES_URL"), ("redis", "OAUTH_TEST_REDIS_URL")];
    let named = servers.into_iter().filter(|(_, variable)| env::var_os(variable).is_some());
    let mut findings = Vec::new();
    for store in ["sqlite"].into_iter().chain(named.map(|(store, _)| store)) {
        findings.extend(one(store, flags)?);
    }
    Ok(findings)
}

fn one(store: &str, flags: &str) -> Findings {
    let flags = format!("race --store {store} {flags}");
    // The row has this thread for itself.
    let output = Command::new(program()?).args(flags.split_whitespace()).output();
    let output = output.map_err(|error| error.to_string())?;
    let counts = String::from_utf8_lossy(&output.stdout);
    let broken = counts.lines().filter_map(|line| line.strip_prefix("BROKEN: "));
    let broken: Vec<_> = broken.map(|rule| format!("{store}: {rule}")).collect();
    if output.status.success() || !broken.is_empty() {
        return Ok(broken);
    }
    Err(format!("{flags}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The program that plays catalogues: this one, or the one that was built beside this test.
fn program() -> Result<PathBuf, String> {
    let this = env::current_exe().map_err(|error| error.to_string())?;
    // A test stands in a folder `deps` of the folder where programs are.
    Ok(match this.parent() {
        Some(folder) if folder.ends_with("deps") => folder.with_file_name(format!("hostile{EXE_SUFFIX}")),
        _ => this,
    })
}
