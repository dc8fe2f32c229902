//! [`Core`]: what a flow and its sessions share, of whatever provider.

use crate::{
    client::Client,
    error::Error,
    event::Observer,
    named,
    refresh::Refreshes,
    scopes::ScopeList,
    store::{
        MemoryStateStore, MemoryTokenStore,
        erased::{AnyStateStore, AnyTokenStore},
    },
    tokens::Tokens,
    transport::{Limits, Request, Response, Transport, TransportError, TransportErrorKind},
    wire::{
        answer, authorization,
        refused::Context,
        request::{self, Grant},
    },
};
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

/// Gives the time.
pub(crate) type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// One client at one provider, with its stores and its way to the network.
#[derive(Clone)]
pub(crate) struct Core {
    pub(crate) client: Arc<Client>,
    /// The constant part of every authorization URL, as the user agent has to reach it.
    pub(crate) prefix: String,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) states: Arc<dyn AnyStateStore>,
    pub(crate) tokens: Arc<dyn AnyTokenStore>,
    pub(crate) clock: Clock,
    pub(crate) leeway: Duration,
    pub(crate) token_limits: Limits,
    /// How long a claim to refresh lasts, unless it is renewed.
    pub(crate) lease: Duration,
    pub(crate) refreshes: Arc<Refreshes>,
    pub(crate) observer: Option<Observer>,
}

impl Core {
    pub(crate) fn new(client: Client) -> Self {
        let leeway = client.spec.refresh.leeway.unwrap_or(Duration::from_secs(60));
        let mut core = Self {
            client: Arc::new(client),
            prefix: String::new(),
            transport: default_transport(),
            states: Arc::new(MemoryStateStore::new()),
            tokens: Arc::new(MemoryTokenStore::new()),
            clock: Arc::new(SystemTime::now),
            leeway,
            token_limits: Limits::TOKEN,
            lease: Duration::from_secs(4),
            refreshes: Arc::default(),
            observer: None,
        };
        core.prepare();
        core
    }

    /// Makes what depends on the settings.
    pub(crate) fn prepare(&mut self) {
        let prefix = authorization::prefix(&self.client);
        self.prefix = self.transport.front_channel(&prefix).into_owned();
    }

    pub(crate) fn now(&self) -> SystemTime {
        (self.clock)()
    }

    /// Sends a request and waits for its whole answer, but no longer than its limits say.
    pub(crate) async fn send(&self, request: Request, limits: Limits) -> Result<Response, TransportError> {
        match tokio::time::timeout(limits.deadline, self.transport.send(request)).await {
            Ok(Ok(response)) if response.body().len() > limits.body => {
                Err(TransportError::new(TransportErrorKind::BodyTooLarge))
            }
            Ok(answer) => answer,
            Err(_) => Err(TransportError::new(TransportErrorKind::Timeout)),
        }
    }

    /// Sends a token request and reads its answer. `client` is the grant's view of this one.
    pub(crate) async fn exchange(
        &self,
        client: &Client,
        grant: Grant<'_>,
        request: Request,
        asked: &ScopeList,
    ) -> Result<Tokens, Error> {
        let describe = || request::describe(client, grant);
        let response =
            self.send(request, self.token_limits).await.map_err(|error| error.sending(describe()))?;
        let context = Context {
            client,
            stage: grant.stage(),
            shape: grant.answer(client),
            describe: &describe,
            secrets: &|| grant.secrets(),
        };
        let mut tokens = answer::tokens(&context, &response, asked, self.now())?;
        tokens.scopes = tokens.scopes.granted(self.client.spec, asked);
        if !self.client.spec.response.tokens.is_empty() {
            named::join(self.client.spec, &mut tokens, grant.before());
        }
        Ok(tokens)
    }
}

#[cfg(feature = "reqwest")]
fn default_transport() -> Arc<dyn Transport> {
    Arc::new(crate::transport::ReqwestTransport::new())
}

#[cfg(not(feature = "reqwest"))]
fn default_transport() -> Arc<dyn Transport> {
    Arc::new(|_| async {
        let reason = "no transport is set: call `transport` on the flow, or enable the feature `reqwest`";
        Err(TransportError::new(TransportErrorKind::Connect).caused_by(reason))
    })
}
