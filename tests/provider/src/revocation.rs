//! The revocation endpoint (RFC 7009).

use crate::{answer, call::Call, message::Message, refusal::Refusal, server::Server};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use oauth_runtime::spec::{Stage, TokenRequest};

/// Answers 200 for any token of the client's own, known or not.
pub(crate) fn answer(server: &Server, call: &Call) -> Response {
    match revoke(server, call) {
        Ok(()) => StatusCode::OK.into_response(),
        Err(refusal) => answer::refusal(server, Stage::Token, call, refusal),
    }
}

fn revoke(server: &Server, call: &Call) -> Result<(), Refusal> {
    // It takes over the encoding and the headers of the token request, and nothing else.
    let TokenRequest { encoding, headers, .. } = server.spec.token;
    let message = Message::read(TokenRequest { encoding, headers, ..TokenRequest::PLAIN }, call)?;
    let mut state = server.state();
    let methods = server.spec.token_endpoint_auth_methods;
    let client_id = state.clients.authenticate(methods, &message)?;
    state.grants.revoke(message.required("token")?, &client_id);
    Ok(())
}
