//! PostgreSQL as an [`Engine`].

use super::{
    Engine, SqlStore,
    engine::{Cell, Value},
    statements::Dialect,
};
use sqlx::{
    Executor, PgPool, Postgres, Row, TypeInfo, ValueRef,
    postgres::{PgArguments, PgRow},
    query::Query,
};

/// A store in PostgreSQL 12 or later, for any number of machines.
///
/// It needs nothing but single statements, at the level `read committed`, which is PostgreSQL's default. With
/// `synchronous_commit = off` a crash of the server can undo the last commits, and a refresh token that was replaced in
/// one of them is lost.
pub type PostgresStore = SqlStore<PgPool>;

/// Tells the lock of a migration from others; any number would do.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7238104667215403)";

const DIALECT: Dialect = Dialect {
    // Not `now()`, which is the time when the statement began: it may have waited for another one.
    now: "clock_timestamp()",
    later: "{now} + {} * interval '1 millisecond'",
    left: "ceil(extract(epoch FROM {} - {now}) * 1000)::bigint",
    takes_schema: true,
    has_one_writer: false,
    // One statement. What makes room skips rows that another one has in hand: they are being deleted already.
    put: &["WITH lapsed AS (DELETE FROM {states} WHERE name IN (SELECT name FROM {states} \
            WHERE expires_at <= now() AND name <> $1 ORDER BY expires_at LIMIT 64 FOR UPDATE SKIP LOCKED)), \
            oldest AS (DELETE FROM {states} WHERE name IN (SELECT name FROM {states} \
            WHERE number <= (SELECT max(number) + 1 FROM {states}) - $4 AND name <> $1 \
            ORDER BY number LIMIT 64 FOR UPDATE SKIP LOCKED)) \
            INSERT INTO {states} AS kept (name, value, expires_at) \
            VALUES ($1, $2, {now} + $3 * interval '1 millisecond') \
            ON CONFLICT (name) DO UPDATE SET number = excluded.number, value = excluded.value, \
            expires_at = excluded.expires_at WHERE kept.expires_at <= {now}"],
};

type Statement<'q> = Query<'q, Postgres, PgArguments>;

fn query<'q>(statement: &'q str, values: &[Value<'q>]) -> Statement<'q> {
    values.iter().fold(sqlx::query(statement), |query, value| match value {
        Value::Number(number) => query.bind(*number),
        Value::Text(text) => query.bind(*text),
        Value::MaybeText(text) => query.bind(*text),
    })
}

fn cells(row: &PgRow) -> Result<Vec<Cell>, sqlx::Error> {
    let cell = |index| {
        let value = row.try_get_raw(index)?;
        match value.type_info().name() {
            _ if value.is_null() => Ok(Cell::Null),
            "INT8" => row.try_get(index).map(Cell::Number),
            "INT4" => row.try_get::<i32, _>(index).map(|number| Cell::Number(number.into())),
            _ => row.try_get(index).map(Cell::Text),
        }
    };
    (0..row.len()).map(cell).collect()
}

impl Engine for PgPool {
    const DIALECT: Dialect = DIALECT;
    const SCHEMA: &'static str = include_str!("../../schema/postgres.sql");

    async fn row(&self, statement: &str, values: &[Value<'_>]) -> Result<Option<Vec<Cell>>, sqlx::Error> {
        let row = query(statement, values).fetch_optional(self).await?;
        row.as_ref().map(cells).transpose()
    }

    async fn change(&self, statement: &str, values: &[Value<'_>]) -> Result<u64, sqlx::Error> {
        Ok(query(statement, values).execute(self).await?.rows_affected())
    }

    async fn put(&self, statements: &[String], values: &[Value<'_>]) -> Result<bool, sqlx::Error> {
        let [statement] = statements else { return Ok(false) };
        Ok(self.change(statement, values).await? > 0)
    }

    async fn migrate(&self, schema: &str) -> Result<(), sqlx::Error> {
        let mut transaction = self.begin().await?;
        // `IF NOT EXISTS` alone does not keep two who create at once from each other.
        transaction.execute(LOCK).await?;
        transaction.execute(sqlx::raw_sql(schema)).await?;
        transaction.commit().await
    }
}
