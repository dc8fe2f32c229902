//! [`TestTransport`]: the way from a client to the test provider.

use crate::{
    server::Server,
    site::{self, Site},
};
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
    site: Arc<Site>,
    provider: &'static str,
    origin: Arc<str>,
    inner: Arc<dyn Transport>,
}

impl TestTransport {
    pub(crate) fn new(server: &Server) -> Self {
        Self::to(Arc::clone(&server.site), server.spec.name, server.origin().into())
    }

    /// To the test provider that answers for the addresses of `site` at `origin`.
    pub(crate) fn to(site: Arc<Site>, provider: &'static str, origin: Arc<str>) -> Self {
        Self { site, provider, origin, inner: Arc::new(ReqwestTransport::new()) }
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
            let named = site::is_local(&self.origin, &url) || self.site.names(site::origin_of(&url));
            let local = site::local(&self.origin, &url).filter(|_| named);
            let uri = local.and_then(|local| local.parse().ok()).ok_or_else(|| self.refused(&url))?;
            *request.uri_mut() = uri;
            self.inner.send(request).await
        })
    }

    fn front_channel<'a>(&self, url: &'a str) -> Cow<'a, str> {
        site::local(&self.origin, url).map_or(Cow::Borrowed(url), Cow::Owned)
    }
}

impl TestTransport {
    fn refused(&self, url: &str) -> TransportError {
        let unnamed = UnnamedHost { origin: site::origin_of(url).to_owned(), provider: self.provider };
        TransportError::new(TransportErrorKind::Connect).caused_by(unnamed)
    }
}

impl fmt::Debug for TestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestTransport")
            .field("provider", &self.provider)
            .field("origin", &self.origin)
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
