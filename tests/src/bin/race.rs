//! Races for tokens among processes: `cargo run --release -p oauth-tests --bin race -- --store sqlite --processes 8`.
//!
//! Prints its counts as plain lines, and `BROKEN:` with each rule that was. It exits with 1 if one was, and with 2 if it
//! could not play. [`oauth_tests::race`] says what it plays.

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    oauth_tests::race::main(env::args().skip(1).collect())
}
