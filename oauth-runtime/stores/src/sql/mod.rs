//! [`SqlStore`]: tokens and pending authorizations in two tables.

mod cache;
mod engine;
mod names;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statements;
mod states;
mod tokens;

pub(crate) use self::engine::Engine;
pub use self::names::InvalidName;
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresStore;
#[cfg(feature = "sqlite")]
pub use self::sqlite::SqliteStore;

use self::{
    cache::Cache,
    names::{Name, Names},
    statements::Statements,
};
use crate::measure::CAPACITY;
use oauth_runtime::BoxError;
use std::{fmt, sync::Arc, time::Duration};
use tokio::sync::{Mutex, MutexGuard};

/// Tokens and pending authorizations in two tables of a database, on the application's own pool of connections.
///
/// It is a [`StateStore`](oauth_runtime::StateStore) and a [`TokenStore`](oauth_runtime::TokenStore), and keeps the whole
/// contract of both among all processes that use the same tables. A clone is the same store. Settings come before the first use.
///
/// The tokens stand there in clear: whoever reads the table can use them.
#[derive(Clone)]
pub struct SqlStore<E> {
    engine: E,
    names: Names,
    statements: Arc<Statements>,
    capacity: u32,
    cache: Option<Arc<Cache>>,
    turn: Arc<Mutex<()>>,
}

impl<E: Engine> SqlStore<E> {
    /// A store on `pool`, with the tables `oauth_tokens` and `oauth_states`.
    pub fn new(pool: E) -> Self {
        Self {
            engine: pool,
            names: Names::default(),
            statements: Arc::default(),
            capacity: CAPACITY,
            cache: None,
            turn: Arc::default(),
        }
        .renamed()
    }

    /// Keeps tokens in the table `name`; in PostgreSQL `schema.name` too.
    pub fn tokens_table(mut self, name: &str) -> Result<Self, InvalidName> {
        self.names.tokens = Name::parse(name, E::DIALECT.takes_schema)?;
        Ok(self.renamed())
    }

    /// Keeps pending authorizations in the table `name`; in PostgreSQL `schema.name` too.
    pub fn states_table(mut self, name: &str) -> Result<Self, InvalidName> {
        self.names.states = Name::parse(name, E::DIALECT.takes_schema)?;
        Ok(self.renamed())
    }

    /// Keeps the newest `capacity` pending authorizations and marks of used ones; a hundred thousand, unless told otherwise.
    ///
    /// A sign-in that is begun adds one, and one that is finished adds one. With more than `capacity` of both within ten minutes, the oldest
    /// ones make room, whether they are still needed or not.
    #[must_use]
    pub fn capacity(self, capacity: u32) -> Self {
        Self { capacity: capacity.max(1), ..self }
    }

    /// Keeps what was loaded in this process's memory for `time`, so that a fresh token costs no statement.
    ///
    /// Off unless told otherwise. For that time, this process goes on using a fresh access token after another one removed it,
    /// replaced it or found its grant dead. A refresh is never decided from here: before it the row is read.
    #[must_use]
    pub fn cache(self, time: Duration) -> Self {
        Self { cache: (!time.is_zero()).then(|| Arc::new(Cache::new(time))), ..self }
    }

    /// Makes the tables, if they are not there.
    ///
    /// It may run at every start, and in several processes at once. [`schema`](Self::schema) has the same statements for applications whose
    /// migrations are made by other tools. A schema of PostgreSQL has to be there already.
    pub async fn migrate(&self) -> Result<(), BoxError> {
        Ok(self.engine.migrate(&self.schema()).await?)
    }

    /// The statements of [`migrate`](Self::migrate), with this store's names: each may run again and again.
    pub fn schema(&self) -> String {
        self.names.schema(E::SCHEMA)
    }

    /// A writer's turn, where a database has one writer at a time.
    ///
    /// Whoever finds the lock of such a database taken sleeps and looks again, for longer each time, while others come first. In
    /// a queue each of this process's writers begins when the one before it is done; only other processes are left to be found in the way.
    async fn turn(&self) -> Option<MutexGuard<'_, ()>> {
        if E::DIALECT.has_one_writer { Some(self.turn.lock().await) } else { None }
    }

    fn renamed(self) -> Self {
        Self { statements: Arc::new(Statements::new(&E::DIALECT, &self.names)), ..self }
    }
}

impl<E> fmt::Debug for SqlStore<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlStore")
            .field("tokens", &self.names.tokens.quoted())
            .field("states", &self.names.states.quoted())
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}
