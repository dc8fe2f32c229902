//! What must not be seen: the secrets of a journey, in each form in which they could be printed.

use base64::{Engine, prelude::BASE64_STANDARD};
use oauth_runtime::{Error, OAuthProvider};
use oauth_test_provider::TestProvider;
use std::error::Error as _;
use url::form_urlencoded::byte_serialize;

/// The parameters that carry secrets.
const SECRET: &[&str] = &["access_token", "client_secret", "code", "code_verifier", "refresh_token", "state"];

/// The secrets that were sent to `test`.
pub(crate) fn sent<P: OAuthProvider>(test: &TestProvider<P>) -> Vec<String> {
    let mut secrets = Vec::new();
    for request in test.requests() {
        let secret = |(name, value): (String, String)| SECRET.contains(&&*name).then_some(value);
        secrets.extend(request.parameters.into_iter().filter_map(secret));
        let authorization = request.headers.get("authorization").map(|value| value.to_str().unwrap());
        secrets.extend(authorization.and_then(|value| value.split(' ').nth(1)).map(str::to_owned));
    }
    secrets
}

/// No secret is in what the error shows, nor in what it says was its cause.
pub(crate) fn assert_none(error: &Error, secrets: &[String]) {
    let mut shown = vec![format!("{error} {error:?}")];
    let mut cause = error.source();
    while let Some(source) = cause {
        shown.push(format!("{source} {source:?}"));
        cause = source.source();
    }
    let shown = shown.join("\n");
    assert!(!secrets.is_empty(), "nothing was looked for");
    for secret in secrets {
        let encoded: String = byte_serialize(secret.as_bytes()).collect();
        for form in [secret.clone(), encoded, BASE64_STANDARD.encode(secret)] {
            assert!(!shown.contains(&form), "{form} is in {shown}");
        }
    }
}
