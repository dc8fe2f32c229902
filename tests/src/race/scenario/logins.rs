//! A flood of sign-ins that are begun and never finished.

use crate::race::{
    Problem,
    ledger::{Ledger, milliseconds},
    world::World,
};
use oauth_runtime::AuthCodeFlow;
use std::{fs, time::Instant};
use tokio::task::JoinSet;

/// How much memory the flood may take, in kibibytes.
const LIMIT: usize = 64 << 10;
/// How many are begun at once.
const WIDTH: usize = 32;

pub(super) async fn play(world: &World, ledger: &mut Ledger) -> Result<(), Problem> {
    // What one sign-in needs once is no growth.
    honest(world).await?;
    let before = resident()?;
    let start = Instant::now();
    let mut flood = JoinSet::new();
    let logins = world.options.logins;
    for first in 0..WIDTH {
        let flow = world.flow().clone();
        flood.spawn(async move {
            for number in (first..logins).step_by(WIDTH) {
                let (_, pending) = flow.begin([]).into_parts();
                flow.store_pending(&format!("nobody-{number}"), pending).await?;
            }
            Ok::<(), oauth_runtime::Error>(())
        });
    }
    while let Some(part) = flood.join_next().await {
        part??;
    }
    let elapsed = start.elapsed();
    let growth = resident()?.saturating_sub(before);
    let signs_in = honest(world).await;
    ledger.line("begun sign-ins", logins);
    ledger.line("time for each", milliseconds(elapsed / u32::try_from(logins.max(1))?));
    let place = &world.plan.place;
    let (kept, capacity) = (place.pending(&world.store).await?, place.capacity());
    ledger.line("pending authorizations and marks kept", format!("{kept} of at most {capacity}"));
    ledger.rule(kept <= capacity, format!("{kept} are kept"));
    ledger.line("growth of memory", format!("{growth} KiB"));
    ledger.line("an honest sign-in", if signs_in.is_ok() { "works" } else { "fails" });
    ledger.rule(growth < LIMIT, format!("memory grew by {growth} KiB"));
    ledger.rule(signs_in.is_ok(), "an honest sign-in fails after the flood");
    Ok(())
}

/// A whole sign-in, with what is pending in the store.
async fn honest(world: &World) -> Result<(), Problem> {
    let flow: &AuthCodeFlow<_> = world.flow();
    let (url, pending) = flow.begin([]).into_parts();
    flow.store_pending("ada", pending).await?;
    let back = world.test.approve(&url).await;
    let query = back.split_once('?').map_or("", |(_, query)| query);
    let callback = flow.take_pending("ada", query).await?;
    flow.finish(callback).await?;
    Ok(())
}

/// The memory of this process, in kibibytes.
fn resident() -> Result<usize, Problem> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
