//! The authorization request (RFC 6749 §4.1.1).

use super::encode::{encode, encode_into, next_into, pair_into, raw_into};
use crate::{
    client::Client,
    pending::Record,
    random::Nonce,
    scope,
    scopes::ScopeList,
    spec::{Pkce, Spec},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// The parameters that a flow sets itself: a caller cannot set them again.
pub(crate) const RESERVED: &[&str] = &[
    "client_id",
    "client_secret",
    "code_challenge",
    "code_challenge_method",
    "redirect_uri",
    // RFC 9101: what they hold would count in place of the parameters.
    "request",
    "request_uri",
    "response_type",
    "state",
];

/// The part of the URL that is the same for every request of this client.
pub(crate) fn prefix(client: &Client) -> String {
    let spec = client.spec;
    let mut url = client.authorization_endpoint.clone();
    if let Some(fragment) = spec.authorization.fragment {
        url.push('#');
        url.push_str(fragment);
    }
    url.push(if url.contains('?') { '&' } else { '?' });
    let standard = [
        ("response_type", "code"),
        ("client_id", client.credentials.client_id()),
        ("redirect_uri", &client.redirect_uri),
    ];
    for (name, value) in standard {
        let is_raw = spec.authorization.is_raw(name);
        if let Some(name) = spec.authorization.name(name) {
            pair_into(&mut url, name, if is_raw { "" } else { value });
            raw_into(&mut url, if is_raw { value } else { "" });
        }
    }
    for (name, value) in client.params(spec.authorization.params) {
        if spec.authorization.is_raw(name) {
            // The compiler has seen to it that every such value is safe, percent signs and all.
            pair_into(&mut url, name, "");
            url.push_str(&value);
        } else {
            pair_into(&mut url, name, &value);
        }
    }
    for option in spec.authorization.options {
        if let Some(default) = option.default {
            pair_into(&mut url, option.name, default);
        }
    }
    url
}

/// The whole URL of a begun authorization. `scopes` are those of [`scopes`].
pub(crate) fn url(prefix: &str, spec: &Spec, scopes: &str, record: &Record) -> String {
    let challenge = (spec.pkce == Pkce::S256).then(|| challenge(record.verifier()));
    let challenge = challenge.as_ref().map(|text| std::str::from_utf8(text).expect("base64url is ASCII"));
    written(prefix, spec, scopes, (record.state(), challenge))
}

/// The same from a state and a challenge that are there: one allocation, because its length is known before.
pub(crate) fn written(
    prefix: &str,
    spec: &Spec,
    scopes: &str,
    (state, challenge): (&str, Option<&str>),
) -> String {
    let mut url = String::with_capacity(prefix.len() + scopes.len() + 192);
    url.push_str(prefix);
    if !scopes.is_empty() {
        next_into(&mut url);
        url.push_str(scopes);
    }
    if let Some(name) = spec.authorization.name("state") {
        pair_into(&mut url, name, "");
        // Base64url needs no encoding, and neither does the challenge.
        url.push_str(state);
    }
    if let Some(challenge) = challenge {
        url.push_str("&code_challenge=");
        url.push_str(challenge);
        url.push_str("&code_challenge_method=S256");
    }
    url
}

/// Each list of scopes in its parameter.
pub(crate) fn scopes(spec: &Spec, scopes: &ScopeList) -> String {
    let mut url = String::new();
    let declared = &spec.scopes;
    let write = if spec.authorization.is_raw("scope") { raw_into } else { encode_into };
    let first = List { parameter: declared.parameter, separator: declared.separator, write };
    if declared.sets.is_empty() {
        first.append(&mut url, scopes.iter());
        return url;
    }
    let of = |list: Option<&'static str>| {
        scopes.iter().filter(move |scope| scope::list_of(scope) == list).map(scope::plain)
    };
    first.append(&mut url, of(None));
    for set in declared.sets {
        List { parameter: set.parameter, separator: set.separator, write }
            .append(&mut url, of(Some(set.name)));
    }
    url
}

/// A list of scopes, as an address has it.
struct List {
    parameter: &'static str,
    separator: &'static str,
    write: fn(&mut String, &str),
}

impl List {
    /// Nothing, where there are no scopes.
    fn append<'a>(&self, url: &mut String, scopes: impl Iterator<Item = &'a str>) {
        for (index, scope) in scopes.enumerate() {
            if index == 0 {
                pair_into(url, self.parameter, "");
            } else {
                (self.write)(url, self.separator);
            }
            (self.write)(url, scope);
        }
    }
}

/// Sets a parameter of a finished URL, in place of the value that it may have.
pub(crate) fn set(url: &mut String, spec: &Spec, name: &str, value: &str) {
    let start = url.find('?').map_or(url.len(), |question| question + 1);
    let mut query = String::with_capacity(url.len() + name.len() + value.len());
    let is_other = |pair: &&str| pair.split('=').next() != Some(&*encode(name));
    for pair in url[start..].split('&').filter(is_other) {
        query.push_str(if query.is_empty() { "" } else { "&" });
        query.push_str(pair);
    }
    url.truncate(start);
    url.push_str(&query);
    add(url, spec, name, value);
}

/// Adds a parameter to a finished URL.
pub(crate) fn add(url: &mut String, spec: &Spec, name: &str, value: &str) {
    if !(value.is_empty() && spec.authorization.skip_empty) {
        pair_into(url, name, value);
    }
}

/// `BASE64URL(SHA256(verifier))` (RFC 7636 §4.2).
fn challenge(verifier: &str) -> [u8; Nonce::LENGTH] {
    let mut challenge = [0; Nonce::LENGTH];
    let digest = Sha256::digest(verifier.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode_slice(digest, &mut challenge).expect("32 bytes are 43 characters");
    challenge
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_challenge_is_the_one_of_rfc_7636_appendix_b() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(&super::challenge(verifier), b"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
