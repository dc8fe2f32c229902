//! One provider hangs beside many live grants of another.

use crate::race::{
    Problem,
    definition::{Hung, REDIRECT_URI, Strict},
    ledger::{self, Ledger, milliseconds, percentile_of},
    message::Command,
    watch::WatchedStore,
    world::{EXPIRY, World},
};
use oauth_runtime::{AuthCodeFlow, Callback};
use oauth_test_provider::TestProvider;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// How many grants wait for the provider that hangs.
const HANGING: usize = 50;
/// How many callers of the others there are at once.
const WIDTH: usize = 4;

pub(super) async fn play(world: &World, ledger: &mut Ledger) -> Result<(), Problem> {
    let owners = Arc::new(world.owners("live", world.options.grants.max(2)).await?);
    let alone = measure(world, &owners, 1).await?;
    let hung = TestProvider::<Hung>::start().await;
    let flow = AuthCodeFlow::new(Hung, hung.credentials(), REDIRECT_URI)?
        .token_store(WatchedStore {
            store: world.store.clone(),
            watch: Arc::default(),
            without_claims: false,
        })
        .transport(hung.transport())
        .clock(|| std::time::SystemTime::now() + Duration::from_secs(EXPIRY));
    let mut hanging = hang(&flow, &hung).await?;
    let beside = measure(world, &owners, 2).await?;
    let still = hanging.len();
    hanging.abort_all();
    for (name, mut times) in [("without a provider that hangs", alone), ("beside one that hangs", beside)] {
        let (fresh, refreshing) =
            (percentile_of(&mut times.fresh, 99), percentile_of(&mut times.refreshing, 99));
        ledger.line("live grants", format!("{} {name}", owners.len()));
        ledger.line("  p99 of a call with a fresh token", milliseconds(fresh));
        ledger.line("  p99 of a call that refreshes", milliseconds(refreshing));
        ledger.rule(fresh <= world.options.limit, format!("{} {name}", milliseconds(fresh)));
        ledger.rule(
            refreshing <= world.options.limit,
            format!("{} for a refresh {name}", milliseconds(refreshing)),
        );
    }
    ledger.line("calls that hang", still);
    ledger.rule(still == HANGING, "the provider did not hang");
    Ok(())
}

/// Callers that wait for the provider that hangs, and go on waiting.
async fn hang(flow: &AuthCodeFlow<Hung>, hung: &TestProvider<Hung>) -> Result<JoinSet<()>, Problem> {
    for owner in 0..HANGING {
        let (url, pending) = flow.begin([]).into_parts();
        let back = hung.approve(&url).await;
        let query = back.split_once('?').map_or("", |(_, query)| query).to_owned();
        let tokens =
            flow.clone().clock(std::time::SystemTime::now).finish(Callback::new(query, pending)).await?;
        flow.session(format!("hanging-{owner}")).adopt(tokens).await?;
    }
    hung.slow(Duration::from_secs(3600));
    let mut hanging = JoinSet::new();
    for owner in 0..HANGING {
        let session = flow.clone().deadline(Duration::from_secs(3600)).session(format!("hanging-{owner}"));
        hanging.spawn(async move { drop(session.access_token().await) });
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    Ok(hanging)
}

/// How long calls took, in microseconds.
struct Times {
    fresh: Vec<u32>,
    refreshing: Vec<u32>,
}

/// Each grant expires once, and each is asked for again and again.
async fn measure(world: &World, owners: &Arc<Vec<String>>, round: u64) -> Result<Times, Problem> {
    world.obey(Command::Round { ahead: round * EXPIRY, owners: Vec::new(), tasks: 0, halt: None }).await;
    let refreshing = calls(world.flow(), owners, 1).await?;
    let fresh = calls(world.flow(), owners, 20).await?;
    Ok(Times { fresh, refreshing })
}

async fn calls(
    flow: &AuthCodeFlow<Strict>,
    owners: &Arc<Vec<String>>,
    times: usize,
) -> Result<Vec<u32>, Problem> {
    let mut callers = JoinSet::new();
    for first in 0..WIDTH {
        let (flow, owners) = (flow.clone(), owners.clone());
        callers.spawn(async move {
            let mut micros = Vec::new();
            for owner in owners.iter().cycle().take(owners.len() * times).skip(first).step_by(WIDTH) {
                let start = Instant::now();
                flow.session(owner.as_str()).access_token().await?;
                micros.push(ledger::micros(start.elapsed()));
            }
            Ok::<_, oauth_runtime::Error>(micros)
        });
    }
    let mut all = Vec::new();
    while let Some(part) = callers.join_next().await {
        all.extend(part??);
    }
    Ok(all)
}
