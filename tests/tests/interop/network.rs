//! The network in which a definition's constant addresses are a server on a free port of this machine.

use bytes::Bytes;
use oauth_runtime::transport::{
    BoxFuture, Request, ReqwestTransport, Response, Transport, TransportError, TransportErrorKind,
};
use std::{
    borrow::Cow,
    sync::{Arc, Mutex},
};

/// Takes what is meant for one address to another, and notes what passed.
#[derive(Clone)]
pub(crate) struct Network {
    /// What an address starts with, and what it starts with here.
    routes: Vec<(&'static str, String)>,
    sent: Arc<Mutex<Vec<http::Request<Bytes>>>>,
}

impl Network {
    /// `named` and `actual` are origins: scheme, host and port.
    pub(crate) fn new(named: &'static str, actual: &str) -> Self {
        Self::routed(actual, &[(named, "")])
    }

    /// Each route leads from an address to a path at `actual`; the first that fits counts.
    pub(crate) fn routed(actual: &str, routes: &[(&'static str, &str)]) -> Self {
        let routes = routes.iter().map(|(named, path)| (*named, format!("{actual}{path}")));
        Self { routes: routes.collect(), sent: Arc::default() }
    }

    /// Method and path of everything that was sent so far.
    pub(crate) fn sent(&self) -> Vec<String> {
        let sent = self.sent.lock().unwrap();
        sent.iter().map(|request| format!("{} {}", request.method(), request.uri().path())).collect()
    }

    /// The `Authorization` header of the last request.
    pub(crate) fn last_authorization(&self) -> Option<String> {
        let sent = self.sent.lock().unwrap();
        let header = sent.last()?.headers().get(http::header::AUTHORIZATION)?;
        header.to_str().ok().map(str::to_owned)
    }

    fn actual(&self, url: &str) -> Option<String> {
        self.routes.iter().find_map(|(named, actual)| Some(format!("{actual}{}", url.strip_prefix(named)?)))
    }
}

impl Transport for Network {
    fn send(&self, mut request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let Some(actual) = self.actual(&request.uri().to_string()) else {
                return Err(TransportError::new(TransportErrorKind::Connect));
            };
            self.sent.lock().unwrap().push(request.clone());
            *request.uri_mut() = actual.parse().unwrap();
            ReqwestTransport::new().send(request).await
        })
    }

    fn front_channel<'a>(&self, url: &'a str) -> Cow<'a, str> {
        self.actual(url).map_or(Cow::Borrowed(url), Cow::Owned)
    }
}
