//! [`Report`]: which rules a store breaks.

use oauth_runtime::BoxError;
use std::{fmt, future::Future, time::Duration};

/// How long a rule may take: a store that lets somebody wait for ever breaks it.
const LIMIT: Duration = Duration::from_secs(30);

/// Which rules of the contract a store breaks.
#[derive(Debug, Default)]
#[must_use = "a report that nobody reads finds nothing"]
pub struct Report {
    rules: usize,
    violations: Vec<Violation>,
}

/// A rule that a store breaks.
#[derive(Debug)]
pub struct Violation {
    /// The rule, as a sentence.
    pub rule: &'static str,
    /// What the store did instead.
    pub found: String,
}

/// What a rule comes to: `Err` with what the store did instead.
pub(super) type Finding = Result<(), BoxError>;

impl Report {
    /// The rules that the store breaks; none if it is right.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// How many rules were tried.
    pub fn rules(&self) -> usize {
        self.rules
    }

    /// For a test: panics with every rule that is broken.
    ///
    /// # Panics
    /// If one is.
    pub fn assert(&self) {
        assert!(self.violations.is_empty(), "{self}");
    }

    pub(super) async fn rule(&mut self, rule: &'static str, trial: impl Future<Output = Finding>) {
        self.rules += 1;
        let found = match tokio::time::timeout(LIMIT, trial).await {
            Ok(Ok(())) => return,
            Ok(Err(found)) => found.to_string(),
            Err(_) => format!("nothing within {} s", LIMIT.as_secs()),
        };
        self.violations.push(Violation { rule, found });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} rules are broken", self.violations.len(), self.rules)?;
        for violation in &self.violations {
            write!(f, "\n- {}: {}", violation.rule, violation.found)?;
        }
        Ok(())
    }
}

/// `Err` with `found` unless `holds`.
pub(super) fn expect(holds: bool, found: impl fmt::Display) -> Finding {
    if holds { Ok(()) } else { Err(found.to_string().into()) }
}
