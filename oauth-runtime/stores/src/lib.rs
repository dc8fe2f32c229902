//! Stores for `oauth-runtime`: tokens and pending authorizations in the database that an application already runs.
//!
//! Take one when several processes share their users' tokens, or when tokens must outlive a process. Each is made on
//! the application's own pool or client, and is both a [`StateStore`](oauth_runtime::StateStore) and a
//! [`TokenStore`](oauth_runtime::TokenStore): one value for a flow.
//!
//! # Features
//!
//! None is on by default; each brings one store or one tool, and what it needs.
//!
//! - `sqlite`: `SqliteStore`, several processes on one file.
//! - `postgres`: `PostgresStore`, any number of machines.
//! - `redis`: `RedisStore`, any number of machines; mind what it says of durability.
//! - `encryption`: `Encrypted`, over any store. Without it, tokens stand in the database in clear.
//! - `conformance`: tries whether a store, one of these or your own, keeps the contract.

#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "encryption")]
mod encryption;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "redis"))]
mod measure;
#[cfg(feature = "redis")]
mod redis;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;

#[cfg(feature = "encryption")]
pub use self::encryption::{Encrypted, EncryptionError, EncryptionKey};
#[cfg(feature = "redis")]
pub use self::redis::RedisStore;

#[cfg(feature = "postgres")]
pub use self::sql::PostgresStore;
#[cfg(feature = "sqlite")]
pub use self::sql::SqliteStore;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use self::sql::{InvalidName, SqlStore};

/// The snippets of the documentation compile.
#[cfg(all(doctest, feature = "conformance", feature = "postgres"))]
#[doc = include_str!("../../../docs/stores.md")]
struct Documentation;
