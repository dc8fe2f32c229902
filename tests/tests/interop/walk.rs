//! A server, a client of it, and a user who signs in.

use crate::{
    agent::{Agent, Answer},
    network::Network,
    server::Server,
};
use oauth_runtime::{
    AuthCodeFlow, AuthorizationRequest, Callback, Credentials, Error, LoginRequired, OAuthProvider,
    PendingAuthorization, Session, TokenSet, provider::HasAuthorizationEndpoint,
};

pub(crate) struct Walk<P> {
    pub(crate) flow: AuthCodeFlow<P>,
    pub(crate) network: Network,
    server: Server,
    redirect_uri: String,
}

impl<P: OAuthProvider + HasAuthorizationEndpoint> Walk<P> {
    /// The client that is registered as `client` at `server`, which stands for `origin`.
    pub(crate) fn new(provider: P, origin: &'static str, server: Server, client: &str) -> Self {
        let id = server.text(&format!("/clients/{client}/client_id"));
        let secret = server.text(&format!("/clients/{client}/client_secret"));
        let credentials = Credentials::confidential(id, secret);
        Self::with_credentials(provider, origin, server, credentials)
    }

    pub(crate) fn with_credentials(
        provider: P,
        origin: &'static str,
        server: Server,
        credentials: Credentials,
    ) -> Self {
        let network = Network::new(origin, server.text("/origin"));
        Self::over(network, provider, server, credentials)
    }

    pub(crate) fn over(network: Network, provider: P, server: Server, credentials: Credentials) -> Self {
        let redirect_uri = server.text("/redirect_uri").to_owned();
        let flow =
            AuthCodeFlow::new(provider, credentials, &redirect_uri).unwrap().transport(network.clone());
        Self { flow, network, server, redirect_uri }
    }

    /// The user goes to the provider, signs in and answers; what came back, and what the client remembered meanwhile.
    pub(crate) async fn authorize(&self, answer: Answer) -> (String, PendingAuthorization<P>) {
        self.authorize_for(self.flow.begin([]), answer).await
    }

    /// The same for a request of one's own.
    pub(crate) async fn authorize_for(
        &self,
        request: AuthorizationRequest<P>,
        answer: Answer,
    ) -> (String, PendingAuthorization<P>) {
        let (username, password) = (self.server.text("/user/username"), self.server.text("/user/password"));
        let (url, pending) = request.into_parts();
        let query = Agent::new(username, password, &self.redirect_uri).authorize(&url, answer).await;
        (query, pending)
    }

    pub(crate) async fn finish(&self, answer: Answer) -> Result<TokenSet<P>, Error> {
        let (query, pending) = self.authorize(answer).await;
        self.flow.finish(Callback::new(query, pending)).await
    }

    /// A session of `owner` with the tokens of a sign-in of its own.
    pub(crate) async fn signed_in(&self, owner: &str) -> (Session<P>, TokenSet<P>) {
        let tokens = self.finish(Answer::Approve).await.unwrap();
        (self.adopted(owner, &tokens).await, tokens)
    }

    pub(crate) async fn adopted(&self, owner: &str, tokens: &TokenSet<P>) -> Session<P> {
        let session = self.flow.session(owner);
        session.adopt(tokens.clone()).await.unwrap();
        session
    }
}

/// The refresh token, in clear.
pub(crate) fn refresh_token<P: OAuthProvider>(tokens: &TokenSet<P>) -> String {
    tokens.refresh_token().expect("the server gives a refresh token").expose().to_owned()
}

pub(crate) fn assert_grant_is_dead<T>(outcome: Result<T, Error>) {
    match outcome.err() {
        Some(Error::LoginRequired(LoginRequired::GrantDead { code, .. })) => {
            assert_eq!(code, "invalid_grant");
        }
        other => panic!("not a dead grant: {other:?}"),
    }
}
