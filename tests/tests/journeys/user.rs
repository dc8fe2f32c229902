//! The user at the provider, who approves.

use oauth_runtime::{AuthCodeFlow, Callback, OAuthProvider, TokenSet, provider::HasAuthorizationEndpoint};
use oauth_test_provider::TestProvider;

/// Where users come back to.
pub(crate) const REDIRECT_URI: &str = "https://app.example/callback";

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
    let (url, pending) = flow.begin([]).into_parts();
    let query = comes_back(test, &url).await;
    flow.finish(Callback::new(query, pending)).await.unwrap()
}
