//! The example, small: several processes, one database, and no refresh token that is sent twice.

use std::process::Command;

/// Runs the example for four seconds, in which access tokens lapse at least once: what it printed.
fn run(store: Option<&str>) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saas"));
    command.env_remove("OAUTH_TEST_POSTGRES_URL").args([
        "--users",
        "3",
        "--processes",
        "3",
        "--seconds",
        "4",
    ]);
    if let Some(store) = store {
        command.args(["--store", store]);
    }
    let output = command.output().expect("the example runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// The number before `what`, of each line that has one.
fn numbers(text: &str, what: &str) -> Vec<usize> {
    let before = text.lines().filter_map(|line| line.split_once(what)).map(|(before, _)| before);
    before.filter_map(|before| before.rsplit(' ').next()?.parse().ok()).collect()
}

fn assert_well(text: &str) {
    let calls = numbers(text, " API calls");
    assert_eq!(calls.len(), 3, "{text}");
    assert!(calls.iter().all(|calls| *calls > 0), "{text}");
    assert_eq!(numbers(text, " calls in vain"), [0, 0, 0], "{text}");
    // Each of the nine connections lapsed, and was refreshed by one of the processes: no request was for nothing.
    let refreshes: usize = numbers(text, " refreshes,").iter().sum();
    assert!(refreshes >= 9, "{text}");
    assert!(text.contains(&format!("refreshes: {refreshes}\nreuses: 0\nlost: 0\n")), "{text}");
}

#[test]
fn processes_that_share_a_file_refresh_each_connection_once_an_expiry_and_lose_none() {
    let text = run(None);
    assert!(text.contains("over a file of SQLite\n"), "{text}");
    assert_well(&text);
}

#[test]
#[ignore = "needs PostgreSQL: tests/services/with postgres"]
fn processes_that_share_postgresql_refresh_each_connection_once_an_expiry_and_lose_none() {
    let url = std::env::var("OAUTH_TEST_POSTGRES_URL").expect("`tests/services/with postgres` sets it");
    let text = run(Some(&url));
    assert!(text.contains("over PostgreSQL\n"), "{text}");
    assert_well(&text);
}

#[test]
fn a_flag_that_is_mistyped_is_said() {
    let output = Command::new(env!("CARGO_BIN_EXE_saas")).args(["--user", "3"]).output().expect("it runs");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("--users"), "{output:?}");
}
