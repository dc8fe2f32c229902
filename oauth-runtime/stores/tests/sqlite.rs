//! The store in SQLite: the contract, its tables, and many who use one file.

mod common;

use common::{
    Folder,
    acme::{Server, refreshes_once_an_expiry, tokens},
};
use oauth_runtime::{BoxError, StateStore, StoredGrant, TokenKey, TokenStore};
use oauth_stores::{SqliteStore, conformance};
use sqlx::{Row, SqlitePool};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

async fn pool(folder: &Folder) -> SqlitePool {
    let file = folder.file("oauth.db");
    let url = format!("sqlite://{}?mode=rwc", file.to_str().expect("a path of text"));
    SqlitePool::connect(&url).await.expect("a file")
}

async fn count(pool: &SqlitePool, statement: &str) -> i64 {
    sqlx::query(statement).fetch_one(pool).await.expect("a row").get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_conforms() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("oauth.db")).await.expect("a store");
    conformance::state_store(store.clone()).await.assert();
    conformance::full_state_store(store.clone().capacity(100), 100).await.assert();
    conformance::token_store(store.clone()).await.assert();
    conformance::token_store(store.cache(MINUTE)).await.assert();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_conforms_on_a_pool_of_the_applications_own_with_names_of_its_own() {
    let folder = Folder::new();
    let store = SqliteStore::new(pool(&folder).await);
    let store = store.tokens_table("grants").and_then(|store| store.states_table("oauth_tokens_2"));
    let store = store.expect("names");
    store.migrate().await.expect("tables");
    conformance::state_store(store.clone()).await.assert();
    conformance::token_store(store).await.assert();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_may_open_a_file_and_make_its_tables_at_once() {
    let folder = Folder::new();
    let openers: Vec<_> = (0..8)
        .map(|_| {
            let file = folder.file("oauth.db");
            std::thread::spawn(move || {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("one");
                runtime.block_on(async {
                    let store = SqliteStore::open(file).await?;
                    store.migrate().await?;
                    store.put("key", "value", MINUTE).await
                })
            })
        })
        .collect();
    let kept = openers.into_iter().map(|opener| opener.join().expect("no panic").expect("a store"));
    assert_eq!(kept.filter(|kept| *kept).count(), 1);
}

#[tokio::test]
async fn tables_are_left_alone_when_they_are_there() {
    let folder = Folder::new();
    let pool = pool(&folder).await;
    let store = SqliteStore::new(pool.clone());
    store.migrate().await.expect("tables");
    store.put("key", "value", MINUTE).await.expect("kept");
    let tables = "SELECT group_concat(sql, '; ') FROM sqlite_schema";
    let before: String = sqlx::query(tables).fetch_one(&pool).await.expect("a row").get(0);
    store.migrate().await.expect("tables");
    // An application may also run the shipped statements by its own tool.
    sqlx::raw_sql(&store.schema()).execute(&pool).await.expect("statements");
    let after: String = sqlx::query(tables).fetch_one(&pool).await.expect("a row").get(0);
    assert_eq!(before, after);
    assert_eq!(store.take("key").await.expect("an answer").as_deref(), Some("value"));
}

#[tokio::test]
async fn nothing_but_a_name_gets_into_a_statement() {
    let folder = Folder::new();
    let pool = pool(&folder).await;
    for name in ["", "1a", "a b", "a\"b", "a;drop table x", "é", "a-b", "main.a", ".a", "a.", &"a".repeat(49)]
    {
        let error = SqliteStore::new(pool.clone()).tokens_table(name).expect_err(name);
        assert!(error.to_string().contains("is no name of a table"), "{error}");
        SqliteStore::new(pool.clone()).states_table(name).expect_err(name);
    }
    for name in ["a", "_", "A1_b", "select", &"a".repeat(48)] {
        let store = SqliteStore::new(pool.clone()).states_table(name).expect(name);
        store.migrate().await.expect("tables");
        assert!(store.put(name, "value", MINUTE).await.expect("an answer"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flows_of_many_pools_on_one_file_refresh_once_an_expiry() {
    let folder = Folder::new();
    let server = Server::default();
    let mut flows = Vec::new();
    for _ in 0..4 {
        flows.push(server.flow(SqliteStore::open(folder.file("oauth.db")).await.expect("a store")));
    }
    refreshes_once_an_expiry(&server, &flows, 5).await;
}

#[tokio::test]
async fn a_store_that_is_opened_again_has_what_was_there() -> Result<(), BoxError> {
    let folder = Folder::new();
    let (file, key) = (folder.file("oauth.db"), TokenKey::new("acme", "a/b", "ada"));
    let grant =
        StoredGrant { generation: 7, tokens: tokens(1, 0).expose(), dead: Some("invalid_grant".into()) };
    let store = SqliteStore::open(&file).await?;
    store.save(&key, grant).await?;
    store.put("key", "value", MINUTE).await?;
    drop(store);
    let store = SqliteStore::open(&file).await?;
    let stored = store.load(&key).await?.expect("a grant");
    assert_eq!((stored.generation, stored.dead.as_deref()), (7, Some("invalid_grant")));
    assert_eq!(store.take("key").await?.as_deref(), Some("value"));
    Ok(())
}

#[tokio::test]
async fn pending_authorizations_never_outnumber_the_capacity_and_lapsed_ones_go() -> Result<(), BoxError> {
    let folder = Folder::new();
    let pool = pool(&folder).await;
    let store = SqliteStore::new(pool.clone()).capacity(50);
    store.migrate().await?;
    for number in 0..200 {
        assert!(store.put(&number.to_string(), "value", MINUTE).await?);
        assert!(count(&pool, "SELECT count(*) FROM oauth_states").await <= 50);
    }
    assert!(store.take("199").await?.is_some() && store.take("0").await?.is_none());
    for number in 0..20 {
        store.put(&format!("brief {number}"), "value", Duration::from_millis(1)).await?;
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    store.put("last", "value", MINUTE).await?;
    assert_eq!(count(&pool, "SELECT count(*) FROM oauth_states WHERE name LIKE 'brief%'").await, 0);
    Ok(())
}

#[tokio::test]
async fn lapsed_ones_go_with_those_that_come_in_a_store_that_is_not_full() -> Result<(), BoxError> {
    let folder = Folder::new();
    let pool = pool(&folder).await;
    let store = SqliteStore::new(pool.clone());
    store.migrate().await?;
    for number in 0..20 {
        store.put(&format!("brief {number}"), "value", Duration::from_millis(1)).await?;
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    for number in 0..64 {
        assert!(store.put(&number.to_string(), "value", MINUTE).await?);
    }
    assert_eq!(count(&pool, "SELECT count(*) FROM oauth_states").await, 64);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_store_that_many_fill_at_once_takes_what_comes_and_never_outgrows_its_capacity() {
    let folder = Folder::new();
    let pool = pool(&folder).await;
    let store = SqliteStore::new(pool.clone()).capacity(3);
    store.migrate().await.expect("tables");
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..4 {
        // Each on a queue of its own, as in processes of their own.
        let store = SqliteStore::new(pool.clone()).capacity(3);
        writers.spawn(async move {
            for number in 0..25 {
                assert!(store.put(&format!("{writer} {number}"), "value", MINUTE).await.expect("room"));
            }
        });
    }
    while !writers.is_empty() {
        assert!(count(&pool, "SELECT count(*) FROM oauth_states").await <= 3);
        if let Ok(Some(writer)) = tokio::time::timeout(Duration::from_millis(1), writers.join_next()).await {
            writer.expect("no panic");
        }
    }
}

#[tokio::test]
async fn a_row_is_found_by_its_index_alone() {
    let folder = Folder::new();
    let pool = pool(&folder).await;
    SqliteStore::new(pool.clone()).migrate().await.expect("tables");
    for statement in [
        "SELECT generation, tokens, dead FROM oauth_tokens WHERE provider = 'a' AND tenant = 'b' AND owner = 'c'",
        "DELETE FROM oauth_states WHERE name = 'a'",
        "DELETE FROM oauth_states WHERE expires_at <= 5",
        "DELETE FROM oauth_states WHERE number <= 5",
        "SELECT min(number) FROM oauth_states",
        "SELECT max(number) FROM oauth_states",
        "SELECT number FROM oauth_states WHERE expires_at <= 5 LIMIT 1000",
    ] {
        let plan =
            sqlx::query(&format!("EXPLAIN QUERY PLAN {statement}")).fetch_all(&pool).await.expect("a plan");
        let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        assert!(plan.len() == 1 && plan[0].starts_with("SEARCH"), "{statement}: {plan:?}");
    }
}

#[tokio::test]
async fn a_row_that_is_no_record_is_an_error_that_shows_none_of_it() -> Result<(), BoxError> {
    let folder = Folder::new();
    let pool = pool(&folder).await;
    let store = SqliteStore::new(pool.clone());
    store.migrate().await?;
    let key = TokenKey::new("acme", "", "ada");
    let grant = StoredGrant { generation: 7, tokens: tokens(1, 0).expose(), dead: None };
    for odd in ["tokens || 'CANARY'", "'{\"access_token\": [\"CANARY\"]}'", "x'43414e415259ff'", "42"] {
        store.save(&key, grant.clone()).await?;
        sqlx::query(&format!("UPDATE oauth_tokens SET tokens = {odd}")).execute(&pool).await?;
        let error = store.load(&key).await.expect_err("it is no record");
        assert!(!format!("{error} {error:?}").contains("CANARY"), "{odd}: {error:?}");
    }
    assert!(!format!("{store:?}").contains("CANARY"));
    Ok(())
}
