//! The rules of [`TokenStore`], and those about what is stored.

use super::{
    claims, failures, leases,
    report::{Finding, Report, expect},
    setup::{LONG, Trial, grant, number, text},
};
use oauth_runtime::{StoredGrant, TokenKey, TokenStore};
use std::{sync::Arc, time::Duration};

/// Tries every rule of [`TokenStore`] on `store`, for a store that several processes share.
///
/// It takes some seconds, because leases have to lapse.
pub async fn token_store<S: TokenStore>(store: S) -> Report {
    let store = Arc::new(store);
    let mut report = Report::default();
    stored(&store, &mut report).await;
    claims::try_rules(&store, &mut report).await;
    leases::try_rules(&store, &mut report).await;
    failures::try_rules(&store, &mut report).await;
    report
}

async fn stored<S: TokenStore>(store: &Arc<S>, report: &mut Report) {
    report.rule("a grant comes back as it went, dead or alive", comes_back(store)).await;
    report.rule("what is known at once is what is stored", Trial::on(store, peeked)).await;
    report.rule("a removed grant is gone", removed(store)).await;
    report.rule("keys are told apart by provider, tenant and owner, and by every byte", keys(store)).await;
    report.rule("a sign-in ends every claim and every wait", Trial::on(store, sign_in)).await;
    report.rule("after a sign-out nothing comes back", Trial::on(store, sign_out)).await;
    report.rule("a sign-in at the time of a commit wins", sign_in_during_commit(store)).await;
}

async fn comes_back(store: &Arc<impl TokenStore>) -> Finding {
    let key = TokenKey::new("conformance", "", format!("back {}", number()));
    let first = grant(number(), "first")?;
    let dead = StoredGrant { dead: Some("invalid_grant".to_owned()), ..grant((1 << 48) + 1, "dead")? };
    for stored in [first, dead, grant(0, "last")?] {
        store.save(&key, stored.clone()).await?;
        let loaded = store.load(&key).await?;
        let is_same = text(loaded.as_ref()) == text(Some(&stored));
        expect(is_same, format!("{} came back for {}", text(loaded.as_ref()), text(Some(&stored))))?;
    }
    store.remove(&key).await
}

async fn peeked<S: TokenStore>(trial: Trial<S>) -> Finding {
    let is_current = |when: &str, expected: Option<&StoredGrant>| match trial.store.peek(&trial.key) {
        None => Ok(()),
        known => {
            expect(text(known.as_ref()) == text(expected), format!("{when} it is {}", text(known.as_ref())))
        }
    };
    let first = grant(trial.generation, "first")?;
    trial.store.load(&trial.key).await?;
    is_current("after a load", Some(&first))?;
    let lease = trial.granted(LONG).await?;
    trial.mark_sent(&lease).await?;
    trial.commit(&lease, "second").await?;
    is_current("after a commit", Some(&grant(trial.generation + 1, "second")?))?;
    let third = grant(number(), "third")?;
    trial.store.save(&trial.key, third.clone()).await?;
    is_current("after a save", Some(&third))?;
    trial.store.remove(&trial.key).await?;
    is_current("after it was removed", None)
}

async fn removed(store: &Arc<impl TokenStore>) -> Finding {
    let key = TokenKey::new("conformance", "", format!("removed {}", number()));
    expect(store.load(&key).await?.is_none(), "something is stored for a key that nobody saved")?;
    store.remove(&key).await?;
    store.save(&key, grant(number(), "first")?).await?;
    store.remove(&key).await?;
    expect(store.load(&key).await?.is_none(), "it is still there")
}

async fn keys(store: &Arc<impl TokenStore>) -> Finding {
    let owner = number().to_string();
    let keys = [
        TokenKey::new("conformance", "", owner.clone()),
        TokenKey::new("conformance2", "", owner.clone()),
        TokenKey::new("conformance", "tenant", owner.clone()),
        TokenKey::new("conformance", "Tenant", owner.clone()),
        TokenKey::new("conformance", "a/b", owner.clone()),
        TokenKey::new("conformance", "a%2Fb", owner.clone()),
        TokenKey::new("conformance", "", format!("tenant:{owner}")),
        TokenKey::new("conformance", "", format!(":{owner}")),
        TokenKey::new("conformance", "", format!("{owner} ")),
        TokenKey::new("conformance", "", format!("é{owner}")),
        TokenKey::new("conformance", "", format!("e\u{301}{owner}")),
        TokenKey::new("conformance", "", format!("'; {owner} \\ \" % _ * ?")),
    ];
    for (number, key) in keys.iter().enumerate() {
        store.save(key, grant(number as u64, &key.to_string())?).await?;
    }
    for (number, key) in keys.iter().enumerate() {
        let expected = grant(number as u64, &key.to_string())?;
        let loaded = store.load(key).await?;
        expect(text(loaded.as_ref()) == text(Some(&expected)), format!("`{key}` has what is another one's"))?;
        store.remove(key).await?;
    }
    Ok(())
}

async fn sign_in<S: TokenStore>(trial: Trial<S>) -> Finding {
    let lease = trial.granted(LONG).await?;
    trial.mark_sent(&lease).await?;
    let newer = grant(number(), "newer")?;
    trial.store.save(&trial.key, newer.clone()).await?;
    expect(!trial.store.renew(&trial.key, &lease, LONG).await?, "the old claim was renewed")?;
    expect(!trial.mark_sent(&lease).await?, "the old claim could be marked as sent")?;
    expect(!trial.commit(&lease, "second").await?, "the old claim could commit")?;
    let failure = oauth_runtime::Failure::dead("invalid_grant");
    expect(!trial.store.fail(&trial.key, &lease, failure).await?, "the old claim could end the new grant")?;
    trial.stores(Some(&newer)).await?;
    let next = Trial { generation: newer.generation, ..trial };
    let lease = next.granted(LONG).await?;
    expect(lease.failures == 0 && !lease.outcome_unknown, format!("the new grant began with {lease:?}"))
}

async fn sign_out<S: TokenStore>(trial: Trial<S>) -> Finding {
    let lease = trial.granted(LONG).await?;
    trial.mark_sent(&lease).await?;
    trial.store.remove(&trial.key).await?;
    expect(!trial.store.renew(&trial.key, &lease, LONG).await?, "the claim was renewed")?;
    expect(!trial.commit(&lease, "second").await?, "the claim could commit")?;
    let failure = oauth_runtime::Failure::dead("invalid_grant");
    expect(!trial.store.fail(&trial.key, &lease, failure).await?, "the claim could fail")?;
    trial.stores(None).await
}

async fn sign_in_during_commit(store: &Arc<impl TokenStore>) -> Finding {
    for round in 0..20 {
        Trial::on(store, |trial| async move {
            let lease = trial.granted(LONG).await?;
            trial.mark_sent(&lease).await?;
            let newer = grant(number(), "newer")?;
            let other = trial.clone();
            let committing = tokio::spawn(async move { other.commit(&lease, "second").await });
            // Sooner or later, so that it falls into the middle of a commit that is more than one step.
            tokio::time::sleep(Duration::from_micros(200 * round)).await;
            trial.store.save(&trial.key, newer.clone()).await?;
            committing.await??;
            trial.stores(Some(&newer)).await
        })
        .await?;
    }
    Ok(())
}
