//! The default [`Transport`]: reqwest, with the settings that the flows rely on.

use super::{BoxFuture, Limits, Request, Response, Transport, TransportError, TransportErrorKind};
use crate::address::{KnownUrl, is_loopback};
use bytes::{Bytes, BytesMut};
use reqwest::ClientBuilder;
use std::{
    error::Error as StdError,
    sync::{Arc, OnceLock},
    time::Duration,
};

/// Requests by reqwest, over rustls with ring and the platform's certificates.
///
/// Every value made by [`new`](Self::new) shares its clients and the API's kept-alive connections; a token request has
/// a connection of its own ([`Limits::reuse`]). A client of your own comes in by `From<reqwest::Client>`; it must follow
/// no redirects and decompress nothing, as [`Transport`] says, and better keeps no connections
/// (`pool_max_idle_per_host(0)`).
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    remote: Clients,
    /// For addresses on this machine, which may be plain `http` because nothing leaves it: never through a proxy.
    local: Clients,
}

type Client = Result<reqwest::Client, TransportError>;

#[derive(Clone, Debug)]
struct Clients {
    /// Keeps connections.
    keeping: Client,
    /// Makes a connection for each request.
    fresh: Client,
}

impl Clients {
    fn new(settings: fn(ClientBuilder) -> ClientBuilder) -> Self {
        Self {
            keeping: client(|builder| settings(builder).pool_idle_timeout(Duration::from_secs(30))),
            fresh: client(|builder| settings(builder).pool_max_idle_per_host(0)),
        }
    }
}

impl ReqwestTransport {
    /// The shared clients.
    pub fn new() -> Self {
        static SHARED: OnceLock<ReqwestTransport> = OnceLock::new();
        let make =
            || Self { remote: Clients::new(|builder| builder), local: Clients::new(ClientBuilder::no_proxy) };
        SHARED.get_or_init(make).clone()
    }
}

impl Default for ReqwestTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl From<reqwest::Client> for ReqwestTransport {
    fn from(client: reqwest::Client) -> Self {
        let clients = Clients { keeping: Ok(client.clone()), fresh: Ok(client) };
        Self { remote: clients.clone(), local: clients }
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let limits = *request.extensions().get::<Limits>().unwrap_or(&Limits::TOKEN);
            let request = convert(request)?;
            let clients = if is_loopback(request.url()) { &self.local } else { &self.remote };
            let client = if limits.reuse { &clients.keeping } else { &clients.fresh };
            let client = client.as_ref().map_err(Clone::clone)?;
            let mut answer = client.execute(request).await.map_err(classify)?;
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = answer.status();
            std::mem::swap(response.headers_mut(), answer.headers_mut());
            *response.body_mut() = read(answer, limits.body).await?;
            Ok(response)
        })
    }
}

/// The same request for reqwest, which would read the address anew.
fn convert(request: Request) -> Result<reqwest::Request, TransportError> {
    let known = request.extensions().get::<KnownUrl>().and_then(|known| known.of(request.uri()).cloned());
    let Some(url) = known else { return request.try_into().map_err(classify) };
    let (parts, body) = request.into_parts();
    let mut request = reqwest::Request::new(parts.method, url);
    *request.headers_mut() = parts.headers;
    *request.version_mut() = parts.version;
    *request.body_mut() = Some(body.into());
    Ok(request)
}

/// Reads the body to its end, and no further than `limit`.
async fn read(mut answer: reqwest::Response, limit: usize) -> Result<Bytes, TransportError> {
    let too_large = || TransportError::new(TransportErrorKind::BodyTooLarge);
    if answer.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let Some(first) = answer.chunk().await.map_err(classify)? else { return Ok(Bytes::new()) };
    let Some(second) = answer.chunk().await.map_err(classify)? else {
        return if first.len() > limit { Err(too_large()) } else { Ok(first) };
    };
    let mut body = BytesMut::from(first);
    let mut next = Some(second);
    while let Some(chunk) = next {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
        next = answer.chunk().await.map_err(classify)?;
    }
    Ok(body.freeze())
}

fn client(settings: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    static TLS: OnceLock<Result<rustls::ClientConfig, TransportError>> = OnceLock::new();
    let builder = settings(reqwest::Client::builder())
        .tls_backend_preconfigured(TLS.get_or_init(tls).clone()?)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd();
    builder.build().map_err(classify)
}

/// TLS that every client shares, and with it the sessions that a server resumes.
fn tls() -> Result<rustls::ClientConfig, TransportError> {
    let tls = |error: rustls::Error| TransportError::new(TransportErrorKind::Tls).caused_by(error);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new(provider.clone()).map_err(tls)?;
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(tls)?
        // Not a way around verification: this is how rustls takes the platform's own verifier.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

/// As hyper reports a body that breaks its own framing: a chunk without a size, an end before the end.
fn is_broken_framing(kind: std::io::ErrorKind) -> bool {
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(kind, InvalidInput | InvalidData | UnexpectedEof)
}

/// The error without the URL, whose query may hold a token.
fn classify(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let mut kind = if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Protocol
    };
    let mut cause = StdError::source(&error);
    while let Some(source) = cause {
        if source.is::<rustls::Error>() {
            kind = TransportErrorKind::Tls;
        } else if let Some(error) = source.downcast_ref::<std::io::Error>()
            && kind == TransportErrorKind::Protocol
            && !is_broken_framing(error.kind())
        {
            kind = TransportErrorKind::Other;
        }
        // An `io::Error` that wraps another error does not name it as its source.
        cause = match source.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => source.source(),
        };
    }
    TransportError::new(kind).caused_by(error)
}
