//! [`Message`]: a token request, read as the definition says that it is sent.

use crate::{
    call::Call,
    parameters::Parameters,
    refusal::Refusal,
    rules::{Rules, declares},
    site::Role,
};
use http::HeaderMap;
use oauth_runtime::spec::{AuthMethod, Encoding, Exchange, Method, Spec, TokenRequest, TokenResponse};

/// Parameters that must never stand in a URL unless the definition puts them there.
const NEVER_IN_A_URL: &[&str] =
    &["client_secret", "code", "code_verifier", "grant_type", "refresh_token", "token"];

/// A request to the token endpoint or a relative of it, under the standard's names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message<'a> {
    pub(crate) shape: TokenRequest,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) parameters: &'a Parameters,
}

impl<'a> Message<'a> {
    /// Refuses what is sent by another method, stands in another place or lacks a declared parameter or header.
    pub(crate) fn read(spec: &Spec, shape: TokenRequest, call: &'a Call) -> Result<Self, Refusal> {
        let method = method(&shape);
        if call.method != method {
            return Err(Refusal::wrong_method(&method));
        }
        let message = Self { shape, headers: &call.headers, parameters: place(&shape, call)? };
        message.check(spec, call)?;
        Ok(message)
    }

    fn check(&self, spec: &Spec, call: &Call) -> Result<(), Refusal> {
        if let Some(name) = self.parameters.repeated() {
            return Err(Refusal::invalid_request(format!("the parameter {name} comes more than once")));
        }
        let declared = |name: &str| declares(self.shape.params, name);
        let mut omitted = self.shape.omit.iter().filter(|name| !declared(name));
        if let Some(name) = omitted.find(|name| self.parameters.has(name)) {
            return Err(Refusal::invalid_request(format!("the parameter {name} must be left out")));
        }
        if let Some((name, theirs)) = self.shape.rename.iter().find(|(name, _)| self.parameters.has(name)) {
            return Err(Refusal::invalid_request(format!("the parameter {name} is called {theirs} here")));
        }
        let rules = Rules { spec, told: &call.told };
        rules.headers(self.shape.headers, self.headers)?;
        rules.parameters(self.shape.params, self.parameters)?;
        rules.parameters(self.shape.query, &call.query)
    }

    /// The value of a standard parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        let wire = wire_name(&self.shape, name);
        // Another parameter may go by this name.
        let is_taken = wire == name && self.shape.rename.iter().any(|(_, theirs)| *theirs == name);
        self.parameters.get(wire).filter(|_| !is_taken)
    }

    /// The value of a standard parameter that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&'a str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::invalid_request(format!("the {name} is missing")))
    }

    /// How the client of this message may authenticate.
    pub(crate) fn methods(&self, spec: &Spec) -> &'static [AuthMethod] {
        if self.shape.auth.is_empty() { spec.token_endpoint_auth_methods } else { self.shape.auth }
    }

    /// Whether the definition leaves a standard parameter out.
    pub(crate) fn omits(&self, name: &str) -> bool {
        self.shape.omit.contains(&name)
    }
}

/// The HTTP method of a message.
pub(crate) fn method(shape: &TokenRequest) -> http::Method {
    match shape.method {
        Method::Post => http::Method::POST,
        Method::Get => http::Method::GET,
        Method::Delete => http::Method::DELETE,
    }
}

/// How such a message is sent. A refresh and a revocation take over encoding and headers, and nothing else.
pub(crate) fn shape(spec: &Spec, role: Role) -> TokenRequest {
    let TokenRequest { encoding, headers, .. } = spec.token;
    let own = match role {
        Role::Refresh => spec.refresh.request,
        Role::Revocation => spec.revocation.request,
        Role::Exchange(place) => {
            let Exchange { method, encoding, params, .. } = spec.exchanges[place];
            Some(TokenRequest { method, encoding, params, ..TokenRequest::PLAIN })
        }
        _ => Some(spec.token),
    };
    own.unwrap_or(TokenRequest { encoding, headers, ..TokenRequest::PLAIN })
}

/// How the answer to it is shaped.
pub(crate) fn answer(spec: &'static Spec, role: Role) -> &'static TokenResponse {
    let own = match role {
        Role::Refresh => spec.refresh.response.as_ref(),
        Role::Exchange(place) => spec.exchanges[place].response.as_ref(),
        _ => None,
    };
    own.unwrap_or(&spec.response)
}

/// Whether what came to the token endpoint looks like a refresh.
pub(crate) fn is_refresh(spec: &Spec, call: &Call) -> bool {
    let shape = shape(spec, Role::Refresh);
    let parameters = call.parameters();
    if shape.omit.contains(&"grant_type") {
        return parameters.has(wire_name(&shape, "refresh_token"));
    }
    let grant_type = shape.grant_type.unwrap_or("refresh_token");
    parameters.get(wire_name(&shape, "grant_type")) == Some(grant_type)
}

fn wire_name<'a>(shape: &TokenRequest, name: &'a str) -> &'a str {
    shape.rename.iter().find(|(standard, _)| *standard == name).map_or(name, |(_, theirs)| theirs)
}

fn place<'a>(shape: &TokenRequest, call: &'a Call) -> Result<&'a Parameters, Refusal> {
    match shape.encoding {
        Encoding::Form => body(shape, call, "application/x-www-form-urlencoded"),
        Encoding::Json => body(shape, call, "application/json"),
        Encoding::Query if call.body.is_empty() => Ok(&call.query),
        Encoding::Query => Err(Refusal::invalid_request("the parameters belong in the query, not in a body")),
    }
}

fn body<'a>(shape: &TokenRequest, call: &'a Call, content_type: &str) -> Result<&'a Parameters, Refusal> {
    let declared = |name: &str| shape.query.iter().any(|param| param.name == name);
    if let Some(name) = NEVER_IN_A_URL.iter().find(|name| call.query.has(name) && !declared(name)) {
        return Err(Refusal::invalid_request(format!("the {name} stands in the URL")));
    }
    if call.content_type() != content_type {
        let sent = call.content_type();
        return Err(Refusal::invalid_request(format!("the body is {sent:?}; declared is {content_type}")));
    }
    Ok(&call.form)
}
