//! A process is killed (SIGKILL) at each point of a rotation, and another one goes on with what is stored.

use crate::race::{
    Problem,
    crew::Process,
    ledger::{Ledger, milliseconds},
    message::{Command, OK, OUTCOME_UNKNOWN, Report},
    watch::Point,
    world::{EXPIRY, World},
};
use oauth_test_provider::GrantHistory;
use std::{
    ops::AddAssign,
    time::{Duration, Instant},
};

/// Providers that forgive a second use do so for about this long.
const GRACE: Duration = Duration::from_secs(120);

/// What must come of a crash, for each owner.
struct Expected {
    outcome: &'static str,
    requests: usize,
    reuses: usize,
    replays: usize,
}

/// What came of the crashes at one point.
#[derive(Default)]
struct Tally {
    recovered: usize,
    unknown: usize,
    other: usize,
    wrong: usize,
    longest: Duration,
}

pub(super) async fn play(world: &World, ledger: &mut Ledger) -> Result<(), Problem> {
    for forgives in [false, true] {
        world.test.grace(if forgives { GRACE } else { Duration::ZERO });
        ledger.line("the provider forgives a replay", forgives);
        for point in Point::ALL {
            let tally = one(world, point, forgives).await?;
            let Tally { recovered, unknown, other, wrong, longest } = tally;
            ledger.line(
                &format!("  killed at {point:?}"),
                format!(
                    "{recovered} go on, {unknown} outcome unknown, {other} other, {wrong} not as they must, \
                     within {}",
                    milliseconds(longest)
                ),
            );
            ledger.rule(wrong == 0 && other == 0, format!("{wrong} of the crashes at {point:?}"));
        }
    }
    Ok(())
}

fn expected(point: Point, forgives: bool) -> Expected {
    let lost_answer = matches!(point, Point::CarriedOut | Point::Answered | Point::BeforeCommit);
    match (lost_answer, forgives) {
        (false, _) => Expected { outcome: OK, requests: 1, reuses: 0, replays: 0 },
        (true, true) => Expected { outcome: OK, requests: 2, reuses: 0, replays: 1 },
        (true, false) => Expected { outcome: OUTCOME_UNKNOWN, requests: 2, reuses: 1, replays: 0 },
    }
}

async fn one(world: &World, point: Point, forgives: bool) -> Result<Tally, Problem> {
    let (mut tally, expected) = (Tally::default(), expected(point, forgives));
    let mut left = world.options.rounds;
    while left > 0 {
        let count = left.min(world.options.parallel.max(1));
        left -= count;
        tally += batch(world, point, &expected, count).await?;
    }
    Ok(tally)
}

/// A process for each owner, all killed at the same point, and then one that goes on for all.
async fn batch(world: &World, point: Point, expected: &Expected, count: usize) -> Result<Tally, Problem> {
    let (first, sent) = (world.test.grants().len(), world.test.refreshes());
    let owners = world.owners(&format!("grant-{first}"), count).await?;
    let never = Duration::from_secs(3600);
    world.test.hesitate(if point == Point::Sent { never } else { Duration::ZERO });
    world.test.slow(if point == Point::CarriedOut { never } else { Duration::ZERO });
    let mut crew = Process::crew(&world.plan, count).await?;
    for (process, owner) in crew.iter_mut().zip(&owners) {
        process.send(&Command::round(owner, EXPIRY, 1, Some(point)))?;
    }
    for process in &mut crew {
        process.at(point).await?;
    }
    match point {
        Point::Sent => world.arrived(sent, count).await?,
        Point::CarriedOut => world.carried_out(first, count).await?,
        _ => {}
    }
    for process in &mut crew {
        process.kill()?;
    }
    world.test.hesitate(Duration::ZERO);
    world.test.slow(Duration::ZERO);
    go_on(world, &owners, expected, first).await
}

/// After a restart: each owner's outcome, twice, since what cannot be mended must not be tried without end.
async fn go_on(
    world: &World,
    owners: &[String],
    expected: &Expected,
    first: usize,
) -> Result<Tally, Problem> {
    let mut process = Process::start(&world.plan).await?;
    let mut tally = Tally::default();
    let command = Command::Round { ahead: EXPIRY, owners: owners.to_vec(), tasks: 1, halt: None };
    let start = Instant::now();
    process.send(&command)?;
    let report = process.done().await?;
    tally.longest = start.elapsed();
    process.send(&command)?;
    let again = process.done().await?;
    let count = |report: &Report, outcome| report.outcomes.get(outcome).copied().unwrap_or_default();
    tally.recovered = count(&report, OK);
    tally.unknown = count(&report, OUTCOME_UNKNOWN);
    tally.other = owners.len() - tally.recovered - tally.unknown;
    for outcome in report.outcomes.keys().filter(|outcome| *outcome != OK && *outcome != OUTCOME_UNKNOWN) {
        eprintln!("other: {outcome}");
    }
    let as_it_must = |grant: &&GrantHistory| {
        (grant.refreshes, grant.reuses, grant.replays)
            == (expected.requests, expected.reuses, expected.replays)
    };
    let good = world.test.grants()[first..].iter().filter(as_it_must).count();
    let outcomes = count(&report, expected.outcome).min(count(&again, expected.outcome));
    tally.wrong = owners.len() - good.min(outcomes);
    Ok(tally)
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.recovered += other.recovered;
        self.unknown += other.unknown;
        self.other += other.other;
        self.wrong += other.wrong;
        self.longest = self.longest.max(other.longest);
    }
}
