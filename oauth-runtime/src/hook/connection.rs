//! [`Connection`]: the API, with a token that is fresh.

use crate::{api::ApiRequest, core::Core, store::TokenKey, tokens::StoredTokens};
use serde_json::Value;
use std::{fmt, sync::Arc};

/// One user's grant, whose API a hook may call. The token goes where the definition says, and is not shown.
pub struct Connection {
    core: Arc<Core>,
    key: TokenKey,
    tokens: StoredTokens,
}

impl Connection {
    pub(crate) fn new(core: Arc<Core>, key: TokenKey, tokens: StoredTokens) -> Self {
        Self { core, key, tokens }
    }

    /// A call of the API; the path is joined to the declared `base_url`.
    pub fn request(&self, method: http::Method, path: &str) -> ApiRequest {
        ApiRequest::new(self.core.clone(), self.key.clone(), method, path).with_tokens(self.tokens.clone())
    }

    /// A GET of the API; see [`request`](Self::request).
    pub fn get(&self, path: &str) -> ApiRequest {
        self.request(http::Method::GET, path)
    }

    /// A POST to the API; see [`request`](Self::request).
    pub fn post(&self, path: &str) -> ApiRequest {
        self.request(http::Method::POST, path)
    }

    /// A value that the definition, or `after_connect`, kept with the tokens.
    pub fn captured(&self, name: &str) -> Option<&Value> {
        self.tokens.0.rare.captured.get(name)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("key", &self.key).finish_non_exhaustive()
    }
}
