//! What a client with a private key proves itself by: a token that it signs for the one request (RFC 7523 §3).

use crate::{
    client::Client,
    error::Error,
    private_key::PrivateKey,
    random::Nonce,
    record,
    secret::Secret,
    spec::{Assertion, AssertionUse, Param},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::time::SystemTime;

/// The `client_assertion_type` of a JWT (RFC 7523 §2.2).
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The signed token. `now` is when it begins to hold.
pub(crate) fn sign(client: &Client, key: &PrivateKey, now: SystemTime) -> Result<Secret, Error> {
    let declared = client.spec.assertion.unwrap_or(Assertion::PLAIN);
    let mut header = json!({ "alg": key.algorithm().name(), "typ": "JWT" });
    if let Some(id) = key.id() {
        header["kid"] = id.into();
    }
    let mut text = encode(&with(client, header, declared.header));
    text.push('.');
    text.push_str(&encode(&with(client, claims(client, &declared, now), declared.claims)));
    let signature = key
        .sign(text.as_bytes())
        .map_err(|error| Error::Configuration(format!("the client's private key: {error}")))?;
    text.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(signature, &mut text);
    Ok(Secret::new(text))
}

/// RFC 7523 §3: who says it, of whom, to whom, how long, and that it counts once.
fn claims(client: &Client, declared: &Assertion, now: SystemTime) -> Value {
    let client_id = client.credentials.client_id();
    let mut claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": &*client.token_endpoint,
        "iat": record::to_seconds(now),
        "exp": record::to_seconds(now + declared.ttl),
    });
    if declared.used_as == AssertionUse::ClientAssertion {
        claims["jti"] = Nonce::random().as_str().into();
    }
    claims
}

/// The declared members in place of, or besides, the standard's.
fn with(client: &Client, mut object: Value, declared: &[Param]) -> Value {
    for (name, value) in client.params(declared) {
        object[name] = value.into();
    }
    object
}

fn encode(object: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(object.to_string())
}
