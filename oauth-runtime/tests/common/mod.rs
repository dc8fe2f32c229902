//! What the tests share: providers that are written by hand, a server that is a closure, a clock that is set.

#![allow(dead_code, unused_imports, unused_macros, reason = "each test file uses its part of it")]

pub(crate) mod shared;
pub(crate) mod store;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use oauth_runtime::{
    AuthCodeFlow, Callback, Credentials, Error, OAuthProvider, PendingAuthorization, StoredTokens, TokenSet,
    provider::HasAuthorizationEndpoint,
    spec::{Api, Endpoint, Endpoints, Spec},
    transport::{Request, Response, TransportError},
};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use url::Url;

pub(crate) const REDIRECT_URI: &str = "https://app.example/callback";

/// Declares a provider with every capability, as the compiler would.
macro_rules! provider {
    ($(#[$doc:meta])* $name:ident, $spec:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub(crate) struct $name;

        impl oauth_runtime::OAuthProvider for $name {
            const SPEC: &'static oauth_runtime::spec::Spec = &$spec;
        }
        impl oauth_runtime::provider::HasAuthorizationEndpoint for $name {}
        impl oauth_runtime::provider::HasRefresh for $name {}
        impl oauth_runtime::provider::HasApi for $name {}
        impl oauth_runtime::provider::HasOpenScopes for $name {}
        impl oauth_runtime::provider::HasRevocation for $name {}
        impl oauth_runtime::provider::HasUserinfo for $name {}
    };
}
pub(crate) use provider;

/// The endpoints of every provider here.
pub(crate) const ENDPOINTS: Endpoints = Endpoints {
    authorization: Endpoint::new("https://id.example/authorize"),
    token: Endpoint::new("https://id.example/token"),
    ..Endpoints::NONE
};

pub(crate) const API: Api = Api {
    base_url: Endpoint::new("https://api.example/v1"),
    origins: Endpoint::new("https://uploads.example"),
    ..Api::PLAIN
};

/// A provider that is all standard.
pub(crate) const ACME: Spec =
    Spec { id: "acme", name: "Acme", endpoints: ENDPOINTS, api: Some(API), ..Spec::PLAIN };

provider!(Acme, ACME);

/// A request as the server saw it.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Sent {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).expect("the body is a text")
    }

    pub(crate) fn url(&self) -> Url {
        Url::parse(&self.uri).expect("it was sent to a URL")
    }

    pub(crate) fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let mut fields = self.form().into_iter().filter(|(field, _)| field == name);
        let first = fields.next().map(|(_, value)| value);
        assert!(fields.next().is_none(), "`{name}` is sent twice");
        first
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("the header is ASCII"))
    }
}

type Answering = dyn Fn(&Sent, usize) -> Result<Response, TransportError> + Send + Sync;

/// A server in the test's own process: answers what a closure says, after a delay, and remembers what it was sent.
#[derive(Clone)]
pub(crate) struct Server {
    seen: Arc<Mutex<Vec<Sent>>>,
    answering: Arc<Answering>,
    delay: Duration,
}

impl Server {
    /// A server that answers by the request and the number of those before it.
    pub(crate) fn new(answering: impl Fn(&Sent, usize) -> Response + Send + Sync + 'static) -> Self {
        Self::failing(move |sent, before| Ok(answering(sent, before)))
    }

    pub(crate) fn failing(
        answering: impl Fn(&Sent, usize) -> Result<Response, TransportError> + Send + Sync + 'static,
    ) -> Self {
        Self { seen: Arc::default(), answering: Arc::new(answering), delay: Duration::ZERO }
    }

    /// A server that always answers the same.
    pub(crate) fn always(response: Response) -> Self {
        Self::new(move |_, _| response.clone())
    }

    pub(crate) fn slow(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    pub(crate) fn transport(
        &self,
    ) -> impl Fn(Request) -> futures_free::Answer + Send + Sync + 'static + use<> {
        let server = self.clone();
        move |request| Box::pin(server.clone().answer(request))
    }

