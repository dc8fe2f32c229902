//! [`RedisStore`]: tokens and pending authorizations in Redis.

mod script;
mod states;
mod tokens;

use crate::measure::CAPACITY;
use oauth_runtime::{BoxError, TokenKey};
use redis::{ScriptInvocation, aio::ConnectionLike};
use std::{fmt, sync::Arc};

/// Tokens and pending authorizations in Redis 6 or later, on a connection that the application already has.
///
/// `C` is any connection of the crate `redis` that can be cloned: `MultiplexedConnection`, `ConnectionManager`, or one to a
/// cluster. It is a [`StateStore`](oauth_runtime::StateStore) and a [`TokenStore`](oauth_runtime::TokenStore), and keeps the
/// whole contract of both among all processes that use the same prefix: every change is one script, by the server's clock.
///
/// # What Redis must be told
///
/// Redis answers before it has written to the disk. Without `appendonly yes` and `appendfsync always`, a crash of the server undoes the last
/// changes: a refresh token that was replaced in that time is lost, and its user has to sign in again. The same
/// holds for a replica that takes over before it has everything. `maxmemory-policy` must be `noeviction`, the default, or tokens are
/// thrown away when the memory is full.
///
/// # What stands there
///
/// With the prefix `oauth:`, a hash `oauth:grant:{provider}:{tenant}:{owner}` for each grant, which stays until it is removed; a text
/// `oauth:{states}:text:{name}` for each pending authorization, which lapses; and two sorted sets beside these,
/// `oauth:{states}:arrivals` and `oauth:{states}:lapses`, which keep their number down. In a cluster, `{states}` as it is written keeps these
/// together. The tokens stand there in clear: whoever reads them can use them.
#[derive(Clone)]
pub struct RedisStore<C> {
    connection: C,
    prefix: Arc<str>,
    capacity: u32,
}

impl<C: ConnectionLike + Clone + Send + Sync + 'static> RedisStore<C> {
    /// A store on `connection`, whose keys begin with `oauth:`.
    pub fn new(connection: C) -> Self {
        Self { connection, prefix: "oauth:".into(), capacity: CAPACITY }
    }

    /// Begins every key with `prefix`, so that several applications can share a server.
    #[must_use]
    pub fn prefix(self, prefix: impl Into<Arc<str>>) -> Self {
        Self { prefix: prefix.into(), ..self }
    }

    /// Keeps the newest `capacity` pending authorizations and marks of used ones; a hundred thousand, unless told otherwise.
    ///
    /// A sign-in that is begun adds one, and one that is finished adds one. With more than `capacity` of both within ten
    /// minutes, the oldest ones make room, whether they are still needed or not.
    #[must_use]
    pub fn capacity(self, capacity: u32) -> Self {
        Self { capacity: capacity.max(1), ..self }
    }

    fn grant_key(&self, key: &TokenKey) -> String {
        format!("{}grant:{key}", self.prefix)
    }

    async fn run<T: redis::FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, BoxError> {
        // A clone is another handle of the same connection.
        Ok(script.invoke_async(&mut self.connection.clone()).await?)
    }
}

impl<C> fmt::Debug for RedisStore<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("prefix", &self.prefix)
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}
