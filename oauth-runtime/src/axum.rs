//! For axum (feature `axum`): a begun authorization is a response, a callback is an extractor.
//!
//! What is pending waits in a cookie of the user agent, one for each sign-in, so that two tabs do not disturb each
//! other: `__Host-` prefixed, `HttpOnly`, `Secure`, `SameSite=Lax`, ten minutes. Only for a redirect URI with plain
//! `http` on a loopback address is it without `Secure` and the prefix.
//!
//! A provider whose page posts the callback (`methods = ["POST"]`) needs a route for POST: `get(callback).post(callback)`.
//! The cookie does not come with a form of another site, so the first one is answered with a page that posts it again from
//! here. The extractor's rejection is that page; a handler that takes `Result<Callback<P>, Error>` to show errors of its own
//! returns [`Error::Repost`] as it is.

use crate::{
    address,
    authorization::AuthorizationRequest,
    callback::{self, Brought, Callback, MAX_LENGTH},
    code::AuthCodeFlow,
    error::{AnswerErrorKind, CallbackError, Error},
    form_post::Repost,
    pending::{LIFETIME, Record, StateKey},
    provider::OAuthProvider,
    return_to::ReturnTo,
    spec::{self, Spec},
};
use axum_core::{
    body::Body,
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use std::fmt::Write;
use url::Url;

/// Sends the user agent to the provider, with the cookie that it brings back.
impl<P: OAuthProvider> IntoResponse for AuthorizationRequest<P> {
    fn into_response(self) -> Response {
        let id = self.spec.id;
        let (url, pending) = self.into_parts();
        let record = pending.record;
        let mut response = StatusCode::SEE_OTHER.into_response();
        let headers = response.headers_mut();
        set(headers, header::LOCATION, url);
        set(headers, header::SET_COOKIE, cookie(id, &record));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        response
    }
}

/// What the user agent is to remember.
fn cookie(provider: &str, record: &Record) -> String {
    let secure = !is_plain_loopback(record.by.redirect_uri());
    let mut cookie = String::with_capacity(128 + provider.len() + record.length());
    cookie.push_str(if secure { SECURE } else { "" });
    for part in [NAME, provider, "-", short(&StateKey::of(record.state())), "="] {
        cookie.push_str(part);
    }
    record.text_into(&mut cookie);
    // Writing to a `String` cannot fail.
    let _ = write!(cookie, "; Path=/; Max-Age={}; HttpOnly; SameSite=Lax", LIFETIME.as_secs());
    cookie.push_str(if secure { "; Secure" } else { "" });
    cookie
}

/// Sends the user agent there.
impl IntoResponse for ReturnTo {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        set(response.headers_mut(), header::LOCATION, self.as_str().to_owned());
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: String) {
    let value = HeaderValue::try_from(value);
    headers.insert(name, value.expect("percent-encoded and base64 texts are visible ASCII"));
}

/// Takes the callback out of a request; a handler has it as its last argument, because it may be a form. It fails only
/// for a request that no browser makes for a user, and for a form that has to come once more; whatever is wrong
/// with the callback itself comes out of [`finish`](crate::AuthCodeFlow::finish).
impl<P: OAuthProvider, S: Send + Sync> FromRequest<S> for Callback<P> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        if P::SPEC.id.is_empty() {
            let reason = "the provider is chosen at run time: take its callback by `AuthCodeFlow::callback`";
            return Err(Error::Configuration(reason.to_owned()));
        }
        take(P::SPEC, request).await
    }
}

/// For a provider that is known at run time only.
impl<P: OAuthProvider> AuthCodeFlow<P> {
    /// Takes the callback out of a request: what the extractor does, where the type says too little ([`Chosen`](crate::Chosen)).
    ///
    /// The route tells which flow it is, as in `/callback/{provider}`:
    ///
    /// ```
    /// # use oauth_runtime::{AuthCodeFlow, Chosen, Error, TokenSet};
    /// # type Request = axum_core::extract::Request;
    /// async fn finish(flow: &AuthCodeFlow<Chosen>, request: Request) -> Result<TokenSet<Chosen>, Error> {
    ///     flow.finish(flow.callback(request).await?).await
    /// }
    /// ```
    ///
    /// # Errors
    /// Those of the extractor: a method that the provider does not use, or a form that has to come once more.
    pub async fn callback(&self, request: Request) -> Result<Callback<P>, Error> {
        take(self.core.client.spec, request).await
    }
}

async fn take<P: OAuthProvider>(spec: &'static Spec, request: Request) -> Result<Callback<P>, Error> {
    let takes = |method| spec.callback.methods.contains(&method);
    if request.method() == Method::POST && takes(spec::Method::Post) {
        return from_form(spec, request).await;
    }
    if !takes(spec::Method::Get) {
        return Err(CallbackError::NotPosted.into());
    }
    if request.method() != Method::GET || is_fetched_ahead(request.headers()) {
        return Err(CallbackError::Method.into());
    }
    let query = request.uri().query().unwrap_or_default();
    Ok(join(spec, Brought { text: query.to_owned(), is_form: false }, request.headers()))
}

