//! Contestants side by side: what OAuth costs at run time. [README](../README.md) says how to read it.

mod alloc;
mod case;
mod check;
mod config;
mod contestants;
mod login;
mod memory;
mod report;
mod rounds;
mod server;

use crate::{
    case::{Case, Work},
    config::CONFIG,
    report::Report,
    rounds::Rounds,
};
use std::{process::ExitCode, rc::Rc};

#[global_allocator]
static ALLOCATOR: alloc::Counting = alloc::Counting;

const USAGE: &str =
    "usage: oauth-bench [--json] [--short] [--peers] [--rounds N] [--only CONTESTANT [--repeat N]] [WORK..]

  --json      a line of JSON for each contestant of the six works, or of those that are named
  --short     a few rounds and small memory figures: seconds, for CI
  --peers     at the login also openid-client, grant and Authlib, each in a process of its own
  --rounds N  how many rounds; 201, or 5 with --short
  --only C    of the contestants only C
  --repeat N  does the work N times and measures nothing: for callgrind
  WORK        url-given, url-fresh, parse, exchange, token, login; and, to read those by, parse-id-token, exchange-alone,
              token-two-threads, token-two-threads-one-owner, parts, memory; all, unless named";

/// What was asked for.
#[derive(Default)]
struct Options {
    is_json: bool,
    is_short: bool,
    with_peers: bool,
    rounds: Option<usize>,
    only: Option<String>,
    repeat: Option<u64>,
    works: Vec<String>,
}

impl Options {
    fn parse(arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--json" => options.is_json = true,
                "--short" => options.is_short = true,
                "--peers" => options.with_peers = true,
                "--rounds" => options.rounds = Some(arguments.next()?.parse().ok()?),
                "--only" => options.only = Some(arguments.next()?),
                "--repeat" => options.repeat = Some(arguments.next()?.parse().ok()?),
                flag if flag.starts_with('-') => return None,
                work if is_work(work) => options.works.push(work.to_owned()),
                _ => return None,
            }
        }
        Some(options)
    }

    fn wants(&self, work: &str) -> bool {
        let is_contest = || Work::CONTEST.into_iter().any(|of| of.name() == work);
        let by_default = self.works.is_empty() && (!self.is_json || is_contest());
        by_default || self.works.iter().any(|wanted| wanted == work)
    }
}

const MEMORY: &str = "memory";

fn is_work(name: &str) -> bool {
    name == MEMORY || Work::ALL.into_iter().any(|work| work.name() == name)
}

fn main() -> ExitCode {
    let Some(options) = Options::parse(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    server::start(CONFIG.answer().leak());
    let runtime = Rc::new(case::runtime());
    let mut cases = contestants::all(&runtime);
    if options.wants(Work::Login.name()) {
        cases.extend(login::cases(options.with_peers));
    }
    if let Some(only) = &options.only {
        cases.retain(|case| case.contestant == only);
    }
    if let Some(times) = options.repeat {
        for case in cases.iter().filter(|case| options.wants(case.work.name())) {
            case.runner.time(times);
        }
        return ExitCode::SUCCESS;
    }
    let rounds = Rounds::new(options.is_short, options.rounds);
    let report = Report::new(options.is_json);
    report.begin(&rounds);
    for work in Work::ALL.into_iter().filter(|work| options.wants(work.name())) {
        let field: Vec<&Case> = cases.iter().filter(|case| case.work == work).collect();
        field.iter().for_each(|case| check::check(case));
        report.work(work, &field, &rounds.run(&field));
    }
    if options.wants(MEMORY) {
        report.memory(&memory::figures(&runtime, options.is_short));
    }
    report.end();
    ExitCode::SUCCESS
}
