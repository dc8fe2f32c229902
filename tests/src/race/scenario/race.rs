//! All tasks of all processes meet an expired token at once, again and again.

use crate::race::{
    Problem,
    crew::{self, Process},
    ledger::{Ledger, percentile},
    message::{Command, Report},
    world::{EXPIRY, World},
};

pub(super) async fn play(world: &World, ledger: &mut Ledger) -> Result<(), Problem> {
    let options = &world.options;
    let owners = world.owners("racer", options.grants).await?;
    let mut crew = world.crew().await?;
    world.test.slow(options.lease * options.answer_takes);
    let (mut sum, mut most, mut disagreements) = (Report::default(), 0, 0);
    for expiry in 1..=options.expiries as u64 {
        let before = world.test.refreshes();
        let report = expire(world, &mut crew, &owners, expiry * EXPIRY).await?;
        most = most.max((world.test.refreshes() - before).div_ceil(owners.len().max(1)));
        disagreements += report.tokens.values().filter(|tokens| tokens.len() != 1).count();
        sum.add(Report { tokens: [].into(), ..report });
    }
    let (requests, reuses) = (world.test.refreshes(), world.test.reuses());
    let lost = world.lost(&owners, (options.expiries as u64 + 1) * EXPIRY).await;
    let expiries = options.expiries * owners.len();
    let callers = sum.micros.len();
    ledger.line("expiries", expiries);
    ledger.line("callers", callers);
    ledger.line("refresh requests", requests);
    ledger.line("most requests for one expiry", most);
    ledger.line("reuses", reuses);
    ledger.line("lost", lost);
    ledger.line("expiries with more than one new token", disagreements);
    ledger.line("waits for another one's claim", sum.waits);
    ledger.line("callers that failed", sum.failed());
    ledger.line("p50 of a caller", percentile(&mut sum.micros, 50));
    ledger.line("p99 of a caller", percentile(&mut sum.micros, 99));
    ledger.line("p99 from answer to saved", percentile(&mut sum.unsaved, 99));
    for (outcome, count) in &sum.outcomes {
        ledger.line(&format!("outcome `{outcome}`"), count);
    }
    ledger.rule(requests == expiries, format!("{requests} requests for {expiries} expiries"));
    ledger.rule(most <= 1, format!("{most} requests for one expiry"));
    ledger.rule(reuses == 0, format!("{reuses} refresh tokens were sent twice"));
    ledger.rule(lost == 0, format!("{lost} grants are lost"));
    ledger.rule(disagreements == 0, format!("in {disagreements} expiries there was more than one new token"));
    ledger.rule(sum.failed() == 0, format!("{} callers failed", sum.failed()));
    Ok(())
}

async fn expire(
    world: &World,
    crew: &mut [Process],
    owners: &[String],
    ahead: u64,
) -> Result<Report, Problem> {
    let command = Command::Round { ahead, owners: owners.to_vec(), tasks: world.options.tasks, halt: None };
    if crew.is_empty() { Ok(world.obey(command).await) } else { crew::all(crew, &command).await }
}
