//! [`Rounds`]: every contestant once in a round, so that they share the machine's moods.

use crate::case::{Case, Work};
use std::time::{Duration, Instant};

/// How the measuring goes.
pub struct Rounds {
    pub count: usize,
    slice: Duration,
}

/// After this long no round of a work begins any more, so that a busy machine makes the figures worse and not the wait endless.
const PATIENCE: Duration = Duration::from_secs(40);

/// Fewer rounds say nothing.
const FEWEST: usize = 5;

/// What came out for one contestant.
pub struct Figures {
    pub median_ns: f64,
    pub fastest_ns: f64,
    /// The median of the rounds' ratios to the floor; `None` where there is no floor.
    pub ratio: Option<f64>,
    pub allocations: Option<f64>,
}

impl Rounds {
    pub fn new(is_short: bool, count: Option<usize>) -> Self {
        let (usual, slice) = if is_short { (5, 2) } else { (201, 4) };
        Self { count: count.unwrap_or(usual).max(1), slice: Duration::from_millis(slice) }
    }

    /// Measures all contestants of one work.
    pub fn run(&self, field: &[&Case]) -> Vec<Figures> {
        let sizes: Vec<u64> = field.iter().map(|case| self.size(case)).collect();
        let mut times = vec![Vec::with_capacity(self.count); field.len()];
        let start = Instant::now();
        for round in 0..self.count {
            if round >= FEWEST && start.elapsed() > PATIENCE {
                break;
            }
            // Each round begins with another one, so that nobody always follows the same.
            for turn in 0..field.len() {
                let at = (turn + round) % field.len();
                times[at].push(per_call(field[at], sizes[at]));
            }
        }
        (0..field.len()).map(|at| figures(field, &times, at)).collect()
    }

    /// How many calls fill a slice. A login is many requests, so its slice is longer.
    fn size(&self, case: &Case) -> u64 {
        let slice = if case.work == Work::Login { self.slice * 4 } else { self.slice };
        let mut size = 1;
        loop {
            let start = Instant::now();
            let time = case.runner.time(size);
            // A thread's clock may stand still for a while; the wall's does not.
            if time > slice / 2 || start.elapsed() > slice * 50 {
                let time = time.max(slice / 100);
                let filling = size as f64 * slice.as_secs_f64() / time.as_secs_f64();
                return (filling as u64).max(1);
            }
            size *= 2;
        }
    }
}

fn per_call(case: &Case, size: u64) -> f64 {
    case.runner.time(size).as_secs_f64() * 1e9 / size as f64
}

fn figures(field: &[&Case], times: &[Vec<f64>], at: usize) -> Figures {
    let floor = field.iter().position(|case| case.contestant == field[at].floor);
    let ratios =
        floor.map(|floor| times[at].iter().zip(&times[floor]).map(|(own, floor)| own / floor).collect());
    Figures {
        median_ns: median(times[at].clone()),
        fastest_ns: times[at].iter().copied().fold(f64::INFINITY, f64::min),
        ratio: ratios.map(median),
        allocations: field[at].runner.allocations(),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
