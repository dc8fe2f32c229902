//! Texts with a time to live as a [`StateStore`].

use super::{RedisStore, script};
use crate::measure::milliseconds;
use oauth_runtime::{BoxError, StateStore};
use redis::aio::ConnectionLike;
use std::time::Duration;

/// The keys that scripts about texts need. What is in braces keeps them at one node of a cluster.
struct Keys {
    texts: String,
    arrivals: String,
    lapses: String,
}

impl Keys {
    fn new(prefix: &str) -> Self {
        let key = |what: &str| format!("{prefix}{{states}}:{what}");
        Self { texts: key("text:"), arrivals: key("arrivals"), lapses: key("lapses") }
    }
}

impl<C: ConnectionLike + Clone + Send + Sync + 'static> StateStore for RedisStore<C> {
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, BoxError> {
        let keys = Keys::new(&self.prefix);
        let mut put = script::PUT.key(format!("{}{key}", keys.texts));
        put.key(keys.arrivals).key(keys.lapses).arg(value).arg(milliseconds(ttl));
        put.arg(self.capacity).arg(key).arg(keys.texts);
        self.run(&put).await
    }

    async fn take(&self, key: &str) -> Result<Option<String>, BoxError> {
        let keys = Keys::new(&self.prefix);
        let mut take = script::TAKE.key(format!("{}{key}", keys.texts));
        take.key(keys.arrivals).key(keys.lapses).arg(key);
        self.run(&take).await
    }
}
