//! The application with ours.

use super::user;
use crate::contestants::{Google, client_013, flow};
use axum::{Router, extract::State, http::HeaderMap, response::Redirect, routing::get};
use oauth_runtime::{AuthCodeFlow, AuthorizationRequest, Callback, Error, transport::ReqwestTransport};

type Flow = State<AuthCodeFlow<Google>>;

async fn login(State(google): Flow) -> AuthorizationRequest<Google> {
    google.begin([Google::OPENID, Google::EMAIL, Google::PROFILE])
}

async fn callback(
    State(google): Flow,
    headers: HeaderMap,
    callback: Callback<Google>,
) -> Result<Redirect, Error> {
    let tokens = google.finish(callback).await?;
    google.session(user(&headers)).adopt(tokens).await?;
    Ok(Redirect::to("/me"))
}

async fn me(State(google): Flow, headers: HeaderMap) -> Result<String, Error> {
    let token = google.session(user(&headers)).access_token().await?;
    Ok(token.expose().len().to_string())
}

pub fn application() -> Router {
    // Not the default one: its connections belong to the runtime on which they were made, and another one is running.
    let transport = ReqwestTransport::from(client_013());
    Router::new()
        .route("/login", get(login))
        .route("/callback", get(callback))
        .route("/me", get(me))
        .with_state(flow().transport(transport))
}
