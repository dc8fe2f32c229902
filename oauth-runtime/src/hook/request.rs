//! [`UnsignedRequest`]: a token request before it is sent.

use super::HookError;
use crate::{
    client::Client,
    credentials::Credentials,
    secret::Secret,
    spec::{Stage, TokenRequest},
};
use http::{HeaderName, HeaderValue};
use std::{fmt, time::SystemTime};
use zeroize::Zeroizing;

/// What the client writes itself, or what would change where the request ends.
const OWN_HEADERS: &[&str] =
    &["connection", "content-length", "content-type", "cookie", "host", "te", "transfer-encoding", "upgrade"];
/// More is no signature.
const MAX_VALUE: usize = 16 << 10;

/// A token request that is to be signed: its parameters as they will stand in the body or the query.
pub struct UnsignedRequest {
    stage: Stage,
    now: SystemTime,
    credentials: Credentials,
    shape: TokenRequest,
    parameters: Vec<(String, Zeroizing<String>)>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl UnsignedRequest {
    pub(crate) fn new(
        client: &Client,
        stage: Stage,
        now: SystemTime,
        (shape, parameters): (&TokenRequest, &[(&str, &str)]),
    ) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), Zeroizing::new((*value).to_owned()));
        Self {
            stage,
            now,
            credentials: client.credentials.clone(),
            shape: *shape,
            parameters: parameters.iter().map(own).collect(),
            headers: Vec::new(),
        }
    }

    /// What the request is for: [`Stage::Token`], [`Stage::Refresh`] or [`Stage::Revocation`].
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The time by the flow's clock.
    pub fn now(&self) -> SystemTime {
        self.now
    }

    /// The client identifier.
    pub fn client_id(&self) -> &str {
        self.credentials.client_id()
    }

    /// The client secret, if there is one; of a provider that takes signatures it may be a key.
    pub fn client_secret(&self) -> Option<&Secret> {
        self.credentials.client_secret()
    }

    /// The parameters under the provider's names, in the order in which they are sent.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Sets a parameter, in place of the one of this name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = Zeroizing::new(value.into());
        match self.parameters.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.parameters.push((name.to_owned(), value)),
        }
    }

    /// Leaves a parameter out, such as a `client_secret` that the signature stands for.
    pub fn remove(&mut self, name: &str) {
        self.parameters.retain(|(known, _)| known != name);
    }

    /// Sets a header; not one that the client writes itself.
    ///
    /// # Errors
    /// The name or the value cannot be sent.
    pub fn header(&mut self, name: &str, value: &str) -> Result<(), HookError> {
        let wrong = HookError::new("this header cannot be set");
        let name: HeaderName = name.parse().map_err(|_| wrong.clone())?;
        if OWN_HEADERS.contains(&name.as_str()) || value.len() > MAX_VALUE {
            return Err(wrong);
        }
        let mut value = HeaderValue::from_str(value).map_err(|_| wrong)?;
        value.set_sensitive(true);
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value));
        Ok(())
    }

    /// The body, byte for byte as it is sent with the parameters as they are now; empty where they stand in the query.
    pub fn body(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.shape.body(&self.pairs()).map_or_else(Vec::new, |(_, body)| body.into_bytes()))
    }

    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        self.parameters().collect()
    }

    pub(crate) fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        self.headers.iter().cloned()
    }

    /// Whether what a hook made of it may be sent.
    pub(crate) fn check(&self) -> Result<(), HookError> {
        let fits = |(name, value): (&str, &str)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic()) && value.len() <= MAX_VALUE << 2
        };
        let wrong = HookError::new("a parameter has no name of visible ASCII, or too long a value");
        if self.parameters().all(fits) { Ok(()) } else { Err(wrong) }
    }
}

impl fmt::Debug for UnsignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.parameters().map(|(name, _)| name).collect();
        f.debug_struct("UnsignedRequest")
            .field("stage", &self.stage)
            .field("parameters", &names)
            .finish_non_exhaustive()
    }
}
