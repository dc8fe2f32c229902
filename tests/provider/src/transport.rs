//! [`TestTransport`]: the way from a client to the test provider.

use crate::{server::Server, site};
use oauth_runtime::transport::{
    BoxFuture, Request, ReqwestTransport, Response, Transport, TransportError, TransportErrorKind,
};
use std::{borrow::Cow, fmt, sync::Arc};

/// A transport that carries the requests of one provider to its test provider, and no other request anywhere.
///
/// A request for `https://{host}/{path}` goes to `http://127.0.0.1:{port}/{host}/{path}`, and the user agent is sent
/// there too. A host that the definition does not name is refused before anything is sent.
#[derive(Clone)]
pub struct TestTransport {
    server: Arc<Server>,
    inner: Arc<dyn Transport>,
}

impl TestTransport {
    pub(crate) fn new(server: Arc<Server>) -> Self {
        Self { server, inner: Arc::new(ReqwestTransport::new()) }
    }

    /// The same way, by another client: `inner` gets the rewritten requests.
    #[must_use]
    pub fn over(self, inner: impl Transport) -> Self {
        Self { inner: Arc::new(inner), ..self }
    }
}

impl Transport for TestTransport {
    fn send(&self, mut request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let url = request.uri().to_string();
            let named = self.server.is_local(&url) || self.server.site.names(site::origin_of(&url));
            let local = self.server.local(&url).filter(|_| named);
            let uri = local.and_then(|local| local.parse().ok()).ok_or_else(|| self.refused(&url))?;
            *request.uri_mut() = uri;
            self.inner.send(request).await
        })
    }

    fn front_channel<'a>(&self, url: &'a str) -> Cow<'a, str> {
        self.server.local(url).map_or(Cow::Borrowed(url), Cow::Owned)
    }
}

impl TestTransport {
    fn refused(&self, url: &str) -> TransportError {
        let unnamed =
            UnnamedHost { origin: site::origin_of(url).to_owned(), provider: self.server.spec.name };
        TransportError::new(TransportErrorKind::Connect).caused_by(unnamed)
    }
}

impl fmt::Debug for TestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestTransport")
            .field("provider", &self.server.spec.name)
            .field("port", &self.server.port)
            .finish_non_exhaustive()
    }
}

/// A request for a host that is none of the provider's.
#[derive(Debug)]
struct UnnamedHost {
    origin: String,
    provider: &'static str,
}

impl fmt::Display for UnnamedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing was sent: the definition of {} does not name {}", self.provider, self.origin)
    }
}

impl std::error::Error for UnnamedHost {}
