//! [`Store`]: any of the stores, chosen by a flag; [`Place`]: where it is, for every process of a race.

use super::Problem;
use oauth_runtime::{
    BoxError, Claim, Failure, Lease, MemoryStateStore, MemoryTokenStore, StateStore, StoredGrant, TokenKey,
    TokenStore,
};
use oauth_stores::{PostgresStore, RedisStore, SqliteStore};
use redis::{AsyncConnectionConfig, aio::MultiplexedConnection};
use serde::{Deserialize, Serialize};
use sqlx::{PgPool, SqlitePool, postgres::PgPoolOptions};
use std::{str::FromStr, time::Duration};

/// Which store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// In one process's memory.
    Memory,
    /// In a file.
    Sqlite,
    /// In PostgreSQL.
    Postgres,
    /// In Redis.
    Redis,
}

impl FromStr for Kind {
    type Err = Problem;

    fn from_str(name: &str) -> Result<Self, Problem> {
        match name {
            "memory" => Ok(Self::Memory),
            "sqlite" => Ok(Self::Sqlite),
            "postgres" => Ok(Self::Postgres),
            "redis" => Ok(Self::Redis),
            _ => Err(format!("`{name}` is no store").into()),
        }
    }
}

/// Where a store is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Place {
    /// Which store.
    pub kind: Kind,
    /// Its address; for SQLite the path of its file.
    pub url: String,
    /// Tells this race's tables from others.
    pub name: String,
}

/// A store of one of the kinds.
#[derive(Clone)]
pub enum Store {
    /// See [`Kind::Memory`].
    Memory(MemoryTokenStore, MemoryStateStore),
    /// See [`Kind::Sqlite`].
    Sqlite(SqliteStore),
    /// See [`Kind::Postgres`].
    Postgres(PostgresStore),
    /// See [`Kind::Redis`].
    Redis(RedisStore<MultiplexedConnection>),
}

impl Store {
    /// The store at `place`, with what it needs there.
    pub async fn open(place: &Place) -> Result<Self, Problem> {
        Ok(match place.kind {
            Kind::Memory => Self::Memory(MemoryTokenStore::new(), MemoryStateStore::new()),
            Kind::Sqlite => Self::Sqlite(SqliteStore::open(&place.url).await?),
            Kind::Postgres => {
                // Many processes share the connections that a server has.
                let pool = PgPoolOptions::new().max_connections(5).connect(&place.url).await?;
                let name = |what: &str| format!("{}_{what}", place.name);
                let store =
                    PostgresStore::new(pool).tokens_table(&name("tokens"))?.states_table(&name("states"))?;
                store.migrate().await?;
                Self::Postgres(store)
            }
            Kind::Redis => Self::Redis(RedisStore::new(redis(place).await?).prefix(place.prefix())),
        })
    }

    /// The same store with what it reads kept in memory for a time; none if it has no such cache.
    pub fn cached(self, time: Duration) -> Option<Self> {
        match self {
            Self::Sqlite(store) => Some(Self::Sqlite(store.cache(time))),
            Self::Postgres(store) => Some(Self::Postgres(store.cache(time))),
            Self::Memory(..) | Self::Redis(_) => None,
        }
    }
}

impl Place {
    /// How many pending authorizations and marks are in `store`, which is here.
    pub async fn pending(&self, store: &Store) -> Result<usize, Problem> {
        let count: i64 = match store {
            Store::Memory(_, states) => return Ok(states.len()),
            Store::Sqlite(_) => {
                let pool = SqlitePool::connect(&self.url).await?;
                sqlx::query_scalar("SELECT count(*) FROM oauth_states").fetch_one(&pool).await?
            }
            Store::Postgres(_) => {
                let pool = PgPool::connect(&self.url).await?;
                let statement = format!("SELECT count(*) FROM {}_states", self.name);
                sqlx::query_scalar(&statement).fetch_one(&pool).await?
            }
            Store::Redis(_) => {
                let mut count = redis::cmd("ZCARD");
                count.arg(format!("{}{{states}}:arrivals", self.prefix()));
                count.query_async(&mut redis(self).await?).await?
            }
        };
        Ok(usize::try_from(count)?)
    }

    fn prefix(&self) -> String {
        format!("{}:", self.name)
    }

    /// How many there may be, as the stores have it unless they are told otherwise.
    pub fn capacity(&self) -> usize {
        if self.kind == Kind::Memory { 10_000 } else { 100_000 }
    }
}

/// A connection that waits longer for an answer than a process is ever stopped here.
async fn redis(place: &Place) -> Result<MultiplexedConnection, Problem> {
    let patient = AsyncConnectionConfig::new().set_response_timeout(Some(Duration::from_secs(60)));
    Ok(redis::Client::open(&*place.url)?.get_multiplexed_async_connection_with_config(&patient).await?)
}

/// Calls the same of whichever store it is.
macro_rules! each {
    ($self:ident, $store:ident => $call:expr) => {
        match $self {
            Store::Memory($store, _) => $call,
            Store::Sqlite($store) => $call,
            Store::Postgres($store) => $call,
            Store::Redis($store) => $call,
        }
    };
}

impl TokenStore for Store {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        each!(self, store => store.load(key).await)
    }

    fn peek(&self, key: &TokenKey) -> Option<StoredGrant> {
        each!(self, store => store.peek(key))
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        each!(self, store => store.save(key, grant).await)
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        each!(self, store => store.remove(key).await)
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        each!(self, store => store.claim(key, generation, lease).await)
    }

    async fn renew(&self, key: &TokenKey, lease: &Lease, length: Duration) -> Result<bool, BoxError> {
        each!(self, store => store.renew(key, lease, length).await)
    }

    async fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> Result<bool, BoxError> {
        each!(self, store => store.mark_sent(key, lease).await)
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        each!(self, store => store.commit(key, lease, grant).await)
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        each!(self, store => store.fail(key, lease, failure).await)
    }
}

impl StateStore for Store {
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, BoxError> {
        match self {
            Self::Memory(_, store) => store.put(key, value, ttl).await,
            Self::Sqlite(store) => store.put(key, value, ttl).await,
            Self::Postgres(store) => store.put(key, value, ttl).await,
            Self::Redis(store) => store.put(key, value, ttl).await,
        }
    }

    async fn take(&self, key: &str) -> Result<Option<String>, BoxError> {
        match self {
            Self::Memory(_, store) => store.take(key).await,
            Self::Sqlite(store) => store.take(key).await,
            Self::Postgres(store) => store.take(key).await,
            Self::Redis(store) => store.take(key).await,
        }
    }
}
