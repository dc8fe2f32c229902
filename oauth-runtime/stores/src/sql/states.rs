//! The table of pending authorizations as a [`StateStore`].

use super::{
    Engine, SqlStore,
    engine::{Cell, Value, number},
};
use crate::measure::milliseconds;
use oauth_runtime::{BoxError, StateStore};
use std::time::Duration;

impl<E: Engine> SqlStore<E> {
    async fn is_there(&self, key: &str) -> Result<bool, BoxError> {
        Ok(self.engine.row(&self.statements.is_there, &[Value::Text(key)]).await?.is_some())
    }
}

impl<E: Engine> StateStore for SqlStore<E> {
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, BoxError> {
        if ttl.is_zero() {
            return Ok(!self.is_there(key).await?);
        }
        let values = [
            Value::Text(key),
            Value::Text(value),
            number(milliseconds(ttl)),
            Value::Number(self.capacity.into()),
        ];
        let _turn = self.turn().await;
        Ok(self.engine.put(&self.statements.put, &values).await?)
    }

    async fn take(&self, key: &str) -> Result<Option<String>, BoxError> {
        // A read waits for nobody: of many callbacks with one state, those that come late must not queue up to write nothing.
        if E::DIALECT.has_one_writer && !self.is_there(key).await? {
            return Ok(None);
        }
        let _turn = self.turn().await;
        let row = self.engine.row(&self.statements.take, &[Value::Text(key)]).await?;
        Ok(row.and_then(|mut row| row.pop()).and_then(Cell::into_text))
    }
}
