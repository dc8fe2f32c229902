//! A web application with a sign-in: login, callback, profile, and a page for each thing that can go wrong.

use axum::{
    Router,
    extract::{FromRequestParts, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use oauth_providers::github::GitHub;
use oauth_runtime::{AuthCodeFlow, AuthorizationRequest, Callback, CallbackError, Error, LoginRequired};
use serde_json::Value;

/// The application around a flow. Whatever it remembers is in the flow's stores and in the browser.
pub(crate) fn application(github: AuthCodeFlow<GitHub>) -> Router {
    Router::new()
        .route("/login", get(login))
        .route("/callback", get(callback))
        .route("/profile", get(profile))
        .route("/sign-out", post(sign_out))
        .with_state(github)
}

async fn login(State(github): State<AuthCodeFlow<GitHub>>) -> AuthorizationRequest<GitHub> {
    github.begin([GitHub::READ_USER, GitHub::USER_EMAIL])
}

async fn callback(
    State(github): State<AuthCodeFlow<GitHub>>,
    callback: Callback<GitHub>,
) -> Result<impl IntoResponse, Failure> {
    let tokens = github.finish(callback).await?;
    let visitor = Visitor::new();
    github.session(&*visitor.0).adopt(tokens).await?;
    Ok((visitor.cookie(), Redirect::to("/profile")))
}

async fn profile(
    State(github): State<AuthCodeFlow<GitHub>>,
    Visitor(id): Visitor,
) -> Result<String, Failure> {
    let session = github.session(id);
    let user: Value = session.get("user").json().await?;
    let tokens = session.tokens().await?;
    let missing: Vec<_> = tokens.missing_scopes().collect();
    let note = if missing.is_empty() { String::new() } else { format!(", without {}", missing.join(" ")) };
    Ok(format!("Signed in as {}{note}", user["login"].as_str().unwrap_or("somebody")))
}

async fn sign_out(
    State(github): State<AuthCodeFlow<GitHub>>,
    Visitor(id): Visitor,
) -> Result<&'static str, Failure> {
    github.session(id).remove().await?;
    Ok("Signed out")
}

/// Who a browser is to this application: a name that nobody can guess, new at each sign-in.
struct Visitor(String);

impl Visitor {
    fn new() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system has randomness");
        Self(format!("{:032x}", u128::from_ne_bytes(bytes)))
    }

    fn cookie(&self) -> AppendHeaders<[(header::HeaderName, String); 1]> {
        let cookie = format!("__Host-visitor={}; Path=/; HttpOnly; Secure; SameSite=Lax", self.0);
        AppendHeaders([(header::SET_COOKIE, cookie)])
    }

    fn of(headers: &HeaderMap) -> Option<Self> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut values = cookies.flat_map(|value| value.split("; "));
        values.find_map(|cookie| Some(Self(cookie.strip_prefix("__Host-visitor=")?.to_owned())))
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Self::of(&parts.headers).ok_or(Failure(LoginRequired::NoTokens.into()))
    }
}

/// An error as the user sees it. What the operator needs is in the error itself, which goes with the response.
pub(crate) struct Failure(Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, text) = match &self.0 {
            Error::Denied(refusal) if refusal.means() == "access_denied" => {
                (StatusCode::FORBIDDEN, "You said no at GitHub.")
            }
            Error::Callback(CallbackError::AlreadyUsed) => {
                (StatusCode::BAD_REQUEST, "This page was open before.")
            }
            Error::Callback(CallbackError::Expired) => (StatusCode::BAD_REQUEST, "That took too long."),
            Error::Callback(CallbackError::UnknownState) => {
                (StatusCode::BAD_REQUEST, "You began in another browser.")
            }
            error if error.needs_login() => (StatusCode::UNAUTHORIZED, "You are not signed in."),
            error if error.is_transient() => {
                (StatusCode::SERVICE_UNAVAILABLE, "GitHub has trouble. Try again in a minute.")
            }
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "Something is wrong here. We were told."),
        };
        let mut response = (status, format!("{text} Sign in at /login")).into_response();
        response.extensions_mut().insert(self.0);
        response
    }
}
