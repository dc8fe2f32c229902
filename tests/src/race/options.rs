//! [`Options`]: the flags of the program.

use super::{Problem, store::Kind};
use std::{str::FromStr, time::Duration};

/// What the flags are, for whoever mistypes one.
pub const USAGE: &str = "\
race [--scenario race|kill|stop|crash|cancel|callbacks|logins|hung|fresh] [--store memory|sqlite|postgres|redis] [--url URL]
     [--processes 8] [--tasks 200] [--expiries 100] [--grants 1] [--rounds 10] [--parallel 10] [--callers 10000]
     [--logins 1000000] [--lease MILLISECONDS] [--answer-takes LEASES] [--limit MILLISECONDS] [--encrypted]
     [--without-claims]";

/// What is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Play {
    /// All tasks of all processes meet an expired token, again and again.
    Race,
    /// The process that has the claim is killed.
    Kill,
    /// The process that has the claim is stopped for a while, and goes on.
    Stop,
    /// A process is killed at each point of a rotation, and another one goes on.
    Crash,
    /// Callers go away in the middle.
    Cancel,
    /// Many callbacks with one state.
    Callbacks,
    /// A flood of begun sign-ins.
    Logins,
    /// One provider hangs, another one does not.
    Hung,
    /// Calls with an access token that has not lapsed.
    Fresh,
}

/// The flags.
#[derive(Debug, Clone)]
pub struct Options {
    /// What is played.
    pub play: Play,
    /// In which store.
    pub store: Kind,
    /// Where that is; a throwaway one if it is not said.
    pub url: Option<String>,
    /// How many processes; eight, or this one alone for a store in memory, if it is not said.
    pub processes: Option<usize>,
    /// How many callers in each of them.
    pub tasks: usize,
    /// How often the token expires.
    pub expiries: usize,
    /// How many grants there are.
    pub grants: usize,
    /// How many rounds are played, of each kind.
    pub rounds: usize,
    /// How many rounds go on at once, where they can.
    pub parallel: usize,
    /// How many callers go away, or how many calls are measured.
    pub callers: usize,
    /// How many sign-ins are begun.
    pub logins: usize,
    /// How long a claim lasts.
    pub lease: Duration,
    /// How many leases the provider takes for an answer.
    pub answer_takes: u32,
    /// What the 99th percentile of calls may take beside a provider that hangs.
    pub limit: Duration,
    /// Whether the store is wrapped in encryption.
    pub encrypted: bool,
    /// Whether the store plays one that knows no claims: everybody may refresh, everybody may save.
    pub without_claims: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            play: Play::Race,
            store: Kind::Memory,
            url: None,
            processes: None,
            tasks: 200,
            expiries: 100,
            grants: 1,
            rounds: 10,
            parallel: 10,
            callers: 10_000,
            logins: 1_000_000,
            lease: Duration::from_millis(400),
            answer_takes: 0,
            limit: Duration::from_millis(5),
            encrypted: false,
            without_claims: false,
        }
    }
}

impl Options {
    /// Reads the flags.
    pub fn parse(mut flags: impl Iterator<Item = String>) -> Result<Self, Problem> {
        let mut options = Self::default();
        while let Some(flag) = flags.next() {
            options.set(&flag, &mut flags)?;
        }
        Ok(options)
    }

    /// How many processes play.
    pub fn processes(&self) -> Result<usize, Problem> {
        match (self.store, self.processes) {
            (Kind::Memory, None | Some(0 | 1)) => Ok(0),
            (Kind::Memory, Some(_)) => {
                Err("a store in memory is one process's: leave `--processes` out".into())
            }
            (_, processes) => Ok(processes.unwrap_or(8)),
        }
    }

    fn set(&mut self, flag: &str, rest: &mut impl Iterator<Item = String>) -> Result<(), Problem> {
        match flag {
            "--encrypted" => self.encrypted = true,
            "--without-claims" => self.without_claims = true,
            "--scenario" => self.play = play(&value::<String>(flag, rest)?)?,
            "--store" => self.store = value::<String>(flag, rest)?.parse()?,
            "--url" => self.url = Some(value(flag, rest)?),
            "--processes" => self.processes = Some(value(flag, rest)?),
            "--tasks" => self.tasks = value(flag, rest)?,
            "--expiries" => self.expiries = value(flag, rest)?,
            "--grants" => self.grants = value(flag, rest)?,
            "--rounds" => self.rounds = value(flag, rest)?,
            "--parallel" => self.parallel = value(flag, rest)?,
            "--callers" => self.callers = value(flag, rest)?,
            "--logins" => self.logins = value(flag, rest)?,
            "--lease" => self.lease = Duration::from_millis(value(flag, rest)?),
            "--limit" => self.limit = Duration::from_millis(value(flag, rest)?),
            "--answer-takes" => self.answer_takes = value(flag, rest)?,
            _ => return Err(format!("`{flag}` is no flag here\n{USAGE}").into()),
        }
        Ok(())
    }
}

fn value<T: FromStr>(flag: &str, rest: &mut impl Iterator<Item = String>) -> Result<T, Problem> {
    let value = rest.next().ok_or_else(|| format!("`{flag}` needs a value\n{USAGE}"))?;
    value.parse().map_err(|_| format!("`{flag} {value}` cannot be read\n{USAGE}").into())
}

fn play(name: &str) -> Result<Play, Problem> {
    Ok(match name {
        "race" => Play::Race,
        "kill" => Play::Kill,
        "stop" => Play::Stop,
        "crash" => Play::Crash,
        "cancel" => Play::Cancel,
        "callbacks" => Play::Callbacks,
        "logins" => Play::Logins,
        "hung" => Play::Hung,
        "fresh" => Play::Fresh,
        _ => return Err(format!("`{name}` is no scenario\n{USAGE}").into()),
    })
}
