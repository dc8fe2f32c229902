//! Quirks of providers, each as a definition, and the proof that each key of them is noticed.

mod case;
mod exempt;
mod journey;
mod lines;
mod probe;

pub use case::{CASES, Case, Outcome, Removal};
pub use exempt::{ADDRESSES, DOCUMENTATION, METADATA};
pub use journey::journey;
pub use probe::error;

oauth_runtime::providers!();
