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

const USAGE: &str = "usage: oauth-bench [--json] [--short] [--rounds N] [WORK..]

  --json      a line for each contestant
  --short     a few rounds and small memory figures: seconds, for CI
  --rounds N  how many rounds; 201, or 5 with --short
  WORK        url-given, url-fresh, parse, exchange, token, login, memory..; all, unless named";

/// What was asked for.
#[derive(Default)]
struct Options {
    is_json: bool,
    is_short: bool,
    rounds: Option<usize>,
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
                "--rounds" => options.rounds = Some(arguments.next()?.parse().ok()?),
                flag if flag.starts_with('-') => return None,
                work => options.works.push(work.to_owned()),
            }
        }
        Some(options)
    }

    fn wants(&self, work: &str) -> bool {
        self.works.is_empty() || self.works.iter().any(|wanted| work.starts_with(wanted.as_str()))
    }
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
        cases.extend(login::cases());
    }
    let rounds = Rounds::new(options.is_short, options.rounds);
    let report = Report::new(options.is_json);
    report.begin(&rounds);
    for work in Work::ALL.into_iter().filter(|work| options.wants(work.name())) {
        let field: Vec<&Case> = cases.iter().filter(|case| case.work == work).collect();
        field.iter().for_each(|case| check::check(case));
        report.work(work, &field, &rounds.run(&field));
    }
    if options.wants("memory") {
        report.memory(&memory::figures(&runtime, options.is_short));
    }
    report.end();
    ExitCode::SUCCESS
}
