//! The process that has the claim is killed: before it has sent the refresh token, and while the provider's answer is on its way.

use super::trial::Trial;
use crate::race::{
    Problem,
    crew::Process,
    ledger::Ledger,
    message::{Command, Report},
    watch::Point,
    world::World,
};
use std::time::Duration;

/// Providers that forgive a second use do so for about this long.
const GRACE: Duration = Duration::from_secs(30);

pub(super) async fn play(world: &World, ledger: &mut Ledger) -> Result<(), Problem> {
    let mut crew = world.crew().await?;
    let what = "a holder is killed";
    let trial = Trial { what, when: "before it sends", name: "killed-early", requests: 1 };
    let round = async |owner: &str, ahead| kill(world, &mut crew, owner, ahead, Point::AfterClaim).await;
    trial.play(world, ledger, 0, round).await?;

    world.test.grace(GRACE);
    let when = "while the answer is on its way, and the provider forgives";
    let trial = Trial { what, when, name: "killed-late", requests: 2 };
    let round = async |owner: &str, ahead| kill(world, &mut crew, owner, ahead, Point::CarriedOut).await;
    trial.play(world, ledger, 1, round).await?;
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
    let carried_out = world.test.grants().iter().map(|grant| grant.refreshes).sum::<usize>();
    let (holder, others) = crew.split_first_mut().ok_or("nobody plays")?;
    if halt == Point::CarriedOut {
        world.test.slow(Duration::from_secs(3600));
    }
    holder.send(&Command::round(owner, ahead, 1, Some(halt)))?;
    holder.at(halt).await?;
    if halt == Point::CarriedOut {
        world.carried_out(0, carried_out + 1).await?;
    }
    world.test.slow(Duration::ZERO);
    for other in &mut *others {
        other.send(&Command::round(owner, ahead, world.options.tasks, None))?;
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
