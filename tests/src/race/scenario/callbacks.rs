//! Many callbacks with one state, in several processes at once: one is exchanged.

use crate::race::{
    Problem, crew,
    ledger::Ledger,
    message::{Command, Report},
    world::World,
};

/// How many callbacks one round has, at the least.
const CALLBACKS: usize = 100;

pub(super) async fn play(world: &World, ledger: &mut Ledger) -> Result<(), Problem> {
    let mut crew = world.crew().await?;
    let tasks = CALLBACKS.div_ceil(crew.len().max(1));
    let (mut sum, mut wrong) = (Report::default(), 0);
    for round in 0..world.options.rounds {
        let before = world.test.token_requests();
        // What is pending waits in the store in one half of the rounds, in the user's cookie in the other.
        let command = begin(world, round % 2 == 1, tasks).await?;
        let report =
            if crew.is_empty() { world.obey(command).await } else { crew::all(&mut crew, &command).await? };
        let exchanges = world.test.token_requests() - before;
        wrong += usize::from((exchanges, report.served()) != (1, 1));
        sum.add(report);
    }
    let twice = world.test.codes_used_twice();
    ledger.line("rounds", world.options.rounds);
    ledger.line("callbacks", sum.outcomes.values().sum::<usize>());
    ledger.line("exchanges", world.test.token_requests());
    ledger.line("rounds without exactly one exchange", wrong);
    ledger.line("codes sent twice", twice);
    for (outcome, count) in &sum.outcomes {
        ledger.line(&format!("outcome `{outcome}`"), count);
    }
    ledger.rule(wrong == 0, format!("{wrong} rounds without exactly one exchange"));
    ledger.rule(twice == 0, format!("{twice} codes were sent twice"));
    Ok(())
}

async fn begin(world: &World, in_cookie: bool, tasks: usize) -> Result<Command, Problem> {
    let (url, pending) = world.flow().begin([]).into_parts();
    let back = world.test.approve(&url).await;
    let query = back.split_once('?').map_or("", |(_, query)| query).to_owned();
    let cookie = in_cookie.then(|| pending.expose());
    if !in_cookie {
        world.flow().store_pending("ada", pending).await?;
    }
    Ok(Command::Callbacks { user: "ada".to_owned(), query, cookie, tasks })
}
