//! The revocation endpoint: RFC 7009, or whatever the provider's call for it is.

use crate::{
    answer,
    call::Call,
    message::{self, Message},
    refusal::Refusal,
    server::Server,
    site::Role,
};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use oauth_runtime::spec::{AuthMethod, Revokes, Stage};
use serde_json::json;

/// Answers 200 for any token of the client's own, known or not.
pub(crate) fn answer(server: &Server, call: &Call) -> Response {
    let played = server.state().played.take(Stage::Revocation);
    if let Some(example) = played.filter(|example| example.is_error()) {
        return answer::verbatim(example.0);
    }
    if let Err(refusal) = revoke(server, call) {
        return answer::refusal(server, Role::Revocation, call, refusal);
    }
    let played = played.map(|example| example.0);
    match played.or_else(|| answer::successes(server, Stage::Revocation).next()) {
        Some(example) => answer::verbatim(example),
        None if server.spec.response.success.is_empty() => StatusCode::OK.into_response(),
        None => answer::json(answer::with_conditions(&server.spec.response, json!({}))),
    }
}

fn revoke(server: &Server, call: &Call) -> Result<(), Refusal> {
    let spec = server.spec;
    let message = Message::read(spec, message::shape(spec, Role::Revocation), call)?;
    server.check_address(Role::Revocation, call)?;
    let mut state = server.state();
    if message.shape.auth.contains(&AuthMethod::Bearer) {
        let token = bearer(call)?;
        if message.get("token").is_some_and(|named| named != token) {
            return Err(Refusal::invalid_request(
                "the token in the parameters is another than in the header",
            ));
        }
        state.grants.revoke(token, None);
        return Ok(());
    }
    let client_id = state.clients.authenticate(message.methods(spec), &message, server.clock.now())?;
    let token = message.required("token")?;
    if spec.revocation.revokes == Revokes::AccessToken && state.grants.is_refresh_token(token) {
        return Err(Refusal::unsupported_token_type("this provider revokes access tokens only"));
    }
    state.grants.revoke(token, Some(&client_id));
    Ok(())
}

/// The token that proves itself.
fn bearer(call: &Call) -> Result<&str, Refusal> {
    let header = call.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    token
        .map(|(_, token)| token)
        .ok_or_else(|| Refusal::invalid_token("the token belongs in the Authorization header"))
}
