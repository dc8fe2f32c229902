//! The object-safe twins of the store traits, so that a flow owns its stores without naming their types.

use super::{Claim, Failure, Lease, StateStore, StoredGrant, TokenKey, TokenStore};
use crate::{error::BoxError, transport::BoxFuture};
use std::time::Duration;

type Answer<'a, T> = BoxFuture<'a, Result<T, BoxError>>;

pub(crate) trait AnyStateStore: Send + Sync {
    fn put<'a>(&'a self, key: &'a str, value: &'a str, ttl: Duration) -> Answer<'a, bool>;
    fn take<'a>(&'a self, key: &'a str) -> Answer<'a, Option<String>>;
}

impl<S: StateStore> AnyStateStore for S {
    fn put<'a>(&'a self, key: &'a str, value: &'a str, ttl: Duration) -> Answer<'a, bool> {
        Box::pin(StateStore::put(self, key, value, ttl))
    }

    fn take<'a>(&'a self, key: &'a str) -> Answer<'a, Option<String>> {
        Box::pin(StateStore::take(self, key))
    }
}

pub(crate) trait AnyTokenStore: Send + Sync {
    fn peek(&self, key: &TokenKey) -> Option<StoredGrant>;
    fn load<'a>(&'a self, key: &'a TokenKey) -> Answer<'a, Option<StoredGrant>>;
    fn save<'a>(&'a self, key: &'a TokenKey, grant: StoredGrant) -> Answer<'a, ()>;
    fn remove<'a>(&'a self, key: &'a TokenKey) -> Answer<'a, ()>;
    fn claim<'a>(&'a self, key: &'a TokenKey, generation: u64, lease: Duration) -> Answer<'a, Claim>;
    fn renew<'a>(&'a self, key: &'a TokenKey, lease: &'a Lease, length: Duration) -> Answer<'a, bool>;
    fn mark_sent<'a>(&'a self, key: &'a TokenKey, lease: &'a Lease) -> Answer<'a, bool>;
    fn commit<'a>(&'a self, key: &'a TokenKey, lease: &'a Lease, grant: StoredGrant) -> Answer<'a, bool>;
    fn fail<'a>(&'a self, key: &'a TokenKey, lease: &'a Lease, failure: Failure) -> Answer<'a, bool>;
}

impl<S: TokenStore> AnyTokenStore for S {
    fn peek(&self, key: &TokenKey) -> Option<StoredGrant> {
        TokenStore::peek(self, key)
    }

    fn load<'a>(&'a self, key: &'a TokenKey) -> Answer<'a, Option<StoredGrant>> {
        Box::pin(TokenStore::load(self, key))
    }

    fn save<'a>(&'a self, key: &'a TokenKey, grant: StoredGrant) -> Answer<'a, ()> {
        Box::pin(TokenStore::save(self, key, grant))
    }

    fn remove<'a>(&'a self, key: &'a TokenKey) -> Answer<'a, ()> {
        Box::pin(TokenStore::remove(self, key))
    }

    fn claim<'a>(&'a self, key: &'a TokenKey, generation: u64, lease: Duration) -> Answer<'a, Claim> {
        Box::pin(TokenStore::claim(self, key, generation, lease))
    }

    fn renew<'a>(&'a self, key: &'a TokenKey, lease: &'a Lease, length: Duration) -> Answer<'a, bool> {
        Box::pin(TokenStore::renew(self, key, lease, length))
    }

    fn mark_sent<'a>(&'a self, key: &'a TokenKey, lease: &'a Lease) -> Answer<'a, bool> {
        Box::pin(TokenStore::mark_sent(self, key, lease))
    }

    fn commit<'a>(&'a self, key: &'a TokenKey, lease: &'a Lease, grant: StoredGrant) -> Answer<'a, bool> {
        Box::pin(TokenStore::commit(self, key, lease, grant))
    }

    fn fail<'a>(&'a self, key: &'a TokenKey, lease: &'a Lease, failure: Failure) -> Answer<'a, bool> {
        Box::pin(TokenStore::fail(self, key, lease, failure))
    }
}
