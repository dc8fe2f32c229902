//! For axum (feature `axum`): a begun authorization is a response, a callback is an extractor.
//!
//! What is pending waits in a cookie of the user agent, one for each sign-in, so that two tabs do not disturb each
//! other: `__Host-` prefixed, `HttpOnly`, `Secure`, `SameSite=Lax`, ten minutes. Only for a redirect URI with plain
//! `http` on a loopback address is it without `Secure` and the prefix.

use crate::{
    authorization::AuthorizationRequest,
    callback::{Callback, Parameters},
    client,
    error::{AnswerErrorKind, CallbackError, Error},
    pending::{self, LIFETIME, Record},
    provider::OAuthProvider,
    return_to::ReturnTo,
};
use axum_core::{
    body::Body,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use url::Url;

/// Sends the user agent to the provider, with the cookie that it brings back.
impl<P: OAuthProvider> IntoResponse for AuthorizationRequest<P> {
    fn into_response(self) -> Response {
        let (url, pending) = self.into_parts();
        let record = pending.record;
        let secure = !is_plain_loopback(&record.redirect_uri);
        let cookie = format!(
            "{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}",
            cookie_name(P::SPEC.id, record.state(), secure),
            record.to_text(),
            LIFETIME.as_secs(),
            if secure { "; Secure" } else { "" }
        );
        let mut response = StatusCode::SEE_OTHER.into_response();
        let headers = response.headers_mut();
        set(headers, header::LOCATION, &url);
        set(headers, header::SET_COOKIE, &cookie);
        set(headers, header::CACHE_CONTROL, "no-store");
        set(headers, header::REFERRER_POLICY, "no-referrer");
        response
    }
}

/// Sends the user agent there.
impl IntoResponse for ReturnTo {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        set(response.headers_mut(), header::LOCATION, self.as_str());
        set(response.headers_mut(), header::CACHE_CONTROL, "no-store");
        response
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    headers.insert(
        name,
        HeaderValue::from_str(value).expect("percent-encoded and base64 texts are visible ASCII"),
    );
}

/// Takes the callback out of a request. It fails only for a request that no browser makes for a user; whatever is wrong
/// with the callback itself comes out of [`finish`](crate::AuthCodeFlow::finish).
impl<P: OAuthProvider, S: Sync> FromRequestParts<S> for Callback<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let ahead = |name: &str| {
            let says =
                |what: &[u8]| parts.headers.get(name).is_some_and(|value| value.as_bytes().starts_with(what));
            says(b"prefetch") || says(b"preview")
        };
        if parts.method != Method::GET
            || ["sec-purpose", "purpose", "x-moz", "x-purpose"].into_iter().any(ahead)
        {
            return Err(CallbackError::Method.into());
        }
        let query = parts.uri.query().unwrap_or_default();
        let state = Parameters::parse(query).ok().and_then(|parameters| parameters.state);
        let record = state.and_then(|state| pending_cookie(&parts.headers, P::SPEC.id, &state));
        Ok(Self::joined(query.to_owned(), record))
    }
}

/// What this user agent remembers for `state`.
fn pending_cookie(headers: &HeaderMap, provider: &str, state: &str) -> Option<Record> {
    let names = [true, false].map(|secure| cookie_name(provider, state, secure));
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut records = cookies.flat_map(|value| value.split(';')).filter_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        let is_secure = name == names[0];
        if !is_secure && name != names[1] {
            return None;
        }
        let record = Record::from_text(value)?;
        // A neighbouring site can set the name without the prefix: it counts only where nothing better can be set,
        // and `finish` makes sure that the record's redirect URI is the flow's.
        (is_secure != is_plain_loopback(&record.redirect_uri)).then_some(record)
    });
    records.next()
}

/// A name for each pending authorization, made from the hash of its state.
fn cookie_name(provider: &str, state: &str, secure: bool) -> String {
    let prefix = if secure { "__Host-" } else { "" };
    let mut key = pending::state_key(state);
    key.truncate(16);
    format!("{prefix}oauth-{provider}-{key}")
}

fn is_plain_loopback(redirect_uri: &str) -> bool {
    Url::parse(redirect_uri).is_ok_and(|url| url.scheme() == "http" && client::is_loopback(&url))
}

/// A plain text with a fitting status. An application with pages of its own takes the error instead and shows one.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Callback(CallbackError::Method) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Denied(_) => StatusCode::FORBIDDEN,
            Self::Callback(_) => StatusCode::BAD_REQUEST,
            Self::LoginRequired(_) => StatusCode::UNAUTHORIZED,
            Self::Configuration(_) | Self::Store(_) | Self::ForeignOrigin(_) | Self::Hook { .. } => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            Self::Answer(error) if matches!(error.kind(), AnswerErrorKind::Unavailable { .. }) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Postponed { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Refused(_) | Self::Answer(_) | Self::Transport(_) => StatusCode::BAD_GATEWAY,
        };
        let mut response = (status, Body::from(self.to_string())).into_response();
        let headers = response.headers_mut();
        if status == StatusCode::METHOD_NOT_ALLOWED {
            set(headers, header::ALLOW, "GET");
        }
        set(headers, header::CONTENT_TYPE, "text/plain; charset=utf-8");
        set(headers, header::CACHE_CONTROL, "no-store");
        set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        response
    }
}
