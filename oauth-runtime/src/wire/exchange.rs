//! The request that trades an access token for another: its parameters are the definition's, secrets among them.

use super::request::assemble;
use crate::{
    address::Target,
    client::Client,
    error::Error,
    secret::Secret,
    spec::{BuiltIn, Exchange, Part, Template, TokenRequest},
    tokens::Tokens,
    transport::{Limits, Request},
};
use http::{HeaderValue, header};
use zeroize::Zeroizing;

/// The request for the exchange at this place of the definition.
pub(super) fn request(client: &Client, at: usize, before: &Tokens, limits: Limits) -> Result<Request, Error> {
    let Exchange { method, encoding, params, .. } = client.spec.exchanges[at];
    let value = |value| fill(client, value, &before.access_token);
    let values: Vec<_> = params.iter().filter_map(|param| Some((param.name, value(param.value)?))).collect();
    let parameters: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let shape = TokenRequest { method, encoding, ..TokenRequest::PLAIN };
    let address = &client.exchanges[at];
    if address.is_empty() {
        return Err(client.not_learned(client.spec.exchanges[at].url));
    }
    let mut request = assemble(&shape, Target::new(address), &parameters)?;
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    request.extensions_mut().insert(limits);
    Ok(request)
}

/// The names of its parameters, for an error.
pub(super) fn names(client: &Client, at: usize) -> String {
    client.spec.exchanges[at].params.iter().map(|param| param.name).collect::<Vec<_>>().join(", ")
}

/// The value of a parameter; `None` while a variable in it has no value.
fn fill(client: &Client, template: Template, access_token: &Secret) -> Option<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    for part in template.parts() {
        match part {
            Part::BuiltIn(BuiltIn::AccessToken) => text.push_str(access_token.expose()),
            Part::BuiltIn(BuiltIn::ClientSecret) => {
                text.push_str(client.credentials.client_secret()?.expose());
            }
            part => text.push_str(client.part(part)?),
        }
    }
    Some(text)
}
