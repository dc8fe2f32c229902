//! [`TestProvider`]: the provider of a test, and what a test can choose.

use crate::{
    agent, any::AnyProvider, client::Confidential, clock::Clock, server::Server, signing::Signing,
    transport::TestTransport,
};
use oauth_runtime::{Credentials, OAuthProvider, spec::Variable};
use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};
use tokio::sync::watch;

/// An authorization server on a free port of this machine, made from the definition of `P`.
///
/// It ends when it is dropped, and leaves nothing. Many can run at once, in tests or inside a program.
/// The [crate's page](crate) has an example.
pub struct TestProvider<P> {
    pub(crate) server: Arc<Server>,
    _closing: watch::Sender<()>,
    of: PhantomData<fn() -> P>,
}

impl<P: OAuthProvider> TestProvider<P> {
    /// Starts it on 127.0.0.1. No value of `P` is needed: the variables of its addresses match any value of their format.
    ///
    /// # Panics
    /// This machine has no free loopback port.
    pub async fn start() -> Self {
        Self::start_as(AnyProvider::of::<P>()).await
    }

    async fn start_as(definition: AnyProvider) -> Self {
        let (closing, closed) = watch::channel(());
        Self { server: Server::start(definition, closed).await, _closing: closing, of: PhantomData }
    }

    /// What makes a flow talk to this provider, and to no other: give it to `AuthCodeFlow::transport`.
    pub fn transport(&self) -> TestTransport {
        TestTransport::new(&self.server)
    }

    /// A client that this provider knows: one with a secret, unless the definition has public clients only.
    ///
    /// Its secret holds every reserved character, so that a client that forgets to encode it is refused.
    pub fn credentials(&self) -> Credentials {
        let state = self.server.state();
        let clients = &state.clients;
        if let Some(client) = &clients.confidential {
            return Credentials::confidential(client.id.clone(), client.secret.clone());
        }
        let signing = clients.signing.as_ref().map(Signing::credentials);
        drop(state);
        signing.unwrap_or_else(|| self.public())
    }

    /// A client that signs what it proves itself by, and that this provider knows.
    ///
    /// Its key is one of this provider alone: the signatures are strictly checked, and of no use anywhere else.
    ///
    /// # Panics
    /// The definition has no `private_key_jwt` among its `token_endpoint_auth_methods`, and no `[client.assertion]`.
    pub fn signing_credentials(&self) -> Credentials {
        let signing = self.server.state().clients.signing.as_ref().map(Signing::credentials);
        signing.unwrap_or_else(|| panic!("{} takes no client that signs", P::SPEC.name))
    }

    /// A client without a secret that this provider knows.
    ///
    /// # Panics
    /// The definition has no `none` among its `token_endpoint_auth_methods`.
    pub fn public_credentials(&self) -> Credentials {
        self.public()
    }

    fn public(&self) -> Credentials {
        let credentials = self.server.state().clients.public_credentials();
        credentials.unwrap_or_else(|| panic!("{} takes no public client", self.server.spec.name))
    }

    /// Signs in and approves, as a user with a browser does: every redirect is followed and every form is sent.
    ///
    /// `url` is an authorization URL, and the answer is the URL of the client to which the user agent was sent back:
    /// a callback with a code, or with an error. A form that the provider's page posts stands behind a `?`, as a query would. After [`deny`](Self::deny) the consent is denied.
    ///
    /// # Panics
    /// The provider shows an error page, as for an unknown client or redirect URI. The panic says what the page says.
    pub async fn approve(&self, url: &str) -> String {
        self.try_approve(url).await.unwrap_or_else(|page| panic!("{page}"))
    }

    /// The same, for a test that expects an error page.
    ///
    /// # Errors
    /// What the page says.
    pub async fn try_approve(&self, url: &str) -> Result<String, String> {
        agent::approve(&self.server, url).await
    }

    /// The clock by which codes and tokens lapse here.
    pub fn clock(&self) -> Clock {
        self.server.clock.clone()
    }

    /// Where this provider listens: `http://127.0.0.1:{port}`. `https://{host}/{path}` is at `/{host}/{path}` there.
    pub fn origin(&self) -> String {
        self.server.origin()
    }
}

impl TestProvider<AnyProvider> {
    /// Starts it for a definition that is chosen at run time.
    ///
    /// # Panics
    /// This machine has no free loopback port.
    pub async fn start_any(definition: AnyProvider) -> Self {
        Self::start_as(definition).await
    }
}

/// # Settings
impl<P: OAuthProvider> TestProvider<P> {
    /// Registers this confidential client in place of the one that is there at the start.
    pub fn client(&self, id: impl Into<String>, secret: impl Into<String>) {
        let client = Confidential { id: id.into(), secret: secret.into() };
        self.server.state().clients.confidential = Some(client);
    }

    /// The client's name on the consent page.
    pub fn client_name(&self, name: impl Into<String>) {
        self.server.state().settings.client_name = name.into();
    }

    /// Takes these redirect URIs only, compared byte for byte. At the start, any https or loopback http URI is taken.
    pub fn redirect_uris<I: IntoIterator<Item: Into<String>>>(&self, uris: I) {
        let uris = uris.into_iter().map(Into::into).collect();
        self.server.state().settings.redirect_uris = Some(uris);
    }

    /// Grants no other scopes than these, whatever is asked for.
    pub fn grant_only<I: IntoIterator<Item: Into<String>>>(&self, scopes: I) {
        let scopes = scopes.into_iter().map(Into::into).collect();
        self.server.state().settings.grant_only = Some(scopes);
    }

    /// What the next sign-ins tell of a variable that the definition learns (`from`); `None`: nothing. A value is sent with
    /// the `prefix` and the `suffix` that the definition takes off.
    ///
    /// # Panics
    /// The definition learns no such variable.
    pub fn tell<'a>(&self, variable: &str, value: impl Into<Option<&'a str>>) {
        let is_meant = |known: &Variable| known.name == variable && known.is_learned();
        let spec = self.server.spec;
        let index = spec.variables.iter().position(is_meant);
        let index = index.unwrap_or_else(|| panic!("{} learns no variable `{variable}`", spec.name));
        self.server.state().settings.told.set(index, value.into().map(str::to_owned));
    }

    /// How long the next access tokens are good; `None`: they do not lapse. An hour at the start.
    pub fn access_token_lifetime(&self, lifetime: impl Into<Option<Duration>>) {
        self.server.state().settings.access_lifetime = lifetime.into();
    }

    /// How long the next access tokens are good for which a first one was exchanged; `None`: they do not lapse. Sixty days
    /// at the start.
    pub fn exchanged_token_lifetime(&self, lifetime: impl Into<Option<Duration>>) {
        self.server.state().settings.exchanged_lifetime = lifetime.into();
    }

    /// How long the next refresh tokens are good; `None`, as at the start: they do not lapse.
    pub fn refresh_token_lifetime(&self, lifetime: impl Into<Option<Duration>>) {
        self.server.state().settings.refresh_lifetime = lifetime.into();
    }
}

impl<P: OAuthProvider> fmt::Debug for TestProvider<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestProvider")
            .field("provider", &self.server.spec.name)
            .field("origin", &self.origin())
            .finish_non_exhaustive()
    }
}
