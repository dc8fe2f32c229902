//! The store in PostgreSQL: the contract, its tables, and many who use them. Needs a server:
//! `tests/services/with postgres -- cargo test -p oauth-stores --all-features -- --ignored`.

mod common;

use common::acme::{Server, refreshes_once_an_expiry};
use oauth_runtime::StateStore;
use oauth_stores::{PostgresStore, conformance};
use sqlx::{Executor, PgPool, Row, postgres::PgPoolOptions};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

async fn pool() -> PgPool {
    let url = std::env::var("OAUTH_TEST_POSTGRES_URL").expect("`tests/services/with postgres` sets it");
    PgPoolOptions::new().max_connections(8).connect(&url).await.expect("a server")
}

/// A store with tables of its own, in a schema of its own.
async fn store(pool: &PgPool, schema: &str) -> PostgresStore {
    pool.execute(sqlx::raw_sql(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")))
        .await
        .expect("a schema");
    let store = PostgresStore::new(pool.clone()).tokens_table(&format!("{schema}.tokens")).expect("a name");
    let store = store.states_table(&format!("{schema}.states")).expect("a name");
    store.migrate().await.expect("tables");
    store
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: tests/services/with postgres"]
async fn it_conforms() {
    let store = PostgresStore::new(pool().await);
    store.migrate().await.expect("tables");
    conformance::state_store(store.clone()).await.assert();
    conformance::token_store(store.clone()).await.assert();
    conformance::token_store(store.cache(MINUTE)).await.assert();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: tests/services/with postgres"]
async fn it_conforms_in_a_schema_of_the_applications_own() {
    let store = store(&pool().await, "own").await;
    conformance::state_store(store.clone()).await.assert();
    conformance::full_state_store(store.clone().capacity(100), 100).await.assert();
    conformance::token_store(store).await.assert();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: tests/services/with postgres"]
async fn many_may_make_the_tables_at_once() {
    let pool = pool().await;
    pool.execute(sqlx::raw_sql("DROP SCHEMA IF EXISTS crowd CASCADE; CREATE SCHEMA crowd"))
        .await
        .expect("one");
    let migrations: Vec<_> = (0..8)
        .map(|_| {
            let store = PostgresStore::new(pool.clone()).tokens_table("crowd.tokens").expect("a name");
            let store = store.states_table("crowd.states").expect("a name");
            tokio::spawn(async move { store.migrate().await })
        })
        .collect();
    for migration in migrations {
        migration.await.expect("no panic").expect("tables");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: tests/services/with postgres"]
async fn a_flood_from_many_connections_stays_within_the_capacity() {
    let pool = pool().await;
    let store = store(&pool, "flood").await.capacity(200);
    let callers: Vec<_> = (0..16)
        .map(|caller| {
            let store = store.clone();
            tokio::spawn(async move {
                for number in 0..100 {
                    store.put(&format!("{caller}.{number}"), "value", MINUTE).await.expect("an answer");
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.expect("no panic");
    }
    assert!(store.put("last", "value", MINUTE).await.expect("an answer"));
    let kept: i64 = pool.fetch_one("SELECT count(*) FROM flood.states").await.expect("a row").get(0);
    assert!((100..=200).contains(&kept), "{kept} are kept");
    assert!(store.take("last").await.expect("an answer").is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: tests/services/with postgres"]
async fn flows_of_many_pools_refresh_once_an_expiry() {
    let first = store(&pool().await, "race").await;
    let server = Server::default();
    let mut flows = vec![server.flow(first)];
    for _ in 0..3 {
        let store = PostgresStore::new(pool().await).tokens_table("race.tokens").expect("a name");
        flows.push(server.flow(store));
    }
    refreshes_once_an_expiry(&server, &flows, 20).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: tests/services/with postgres"]
async fn a_row_is_found_by_its_index_alone() {
    let pool = pool().await;
    store(&pool, "plans").await;
    // A small table is read whole whatever its indexes are, unless that is forbidden.
    let mut connection = pool.acquire().await.expect("a connection");
    connection.execute("SET enable_seqscan = off").await.expect("set");
    for statement in [
        "SELECT generation, tokens, dead FROM plans.tokens WHERE provider = 'a' AND tenant = 'b' AND owner = 'c'",
        "DELETE FROM plans.states WHERE name = 'a' RETURNING value",
    ] {
        let explain = format!("EXPLAIN {statement}");
        let plan = sqlx::query(&explain).fetch_all(&mut *connection).await.expect("a plan");
        let plan: String = plan.iter().map(|row| row.get::<String, _>(0) + "\n").collect();
        assert!(plan.contains("Index Scan") || plan.contains("Bitmap Index Scan"), "{plan}");
        assert!(!plan.contains("Filter:"), "{plan}");
    }
}
