//! The back end of a service: users connect accounts at three providers, and several processes call the providers' APIs in the
//! background, all over one database.
//!
//! `cargo run -p saas` needs no account, no network and no server. The providers are embedded ones, made from the same
//! definitions; their access tokens are good for four seconds, and a refresh token that is sent twice ends the whole grant. The
//! database is a file of SQLite, or PostgreSQL: `--store postgres://..`, or `OAUTH_TEST_POSTGRES_URL`.
//!
//! `backend` is what an application has: flows, a store, jobs. `outside` is what the world brings: providers, users,
//! and here the processes too.

mod backend;
mod options;
mod outside;

use backend::{Backend, Store};
use oauth_stores::{Encrypted, EncryptionKey, PostgresStore, SqliteStore};
use options::Options;
use sqlx::postgres::PgPoolOptions;
use std::io::Read;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), AnyError> {
    let options = Options::read()?;
    if options.store.starts_with("postgres") {
        let pool = PgPoolOptions::new().max_connections(8).connect(&options.store).await?;
        let store = PostgresStore::new(pool).tokens_table("saas_tokens")?.states_table("saas_states")?;
        // Each process may do so whenever it starts: it makes what is missing.
        store.migrate().await?;
        run(store, &options).await
    } else {
        run(SqliteStore::open(&options.store).await?, &options).await
    }
}

async fn run(store: impl Store, options: &Options) -> Result<(), AnyError> {
    let mut secret = [0; 32];
    if options.providers.is_some() {
        std::io::stdin().read_exact(&mut secret)?;
    } else {
        getrandom::fill(&mut secret)?;
    }
    // Whoever reads the database, or a backup of it, reads no token.
    let store = Encrypted::new(store, EncryptionKey::new("2026", secret)?);
    let Some(providers) = &options.providers else {
        return outside::play(&store, &secret, options).await;
    };
    let backend = Backend::new(&store, providers)?;
    backend.work(options.users, options.time).await;
    println!("{}", backend.counts);
    Ok(())
}
