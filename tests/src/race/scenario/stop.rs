//! The process that has the claim is stopped (SIGSTOP), and goes on when others may have taken its place.

use crate::race::{
    Problem,
    crew::Process,
    ledger::Ledger,
    message::{Command, Report},
    watch::Point,
    world::{EXPIRY, World},
};
use oauth_runtime::Lease;
use std::time::Duration;

/// How one holder is stopped, and what must come of it.
struct Pause {
    when: &'static str,
    halt: Point,
    /// For how many leases.
    leases: u32,
    /// Requests in one round.
    requests: usize,
    /// Whether a refresh token is sent twice, to a provider that forgives it.
    forgiven: bool,
}

const PAUSES: [Pause; 3] = [
    Pause {
        when: "before it sends, for three leases",
        halt: Point::BeforeMark,
        leases: 3,
        requests: 1,
        forgiven: false,
    },
    Pause {
        when: "with the answer in its hands, for three leases",
        halt: Point::BeforeCommit,
        leases: 3,
        requests: 1,
        forgiven: false,
    },
    Pause {
        when: "with the answer in its hands, beyond all patience, and the provider forgives",
        halt: Point::BeforeCommit,
        leases: Lease::PATIENCE + 3,
        requests: 2,
        forgiven: true,
    },
];

pub(super) async fn play(world: &World, ledger: &mut Ledger) -> Result<(), Problem> {
    let mut crew = world.crew().await?;
    for (pause, number) in PAUSES.iter().zip(0..) {
        one(world, ledger, &mut crew, pause, number).await?;
    }
    Ok(())
}

async fn one(
    world: &World,
    ledger: &mut Ledger,
    crew: &mut [Process],
    pause: &Pause,
    number: u64,
) -> Result<(), Problem> {
    let rounds = world.options.rounds;
    let owners = world.owners(&format!("stopped-{number}"), rounds).await?;
    world.test.grace(if pause.forgiven { Duration::from_secs(30) } else { Duration::ZERO });
    let (sent, reused) = (world.test.refreshes(), world.test.reuses());
    let mut sum = Report::default();
    let begin = number * (rounds as u64 + 1);
    for (owner, round) in owners.iter().zip(begin + 1..) {
        sum.add(stop(world, crew, owner, round * EXPIRY, pause).await?);
    }
    let (requests, reuses) = (world.test.refreshes() - sent, world.test.reuses() - reused);
    let lost = world.lost(&owners, (begin + rounds as u64 + 1) * EXPIRY).await;
    let fenced =
        if pause.halt == Point::BeforeMark { sum.refused_before_sending } else { sum.refused_at_commit };
    ledger.line("a holder is stopped", pause.when);
    ledger.line("  rounds", rounds);
    ledger.line("  refresh requests", requests);
    ledger.line("  reuses", reuses);
    ledger.line("  lost", lost);
    ledger.line("  refused before it sends", sum.refused_before_sending);
    ledger.line("  refused at commit", sum.refused_at_commit);
    ledger.line("  callers that failed", sum.failed());
    ledger.rule(requests == rounds * pause.requests, format!("{requests} requests in {rounds} rounds"));
    ledger.rule(reuses == 0, format!("{reuses} refresh tokens were sent twice"));
    ledger.rule(lost == 0, format!("{lost} grants are lost"));
    ledger.rule(fenced >= rounds, format!("{fenced} of {rounds} stopped holders were refused"));
    ledger.rule(sum.failed() == 0, format!("{:?}", sum.outcomes));
    Ok(())
}

/// The first of the crew gets the claim and is stopped; the others meet the same expired token; it goes on.
async fn stop(
    world: &World,
    crew: &mut [Process],
    owner: &str,
    ahead: u64,
    pause: &Pause,
) -> Result<Report, Problem> {
    let owners = vec![owner.to_owned()];
    let (holder, others) = crew.split_first_mut().ok_or("nobody plays")?;
    holder.send(&Command::Round { ahead, owners: owners.clone(), tasks: 1, halt: Some(pause.halt) })?;
    holder.at(pause.halt).await?;
    holder.stop()?;
    for other in &mut *others {
        other.send(&Command::Round {
            ahead,
            owners: owners.clone(),
            tasks: world.options.tasks,
            halt: None,
        })?;
    }
    tokio::time::sleep(world.options.lease * pause.leases).await;
    holder.go_on()?;
    holder.send(&Command::Go)?;
    let mut sum = holder.done().await?;
    for other in others {
        sum.add(other.done().await?);
    }
    Ok(sum)
}