fn is_fetched_ahead(headers: &HeaderMap) -> bool {
    let says =
        |name: &str, what: &[u8]| headers.get(name).is_some_and(|value| value.as_bytes().starts_with(what));
    let names = ["sec-purpose", "purpose", "x-moz", "x-purpose"];
    names.into_iter().any(|name| says(name, b"prefetch") || says(name, b"preview"))
}

/// Joins what was brought with what this user agent remembers.
fn join<P: OAuthProvider>(spec: &'static Spec, brought: Brought, headers: &HeaderMap) -> Callback<P> {
    // Everything else in it is read by `finish`.
    let is_short = brought.text.len() <= MAX_LENGTH;
    let state = callback::only(&brought.text, spec.callback.state).ok().flatten().filter(|_| is_short);
    let record = state.and_then(|state| pending_cookie(headers, spec.id, &state));
    Callback::joined(brought, record)
}

/// Takes a form that comes from a page of this application, and lets any other come again from one.
async fn from_form<P: OAuthProvider>(spec: &'static Spec, request: Request) -> Result<Callback<P>, Error> {
    let headers = request.headers().clone();
    if !is_form(&headers) {
        return Err(CallbackError::Invalid("content-type").into());
    }
    if announced_length(&headers).is_some_and(|length| length > MAX_LENGTH) {
        return Err(CallbackError::TooLong.into());
    }
    let body = Bytes::from_request(request, &()).await.map_err(|_| CallbackError::TooLong)?;
    let form = String::from_utf8(body.into()).map_err(|_| CallbackError::Invalid("body"))?;
    if Repost::is_needed(&form) {
        return Err(Error::Repost(Repost::of(&form)?));
    }
    let callback: Callback<P> = join(spec, Brought { text: form, is_form: true }, &headers);
    let redirect_uri = callback.pending.as_ref().map(|record| record.by.redirect_uri());
    if is_of_another_page(&headers, redirect_uri) {
        return Err(CallbackError::ForeignPost.into());
    }
    Ok(callback)
}

fn is_form(headers: &HeaderMap) -> bool {
    let label = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = label.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn announced_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Whether a form that carries the mark of our page comes from another: the browser says so.
fn is_of_another_page(headers: &HeaderMap, redirect_uri: Option<&str>) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin";
    }
    let ours =
        redirect_uri.and_then(|uri| Url::parse(uri).ok()).map(|uri| uri.origin().ascii_serialization());
    match (headers.get(header::ORIGIN), ours) {
        (Some(origin), Some(ours)) => origin.as_bytes() != ours.as_bytes(),
        _ => false,
    }
}

/// What this user agent remembers for `state`.
fn pending_cookie(headers: &HeaderMap, provider: &str, state: &str) -> Option<Record> {
    let key = StateKey::of(state);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut records = cookies.flat_map(|value| value.split(';')).filter_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        let (is_secure, name) = name.strip_prefix(SECURE).map_or((false, name), |name| (true, name));
        let rest = name.strip_prefix(NAME)?.strip_prefix(provider)?.strip_prefix('-')?;
        if rest != short(&key) {
            return None;
        }
        let record = Record::from_text(value)?;
        // A neighbouring site can set the name without the prefix: it counts only where nothing better can be set,
        // and `finish` makes sure that the record's redirect URI is the flow's.
        (is_secure != is_plain_loopback(record.by.redirect_uri())).then_some(record)
    });
    records.next()
}

/// The beginning of the name of a cookie that only this very host can set, by TLS.
const SECURE: &str = "__Host-";
/// What follows it. Behind the provider's name stands a part of the state's hash: a cookie for each sign-in.
const NAME: &str = "oauth-";

fn short(key: &StateKey) -> &str {
    &key.as_str()[..16]
}

fn is_plain_loopback(redirect_uri: &str) -> bool {
    let is_http = redirect_uri.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"));
    is_http && Url::parse(redirect_uri).is_ok_and(|url| url.scheme() == "http" && address::is_loopback(&url))
}

impl IntoResponse for Repost {
    fn into_response(self) -> Response {
        (self.headers(), Body::from(self.html().to_owned())).into_response()
    }
}

/// A plain text with a fitting status. An application with pages of its own takes the error instead and shows one.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Callback(CallbackError::Method | CallbackError::NotPosted) => {
                StatusCode::METHOD_NOT_ALLOWED
            }
            // The page is no error to a user agent.
            Self::Repost(page) => return page.clone().into_response(),
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
            let is_get = matches!(self, Self::Callback(CallbackError::Method));
            headers.insert(header::ALLOW, HeaderValue::from_static(if is_get { "GET" } else { "POST" }));
        }
        let fixed = [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
        response
    }
}
