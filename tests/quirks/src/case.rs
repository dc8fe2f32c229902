//! [`CASES`]: every definition, whole and with each of its keys taken out.

use oauth_runtime::spec::{Example, Spec};

/// A definition.
#[derive(Debug)]
pub struct Case {
    /// The name of its file.
    pub file: &'static str,
    /// What it says.
    pub spec: &'static Spec,
    /// Its examples.
    pub examples: &'static [Example],
    /// What can be taken out of it.
    pub removals: &'static [Removal],
}

/// A key that is taken out of a definition.
#[derive(Debug)]
pub struct Removal {
    /// The key in the vocabulary: `errors.*.hint`.
    pub key: &'static str,
    /// Where it stands in the definition: `errors > bad_code > hint`.
    pub at: &'static str,
    /// What the compiler makes of the rest.
    pub outcome: Outcome,
}

/// What the compiler makes of a definition without one of its keys.
#[derive(Debug)]
pub enum Outcome {
    /// It does not compile: this is said.
    Refused(&'static str),
    /// Another provider.
    Compiled {
        /// What is left.
        spec: &'static Spec,
        /// The examples that are left.
        examples: &'static [Example],
        /// Whether a crate that uses the provider has other constants, functions, types or traits at hand.
        items_differ: bool,
    },
}

include!(concat!(env!("OUT_DIR"), "/cases.rs"));
