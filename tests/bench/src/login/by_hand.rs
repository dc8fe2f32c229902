//! The application by hand: the floor. It does what correctness needs, and nothing for a second provider.
//!
//! The state is single use, lapses and is bound to the browser by a cookie; PKCE; an error of the provider is told
//! from a token; the tokens' expiry is kept and looked at.

use super::{cookie, user};
use crate::{
    config::CONFIG,
    contestants::{Pkce, Prefix, Token},
};
use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::get,
};
use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, RwLock},
    time::{Duration, SystemTime},
};

/// Sends the token request.
pub trait Http: Send + Sync + 'static {
    fn exchange(&self, code: &str, verifier: &str) -> impl Future<Output = Result<Token, StatusCode>> + Send;
}

/// The same lines over both versions of reqwest.
macro_rules! http {
    ($client:ty) => {
        impl Http for $client {
            async fn exchange(&self, code: &str, verifier: &str) -> Result<Token, StatusCode> {
                let form = [
                    ("grant_type", "authorization_code"),
                    ("code", code),
                    ("redirect_uri", CONFIG.redirect_uri),
                    ("code_verifier", verifier),
                ];
                let request = self.post(CONFIG.token_endpoint).timeout(Duration::from_secs(10));
                let request = request.basic_auth(CONFIG.client_id, Some(CONFIG.client_secret));
                let sent = request.header("accept", "application/json").form(&form).send().await;
                let answer = sent.map_err(|_| StatusCode::BAD_GATEWAY)?;
                if !answer.status().is_success() {
                    return Err(StatusCode::BAD_GATEWAY);
                }
                let body = answer.bytes().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
                serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_GATEWAY)
            }
        }
    };
}
http!(reqwest_013::Client);
http!(oauth2::reqwest::Client);

struct Application<H> {
    http: H,
    prefix: Prefix,
    /// The verifier for each state.
    pending: Mutex<HashMap<String, (String, SystemTime)>>,
    kept: RwLock<HashMap<String, Kept>>,
}

/// A user's tokens.
struct Kept {
    access_token: String,
    #[allow(dead_code, reason = "a refresh would use it, and no token lapses here")]
    refresh_token: Option<String>,
    expires_at: Option<SystemTime>,
}

type Shared<H> = State<Arc<Application<H>>>;

async fn login<H: Http>(State(application): Shared<H>) -> impl IntoResponse {
    let pkce = Pkce::fresh();
    let url = application.prefix.url(&pkce.state, pkce.challenge());
    let cookie = format!("__Host-oauth={}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure", pkce.state);
    application.pending.lock().expect("no panic").insert(pkce.state, (pkce.verifier, pkce.until));
    (StatusCode::SEE_OTHER, [(header::LOCATION, url), (header::SET_COOKIE, cookie)])
}

async fn callback<H: Http>(
    State(application): Shared<H>,
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
    if cookie(&headers, "__Host-oauth") != Some(&*state) || until < SystemTime::now() {
        return Err(StatusCode::BAD_REQUEST);
    }
    let token = application.http.exchange(&code, &verifier).await?;
    let lifetime = token.expires_in.map(Duration::from_secs);
    let kept = Kept {
        access_token: token.access_token,
        refresh_token: token.refresh_token,
        expires_at: lifetime.map(|lifetime| SystemTime::now() + lifetime),
    };
    application.kept.write().expect("no panic").insert(user(&headers), kept);
    Ok(Redirect::to("/me"))
}

async fn me<H: Http>(State(application): Shared<H>, headers: HeaderMap) -> Result<String, StatusCode> {
    let kept = application.kept.read().expect("no panic");
    let kept = kept.get(&user(&headers)).ok_or(StatusCode::UNAUTHORIZED)?;
    if kept.expires_at.is_some_and(|at| at < SystemTime::now() + Duration::from_secs(60)) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let token = kept.access_token.clone();
    Ok(token.len().to_string())
}

pub fn application<H: Http>(http: H) -> Router {
    let application = Application {
        http,
        prefix: Prefix::with_scopes(&CONFIG),
        pending: Mutex::default(),
        kept: RwLock::default(),
    };
    Router::new()
        .route("/login", get(login::<H>))
        .route("/callback", get(callback::<H>))
        .route("/me", get(me::<H>))
        .with_state(Arc::new(application))
}
