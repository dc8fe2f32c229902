//! [`Transport`]: how requests leave, in terms of `http` alone, so that no HTTP client's version is part of the API.

#[cfg(feature = "reqwest")]
mod reqwest;

#[cfg(feature = "reqwest")]
pub use self::reqwest::ReqwestTransport;

use bytes::Bytes;
use std::{borrow::Cow, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

/// A request to send.
pub type Request = http::Request<Bytes>;
/// An answer, read to its end.
pub type Response = http::Response<Bytes>;
/// A future behind a pointer.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends a request and reads its answer.
///
/// What every implementation must hold, because the flows rely on it: the certificate and its name are verified,
/// no redirect is followed, nothing is sent twice, nothing is decompressed, a connection is kept only for requests whose
/// [`Limits::reuse`] allows it, and at most [`Limits::body`] bytes of
/// the answer are read ([`Limits`] stand in the request's extensions). The flow watches over [`Limits::deadline`] itself.
///
/// A closure `Fn(Request) -> impl Future<Output = Result<Response, TransportError>>` is a transport.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;

    /// The address to which a user agent is sent for `url`: the same one, unless this transport stands in for the network.
    fn front_channel<'a>(&self, url: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(url)
    }
}

impl<F, Fut> Transport for F
where
    F: Fn(Request) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Response, TransportError>> + Send + 'static,
{
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(self(request))
    }
}

/// How long an exchange may take and how much may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte of the connection to the last byte of the body.
    pub deadline: Duration,
    /// Bytes of the body.
    pub body: usize,
    /// A connection that carried another request may carry this one.
    ///
    /// Not for a token endpoint: an answer that is slipped into a kept connection behind another one would be taken for
    /// the answer to the next user's code.
    pub reuse: bool,
}

impl Limits {
    /// What a token endpoint gets: ten seconds, one mebibyte.
    pub const TOKEN: Self = Self { deadline: Duration::from_secs(10), body: 1 << 20, reuse: false };
    /// What an API gets: thirty seconds, sixteen mebibytes.
    pub const API: Self = Self { deadline: Duration::from_secs(30), body: 16 << 20, reuse: true };
}

/// Why a request got no answer.
#[derive(Debug, Clone)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    sent: Option<Arc<str>>,
}

/// What went wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: nothing was sent, so the same request may be tried again.
    Connect,
    /// The certificate or the handshake was not accepted.
    Tls,
    /// The deadline passed.
    Timeout,
    /// The answer is not HTTP, or ended before its end.
    Protocol,
    /// The answer is longer than [`Limits::body`].
    BodyTooLarge,
    /// Anything else after the request was sent.
    Other,
}

impl TransportError {
    /// An error of `kind`.
    pub fn new(kind: TransportErrorKind) -> Self {
        Self { kind, source: None, sent: None }
    }

    /// Adds what explains it, which must not print what the request held.
    #[must_use]
    pub fn caused_by(self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: Some(Arc::from(source.into())), ..self }
    }

    /// Adds what was sent, without its secrets.
    pub(crate) fn sending(self, sent: String) -> Self {
        Self { sent: Some(sent.into()), ..self }
    }

    /// What went wrong.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, advice) = match self.kind {
            TransportErrorKind::Connect => {
                ("no connection could be made", "nothing was sent; look at the network and try again")
            }
            TransportErrorKind::Tls => (
                "the server's certificate was not accepted",
                "nothing was sent; something may stand in between",
            ),
            TransportErrorKind::Timeout => {
                ("no complete answer came in time", "the request may have arrived; try again later")
            }
            TransportErrorKind::Protocol => (
                "the answer is not HTTP, or ended too early",
                "the request may have arrived; try again later",
            ),
            TransportErrorKind::BodyTooLarge => {
                ("the answer is larger than allowed", "a wrong address may have answered")
            }
            TransportErrorKind::Other => (
                "the connection failed after the request was sent",
                "the request may have arrived; try again later",
            ),
        };
        match &self.sent {
            Some(sent) => write!(f, "{what} for {sent}; {advice}"),
            None => write!(f, "{what}; {advice}"),
        }
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
