//! The application with the `oauth2` crate, which leaves state, cookie and session to its user.

use super::{cookie, user};
use crate::contestants::{client_012, oauth2_rs};
use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::get,
};
use oauth2::{
    AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, TokenResponse,
    basic::BasicTokenResponse,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, RwLock},
    time::{Duration, Instant, SystemTime},
};

const LIFETIME: Duration = Duration::from_secs(600);

struct Application {
    client: oauth2_rs::Client,
    http: oauth2::reqwest::Client,
    pending: Mutex<HashMap<String, (PkceCodeVerifier, Instant)>>,
    kept: RwLock<HashMap<String, (BasicTokenResponse, Option<SystemTime>)>>,
}

type Shared = State<Arc<Application>>;

async fn login(State(application): Shared) -> impl IntoResponse {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state) = oauth2_rs::url(&application.client, CsrfToken::new_random, challenge);
    let state = state.into_secret();
    let cookie = format!("__Host-oauth={state}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure");
    application.pending.lock().expect("no panic").insert(state, (verifier, Instant::now() + LIFETIME));
    (StatusCode::SEE_OTHER, [(header::LOCATION, url), (header::SET_COOKIE, cookie)])
}

async fn callback(
    State(application): Shared,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Redirect, StatusCode> {
    let query = query.unwrap_or_default();
    let (mut code, mut state) = (None, None);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "code" => code = Some(value),
            "state" => state = Some(value),
            "error" => return Err(StatusCode::FORBIDDEN),
            _ => {}
        }
    }
    let (Some(code), Some(state)) = (code, state) else { return Err(StatusCode::BAD_REQUEST) };
    let pending = application.pending.lock().expect("no panic").remove(&*state);
    let (verifier, until) = pending.ok_or(StatusCode::BAD_REQUEST)?;
    if cookie(&headers, "__Host-oauth") != Some(&*state) || until < Instant::now() {
        return Err(StatusCode::BAD_REQUEST);
    }
    let exchange = application.client.exchange_code(AuthorizationCode::new(code.into_owned()));
    let tokens = exchange.set_pkce_verifier(verifier).request_async(&application.http).await;
    let tokens = tokens.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let expires_at = tokens.expires_in().map(|lifetime| SystemTime::now() + lifetime);
    application.kept.write().expect("no panic").insert(user(&headers), (tokens, expires_at));
    Ok(Redirect::to("/me"))
}

async fn me(State(application): Shared, headers: HeaderMap) -> Result<String, StatusCode> {
    let kept = application.kept.read().expect("no panic");
    let (tokens, expires_at) = kept.get(&user(&headers)).ok_or(StatusCode::UNAUTHORIZED)?;
    if expires_at.is_some_and(|at| at < SystemTime::now() + Duration::from_secs(60)) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let token = tokens.access_token().clone();
    Ok(token.secret().len().to_string())
}

pub fn application() -> Router {
    let application = Application {
        client: oauth2_rs::client(),
        http: client_012(),
        pending: Mutex::default(),
        kept: RwLock::default(),
    };
    Router::new()
        .route("/login", get(login))
        .route("/callback", get(callback))
        .route("/me", get(me))
        .with_state(Arc::new(application))
}
