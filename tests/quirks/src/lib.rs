//! Quirks of providers, each as a definition, and the proof that each key of them is noticed.

#[allow(clippy::unreadable_literal, reason = "the tables are written by the compiler")]
mod case;
mod client;
mod exempt;
mod hooks;
mod journey;
mod lines;
mod probe;
mod taken;

pub use case::{CASES, Case, Outcome, Removal};
pub use exempt::{exempt, is_exempt};
pub use journey::journey;
pub use probe::error;
pub use taken::TAKEN;

oauth_runtime::providers!();
