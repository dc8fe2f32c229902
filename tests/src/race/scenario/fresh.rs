//! What an access token costs that has not lapsed: reads of the store, and time.

use crate::race::{Problem, ledger::Ledger, store::Store, worker::Worker, world::World};
use std::time::{Duration, Instant};

/// How long the cache of a store that has one keeps what it read.
const CACHE: Duration = Duration::from_secs(3600);
/// Calls before the measured ones: connections are made, and what is cached is read.
const WARM: u32 = 100;

pub(super) async fn play(world: &World, ledger: &mut Ledger) -> Result<(), Problem> {
    world.sign_in("ada").await?;
    let reads = usize::from(!matches!(world.store, Store::Memory(..)));
    measure(world, ledger, ("", world.store.clone()), reads).await?;
    match world.store.clone().cached(CACHE) {
        Some(cached) => measure(world, ledger, (" within the time of its cache", cached), 0).await,
        None => Ok(()),
    }
}

/// Calls one after another, as a request handler makes them; each must read the store `reads` times.
async fn measure(
    world: &World,
    ledger: &mut Ledger,
    (which, store): (&str, Store),
    reads: usize,
) -> Result<(), Problem> {
    let worker = Worker::over(store, &world.plan)?;
    let session = worker.flow().session("ada");
    for _ in 0..WARM {
        session.access_token().await?;
    }
    worker.watch().take();
    let calls = u32::try_from(world.options.callers)?;
    let start = Instant::now();
    for _ in 0..calls {
        session.access_token().await?;
    }
    let each = start.elapsed() / calls.max(1);
    let counted = worker.watch().take().loads;
    ledger.line(&format!("fresh access tokens from the store{which}"), calls);
    ledger.line("  reads of the store", counted);
    ledger.line("  time for each", format!("{} ns", each.as_nanos()));
    let expected = reads * world.options.callers;
    ledger.rule(counted == expected, format!("{counted} reads of the store{which}, not {expected}"));
    Ok(())
}
