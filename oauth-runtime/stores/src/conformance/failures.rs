//! The rules about refreshes that failed: shared waits, counted failures, dead grants.

use super::{
    report::{Finding, Report, expect},
    setup::{LONG, Trial, grant},
};
use oauth_runtime::{Claim, Failure, StoredGrant, TokenStore};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How long the next try has to wait in a trial.
const WAIT: Duration = Duration::from_millis(400);

pub(super) async fn try_rules<S: TokenStore>(store: &Arc<S>, report: &mut Report) {
    report.rule("a claim that is given back untried is free at once", Trial::on(store, untried)).await;
    report.rule("after a failure everybody waits, and learns why", Trial::on(store, postponed)).await;
    report.rule("failures are counted until a commit", Trial::on(store, counted)).await;
    report
        .rule("an unknown outcome is recorded by a failure, and taken back by one", Trial::on(store, unknown))
        .await;
    report.rule("a dead grant stays, with its reason", Trial::on(store, dead)).await;
    report.rule("a sign-in over a dead grant begins anew", Trial::on(store, alive_again)).await;
}

impl<S: TokenStore> Trial<S> {
    async fn fail(&self, lease: &oauth_runtime::Lease, failure: Failure) -> Finding {
        expect(self.store.fail(&self.key, lease, failure).await?, "a lasting claim could not fail")
    }
}

async fn untried<S: TokenStore>(trial: Trial<S>) -> Finding {
    let lease = trial.granted(LONG).await?;
    trial.fail(&lease, Failure::untried()).await?;
    let next = trial.granted(LONG).await?;
    expect(next.failures == 0 && !next.outcome_unknown, format!("the next claim says {next:?}"))?;
    expect(!trial.mark_sent(&lease).await?, "the one given back still counts")?;
    trial.is_unchanged().await
}

async fn postponed<S: TokenStore>(trial: Trial<S>) -> Finding {
    let lease = trial.granted(LONG).await?;
    expect(trial.mark_sent(&lease).await?, "it could not be marked as sent")?;
    let start = Instant::now();
    trial.fail(&lease, Failure::postponed(LONG, "status 503")).await?;
    for _ in 0..3 {
        match trial.claim(LONG).await? {
            Claim::Postponed { wait, reason } => {
                let is_right = wait <= LONG && wait + start.elapsed() + Duration::from_secs(1) >= LONG;
                expect(is_right, format!("it has to wait {wait:?}"))?;
                expect(reason == "status 503", format!("the reason is `{reason}`"))?;
            }
            other => return Err(format!("the next one got {other:?}").into()),
        }
    }
    trial.is_unchanged().await
}

async fn counted<S: TokenStore>(trial: Trial<S>) -> Finding {
    for failures in 0..3 {
        let lease = trial.granted_later(LONG).await?;
        expect(lease.failures == failures, format!("after {failures} failures a claim says {lease:?}"))?;
        let start = Instant::now();
        trial.fail(&lease, Failure::postponed(WAIT, "status 503")).await?;
        let lease = trial.granted_later(LONG).await?;
        expect(start.elapsed() + WAIT / 8 >= WAIT, format!("it waited only {:?}", start.elapsed()))?;
        trial.fail(&lease, Failure::untried()).await?;
    }
    let lease = trial.granted_later(LONG).await?;
    trial.mark_sent(&lease).await?;
    expect(trial.commit(&lease, "second").await?, "it could not commit")?;
    let lease = trial.next().granted(LONG).await?;
    expect(lease.failures == 0, format!("after a commit a claim says {lease:?}"))
}

async fn unknown<S: TokenStore>(trial: Trial<S>) -> Finding {
    for is_unknown in [true, false, true] {
        let lease = trial.granted_later(LONG).await?;
        expect(trial.mark_sent(&lease).await?, "it could not be marked as sent")?;
        let failure = Failure::postponed(Duration::from_millis(50), "no answer in time");
        trial.fail(&lease, failure.outcome_unknown(is_unknown)).await?;
        let next = trial.granted_later(LONG).await?;
        let told = next.outcome_unknown;
        expect(
            told == is_unknown,
            format!("the outcome is unknown: {is_unknown}, and the next one is told {told}"),
        )?;
        trial.fail(&next, Failure::untried().outcome_unknown(told)).await?;
        let next = trial.granted(LONG).await?;
        expect(next.outcome_unknown == is_unknown, "it was forgotten when a claim was given back")?;
        trial.fail(&next, Failure::untried().outcome_unknown(told)).await?;
    }
    Ok(())
}

async fn dead<S: TokenStore>(trial: Trial<S>) -> Finding {
    let lease = trial.granted(LONG).await?;
    expect(trial.mark_sent(&lease).await?, "it could not be marked as sent")?;
    trial.fail(&lease, Failure::dead("invalid_grant")).await?;
    let buried = StoredGrant { dead: Some("invalid_grant".to_owned()), ..grant(trial.generation, "first")? };
    trial.stores(Some(&buried)).await?;
    expect(!trial.commit(&lease, "second").await?, "its claim still counts")?;
    trial.stores(Some(&buried)).await
}

async fn alive_again<S: TokenStore>(trial: Trial<S>) -> Finding {
    let lease = trial.granted(LONG).await?;
    trial.mark_sent(&lease).await?;
    trial.fail(&lease, Failure::dead("invalid_grant").outcome_unknown(true)).await?;
    let next = trial.next();
    let alive = grant(next.generation, "alive")?;
    next.store.save(&next.key, alive.clone()).await?;
    next.stores(Some(&alive)).await?;
    let lease = next.granted(LONG).await?;
    expect(lease.failures == 0 && !lease.outcome_unknown, format!("a claim says {lease:?}"))
}
