//! What the parent and its workers say to each other: one JSON object a line.

use super::{store::Place, watch::Point};
use oauth_runtime::{Error, LoginRequired};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// What a worker is told when it starts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// Where the store is.
    pub place: Place,
    /// Where the provider is.
    pub origin: String,
    /// How long a claim lasts.
    pub lease: Duration,
    /// Whether the store is wrapped in encryption.
    pub encrypted: bool,
    /// Whether the store plays one without claims.
    pub without_claims: bool,
}

/// What a worker is asked to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Command {
    /// Move the clock this many seconds ahead of the real one, then ask for an access token, `tasks` times for each owner.
    Round {
        /// How far the clock is ahead.
        ahead: u64,
        /// Whose tokens.
        owners: Vec<String>,
        /// How many callers for each.
        tasks: usize,
        /// Where to say [`Reply::At`] and to wait for [`Command::Go`].
        halt: Option<Point>,
    },
    /// Go on from where it waits.
    Go,
    /// Finish a sign-in, `tasks` times at once.
    Callbacks {
        /// Who is signed in at the application.
        user: String,
        /// What came back in the query.
        query: String,
        /// The text of a cookie; without one, what is pending is taken from the store.
        cookie: Option<String>,
        /// How many times.
        tasks: usize,
    },
}

impl Command {
    /// A round for one owner's grant.
    pub fn round(owner: &str, ahead: u64, tasks: usize, halt: Option<Point>) -> Self {
        Self::Round { ahead, owners: vec![owner.to_owned()], tasks, halt }
    }
}

/// What a worker answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Reply {
    /// It is ready for commands.
    Ready,
    /// It waits at this point.
    At(Point),
    /// A command is done.
    Done(Report),
}

/// What came of a command.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Report {
    /// How often each outcome came, by its name.
    pub outcomes: BTreeMap<String, usize>,
    /// Hashes of the access tokens that each owner's callers got.
    pub tokens: BTreeMap<String, BTreeSet<u64>>,
    /// How many microseconds each caller waited.
    pub micros: Vec<u32>,
    /// How often a grant was read from the store.
    pub loads: usize,
    /// How often a claim was asked for that another one had.
    pub waits: usize,
    /// How often a holder was told that its claim does not count any more, when it was about to send.
    pub refused_before_sending: usize,
    /// The same, when it was about to save.
    pub refused_at_commit: usize,
    /// Microseconds from each answer of the provider until it was saved.
    pub unsaved: Vec<u32>,
}

/// The name of a good outcome.
pub const OK: &str = "ok";
/// The name of [`LoginRequired::OutcomeUnknown`].
pub const OUTCOME_UNKNOWN: &str = "outcome unknown";

/// What an error is called in counts.
pub fn name(error: &Error) -> String {
    match error {
        Error::LoginRequired(LoginRequired::OutcomeUnknown) => OUTCOME_UNKNOWN.to_owned(),
        Error::LoginRequired(LoginRequired::GrantDead { code, .. }) => format!("grant dead ({code})"),
        Error::Postponed { reason, .. } => format!("postponed ({reason})"),
        Error::Store(error) => format!("store failed: {error}"),
        error => error.to_string(),
    }
}

impl Report {
    /// Adds another one.
    pub fn add(&mut self, other: Self) {
        for (outcome, count) in other.outcomes {
            *self.outcomes.entry(outcome).or_default() += count;
        }
        for (owner, tokens) in other.tokens {
            self.tokens.entry(owner).or_default().extend(tokens);
        }
        self.micros.extend(other.micros);
        self.unsaved.extend(other.unsaved);
        self.loads += other.loads;
        self.waits += other.waits;
        self.refused_before_sending += other.refused_before_sending;
        self.refused_at_commit += other.refused_at_commit;
    }

    /// How many callers were served.
    pub fn served(&self) -> usize {
        self.outcomes.get(OK).copied().unwrap_or_default()
    }

    /// How many callers were not.
    pub fn failed(&self) -> usize {
        self.outcomes.values().sum::<usize>() - self.served()
    }
}
