//! SQLite as an [`Engine`].

use super::{
    Engine, SqlStore,
    engine::{Cell, Value},
    statements::{Dialect, IS_THERE},
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
/// Make one store in a process and clone it: its clones write one after another, and do not keep each other from SQLite's lock.
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
        // A connection to a file does not break while nobody uses it, so it need not be tried before each use.
        let pool = SqlitePoolOptions::new().test_before_acquire(false).connect_with(options).await?;
        let store = Self::new(pool);
        store.migrate().await?;
        Ok(store)
    }
}

/// Lapsed texts go with every so manieth one that comes.
const SWEEP_EVERY: i64 = 64;

const DIALECT: Dialect = Dialect {
    // Milliseconds of the Unix epoch; `unixepoch` with fractions is younger than the SQLite of some systems.
    now: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    later: "{now} + {}",
    left: "({} - {now})",
    takes_schema: false,
    has_one_writer: true,
    put: &[
        // Kept while there is room for one more: the numbers from the lowest to the highest one are at least as many as the rows.
        "INSERT INTO {states} (name, value, expires_at) SELECT $1, $2, {now} + $3 \
         WHERE COALESCE((SELECT max(number) FROM {states}) - (SELECT min(number) FROM {states}) + 1, 0) < $4 \
         ON CONFLICT (name) DO UPDATE SET number = (SELECT max(number) + 1 FROM {states}), \
         value = excluded.value, expires_at = excluded.expires_at WHERE expires_at <= {now} RETURNING number",
        IS_THERE,
        "DELETE FROM {states} WHERE number IN (SELECT number FROM {states} WHERE expires_at <= {now} LIMIT 1000)",
        "DELETE FROM {states} WHERE number <= (SELECT max(number) FROM {states}) - $4 + min($4 / 64 + 1, 256)",
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

    async fn put(&self, statements: &[String], values: &[Value<'_>]) -> Result<bool, sqlx::Error> {
        let [insert, is_there, sweep, make_room] = statements else { return Ok(false) };
        if let Some(row) = self.row(insert, values).await? {
            if row.first().and_then(Cell::number).is_none_or(|number| number % SWEEP_EVERY == 0) {
                // It is kept already. What cannot be swept now goes another time.
                let _ = self.change(sweep, &[]).await;
            }
            return Ok(true);
        }
        if self.row(is_there, &values[..1]).await?.is_some() {
            return Ok(false);
        }
        // Immediate: a transaction that reads first and writes then could find the lock taken, and no timeout would help it.
        let mut transaction = self.begin_with("BEGIN IMMEDIATE").await?;
        for statement in [sweep, make_room] {
            query(statement, values).execute(&mut *transaction).await?;
        }
        let kept = !query(insert, values).fetch_all(&mut *transaction).await?.is_empty();
        transaction.commit().await?;
        Ok(kept)
    }

    async fn migrate(&self, schema: &str) -> Result<(), sqlx::Error> {
        let mut transaction = self.begin_with("BEGIN IMMEDIATE").await?;
        transaction.execute(sqlx::raw_sql(schema)).await?;
        transaction.commit().await
    }
}
