//! The store in SQLite: the contract, its tables, and what a call costs.

mod common;

use common::Folder;
use oauth_stores::{SqliteStore, conformance};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_conforms() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("oauth.db")).await.expect("a store");
    conformance::state_store(store.clone()).await.assert();
    conformance::full_state_store(store.clone().capacity(100), 100).await.assert();
    conformance::token_store(store).await.assert();
}
