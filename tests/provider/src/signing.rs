//! [`Signing`]: a client that signs what it proves itself by (RFC 7523).

use crate::{matcher::Pattern, random, refusal::Refusal};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use oauth_runtime::{
    Credentials, PrivateKey, SigningAlgorithm,
    spec::{Assertion, AssertionUse, AuthMethod, Param, Spec},
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The client that signs.
pub(crate) const CLIENT_ID: &str = "test-signing-client";

/// The key's id, where the definition names none.
const KEY_ID: &str = "test-key";

/// How far ahead of the time a token may end: nobody needs a proof that holds for longer.
const LONGEST: Duration = Duration::from_secs(180 * 86_400);

/// What the provider knows of the client's key, and which tokens it has seen.
#[derive(Debug)]
pub(crate) struct Signing {
    assertion: Assertion,
    audiences: Vec<Pattern>,
    algorithm: SigningAlgorithm,
    key: String,
    seen: HashSet<String>,
}

impl Signing {
    /// `None`: the definition has no client that signs.
    pub(crate) fn of(spec: &Spec) -> Option<Self> {
        let offers = spec.token_endpoint_auth_methods.contains(&AuthMethod::PrivateKeyJwt);
        let assertion = spec.assertion.or(offers.then_some(Assertion::PLAIN))?;
        Some(Self {
            assertion,
            audiences: spec
                .endpoints
                .token
                .templates()
                .map(|address| Pattern::of_address(spec, address))
                .collect(),
            algorithm: assertion.algorithm.unwrap_or(SigningAlgorithm::Es256),
            key: random::text(),
            seen: HashSet::new(),
        })
    }

    /// Whether what is signed stands in the place of the client secret.
    pub(crate) fn is_secret(&self) -> bool {
        self.assertion.used_as == AssertionUse::ClientSecret
    }

    /// A client with the key. Both ends are here, so a keyed hash serves as the signature, whatever it is called.
    pub(crate) fn credentials(&self) -> Credentials {
        let key = self.key.clone();
        let sign = move |message: &[u8]| Ok(signature(&key, message));
        Credentials::private_key(CLIENT_ID, PrivateKey::new(self.algorithm, sign).with_id(KEY_ID))
    }

    /// RFC 7523 §3: signed by the client, of it and for us, in time, and, where it has an id, new.
    pub(crate) fn check(&mut self, token: &str, client_id: &str, now: SystemTime) -> Result<(), Refusal> {
        let parts: Vec<_> = token.split('.').collect();
        let [header, claims, signed] = parts[..] else { return Err(refused("is no signed token")) };
        let decoded = BASE64_URL_SAFE_NO_PAD.decode(signed).unwrap_or_default();
        let message = &token[..header.len() + 1 + claims.len()];
        if decoded != signature(&self.key, message.as_bytes()) {
            return Err(refused("is not signed by the client's key"));
        }
        let (header, claims) = (members(header)?, members(claims)?);
        expect(&header, "alg", Some(self.algorithm.name()))?;
        declared(&header, self.assertion.header)?;
        declared(&claims, self.assertion.claims)?;
        let is_declared = |name: &str| self.assertion.claims.iter().any(|claim| claim.name == name);
        for name in ["iss", "sub"].into_iter().filter(|name| !is_declared(name)) {
            expect(&claims, name, Some(client_id))?;
        }
        let audience = claims.get("aud").and_then(Value::as_str).unwrap_or_default();
        if !is_declared("aud") && !self.audiences.iter().any(|pattern| pattern.fits(audience)) {
            return Err(refused("has another aud than the token endpoint"));
        }
        self.check_time(&claims, now)?;
        self.check_id(&claims)
    }

    fn check_time(&self, claims: &Map<String, Value>, now: SystemTime) -> Result<(), Refusal> {
        let time = |name: &str| {
            claims.get(name).and_then(Value::as_u64).map(|at| UNIX_EPOCH + Duration::from_secs(at))
        };
        let (Some(from), Some(until)) = (time("iat"), time("exp")) else {
            return Err(refused("has no iat or no exp"));
        };
        let skew = Duration::from_secs(60);
        let declared = self.assertion.ttl + skew;
        if from > now + skew || until <= now || until > now + LONGEST || until > from + declared {
            return Err(refused("is not of this time, or holds for longer than declared"));
        }
        Ok(())
    }

    fn check_id(&mut self, claims: &Map<String, Value>) -> Result<(), Refusal> {
        match claims.get("jti").and_then(Value::as_str) {
            Some(id) if !self.seen.insert(id.to_owned()) => Err(refused("came before")),
            None if !self.is_secret() => Err(refused("has no jti")),
            _ => Ok(()),
        }
    }
}

fn signature(key: &str, message: &[u8]) -> Vec<u8> {
    Sha256::new().chain_update(key).chain_update(message).finalize().to_vec()
}

fn members(part: &str) -> Result<Map<String, Value>, Refusal> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| refused("is no signed token"))?;
    serde_json::from_slice(&bytes).map_err(|_| refused("holds no JSON object"))
}

fn expect(members: &Map<String, Value>, name: &str, value: Option<&str>) -> Result<(), Refusal> {
    if members.get(name).and_then(Value::as_str) == value {
        Ok(())
    } else {
        Err(refused(&format!("has another {name}")))
    }
}

fn declared(members: &Map<String, Value>, declared: &[Param]) -> Result<(), Refusal> {
    for member in declared {
        let value = members.get(member.name).and_then(Value::as_str);
        if !value.is_some_and(|value| Pattern::of_value(member.value).fits(value)) {
            return Err(refused(&format!("has not the declared {}", member.name)));
        }
    }
    Ok(())
}

fn refused(why: &str) -> Refusal {
    Refusal::invalid_client(format!("what the client signed {why}"))
}
