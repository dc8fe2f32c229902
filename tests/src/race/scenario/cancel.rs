//! Callers go away at random points: the refresh goes on without them, and is saved.

use crate::race::{
    Problem,
    ledger::Ledger,
    message::Command,
    store::Kind,
    worker::Worker,
    world::{EXPIRY, World},
};
use std::time::{Duration, Instant};
use tokio::{runtime, task::JoinSet};

/// How many grants there are: each expires once for as many callers.
const GRANTS: usize = 100;
/// How long the provider takes; callers go away before, meanwhile and after.
const ANSWER: Duration = Duration::from_millis(4);
/// How long callers stay at the most.
const STAY: u64 = 9;

/// What came of it.
struct Outcome {
    dropped: usize,
    leaked: usize,
}

pub(super) async fn play(world: &World, ledger: &mut Ledger) -> Result<(), Problem> {
    let owners = world.owners("leaving", GRANTS).await?;
    let callers = world.options.callers.next_multiple_of(GRANTS);
    let expiries = (callers / GRANTS) as u64;
    world.test.slow(ANSWER);
    // In a runtime of their own, whose tasks can be counted.
    let (plan, names, store) = (world.plan.clone(), owners.clone(), world.store.clone());
    let outcome = tokio::task::spawn_blocking(move || -> Result<Outcome, Problem> {
        let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(async {
            // Connections live as long as the runtime in which they were made: a database gets ones of this one.
            let worker = match plan.place.kind {
                Kind::Memory => Worker::over(store, &plan)?,
                _ => Worker::new(&plan).await?,
            };
            leave(worker, &names, expiries).await
        })
    });
    let Outcome { dropped, leaked } = outcome.await??;
    let (requests, reuses) = (world.test.refreshes(), world.test.reuses());
    let lost = world.lost(&owners, (expiries + 2) * EXPIRY).await;
    ledger.line("callers", callers);
    ledger.line("callers that went away in the middle", dropped);
    ledger.line("refresh requests", requests);
    ledger.line("reuses", reuses);
    ledger.line("lost", lost);
    ledger.line("leaked tasks", leaked);
    ledger.rule(dropped * 10 > world.options.callers, "hardly any caller went away");
    ledger.rule(requests <= callers, format!("{requests} requests"));
    ledger.rule(reuses == 0, format!("{reuses} refresh tokens were sent twice"));
    ledger.rule(lost == 0, format!("{lost} grants are lost"));
    ledger.rule(leaked == 0, format!("{leaked} tasks are left"));
    Ok(())
}

async fn leave(worker: Worker, owners: &[String], expiries: u64) -> Result<Outcome, Problem> {
    // What a store starts once is no leak.
    worker.obey(round(owners, EXPIRY / 2)).await;
    let before = settled().await;
    let mut dropped = 0;
    for expiry in 1..=expiries {
        worker.obey(round(&[], expiry * EXPIRY)).await;
        let mut callers = JoinSet::new();
        for (owner, number) in owners.iter().zip(0..) {
            let session = worker.flow().session(owner.as_str());
            // As good as at random, and the same in every run.
            let stay = Duration::from_micros((number * 7919 + expiry * 104_729) % (STAY * 1000));
            callers.spawn(async move { tokio::time::timeout(stay, session.access_token()).await.is_err() });
        }
        while let Some(went_away) = callers.join_next().await {
            dropped += usize::from(went_away?);
        }
    }
    let leaked = settled().await.saturating_sub(before);
    Ok(Outcome { dropped, leaked })
}

/// How many tasks there are when no refresh goes on any more: when their number has not changed for a while.
async fn settled() -> usize {
    let metrics = runtime::Handle::current().metrics();
    let mut alive = metrics.num_alive_tasks();
    let mut since = Instant::now();
    while since.elapsed() < Duration::from_millis(500) {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let now = metrics.num_alive_tasks();
        if now != alive {
            (alive, since) = (now, Instant::now());
        }
    }
    alive
}

fn round(owners: &[String], ahead: u64) -> Command {
    Command::Round { ahead, owners: owners.to_vec(), tasks: 1, halt: None }
}