    async fn answer(self, request: Request) -> Result<Response, TransportError> {
        let (parts, body) = request.into_parts();
        let sent = Sent {
            method: parts.method.to_string(),
            uri: parts.uri.to_string(),
            headers: parts.headers,
            body,
        };
        let before = {
            let mut seen = self.seen.lock().expect("no test panics here");
            seen.push(sent.clone());
            seen.len() - 1
        };
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        (self.answering)(&sent, before)
    }

    pub(crate) fn seen(&self) -> Vec<Sent> {
        self.seen.lock().expect("no test panics here").clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.seen.lock().expect("no test panics here").len()
    }

    /// The only request.
    pub(crate) fn only(&self) -> Sent {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "one request and no more");
        seen[0].clone()
    }
}

/// A boxed future without the crate `futures`.
pub(crate) mod futures_free {
    use super::{Response, TransportError};
    use std::{future::Future, pin::Pin};

    pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send>>;
}

pub(crate) fn answer(status: u16, content_type: &str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    if !content_type.is_empty() {
        response.headers_mut().insert("content-type", content_type.parse().expect("a header value"));
    }
    response
}

pub(crate) fn json_answer(status: u16, body: &Value) -> Response {
    answer(status, "application/json", body.to_string())
}

/// What a well-behaved token endpoint answers.
pub(crate) fn good() -> Response {
    json_answer(
        200,
        &json!({"access_token": "AT-NEW", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "RT-NEW"}),
    )
}

/// A clock that stands until it is set.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicU64>);

impl Clock {
    pub(crate) fn at(seconds: u64) -> Self {
        Self(Arc::new(AtomicU64::new(seconds)))
    }

    pub(crate) fn set(&self, seconds: u64) {
        self.0.store(seconds, Ordering::SeqCst);
    }

    pub(crate) fn reading(&self) -> impl Fn() -> SystemTime + Send + Sync + 'static + use<> {
        let clock = self.clone();
        move || time(clock.0.load(Ordering::SeqCst))
    }
}

pub(crate) fn time(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

pub(crate) fn confidential() -> Credentials {
    Credentials::confidential("id", "client-secret")
}

pub(crate) fn flow<P>(provider: P, server: &Server) -> AuthCodeFlow<P>
where
    P: HasAuthorizationEndpoint,
{
    AuthCodeFlow::new(provider, confidential(), REDIRECT_URI)
        .expect("the provider is complete")
        .transport(server.transport())
}

/// The parameters of a URL, decoded.
pub(crate) fn query_of(url: &str) -> Vec<(String, String)> {
    Url::parse(url).expect("a URL").query_pairs().into_owned().collect()
}

pub(crate) fn param(url: &str, name: &str) -> String {
    let mut values = query_of(url).into_iter().filter(|(param, _)| param == name);
    let value = values.next().unwrap_or_else(|| panic!("no `{name}` in {url}")).1;
    assert!(values.next().is_none(), "`{name}` stands twice in {url}");
    value
}

/// Begins and gives the state with what is pending.
pub(crate) fn begin<P: OAuthProvider>(flow: &AuthCodeFlow<P>) -> (String, PendingAuthorization<P>) {
    let (url, pending) = flow.begin([]).into_parts();
    (param(&url, "state"), pending)
}

/// A whole sign-in with an honest callback.
pub(crate) async fn sign_in<P: OAuthProvider>(flow: &AuthCodeFlow<P>) -> Result<TokenSet<P>, Error> {
    let (state, pending) = begin(flow);
    flow.finish(Callback::new(format!("code=CODE&state={state}"), pending)).await
}

/// Tokens as a store would give them back.
pub(crate) fn stored<P: OAuthProvider>(record: Value) -> TokenSet<P> {
    let stored: StoredTokens = serde_json::from_value(record).expect("a stored record");
    stored.into()
}

/// Tokens that lapsed long ago, with a refresh token.
pub(crate) fn lapsed<P: OAuthProvider>() -> TokenSet<P> {
    stored(json!({
        "access_token": "AT-OLD", "refresh_token": "RT-OLD", "obtained_at": 1000, "expires_at": 2000, "scopes": "read"
    }))
}
