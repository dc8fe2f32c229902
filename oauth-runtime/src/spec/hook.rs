//! The functions that a definition names.

use crate::{
    hook::{Connection, HookError, UnsignedRequest},
    transport::BoxFuture,
};
use serde_json::{Map, Value};

/// What `sign_token_request` is, in a table.
pub type SignTokenRequest = fn(&mut UnsignedRequest) -> Result<(), HookError>;
/// What `token_response` is, in a table.
pub type ReadTokenResponse = fn(&[u8]) -> Result<Vec<u8>, HookError>;
/// What `after_connect` is, in a table.
pub type AfterConnect = fn(Connection) -> BoxFuture<'static, Result<Map<String, Value>, HookError>>;
/// What `before_disconnect` is, in a table.
pub type BeforeDisconnect = fn(Connection) -> BoxFuture<'static, Result<(), HookError>>;

/// The hooks of a definition; see [`hook`](crate::hook).
#[derive(Debug, Clone, Copy)]
pub struct Hooks {
    /// Changes each token request.
    pub sign_token_request: Option<SignTokenRequest>,
    /// Makes JSON of each token answer.
    pub token_response: Option<ReadTokenResponse>,
    /// Calls the API with a new grant.
    pub after_connect: Option<AfterConnect>,
    /// Calls the API with a grant that ends.
    pub before_disconnect: Option<BeforeDisconnect>,
    /// Makes claims of the userinfo endpoint's answer.
    pub profile: Option<fn(Value) -> Result<Value, HookError>>,
}

impl Hooks {
    /// None.
    pub const NONE: Self = Self {
        sign_token_request: None,
        token_response: None,
        after_connect: None,
        before_disconnect: None,
        profile: None,
    };
}
