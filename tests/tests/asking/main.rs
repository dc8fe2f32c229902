//! What a client asks for, where, and how, against providers that are made from definitions like those of real ones.

mod api;
mod authorization;
mod client;
mod scopes;

use oauth_runtime::{
    AuthCodeFlow, AuthorizationRequest, Callback, Session, TokenSet, provider::HasAuthorizationEndpoint,
};
use oauth_test_provider::TestProvider;
use std::collections::BTreeMap;

/// A provider of a test, and a client of it.
struct Desk<P> {
    test: TestProvider<P>,
    flow: AuthCodeFlow<P>,
}

impl<P: HasAuthorizationEndpoint> Desk<P> {
    async fn of(provider: P) -> Self {
        let test = TestProvider::<P>::start().await;
        let flow = AuthCodeFlow::new(provider, test.credentials(), "http://127.0.0.1:3000/callback")
            .expect("the redirect URI is good")
            .transport(test.transport());
        Self { test, flow }
    }

    /// Ada approves what a request asks for.
    async fn approved(&self, request: AuthorizationRequest<P>) -> TokenSet<P> {
        let (url, pending) = request.into_parts();
        let back = self.test.approve(&url).await;
        let query = back.split_once('?').map_or("", |(_, query)| query);
        self.flow.finish(Callback::new(query, pending)).await.expect("ada approved")
    }

    async fn session(&self, request: AuthorizationRequest<P>) -> Session<P> {
        let tokens = self.approved(request).await;
        let session = self.flow.session("ada");
        session.adopt(tokens).await.expect("the store is in memory");
        session
    }
}

/// The parameters of a request.
fn query<P: HasAuthorizationEndpoint>(request: &AuthorizationRequest<P>) -> BTreeMap<String, String> {
    let url: url::Url = request.url().parse().expect("it is a URL");
    url.query_pairs().into_owned().collect()
}
