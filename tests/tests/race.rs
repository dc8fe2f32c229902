//! Races for tokens among processes, with smaller numbers than the program's own.

use std::process::{Command, Output};

/// Plays a race in a debug build on a busy machine: what it counts is the same.
fn race(flags: &str) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_race")).args(flags.split_whitespace()).output();
    output.expect("the program runs")
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Plays a race in which every rule must hold: its counts.
fn clean(flags: &str) -> String {
    let output = race(flags);
    let text = text(&output);
    assert_eq!(output.status.code(), Some(0), "{flags}: {text}");
    text
}

/// What all stores that processes share must get through.
fn shared(store: &str) {
    let counts = clean(&format!("--store {store} --processes 4 --tasks 20 --expiries 10"));
    assert!(counts.contains("refresh requests: 10\n"), "{counts}");
    clean(&format!("--store {store} --processes 3 --tasks 5 --expiries 2 --answer-takes 3"));
    clean(&format!("--store {store} --scenario kill --processes 3 --tasks 5 --rounds 2"));
    clean(&format!("--store {store} --scenario stop --processes 3 --tasks 5 --rounds 2"));
    let counts = clean(&format!("--store {store} --scenario callbacks --processes 4 --rounds 6"));
    assert!(counts.contains("exchanges: 6\n"), "{counts}");
    clean(&format!("--store {store} --scenario crash --rounds 2 --parallel 2 --lease 250"));
    clean(&format!("--store {store} --scenario cancel --callers 1000"));
    clean(&format!("--store {store} --scenario logins --logins 2000"));
    clean(&format!("--store {store} --scenario fresh --callers 200"));
}

#[test]
fn one_file_of_sqlite_holds_every_rule_among_processes() {
    shared("sqlite");
}

#[test]
#[ignore = "needs PostgreSQL: starts one, or takes OAUTH_TEST_POSTGRES_URL"]
fn one_postgresql_holds_every_rule_among_processes() {
    shared("postgres");
}

#[test]
#[ignore = "needs Redis: starts one, or takes OAUTH_TEST_REDIS_URL"]
fn one_redis_holds_every_rule_among_processes() {
    shared("redis");
}

#[test]
fn the_store_in_memory_holds_every_rule_within_a_process() {
    clean("--store memory --expiries 10");
    clean("--store memory --expiries 10 --encrypted");
    clean("--store memory --scenario cancel --callers 1000");
    clean("--store memory --scenario callbacks --rounds 6");
    clean("--store memory --scenario fresh --callers 1000");
    let counts = clean("--store memory --scenario logins --logins 30000");
    assert!(counts.contains("marks kept: 10000 of at most 10000\n"), "{counts}");
}

#[test]
fn a_provider_that_hangs_slows_no_other_one() {
    // A call that waited for the one that hangs would take ten seconds.
    clean("--store memory --scenario hung --grants 100 --limit 1000");
}

#[test]
fn a_store_without_claims_is_found_out() {
    let output = race("--store sqlite --processes 4 --tasks 5 --expiries 3 --without-claims");
    let counts = text(&output);
    assert_eq!(output.status.code(), Some(1), "{counts}");
    assert!(counts.contains("BROKEN: 1 grants are lost"), "{counts}");
    assert!(!counts.contains("reuses: 0\n"), "{counts}");
}

#[test]
fn what_cannot_be_played_is_no_success() {
    for flags in ["--store paper", "--tasks many", "--store memory --processes 8", "--no-such-flag"] {
        let output = race(flags);
        assert_eq!(output.status.code(), Some(2), "{flags}: {}", text(&output));
    }
}
