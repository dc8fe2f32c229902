//! Tries mutated token answers in process: `cargo run --release -p oauth-tests --bin mutations -- 1000000 [SEED]`.
//!
//! It exits with 1 if our client panicked, took what a strict reader refuses, or read something else than it.

use oauth_tests::hostile::mutation;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let number = |index: usize, usual: u64| env::args().nth(index).map_or(Ok(usual), |text| text.parse());
    let (Ok(count), Ok(seed)) = (number(1, 1_000_000), number(2, 1)) else {
        eprintln!("how many, and from which seed? two numbers");
        return ExitCode::from(2);
    };
    match mutation::run(count, seed) {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::from(u8::from(summary.faults > 0))
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}
