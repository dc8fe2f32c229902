//! The rules about who gets a claim, and what counts under it.

use super::{
    report::{Finding, Report, expect},
    setup::{LONG, Trial, grant, together},
};
use oauth_runtime::{Claim, Failure, Lease, TokenKey, TokenStore};
use std::sync::Arc;

const CALLERS: usize = 16;

pub(super) async fn try_rules<S: TokenStore>(store: &Arc<S>, report: &mut Report) {
    report.rule("nothing, and another generation, cannot be claimed", Trial::on(store, superseded)).await;
    report.rule("of many who claim at once, one is given the claim", one_of_many(store)).await;
    report.rule("the claims of two grants have nothing to do with each other", two_grants(store)).await;
    report.rule("a commit stores the grant, and ends the claim", Trial::on(store, commits)).await;
    report.rule("of many who commit at once under one claim, one succeeds", commit_once(store)).await;
    report.rule("a claim of somebody's own making counts for nothing", Trial::on(store, forged)).await;
}

async fn superseded<S: TokenStore>(trial: Trial<S>) -> Finding {
    for generation in [trial.generation + 1, trial.generation - 1, 0] {
        let claim = trial.store.claim(&trial.key, generation, LONG).await?;
        expect(claim == Claim::Superseded, format!("another generation got {claim:?}"))?;
    }
    let nothing = TokenKey::new("conformance", "none", trial.key.owner());
    let claim = trial.store.claim(&nothing, trial.generation, LONG).await?;
    expect(claim == Claim::Superseded, format!("a key with nothing stored got {claim:?}"))?;
    trial.granted(LONG).await.map(drop)
}

async fn one_of_many<S: TokenStore>(store: &Arc<S>) -> Finding {
    for _ in 0..20 {
        Trial::on(store, |trial| async move {
            let claims = together(CALLERS, |_| {
                let trial = trial.clone();
                async move { trial.claim(LONG).await }
            });
            let mut granted = 0;
            for (_, claim) in claims.await? {
                match claim {
                    Claim::Granted(_) => granted += 1,
                    Claim::Held(wait) if !wait.is_zero() => {}
                    other => return Err(format!("one of them got {other:?}").into()),
                }
            }
            expect(granted == 1, format!("{granted} of {CALLERS} were given it"))
        })
        .await?;
    }
    Ok(())
}

async fn two_grants<S: TokenStore>(store: &Arc<S>) -> Finding {
    Trial::on(store, |first| async move {
        first.granted(LONG).await?;
        Trial::on(&first.store, |second| async move { second.granted(LONG).await.map(drop) }).await
    })
    .await
}

async fn commits<S: TokenStore>(trial: Trial<S>) -> Finding {
    let lease = trial.granted(LONG).await?;
    expect(lease.failures == 0 && !lease.outcome_unknown, format!("a first claim says {lease:?}"))?;
    trial.is_held("while one has the claim").await?;
    expect(trial.mark_sent(&lease).await?, "it could not be marked as sent")?;
    trial.is_held("after it was marked as sent").await?;
    trial.is_unchanged().await?;
    expect(trial.commit(&lease, "second").await?, "it could not commit")?;
    trial.stores(Some(&grant(trial.generation + 1, "second")?)).await?;
    expect(!trial.commit(&lease, "third").await?, "it could commit twice")?;
    let failure = Failure::dead("invalid_grant");
    expect(!trial.store.fail(&trial.key, &lease, failure).await?, "it could fail after it had committed")?;
    expect(trial.claim(LONG).await? == Claim::Superseded, "the old generation can still be claimed")?;
    let next = trial.next();
    let lease = next.granted(LONG).await?;
    expect(lease.failures == 0 && !lease.outcome_unknown, format!("after a commit a claim says {lease:?}"))?;
    next.stores(Some(&grant(next.generation, "second")?)).await
}

async fn commit_once<S: TokenStore>(store: &Arc<S>) -> Finding {
    for _ in 0..10 {
        Trial::on(store, |trial| async move {
            let lease = trial.granted(LONG).await?;
            trial.mark_sent(&lease).await?;
            let outcomes = together(CALLERS, |number| {
                let (trial, lease) = (trial.clone(), lease.clone());
                async move { trial.commit(&lease, &number.to_string()).await }
            });
            let mut committed = 0;
            for (_, is_committed) in outcomes.await? {
                committed += usize::from(is_committed);
            }
            expect(committed == 1, format!("{committed} of {CALLERS} succeeded"))
        })
        .await?;
    }
    Ok(())
}

async fn forged<S: TokenStore>(trial: Trial<S>) -> Finding {
    let lease = trial.granted(LONG).await?;
    let others = [
        Lease { holder: lease.holder ^ 1, ..lease.clone() },
        Lease { generation: lease.generation ^ 1, ..lease },
    ];
    for other in others {
        expect(!trial.mark_sent(&other).await?, "it could be marked as sent")?;
        expect(!trial.commit(&other, "second").await?, "it could commit")?;
        let failure = Failure::dead("invalid_grant");
        expect(!trial.store.fail(&trial.key, &other, failure).await?, "it could fail")?;
    }
    trial.is_unchanged().await?;
    trial.is_held("while one has the claim").await
}
