//! The redirect URI of a client: what the standards allow, and what its provider takes.

use crate::{
    address::{is_loopback, is_protected, is_written_plainly},
    error::Error,
    spec::{Loopback, Redirect, Spec},
};
use url::Url;

/// RFC 6749 §3.1.2 and RFC 8252 §7: absolute, no fragment; `https`, loopback `http`, or a scheme of the application's own.
pub(crate) fn check(spec: &Spec, redirect_uri: &str) -> Result<(), Error> {
    let wrong = |why: &str| Error::Configuration(format!("the redirect URI {redirect_uri:?} {why}"));
    let url = Url::parse(redirect_uri).map_err(|_| wrong("is not absolute"))?;
    if !is_written_plainly(redirect_uri) {
        return Err(wrong("must be written in visible ASCII, with slashes"));
    }
    let own_scheme = url.scheme().contains('.');
    if !own_scheme && !is_protected(&url) {
        return Err(wrong(
            "must use https, http on a loopback address, or a private scheme such as com.example.app",
        ));
    }
    if url.fragment().is_some() {
        return Err(wrong("must have no fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("must have no user or password"));
    }
    let rules = spec.client.redirect;
    if is_taken(rules, &url) {
        return Ok(());
    }
    Err(wrong(&format!("is of a kind that {} does not take: it takes {}", spec.name, describe(rules))))
}

fn is_taken(rules: Redirect, url: &Url) -> bool {
    match url.scheme() {
        "https" => rules.https,
        "http" if matches!(url.host(), Some(url::Host::Domain(_))) => rules.localhost_http,
        "http" => is_loopback(url) && rules.loopback != Loopback::No,
        _ => rules.custom_scheme,
    }
}

/// What a provider takes, for people.
fn describe(rules: Redirect) -> String {
    let loopback = match rules.loopback {
        Loopback::No => None,
        Loopback::ExactPort => Some("http on 127.0.0.1 or [::1] with the registered port"),
        Loopback::AnyPort => Some("http on 127.0.0.1 or [::1] with any port"),
    };
    let kinds = [
        rules.https.then_some("https"),
        rules.localhost_http.then_some("http on localhost"),
        loopback,
        rules.custom_scheme.then_some("a private scheme such as com.example.app"),
    ];
    kinds.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
