//! The table of pending authorizations as a [`StateStore`].

use super::{
    Engine, SqlStore,
    engine::{Cell, Value},
    milliseconds,
};
use oauth_runtime::{BoxError, StateStore};
use std::time::Duration;

impl<E: Engine> StateStore for SqlStore<E> {
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, BoxError> {
        if ttl.is_zero() {
            return Ok(self.engine.row(&self.statements.is_there, &[Value::Text(key)]).await?.is_none());
        }
        let values = [
            Value::Text(key),
            Value::Text(value),
            Value::Number(milliseconds(ttl)),
            Value::Number(self.capacity.into()),
        ];
        Ok(self.engine.put(&self.statements.put, &values).await? > 0)
    }

    async fn take(&self, key: &str) -> Result<Option<String>, BoxError> {
        let row = self.engine.row(&self.statements.take, &[Value::Text(key)]).await?;
        Ok(row.and_then(|mut row| row.pop()).and_then(Cell::into_text))
    }
}
