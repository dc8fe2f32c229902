//! [`Trial`]: something that befalls holders of claims, once for each of many grants, and what must come of it.

use crate::race::{
    Problem,
    ledger::Ledger,
    message::Report,
    world::{EXPIRY, World},
};

/// What befalls holders, and what must come of it.
pub(super) struct Trial<'a> {
    /// In words.
    pub(super) what: &'a str,
    /// When it happens, in words.
    pub(super) when: &'a str,
    /// What the owners of these grants are called.
    pub(super) name: &'a str,
    /// Requests in one round.
    pub(super) requests: usize,
}

impl Trial<'_> {
    /// Plays `round` for each grant, which is given its owner and how far the clock is ahead. Trials follow each other by `number`.
    pub(super) async fn play(
        &self,
        world: &World,
        ledger: &mut Ledger,
        number: u64,
        mut round: impl AsyncFnMut(&str, u64) -> Result<Report, Problem>,
    ) -> Result<Report, Problem> {
        let rounds = world.options.rounds;
        let owners = world.owners(self.name, rounds).await?;
        let (sent, reused) = (world.test.refreshes(), world.test.reuses());
        let mut sum = Report::default();
        // The clock never goes back: each trial begins where the one before it ended.
        let begin = number * (rounds as u64 + 2);
        for (owner, expiry) in owners.iter().zip(begin + 1..) {
            sum.add(round(owner, expiry * EXPIRY).await?);
        }
        let (requests, reuses) = (world.test.refreshes() - sent, world.test.reuses() - reused);
        let lost = world.lost(&owners, (begin + rounds as u64 + 1) * EXPIRY).await;
        ledger.line(self.what, self.when);
        ledger.line("  rounds", rounds);
        ledger.line("  refresh requests", requests);
        ledger.line("  reuses", reuses);
        ledger.line("  lost", lost);
        ledger.line("  callers that failed", sum.failed());
        let expected = self.requests * rounds;
        ledger.rule(requests == expected, format!("{requests} requests in {rounds} rounds, not {expected}"));
        ledger.rule(reuses == 0, format!("{reuses} refresh tokens were sent twice"));
        ledger.rule(lost == 0, format!("{lost} grants are lost"));
        ledger.rule(sum.failed() == 0, format!("{:?}", sum.outcomes));
        Ok(sum)
    }
}
