//! SQLite as an [`Engine`].

use super::{
    Engine, SqlStore,
    engine::{Cell, Value},
    statements::Dialect,
};
use oauth_runtime::BoxError;
use sqlx::{
    Executor, Row, Sqlite, SqlitePool, TypeInfo, ValueRef,
    query::Query,
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow,
        SqliteSynchronous,
    },
};
use std::{path::Path, time::Duration};

/// A store in a file of SQLite, for one machine: several processes may share the file.
///
/// [`open`](Self::open) makes a pool with the settings that this needs. For a pool of your own: the journal in WAL mode,
/// so that readers and the one writer do not wait for each other; a busy timeout of some seconds; and `synchronous`
/// at `FULL`, sqlx's default: with less, a loss of power can undo the last commits, and a refresh token that was
/// replaced in one of them is lost.
pub type SqliteStore = SqlStore<SqlitePool>;

impl SqliteStore {
    /// The store in the file at `path`, which is made if it is not there, with its tables.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, BoxError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10));
        let store = Self::new(SqlitePoolOptions::new().connect_with(options).await?);
        store.migrate().await?;
        Ok(store)
    }
}

const DIALECT: Dialect = Dialect {
    // Milliseconds of the Unix epoch; `unixepoch` with fractions is younger than the SQLite of some systems.
    now: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    later: "{now} + {}",
    left: "({} - {now})",
    takes_schema: false,
    put: &[
        "INSERT INTO {states} (name, value, expires_at) VALUES ($1, $2, {now} + $3) \
         ON CONFLICT (name) DO UPDATE SET number = (SELECT max(number) + 1 FROM {states}), \
         value = excluded.value, expires_at = excluded.expires_at WHERE expires_at <= {now}",
        "DELETE FROM {states} WHERE number <= (SELECT max(number) FROM {states}) - $4",
        "DELETE FROM {states} WHERE expires_at <= {now}",
    ],
};

type Statement<'q> = Query<'q, Sqlite, SqliteArguments<'q>>;

fn query<'q>(statement: &'q str, values: &[Value<'q>]) -> Statement<'q> {
    values.iter().fold(sqlx::query(statement), |query, value| match value {
        Value::Number(number) => query.bind(*number),
        Value::Text(text) => query.bind(*text),
        Value::MaybeText(text) => query.bind(*text),
    })
}

fn cells(row: &SqliteRow) -> Result<Vec<Cell>, sqlx::Error> {
    let cell = |index| {
        let value = row.try_get_raw(index)?;
        match value.type_info().name() {
            _ if value.is_null() => Ok(Cell::Null),
            "INTEGER" => row.try_get(index).map(Cell::Number),
            _ => row.try_get(index).map(Cell::Text),
        }
    };
    (0..row.len()).map(cell).collect()
}

impl Engine for SqlitePool {
    const DIALECT: Dialect = DIALECT;
    const SCHEMA: &'static str = include_str!("../../schema/sqlite.sql");

    async fn row(&self, statement: &str, values: &[Value<'_>]) -> Result<Option<Vec<Cell>>, sqlx::Error> {
        // All rows: SQLite commits a statement that changes something after its last one.
        let rows = query(statement, values).fetch_all(self).await?;
        rows.first().map(cells).transpose()
    }

    async fn change(&self, statement: &str, values: &[Value<'_>]) -> Result<u64, sqlx::Error> {
        Ok(query(statement, values).execute(self).await?.rows_affected())
    }

    async fn put(&self, statements: &[String], values: &[Value<'_>]) -> Result<u64, sqlx::Error> {
        // Immediate: a transaction that reads first and writes then could find the lock taken, and no timeout would help it.
        let mut transaction = self.begin_with("BEGIN IMMEDIATE").await?;
        let mut changed = None;
        for statement in statements {
            let rows = query(statement, values).execute(&mut *transaction).await?.rows_affected();
            changed.get_or_insert(rows);
        }
        transaction.commit().await?;
        Ok(changed.unwrap_or_default())
    }

    async fn migrate(&self, schema: &str) -> Result<(), sqlx::Error> {
        let mut transaction = self.begin_with("BEGIN IMMEDIATE").await?;
        transaction.execute(sqlx::raw_sql(schema)).await?;
        transaction.commit().await
    }
}
