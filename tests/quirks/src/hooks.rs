//! The functions that `definitions/hooked.toml` names: each leaves a trace that a journey shows.

use crate::hooked::Hooked;
use oauth_runtime::hook::{
    AfterConnect, BeforeDisconnect, Connection, HookError, Profile, SignTokenRequest, TokenResponse,
    UnsignedRequest,
};
use serde_json::{Map, Value, json};

impl SignTokenRequest for Hooked {
    fn sign_token_request(request: &mut UnsignedRequest) -> Result<(), HookError> {
        request.set("signed", "by the hook".to_owned());
        Ok(())
    }
}

impl TokenResponse for Hooked {
    fn token_response(body: &[u8]) -> Result<Vec<u8>, HookError> {
        let mut answer: Value =
            serde_json::from_slice(body).map_err(|_| HookError::new("the answer is no JSON"))?;
        answer["note"] = "read by the hook".into();
        Ok(answer.to_string().into_bytes())
    }
}

impl Profile for Hooked {
    fn profile(mut answer: Value) -> Result<Value, HookError> {
        answer["name"] = "named by the hook".into();
        Ok(answer)
    }
}

impl AfterConnect for Hooked {
    async fn after_connect(connection: Connection) -> Result<Map<String, Value>, HookError> {
        let _greeted: Value = connection.get("greet").json().await?;
        Ok(json!({ "greeted": true }).as_object().cloned().unwrap_or_default())
    }
}

impl BeforeDisconnect for Hooked {
    async fn before_disconnect(connection: Connection) -> Result<(), HookError> {
        connection.get("farewell").json::<Value>().await?;
        Ok(())
    }
}
