//! Tests that need several crates of the workspace. They stand in `tests`, a target each.

pub mod fuzz;
pub mod hostile;
pub mod race;
pub mod rules;

/// The README, whose every snippet is compiled, and run where it can be.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The page of the definition language, likewise.
#[cfg(doctest)]
#[doc = include_str!("../../docs/definitions.md")]
pub struct Definitions;
