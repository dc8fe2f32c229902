//! Refreshes whose store fails, or in which another process was faster.

use super::{
    Findings, World,
    refreshes::{NEW, lapsed},
};
use crate::hostile::{
    ours::OLD,
    server::{Action, json},
};
use oauth_runtime::{BoxError, MemoryTokenStore, StoredGrant, StoredTokens, TokenKey, TokenStore};
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// A store of a user's own, whose disk fails for a while.
#[derive(Clone, Default)]
struct Failing {
    kept: MemoryTokenStore,
    faults: Arc<AtomicU64>,
}

impl TokenStore for Failing {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        self.kept.load(key).await
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        let left = self.faults.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left.is_ok() {
            return Err("the disk is full".into());
        }
        self.kept.save(key, grant).await
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.kept.remove(key).await
    }
}

/// The rotated token is not lost: the save is tried again, and again by the next caller.
pub(super) async fn store_fault(world: &World<'_>) -> Findings {
    let mut findings = Vec::new();
    for faults in [world.number("times", 3), 1000] {
        let server = world.server(|_, _| json(200, NEW))?;
        let store = Failing::default();
        let flow = world.flow(&server)?.token_store(store.clone());
        lapsed(&flow, "ada").await?;
        store.faults.store(faults, Ordering::SeqCst);
        let session = flow.session("ada");
        if session.access_token().await.is_err() {
            store.faults.store(0, Ordering::SeqCst);
            if let Err(error) = session.access_token().await {
                findings.push(format!("{faults} faults: the new token is lost: {error}"));
            }
        } else if faults == 1000 {
            findings.push("callers got a token that is not stored".to_owned());
        }
        let stored = session.stored_tokens().await.ok().flatten();
        let stored = stored.and_then(|tokens| Some(tokens.refresh_token()?.expose().to_owned()));
        if stored.as_deref() != Some("RT-2") || server.count() != 1 {
            findings.push(format!("{faults} faults: {} requests, and {stored:?} is stored", server.count()));
        }
    }
    Ok(findings)
}

/// Another process rotates while our request is under way, so that ours is refused.
pub(super) async fn lost_race(world: &World<'_>) -> Findings {
    let delay = world.delay("delay_ms", 300);
    let server = world.server(move |_, _| {
        [vec![Action::Sleep(delay)], json(400, r#"{"error":"invalid_grant"}"#)].concat()
    })?;
    let store = MemoryTokenStore::new();
    let flow = world.flow(&server)?.token_store(store.clone());
    lapsed(&flow, "ada").await?;
    let session = flow.session("ada");
    let caller = tokio::spawn(async move { session.access_token().await });
    tokio::time::sleep(delay / 3).await;
    let key = TokenKey::new("hostile", server.port().to_string(), "ada");
    let before = store.load(&key).await.map_err(|error| error.to_string())?.ok_or("the key is another")?;
    let newer =
        json!({"access_token": "AT-THEIRS", "refresh_token": "RT-THEIRS", "obtained_at": 4_000_000_000_u64});
    let tokens: StoredTokens = serde_json::from_value(newer).map_err(|error| error.to_string())?;
    let grant = StoredGrant { generation: before.generation + 1, tokens, dead: None };
    store.save(&key, grant).await.map_err(|error| error.to_string())?;
    let mut findings = Vec::new();
    match caller.await.map_err(|error| error.to_string())? {
        Ok(token) if token.expose() == "AT-THEIRS" => {}
        Ok(token) => findings.push(format!("got {} instead", token.expose().replace(OLD.0, "the old one"))),
        Err(error) => findings.push(format!("the newer pair is not adopted: {error}")),
    }
    let stored = store.load(&key).await.map_err(|error| error.to_string())?;
    if stored.is_none_or(|grant| grant.dead.is_some()) {
        findings.push("the living grant was declared dead".to_owned());
    }
    if server.count() != 1 {
        findings.push(format!("sent {} requests", server.count()));
    }
    Ok(findings)
}
