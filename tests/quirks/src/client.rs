//! What a client may be: with a secret or without one, and with which redirect URIs.

use crate::lines::Lines;
use oauth_runtime::{AuthCodeFlow, Credentials, PrivateKey, spec::SigningAlgorithm};
use oauth_test_provider::AnyProvider;

const REDIRECT_URIS: [&str; 5] = [
    "https://app.example/callback",
    "http://localhost:3000/callback",
    "http://127.0.0.1:3000/callback",
    "http://[::1]:3000/callback",
    "com.example.app:/callback",
];

/// Which clients a definition lets be made.
pub(crate) fn clients(provider: AnyProvider, lines: &mut Lines) {
    let all = || [Credentials::confidential("id", "secret"), Credentials::public("id")];
    for (credentials, uri) in all().into_iter().flat_map(|one| REDIRECT_URIS.map(|uri| (one.clone(), uri))) {
        let what = format!("a client {credentials:?} at {uri}");
        let made = AuthCodeFlow::new(provider, credentials, uri);
        lines.outcome(&what, made.map(|_| "is made".to_owned()));
    }
    for algorithm in [SigningAlgorithm::Es256, SigningAlgorithm::Rs256] {
        let credentials = Credentials::private_key("id", PrivateKey::new(algorithm, |_| Ok(Vec::new())));
        let made = AuthCodeFlow::new(provider, credentials, REDIRECT_URIS[0]);
        lines.outcome(&format!("a client that signs by {algorithm:?}"), made.map(|_| "is made".to_owned()));
    }
}
