//! The store in PostgreSQL: the contract and its tables. Needs a server: `tests/services/with postgres -- cargo test ..`.

use oauth_stores::{PostgresStore, conformance};
use sqlx::{PgPool, postgres::PgPoolOptions};

async fn pool() -> PgPool {
    let url = std::env::var("OAUTH_TEST_POSTGRES_URL").expect("`tests/services/with postgres` sets it");
    PgPoolOptions::new().max_connections(8).connect(&url).await.expect("a server")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: tests/services/with postgres"]
async fn it_conforms() {
    let store = PostgresStore::new(pool().await);
    store.migrate().await.expect("tables");
    conformance::state_store(store.clone()).await.assert();
    conformance::token_store(store).await.assert();
    let small = PostgresStore::new(pool().await).states_table("small_states").expect("a name").capacity(100);
    small.migrate().await.expect("tables");
    conformance::full_state_store(small, 100).await.assert();
}
