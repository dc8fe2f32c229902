//! Tries whether a store keeps the contract: ours, or one of your own.
//!
//! Run it in a test of your store. It needs a store that works and is reached by several connections at once; what it
//! writes has keys of its own, and is taken away at the end.
//!
//! ```
//! use oauth_runtime::{MemoryStateStore, MemoryTokenStore};
//! use oauth_stores::conformance;
//!
//! # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
//! conformance::state_store(MemoryStateStore::new()).await.assert();
//! # });
//! ```

mod claims;
mod failures;
mod leases;
mod report;
mod setup;
mod states;
mod tokens;

pub use self::{
    report::{Report, Violation},
    states::{full_state_store, state_store},
    tokens::token_store,
};
