//! [`StateStore`] and [`TokenStore`]: where what must outlive a request is kept.

mod claim;
mod claims;
pub(crate) mod erased;
mod grant;
mod memory;
mod progress;
mod token_store;

pub(crate) use self::grant::{Place, new_generation};
pub use self::{
    claim::{Claim, Failure, Lease},
    grant::{StoredGrant, TokenKey},
    memory::{MemoryStateStore, MemoryTokenStore},
    token_store::TokenStore,
};

use crate::error::BoxError;
use std::{future::Future, time::Duration};

/// Keeps texts for a short time and gives each away once: the users' pending authorizations, and the marks of used ones.
///
/// Write it over what your application has: one table or key space. The keys are hashes, the values hold secrets.
///
/// # The contract
///
/// 1. **`put` and `take` are one atomic statement each**, among all processes that share the store: of a hundred who
///    take a text, one gets it; of a hundred who put one under a free key, one is told so.
/// 2. **A text lapses** after its time to live, by the store's clock: it is not given away any more, and its key is free.
/// 3. **The number of texts is bounded.** Whoever can begin a sign-in can add one. When the store is full, lapsed texts make
///    room and then the oldest one, so that a flood cannot lock anybody out.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no state store",
    label = "cannot keep pending authorizations",
    note = "implement `StateStore` for it: `put` and `take`, or use `MemoryStateStore`"
)]
pub trait StateStore: Send + Sync + 'static {
    /// Keeps `value` under `key` for `ttl`, unless something is there: says whether it was kept. One atomic statement.
    ///
    /// For no time at all it keeps nothing, and only asks whether the key is free. That should make room for nothing either.
    fn put(
        &self,
        key: &str,
        value: &str,
        ttl: Duration,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send;

    /// Takes the value away, in one atomic statement: of two callers one gets it. A lapsed one is gone.
    fn take(&self, key: &str) -> impl Future<Output = Result<Option<String>, BoxError>> + Send;
}
