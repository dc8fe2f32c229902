//! What every store of this crate measures in the same way: rows, times and claims.

use std::time::Duration;

/// How many pending authorizations and marks are kept at the most, unless told otherwise.
pub(crate) const CAPACITY: u32 = 100_000;

/// Milliseconds for a statement or a script.
///
/// A time that is as good as endless is a hundred years: every database can add that to its clock, and every number of theirs holds it.
pub(crate) fn milliseconds(time: Duration) -> u64 {
    const LONGEST: u64 = 100 * 365 * 86_400_000;
    u64::try_from(time.as_millis()).unwrap_or(LONGEST).min(LONGEST)
}

/// A number that tells a claim from every other one, of whatever process.
pub(crate) fn holder() -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    u64::from_le_bytes(bytes)
}
