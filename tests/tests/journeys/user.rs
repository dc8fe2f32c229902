//! The user at the provider, who approves, and the flow that she uses.

use oauth_runtime::{
    AuthCodeFlow, Callback, Credentials, Error, OAuthProvider, TokenSet, provider::HasAuthorizationEndpoint,
};
use oauth_test_provider::TestProvider;

/// Where users come back to.
pub(crate) const REDIRECT_URI: &str = "https://app.example/callback";

/// A flow at the test provider, with its clock.
pub(crate) fn flow<P: HasAuthorizationEndpoint>(provider: P, test: &TestProvider<P>) -> AuthCodeFlow<P> {
    flow_of(provider, test.credentials(), test)
}

/// The same for a client of other credentials.
pub(crate) fn flow_of<P: HasAuthorizationEndpoint>(
    provider: P,
    credentials: Credentials,
    test: &TestProvider<P>,
) -> AuthCodeFlow<P> {
    let clock = test.clock();
    let flow = AuthCodeFlow::new(provider, credentials, REDIRECT_URI).unwrap();
    flow.transport(test.transport()).clock(move || clock.now())
}

/// Goes to `url`, answers there, and comes back with this query.
pub(crate) async fn comes_back<P: OAuthProvider>(test: &TestProvider<P>, url: &str) -> String {
    let back = test.approve(url).await;
    let query = back.strip_prefix(REDIRECT_URI).and_then(|rest| rest.strip_prefix('?'));
    query.unwrap_or_else(|| panic!("the user was sent to {back}")).to_owned()
}

/// Signs in for the definition's default scopes.
pub(crate) async fn signs_in<P: HasAuthorizationEndpoint>(
    test: &TestProvider<P>,
    flow: &AuthCodeFlow<P>,
) -> TokenSet<P> {
    signs_in_with(test, flow, |query| query).await.unwrap()
}

/// Comes back with what `change` makes of the query.
pub(crate) async fn signs_in_with<P: HasAuthorizationEndpoint>(
    test: &TestProvider<P>,
    flow: &AuthCodeFlow<P>,
    change: impl FnOnce(String) -> String,
) -> Result<TokenSet<P>, Error> {
    let (url, pending) = flow.begin([]).into_parts();
    let query = change(comes_back(test, &url).await);
    flow.finish(Callback::new(query, pending)).await
}
