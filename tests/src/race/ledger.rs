//! [`Ledger`]: what was counted, and which rules were broken.

use std::{fmt::Display, time::Duration};

/// The counts of a race, printed as they come, and its broken rules.
#[derive(Debug, Default)]
pub struct Ledger {
    broken: usize,
}

impl Ledger {
    /// Prints a count.
    pub fn line(&self, name: &str, value: impl Display) {
        println!("{name}: {value}");
    }

    /// Prints that a rule is broken, unless it `holds`.
    pub fn rule(&mut self, holds: bool, rule: impl Display) {
        if !holds {
            self.broken += 1;
            println!("BROKEN: {rule}");
        }
    }

    /// Whether every rule held.
    pub fn is_clean(&self) -> bool {
        self.broken == 0
    }
}

/// The `percent`th percentile of times in microseconds, in milliseconds for people.
pub fn percentile(micros: &mut [u32], percent: usize) -> String {
    milliseconds(percentile_of(micros, percent))
}

/// The `percent`th percentile of times in microseconds.
pub fn percentile_of(micros: &mut [u32], percent: usize) -> Duration {
    micros.sort_unstable();
    let place = (micros.len() * percent / 100).min(micros.len().saturating_sub(1));
    Duration::from_micros(micros.get(place).copied().unwrap_or_default().into())
}

/// A time for people.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// A time for a list of many.
pub fn micros(time: Duration) -> u32 {
    u32::try_from(time.as_micros()).unwrap_or(u32::MAX)
}
