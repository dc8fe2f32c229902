//! Races for tokens among processes: `cargo run --release -p oauth-tests --bin race -- --store sqlite --processes 8`.
//!
//! Prints its counts as plain lines, and `BROKEN:` with each rule that was. It exits with 1 if one was, and with 2 if it
//! could not play. [`oauth_tests::race`] says what it plays.

use oauth_tests::race::{Problem, options::Options, scenario, worker};
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    match run(env::args().skip(1).collect()) {
        Ok(clean) => ExitCode::from(u8::from(!clean)),
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Vec<String>) -> Result<bool, Problem> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match &arguments[..] {
        // What a worker process is started with.
        [first, plan] if first == "worker" => runtime.block_on(worker::run(plan)).map(|()| true),
        _ => runtime.block_on(scenario::play(Options::parse(arguments.into_iter())?)),
    }
}
