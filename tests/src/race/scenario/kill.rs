//! The process that has the claim is killed: before it has sent the refresh token, and while the provider's answer is on its way.

use crate::race::{
    Problem,
    crew::Process,
    ledger::Ledger,
    message::{Command, Report},
    watch::Point,
    world::{EXPIRY, World},
};
use std::time::Duration;

/// Providers that forgive a second use do so for about this long.
const GRACE: Duration = Duration::from_secs(30);

pub(super) async fn play(world: &World, ledger: &mut Ledger) -> Result<(), Problem> {
    let mut crew = world.crew().await?;
    one(world, ledger, &mut crew, "before it sends", Point::AfterClaim).await?;
    world.test.grace(GRACE);
    one(
        world,
        ledger,
        &mut crew,
        "while the answer is on its way, and the provider forgives",
        Point::CarriedOut,
    )
    .await
}

async fn one(
    world: &World,
    ledger: &mut Ledger,
    crew: &mut [Process],
    when: &str,
    halt: Point,
) -> Result<(), Problem> {
    let rounds = world.options.rounds;
    let owners = world.owners(&format!("{halt:?}"), rounds).await?;
    let (sent, reused) = (world.test.refreshes(), world.test.reuses());
    let mut sum = Report::default();
    // The second kind begins where the first one's clock ended.
    let begin = if halt == Point::CarriedOut { rounds as u64 + 2 } else { 0 };
    for (owner, round) in owners.iter().zip(begin + 1..) {
        sum.add(kill(world, crew, owner, round * EXPIRY, halt).await?);
    }
    let (requests, reuses) = (world.test.refreshes() - sent, world.test.reuses() - reused);
    let lost = world.lost(&owners, (begin + rounds as u64 + 2) * EXPIRY).await;
    ledger.line("a holder is killed", when);
    ledger.line("  rounds", rounds);
    ledger.line("  refresh requests", requests);
    ledger.line("  reuses", reuses);
    ledger.line("  lost", lost);
    ledger.line("  callers that failed", sum.failed());
    let expected = if halt == Point::CarriedOut { 2 * rounds } else { rounds };
    ledger.rule(requests == expected, format!("{requests} requests in {rounds} rounds, not {expected}"));
    ledger.rule(reuses == 0, format!("{reuses} refresh tokens were sent twice"));
    ledger.rule(lost == 0, format!("{lost} grants are lost"));
    ledger.rule(sum.failed() == 0, format!("{:?}", sum.outcomes));
    Ok(())
}

/// The first of the crew gets the claim and is killed; the others go on.
async fn kill(
    world: &World,
    crew: &mut [Process],
    owner: &str,
    ahead: u64,
    halt: Point,
) -> Result<Report, Problem> {
    let owners = vec![owner.to_owned()];
    let carried_out = world.test.grants().iter().map(|grant| grant.refreshes).sum::<usize>();
    let (holder, others) = crew.split_first_mut().ok_or("nobody plays")?;
    if halt == Point::CarriedOut {
        world.test.slow(Duration::from_secs(3600));
    }
    holder.send(&Command::Round { ahead, owners: owners.clone(), tasks: 1, halt: Some(halt) })?;
    holder.at(halt).await?;
    if halt == Point::CarriedOut {
        world.carried_out(0, carried_out + 1).await?;
    }
    world.test.slow(Duration::ZERO);
    for other in &mut *others {
        other.send(&Command::Round {
            ahead,
            owners: owners.clone(),
            tasks: world.options.tasks,
            halt: None,
        })?;
    }
    tokio::time::sleep(Duration::from_millis(30)).await;
    holder.kill()?;
    let mut sum = Report::default();
    for other in &mut *others {
        sum.add(other.done().await?);
    }
    *holder = Process::start(&world.plan).await?;
    Ok(sum)
}
