//! The process that has the claim is stopped (SIGSTOP), and goes on when others may have taken its place.

use super::trial::Trial;
use crate::race::{
    Problem,
    crew::Process,
    ledger::Ledger,
    message::{Command, Report},
    watch::Point,
    world::World,
};
use oauth_runtime::Lease;
use std::time::Duration;

/// How one holder is stopped, and what must come of it.
struct Pause {
    trial: Trial<'static>,
    halt: Point,
    /// For how many leases.
    leases: u32,
    /// Whether a refresh token is sent twice, to a provider that forgives it.
    forgiven: bool,
}

const WHAT: &str = "a holder is stopped";

const PAUSES: [Pause; 3] = [
    Pause {
        trial: Trial {
            what: WHAT,
            when: "before it sends, for three leases",
            name: "stopped-early",
            requests: 1,
        },
        halt: Point::BeforeMark,
        leases: 3,
        forgiven: false,
    },
    Pause {
        trial: Trial {
            what: WHAT,
            when: "with the answer in its hands, for three leases",
            name: "stopped-late",
            requests: 1,
        },
        halt: Point::BeforeCommit,
        leases: 3,
        forgiven: false,
    },
    Pause {
        trial: Trial {
            what: WHAT,
            when: "with the answer in its hands, beyond all patience, and the provider forgives",
            name: "stopped-long",
            requests: 2,
        },
        halt: Point::BeforeCommit,
        leases: Lease::PATIENCE + 3,
        forgiven: true,
    },
];

pub(super) async fn play(world: &World, ledger: &mut Ledger) -> Result<(), Problem> {
    let mut crew = world.crew().await?;
    for (pause, number) in PAUSES.iter().zip(0..) {
        world.test.grace(if pause.forgiven { Duration::from_secs(30) } else { Duration::ZERO });
        let round = async |owner: &str, ahead| stop(world, &mut crew, owner, ahead, pause).await;
        let sum = pause.trial.play(world, ledger, number, round).await?;
        let (rounds, early) = (world.options.rounds, pause.halt == Point::BeforeMark);
        let fenced = if early { sum.refused_before_sending } else { sum.refused_at_commit };
        ledger.line("  refused before it sends", sum.refused_before_sending);
        ledger.line("  refused at commit", sum.refused_at_commit);
        ledger.rule(fenced >= rounds, format!("{fenced} of {rounds} stopped holders were refused"));
    }
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
    let (holder, others) = crew.split_first_mut().ok_or("nobody plays")?;
    holder.send(&Command::round(owner, ahead, 1, Some(pause.halt)))?;
    holder.at(pause.halt).await?;
    holder.stop()?;
    for other in &mut *others {
        other.send(&Command::round(owner, ahead, world.options.tasks, None))?;
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
