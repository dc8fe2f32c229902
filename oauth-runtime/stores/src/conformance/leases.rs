//! The rules about leases: how long they last, and what becomes of a holder that was paused.

use super::{
    report::{Finding, Report, expect},
    setup::{LONG, SHORT, Trial, grant},
};
use oauth_runtime::{Failure, Lease, TokenStore};
use std::{sync::Arc, time::Instant};

pub(super) async fn try_rules<S: TokenStore>(store: &Arc<S>, report: &mut Report) {
    report.rule("a claim that lapsed before it was marked as sent is free", Trial::on(store, lapsed)).await;
    report.rule("a paused holder is fenced off, whatever it tries", Trial::on(store, fenced)).await;
    report
        .rule("a lapsed lease counts for nothing, even if nobody else claimed", Trial::on(store, late))
        .await;
    report.rule("a renewed claim lasts, however long the answer takes", Trial::on(store, renewed)).await;
    report
        .rule("a sent claim is kept for its holder for a while after it lapsed", Trial::on(store, patience))
        .await;
    report.rule("what was sent and never answered is told to the next one", Trial::on(store, told)).await;
    report.rule("who sent gets its claim back from one who has not", Trial::on(store, regained)).await;
    report.rule("nobody gets a claim back from one who has sent", Trial::on(store, not_regained)).await;
    report.rule("a lease may be as long as it likes", Trial::on(store, endless)).await;
}

async fn sleep_over<S>(_: &Trial<S>) {
    tokio::time::sleep(SHORT + SHORT / 4).await;
}

async fn lapsed<S: TokenStore>(trial: Trial<S>) -> Finding {
    let first = trial.granted(SHORT).await?;
    sleep_over(&trial).await;
    let second = trial.granted(LONG).await?;
    expect(first.holder != second.holder, "two claims have the same holder")?;
    expect(!second.outcome_unknown, "nothing was sent, and the next one is told that something was")?;
    trial.is_held("while the second one has the claim").await
}

async fn fenced<S: TokenStore>(trial: Trial<S>) -> Finding {
    let paused = trial.granted(SHORT).await?;
    sleep_over(&trial).await;
    let second = trial.granted(LONG).await?;
    expect(!trial.mark_sent(&paused).await?, "it could be marked as sent")?;
    expect(!trial.commit(&paused, "paused").await?, "it could commit")?;
    let failure = Failure::dead("invalid_grant");
    expect(!trial.store.fail(&trial.key, &paused, failure).await?, "it could end the grant")?;
    trial.is_unchanged().await?;
    trial.is_held("after a paused one tried to give back what it has no more").await?;
    expect(trial.mark_sent(&second).await?, "the second one could not be marked as sent")?;
    expect(trial.commit(&second, "second").await?, "the second one could not commit")?;
    expect(!trial.commit(&paused, "paused").await?, "it could commit over the second one")?;
    expect(
        !trial.store.renew(&trial.key, &paused, LONG).await?,
        "it could renew after the second one had committed",
    )?;
    trial.stores(Some(&grant(trial.generation + 1, "second")?)).await
}

async fn late<S: TokenStore>(trial: Trial<S>) -> Finding {
    let lease = trial.granted(SHORT).await?;
    sleep_over(&trial).await;
    expect(!trial.mark_sent(&lease).await?, "it could be marked as sent")?;
    let lease = trial.granted(SHORT).await?;
    expect(trial.mark_sent(&lease).await?, "a lasting one could not be marked as sent")?;
    sleep_over(&trial).await;
    expect(!trial.commit(&lease, "second").await?, "it could commit")?;
    let failure = Failure::dead("invalid_grant");
    expect(!trial.store.fail(&trial.key, &lease, failure).await?, "it could end the grant")?;
    trial.is_unchanged().await?;
    expect(trial.store.renew(&trial.key, &lease, LONG).await?, "who sent did not get its claim back")?;
    expect(trial.commit(&lease, "second").await?, "who got its claim back could not commit")?;
    trial.stores(Some(&grant(trial.generation + 1, "second")?)).await
}

async fn renewed<S: TokenStore>(trial: Trial<S>) -> Finding {
    let lease = trial.granted(SHORT).await?;
    expect(trial.mark_sent(&lease).await?, "it could not be marked as sent")?;
    let mut last = Instant::now();
    for _ in 0..12 {
        tokio::time::sleep(SHORT / 4).await;
        // On a machine that is too busy to renew in time, the lease lapses, and rightly.
        let in_time = last.elapsed() < SHORT / 2;
        last = Instant::now();
        expect(trial.store.renew(&trial.key, &lease, SHORT).await?, "it could not be renewed")?;
        if in_time {
            trial.is_held("while the claim is renewed").await?;
        }
    }
    expect(trial.store.renew(&trial.key, &lease, LONG).await?, "it could not be renewed")?;
    expect(trial.commit(&lease, "second").await?, "after three leases it could not commit")
}

