//! Plays a catalogue of hostile behaviours against our client: `cargo run --release -p oauth-tests --bin hostile -- FILE.jsonl`.
//!
//! Prints a line for each row that falls short, then the rows about parts that do not exist yet, and last `passed X of Y`.
//! It exits with 1 if any row fell short, and with 2 if the file cannot be played at all. For rows about several processes
//! it starts itself again, as `hostile race ..`, which is the program `race`.

use oauth_tests::{
    hostile::{Pace, ours::Ours, play, row},
    race,
};
use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("race") => race::main(arguments[1..].to_vec()),
        Some(race::WORKER) => race::main(arguments),
        file => catalogue(file),
    }
}

fn catalogue(file: Option<&str>) -> ExitCode {
    let file = file.ok_or_else(|| "which catalogue? give a file of JSON lines".to_owned());
    let rows = file.and_then(|file| {
        let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        row::parse(&text).map_err(|problem| format!("{file}, {problem}"))
    });
    match rows.and_then(|rows| play(&rows, &Ours, Pace::REAL)) {
        Ok(report) => {
            println!("{report}");
            ExitCode::from(u8::from(report.short().next().is_some()))
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}
