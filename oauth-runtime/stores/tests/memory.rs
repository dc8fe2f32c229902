//! The stores in memory keep the contract.

use oauth_runtime::{MemoryStateStore, MemoryTokenStore};
use oauth_stores::conformance;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_state_store_in_memory_conforms() {
    conformance::state_store(MemoryStateStore::new()).await.assert();
    conformance::full_state_store(MemoryStateStore::with_capacity(100), 100).await.assert();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_store_in_memory_conforms() {
    conformance::token_store(MemoryTokenStore::new()).await.assert();
}
