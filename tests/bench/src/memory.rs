//! What a pending authorization and a cached token take, beside the bytes of their fields.

use crate::{
    alloc,
    config::CONFIG,
    contestants::{Google, flow, offline, sign_in},
};
use oauth_runtime::{AuthCodeFlow, MemoryStateStore};
use std::{collections::HashMap, time::SystemTime};
use tokio::runtime::Runtime;

/// Bytes of one, on the average over `count`.
pub struct Memory {
    pub what: &'static str,
    pub contestant: &'static str,
    pub fields: f64,
    pub held: f64,
    pub count: usize,
}

/// A number or a time in a field.
const NUMBER: usize = 8;

pub fn figures(runtime: &Runtime, is_short: bool) -> Vec<Memory> {
    let (pending, cached) = if is_short { (2_000, 20_000) } else { (100_000, 1_000_000) };
    vec![
        pending_value(pending),
        pending_cookie(),
        pending_stored(runtime, pending),
        cached_floor(cached),
        cached_ours(runtime, cached),
    ]
}

/// What has to be remembered: state, verifier, what was asked, for which client, until when.
fn pending_fields() -> usize {
    let scopes: usize = CONFIG.scopes.iter().map(|scope| scope.len()).sum();
    CONFIG.state.len() + CONFIG.verifier.len() + "google".len() + CONFIG.redirect_uri.len() + scopes + NUMBER
}

fn begin(flow: &AuthCodeFlow<Google>) -> oauth_runtime::PendingAuthorization<Google> {
    flow.begin([Google::OPENID, Google::EMAIL, Google::PROFILE]).into_parts().1
}

fn memory(what: &'static str, contestant: &'static str, fields: usize, held: i64, count: usize) -> Memory {
    Memory { what, contestant, fields: fields as f64, held: held as f64 / count as f64, count }
}

fn pending_value(count: usize) -> Memory {
    let flow = flow();
    drop(begin(&flow));
    let (_kept, held) = alloc::held(|| {
        let mut kept = Vec::with_capacity(count);
        kept.extend((0..count).map(|_| begin(&flow)));
        kept
    });
    memory("pending", "ours", pending_fields(), held, count)
}

fn pending_cookie() -> Memory {
    let text = begin(&flow()).expose();
    memory("pending", "ours-as-text", pending_fields(), text.len() as i64, 1)
}

fn pending_stored(runtime: &Runtime, count: usize) -> Memory {
    let flow = flow().state_store(MemoryStateStore::with_capacity(count));
    let users: Vec<String> = (0..count).map(owner).collect();
    let fields = pending_fields() + users[0].len();
    let ((), held) = alloc::held(|| {
        runtime.block_on(async {
            for user in &users {
                flow.store_pending(user, begin(&flow)).await.expect("memory takes it");
            }
        });
    });
    memory("pending", "ours-in-memory-store", fields, held, count)
}

fn owner(index: usize) -> String {
    format!("user-{index:07}")
}

/// The texts of one user's tokens, and generation, issue, expiry.
fn cached_fields() -> usize {
    let scopes: usize = CONFIG.scopes.iter().map(|scope| scope.len()).sum();
    owner(0).len()
        + "google".len()
        + CONFIG.access_token.len()
        + CONFIG.refresh_token.len()
        + scopes
        + 3 * NUMBER
}

/// What one would keep by hand.
#[allow(dead_code, reason = "they are weighed, not read")]
struct Kept {
    access_token: Box<str>,
    refresh_token: Box<str>,
    scope: Box<str>,
    obtained_at: SystemTime,
    expires_at: SystemTime,
}

fn cached_floor(count: usize) -> Memory {
    let now = SystemTime::now();
    let kept = || Kept {
        access_token: CONFIG.access_token.into(),
        refresh_token: CONFIG.refresh_token.into(),
        scope: CONFIG.scopes.join(" ").into(),
        obtained_at: now,
        expires_at: now,
    };
    let (_cache, held) = alloc::held(|| {
        let pairs = (0..count).map(|index| (owner(index), kept()));
        pairs.collect::<HashMap<String, Kept>>()
    });
    memory("cached-token", "floor", cached_fields(), held, count)
}

fn cached_ours(runtime: &Runtime, count: usize) -> Memory {
    let flow = offline(CONFIG.answer().leak());
    let ((), held) = alloc::held(|| {
        runtime.block_on(async {
            for index in 0..count {
                sign_in(&flow, &owner(index)).await;
            }
        });
    });
    memory("cached-token", "ours", cached_fields(), held, count)
}
