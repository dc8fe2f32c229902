//! [`Report`]: the figures as a table, or a line of JSON each.

use crate::{
    case::{Case, Work},
    memory::Memory,
    rounds::{Figures, Rounds},
    server::{CONNECTIONS, REQUESTS},
};
use serde::Serialize;
use serde_json::json;
use std::sync::atomic::Ordering::Relaxed;

/// Prints.
pub struct Report {
    is_json: bool,
}

impl Report {
    pub fn new(is_json: bool) -> Self {
        Self { is_json }
    }

    pub fn begin(&self, rounds: &Rounds) {
        if !self.is_json {
            println!(
                "{} rounds, every contestant once in each; medians; ratios round by round",
                rounds.count
            );
        }
    }

    pub fn work(&self, work: Work, field: &[&Case], figures: &[Figures]) {
        if !self.is_json {
            println!(
                "\n{:<30}{:>11}{:>11}{:>8}{:>9}  {}",
                work.name(),
                "median",
                "fastest",
                "ratio",
                "allocs",
                work.title()
            );
        }
        for (case, figures) in field.iter().zip(figures) {
            if self.is_json {
                line(work, case, figures);
            } else {
                row(case, figures);
            }
        }
    }

    pub fn memory(&self, figures: &[Memory]) {
        if !self.is_json {
            println!("\n{:<38}{:>9}{:>9}{:>8}", "memory, bytes of one", "fields", "held", "ratio");
        }
        for Memory { what, contestant, fields, held, count } in figures {
            let ratio = held / fields;
            if self.is_json {
                println!(
                    "{}",
                    json!({"work": format!("memory-{what}"), "contestant": contestant, "fields": round(*fields), "held": round(*held), "ratio": hundredths(ratio), "count": count})
                );
            } else {
                println!(
                    "  {:<36}{fields:>9.0}{held:>9.0}{ratio:>7.2}x  of {count}",
                    format!("{what} {contestant}")
                );
            }
        }
    }

    pub fn end(&self) {
        if !self.is_json {
            let (requests, connections) = (REQUESTS.load(Relaxed), CONNECTIONS.load(Relaxed));
            println!("\nthe token endpoint saw {requests} requests over {connections} connections");
        }
    }
}

/// A line of `--json`.
#[derive(Serialize)]
struct Line {
    work: &'static str,
    contestant: &'static str,
    median_ns: f64,
    /// Against the floor on the same version of reqwest; none where nothing is compared.
    ratio: Option<f64>,
    /// None of a process of its own.
    allocations: Option<f64>,
}

fn line(work: Work, case: &Case, figures: &Figures) {
    let line = Line {
        work: work.name(),
        contestant: case.contestant,
        median_ns: round(figures.median_ns),
        ratio: figures.ratio.map(hundredths),
        allocations: figures.allocations.map(round),
    };
    println!("{}", serde_json::to_string(&line).expect("texts and numbers"));
}

fn row(case: &Case, figures: &Figures) {
    let ratio = figures.ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}x"));
    let stack = if figures.ratio.is_some() && case.floor != "floor" {
        format!("of {}; ", case.floor)
    } else {
        String::new()
    };
    println!(
        "  {:<28}{:>11}{:>11}{ratio:>8}{:>9}  {stack}{}",
        case.contestant,
        time(figures.median_ns),
        time(figures.fastest_ns),
        figures.allocations.map_or_else(|| "-".to_owned(), |count| round(count).to_string()),
        case.note
    );
}

fn time(ns: f64) -> String {
    match ns {
        ns if ns < 10_000.0 => format!("{ns:.0} ns"),
        ns => format!("{:.1} us", ns / 1e3),
    }
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
