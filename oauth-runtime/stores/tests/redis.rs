//! The store in Redis: the contract. Needs a server: `tests/services/with redis -- cargo test ..`.

use oauth_runtime::{StateStore, TokenKey, TokenStore};
use oauth_stores::{RedisStore, conformance};
use redis::aio::MultiplexedConnection;
use std::time::Duration;

async fn store() -> RedisStore<MultiplexedConnection> {
    let url = std::env::var("OAUTH_TEST_REDIS_URL").expect("`tests/services/with redis` sets it");
    let client = redis::Client::open(url).expect("an address");
    RedisStore::new(client.get_multiplexed_async_connection().await.expect("a server"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Redis: tests/services/with redis"]
async fn it_conforms() {
    let store = store().await.prefix("conformance:");
    conformance::state_store(store.clone()).await.assert();
    conformance::token_store(store.clone()).await.assert();
    conformance::full_state_store(store.prefix("small:").capacity(100), 100).await.assert();
}

#[tokio::test]
#[ignore = "needs Redis: tests/services/with redis"]
async fn applications_with_prefixes_of_their_own_do_not_meet() {
    let (one, other) = (store().await.prefix("one:"), store().await.prefix("other:"));
    assert!(one.put("name", "value", Duration::from_secs(60)).await.expect("a server"));
    assert_eq!(other.take("name").await.expect("a server"), None);
    assert_eq!(one.take("name").await.expect("a server").as_deref(), Some("value"));
    let key = TokenKey::new("provider", "", "ada");
    let record = serde_json::json!({"access_token": "token", "obtained_at": 1});
    let tokens = serde_json::from_value(record).expect("tokens");
    let grant = oauth_runtime::StoredGrant { generation: 7, tokens, dead: None };
    one.save(&key, grant).await.expect("a server");
    assert!(other.load(&key).await.expect("a server").is_none());
    assert_eq!(one.load(&key).await.expect("a server").map(|grant| grant.generation), Some(7));
    one.remove(&key).await.expect("a server");
}