async fn patience<S: TokenStore>(trial: Trial<S>) -> Finding {
    // In quarters of a lease: the claim itself, and the patience after it.
    let quarters = 4 * (Lease::PATIENCE + 1);
    let start = Instant::now();
    let lease = trial.granted(SHORT).await?;
    expect(trial.mark_sent(&lease).await?, "it could not be marked as sent")?;
    while start.elapsed() < SHORT / 4 * (quarters - 2) {
        let claim = trial.claim(SHORT).await?;
        let in_time = start.elapsed() < SHORT / 4 * (quarters - 1);
        expect(
            !in_time || matches!(claim, oauth_runtime::Claim::Held(_)),
            format!("another one got {claim:?}"),
        )?;
        tokio::time::sleep(SHORT / 4).await;
    }
    trial.granted_later(SHORT).await?;
    expect(start.elapsed() >= SHORT / 4 * (quarters - 1), "another one got it too early")
}

async fn told<S: TokenStore>(trial: Trial<S>) -> Finding {
    let lease = trial.granted(SHORT).await?;
    expect(trial.mark_sent(&lease).await?, "it could not be marked as sent")?;
    let second = trial.granted_later(SHORT).await?;
    expect(second.outcome_unknown, "the second one was not told")?;
    tokio::time::sleep(SHORT).await;
    let third = trial.granted_later(LONG).await?;
    expect(third.outcome_unknown, "the third one was not told, after a second one that did nothing")?;
    expect(!trial.commit(&lease, "first").await?, "the first one could commit")?;
    expect(trial.mark_sent(&third).await?, "the third one could not be marked as sent")?;
    expect(trial.commit(&third, "third").await?, "the third one could not commit")?;
    let next = trial.next().granted(LONG).await?;
    expect(!next.outcome_unknown, "after a commit, the next one was told so")
}

async fn regained<S: TokenStore>(trial: Trial<S>) -> Finding {
    let paused = trial.granted(SHORT).await?;
    expect(trial.mark_sent(&paused).await?, "it could not be marked as sent")?;
    let second = trial.granted_later(LONG).await?;
    expect(!trial.commit(&paused, "first").await?, "it could commit while another one had the claim")?;
    expect(trial.store.renew(&trial.key, &paused, LONG).await?, "it did not get its claim back")?;
    expect(!trial.mark_sent(&second).await?, "both could send")?;
    expect(trial.commit(&paused, "first").await?, "it could not commit")?;
    trial.stores(Some(&grant(trial.generation + 1, "first")?)).await
}

async fn not_regained<S: TokenStore>(trial: Trial<S>) -> Finding {
    let paused = trial.granted(SHORT).await?;
    expect(trial.mark_sent(&paused).await?, "it could not be marked as sent")?;
    let second = trial.granted_later(LONG).await?;
    expect(trial.mark_sent(&second).await?, "the second one could not be marked as sent")?;
    expect(!trial.store.renew(&trial.key, &paused, LONG).await?, "it got its claim back")?;
    expect(!trial.commit(&paused, "first").await?, "it could commit")?;
    let failure = Failure::dead("outcome_unknown").outcome_unknown(true);
    expect(trial.store.fail(&trial.key, &second, failure).await?, "the second one could not end the grant")?;
    // The provider refused the second one, so what the first one got may be all that lives.
    expect(trial.store.renew(&trial.key, &paused, LONG).await?, "afterwards it did not get its claim back")?;
    expect(trial.commit(&paused, "first").await?, "afterwards it could not commit")?;
    trial.stores(Some(&grant(trial.generation + 1, "first")?)).await
}

async fn endless<S: TokenStore>(trial: Trial<S>) -> Finding {
    let lease = trial.granted(std::time::Duration::MAX).await?;
    trial.is_held("while one has the claim").await?;
    expect(trial.mark_sent(&lease).await?, "it could not be marked as sent")?;
    expect(
        trial.store.renew(&trial.key, &lease, std::time::Duration::MAX).await?,
        "it could not be renewed",
    )?;
    trial.is_held("while one has the claim").await?;
    expect(trial.commit(&lease, "second").await?, "it could not commit")
}
