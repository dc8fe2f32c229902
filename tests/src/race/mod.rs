//! Races for tokens among processes, at a provider that forgives nothing.
//!
//! `cargo run --release -p oauth-tests --bin race -- --store postgres --processes 8 --tasks 200 --expiries 100` starts a strict
//! provider, workers that are processes of their own, and a throwaway database where none is given, and prints its
//! counts as plain lines. It exits with 1 if a rule was broken, and with 2 if it could not play.
//!
//! - [`options`] the flags, [`scenario`] what can be played.
//! - [`crew`] the worker processes as the parent sees them, [`worker`] such a process, [`message`] what they say.
//! - [`watch`] a store and a transport that count, and that stop at a named point.
//! - [`ledger`] the counts, and which rules were broken.

pub mod crew;
pub mod definition;
pub mod ledger;
pub mod message;
pub mod options;
pub mod scenario;
pub mod service;
pub mod store;
pub mod watch;
pub mod worker;
pub mod world;

use std::process::ExitCode;

/// The program, for every program that plays races: what it is started with after its own name.
pub fn main(arguments: Vec<String>) -> ExitCode {
    match run(arguments) {
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
        [first, plan] if first == WORKER => runtime.block_on(worker::run(plan)).map(|()| true),
        _ => runtime.block_on(scenario::play(options::Options::parse(arguments.into_iter())?)),
    }
}

/// The argument that makes a process a worker.
pub const WORKER: &str = "worker";

/// What keeps a race from being played.
pub type Problem = Box<dyn std::error::Error + Send + Sync>;
