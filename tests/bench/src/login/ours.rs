//! The application with ours.

use super::user;
use crate::contestants::{Google, flow};
use axum::{
    Router,
    extract::State,
    http::HeaderMap,
    response::Redirect,
    routing::get,
};
use oauth_runtime::{AuthCodeFlow, AuthorizationRequest, Callback, Error};

type Flow = State<AuthCodeFlow<Google>>;

async fn login(State(google): Flow) -> AuthorizationRequest<Google> {
    google.begin([Google::OPENID, Google::EMAIL, Google::PROFILE])
}

async fn callback(State(google): Flow, headers: HeaderMap, callback: Callback<Google>) -> Result<Redirect, Error> {
    let tokens = google.finish(callback).await?;
    google.session(user(&headers)).adopt(tokens).await?;
    Ok(Redirect::to("/me"))
}

async fn me(State(google): Flow, headers: HeaderMap) -> Result<String, Error> {
    let token = google.session(user(&headers)).access_token().await?;
    Ok(token.expose().len().to_string())
}

pub fn application() -> Router {
    Router::new()
        .route("/login", get(login))
        .route("/callback", get(callback))
        .route("/me", get(me))
        .with_state(flow())
}
