//! A store of the application's own for tokens: three methods over a table that outlives the application.

use oauth_runtime::{BoxError, StoredGrant, TokenKey, TokenStore};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// Rows of JSON by the text of their keys, as a database has them. A clone is the same table.
#[derive(Clone, Default)]
pub(crate) struct TokenTable(Arc<Mutex<HashMap<String, String>>>);

impl TokenStore for TokenTable {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        let row = self.0.lock().unwrap().get(&key.to_string()).cloned();
        Ok(row.map(|row| serde_json::from_str(&row)).transpose()?)
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        let row = serde_json::to_string(&grant)?;
        self.0.lock().unwrap().insert(key.to_string(), row);
        Ok(())
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.0.lock().unwrap().remove(&key.to_string());
        Ok(())
    }
}

impl TokenTable {
    /// The rows, in the order of their keys.
    pub(crate) fn rows(&self) -> Vec<(String, String)> {
        let mut rows: Vec<_> = self.0.lock().unwrap().clone().into_iter().collect();
        rows.sort();
        rows
    }
}
