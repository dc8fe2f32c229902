//! Token requests (RFC 6749 §4.1.3 and §6), as the definition has them.

use super::{assertion, basic, encode::pair_into, exchange, json};
use crate::{
    address::{Address, Target},
    authentication,
    client::Client,
    error::Error,
    hook::UnsignedRequest,
    scope::list_of,
    secret::Secret,
    spec::{
        AuthMethod, Encoding, Endpoint, Exchange, Method, Param, Spec, Stage, TokenRequest, TokenResponse,
    },
    tokens::Tokens,
    transport::{Limits, Request},
};
use http::{HeaderName, HeaderValue, header};
use std::time::SystemTime;
use zeroize::Zeroizing;

/// What is handed in for a token.
#[derive(Clone, Copy)]
pub(crate) enum Grant<'a> {
    /// An authorization code, with the verifier of its challenge.
    Code { code: &'a str, state: &'a str, redirect_uri: &'a str, verifier: Option<&'a str> },
    /// A refresh token, or the access token where that is renewed itself, and what was granted with it.
    RefreshToken { token: &'a Secret, before: &'a Tokens },
    /// An access token that is traded for another, by the exchange of this place in the definition.
    Exchange { at: usize, before: &'a Tokens },
    /// A token that is given up (RFC 7009 §2.1).
    Revocation { token: &'a Secret, hint: &'static str },
}

type Parameters<'a> = Vec<(&'static str, &'a str)>;

impl<'a> Grant<'a> {
    /// What the server knows and must not be seen again in an answer's error text.
    pub(crate) fn secrets(self) -> Vec<&'a str> {
        match self {
            Self::Code { code, state, verifier, .. } => [code, state].into_iter().chain(verifier).collect(),
            Self::RefreshToken { before, .. } | Self::Exchange { before, .. } => {
                let tokens =
                    [Some(&before.access_token), before.refresh_token.as_ref(), before.id_token.as_ref()];
                let extra = before.rare.extra.values().filter_map(serde_json::Value::as_str);
                // A shorter text is a word, and no key.
                let extra = extra.filter(|text| text.len() >= 16);
                tokens.into_iter().flatten().map(Secret::expose).chain(extra).collect()
            }
            Self::Revocation { token, .. } => vec![token.expose()],
        }
    }

    /// The tokens that it follows.
    pub(crate) fn before(self) -> Option<&'a Tokens> {
        match self {
            Self::RefreshToken { before, .. } | Self::Exchange { before, .. } => Some(before),
            Self::Code { .. } | Self::Revocation { .. } => None,
        }
    }

    /// The step at which it is handed in.
    pub(crate) fn stage(self) -> Stage {
        match self {
            Self::Code { .. } => Stage::Token,
            Self::RefreshToken { .. } => Stage::Refresh,
            Self::Exchange { .. } => Stage::Exchange,
            Self::Revocation { .. } => Stage::Revocation,
        }
    }

    fn endpoint(self, client: &Client) -> &Address {
        match self {
            Self::Code { .. } => &client.token_endpoint,
            Self::RefreshToken { .. } => &client.refresh_endpoint,
            Self::Exchange { at, .. } => &client.exchanges[at],
            Self::Revocation { .. } => &client.revocation_endpoint,
        }
    }

    /// The endpoint as the definition has it.
    fn declared_endpoint(self, spec: &Spec) -> Endpoint {
        match self {
            Self::RefreshToken { .. } if !spec.refresh.endpoint.is_none() => spec.refresh.endpoint,
            Self::Code { .. } | Self::RefreshToken { .. } => spec.endpoints.token,
            Self::Exchange { at, .. } => spec.exchanges[at].url,
            Self::Revocation { .. } => spec.endpoints.revocation,
        }
    }

    /// How the definition wants it asked. Other requests take over the encoding and the headers of the token request, and nothing else.
    fn shape(self, client: &Client) -> TokenRequest {
        let TokenRequest { encoding, headers, .. } = client.spec.token;
        let own = match self {
            Self::Code { .. } => Some(client.spec.token),
            Self::RefreshToken { .. } => client.spec.refresh.request,
            Self::Exchange { at, .. } => {
                let Exchange { method, encoding, .. } = client.spec.exchanges[at];
                Some(TokenRequest { method, encoding, ..TokenRequest::PLAIN })
            }
            Self::Revocation { .. } => client.spec.revocation.request,
        };
        own.unwrap_or(TokenRequest { encoding, headers, ..TokenRequest::PLAIN })
    }

    /// How the answer is shaped.
    pub(crate) fn answer(self, client: &Client) -> &'static TokenResponse {
        let spec = client.spec;
        match self {
            Self::RefreshToken { .. } => spec.refresh.response.as_ref().unwrap_or(&spec.response),
            Self::Exchange { at, .. } => spec.exchanges[at].response.as_ref().unwrap_or(&spec.response),
            Self::Code { .. } | Self::Revocation { .. } => &spec.response,
        }
    }

    /// The parameters of the standard.
    fn parameters(self, shape: &TokenRequest) -> Parameters<'a> {
        let mut parameters = Vec::with_capacity(8);
        match self {
            Self::Code { code, state, redirect_uri, verifier } => {
                parameters.push(("grant_type", shape.grant_type.unwrap_or("authorization_code")));
                parameters.push(("code", code));
                parameters.push(("redirect_uri", redirect_uri));
                parameters.extend(verifier.map(|verifier| ("code_verifier", verifier)));
                parameters.extend(shape.send_state.then_some(("state", state)));
            }
            Self::RefreshToken { token, .. } => {
                parameters.push(("grant_type", shape.grant_type.unwrap_or("refresh_token")));
                parameters.push(("refresh_token", token.expose()));
            }
            // All of its parameters are the definition's.
            Self::Exchange { .. } => {}
            Self::Revocation { token, hint } => {
                parameters.push(("token", token.expose()));
                parameters.push(("token_type_hint", hint));
            }
        }
        parameters
    }
}

/// The request for `grant`.
pub(crate) fn token_request(
    client: &Client,
    grant: Grant<'_>,
    limits: Limits,
    now: SystemTime,
) -> Result<Request, Error> {
    let shape = grant.shape(client);
    if let Grant::Exchange { at, before } = grant {
        return exchange::request(client, at, before, limits);
    }
    let proof = Proof::new(client, auth_method(client, &shape), now)?;
    let auth_method = proof.method;
    let mut parameters = grant.parameters(&shape);
    proof.authenticate(client, &mut parameters);
    adapt(&shape, &mut parameters);
    let declared: Vec<_> = client.params(shape.params).chain(refresh_scope(client, grant)).collect();
    parameters.extend(declared.iter().map(|(name, value)| (*name, value.as_str())));

    let endpoint = grant.endpoint(client);
    if endpoint.is_empty() {
        return Err(client.not_learned(grant.declared_endpoint(client.spec)));
    }
    let mut target = Target::new(endpoint);
    for (name, value) in client.params(shape.query) {
        target.add(name, &value);
    }
    let signed = sign(client, grant.stage(), now, (&shape, &parameters))?;
    let mut request = match &signed {
        Some(signed) => assemble(&shape, target, &signed.pairs())?,
        None => assemble(&shape, target, &parameters)?,
    };
    let headers = request.headers_mut();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    match (auth_method, grant) {
        (AuthMethod::ClientSecretBasic, _) => {
            headers.insert(header::AUTHORIZATION, proof.basic(client)?);
        }
        (AuthMethod::Bearer, Grant::Revocation { token, .. }) => {
            let text = Zeroizing::new(format!("Bearer {}", token.expose()));
            // A token that comes out of a store may be anything.
            let mut value = HeaderValue::from_str(&text)
                .map_err(|_| Error::Configuration("the stored token cannot be sent".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        _ => {}
    }
    declare(headers, client, shape.headers)?;
    for (name, value) in signed.iter().flat_map(UnsignedRequest::headers) {
        headers.append(name, value);
    }
    request.extensions_mut().insert(limits);
    Ok(request)
}

/// What the definition's hook makes of a request, if there is one.
fn sign(
    client: &Client,
    stage: Stage,
    now: SystemTime,
    request: (&TokenRequest, &[(&str, &str)]),
) -> Result<Option<UnsignedRequest>, Error> {
    const NAME: &str = "sign_token_request";
    let Some(hook) = client.spec.hooks.sign_token_request else { return Ok(None) };
    let mut request = UnsignedRequest::new(client, stage, now, request);
    hook(&mut request).and_then(|()| request.check()).map_err(Error::hook(NAME))?;
    Ok(Some(request))
}

/// What a refresh asks for, where it has to be said: what was asked for and granted (RFC 6749 §6).
fn refresh_scope(client: &Client, grant: Grant<'_>) -> Option<(&'static str, String)> {
    let declared = &client.spec.scopes;
    let Grant::RefreshToken { before, .. } = grant else { return None };
    let asked = before.asked.iter().filter(|scope| before.scopes.contains(scope) && list_of(scope).is_none());
    let asked: Vec<_> = asked.filter(|_| declared.refresh_scope).collect();
    (!asked.is_empty()).then(|| (declared.parameter, asked.join(declared.separator)))
}

/// The client's way of authenticating, unless the message has one of its own.
fn auth_method(client: &Client, shape: &TokenRequest) -> AuthMethod {
    let fits = |method: &&AuthMethod| {
        matches!(method, AuthMethod::None | AuthMethod::Bearer)
            || authentication::can(client.spec, &client.credentials, **method)
    };
    shape.auth.iter().find(fits).copied().unwrap_or(client.auth_method)
}

/// What the client proves itself by in one request.
struct Proof {
    method: AuthMethod,
    /// The client secret, or what was signed for this request.
    secret: Option<Secret>,
}

impl Proof {
    fn new(client: &Client, method: AuthMethod, now: SystemTime) -> Result<Self, Error> {
        let is_signed = match method {
            AuthMethod::PrivateKeyJwt => true,
            AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost => {
                authentication::signs_its_secret(client.spec)
            }
            AuthMethod::None | AuthMethod::Bearer => false,
        };
        let secret = match client.credentials.key() {
            Some(key) if is_signed => Some(key.assertion(client, now)?),
            _ => client.credentials.client_secret().cloned(),
        };
        Ok(Self { method, secret })
    }

    /// The header of HTTP Basic.
    fn basic(&self, client: &Client) -> Result<HeaderValue, Error> {
        match &client.basic {
            Some(basic) => Ok(basic.clone()),
            None => basic::header(client, self.secret.as_ref()),
        }
    }

    /// Adds what is a parameter.
    fn authenticate<'a>(&'a self, client: &'a Client, parameters: &mut Parameters<'a>) {
        let in_body = [AuthMethod::ClientSecretPost, AuthMethod::PrivateKeyJwt, AuthMethod::None];
        if in_body.contains(&self.method) {
            parameters.push(("client_id", client.credentials.client_id()));
        }
        match (self.method, &self.secret) {
            (AuthMethod::ClientSecretPost, Some(secret)) => {
                parameters.push(("client_secret", secret.expose()));
            }
            (AuthMethod::PrivateKeyJwt, Some(assertion)) => {
                parameters.push(("client_assertion_type", assertion::TYPE));
                parameters.push(("client_assertion", assertion.expose()));
            }
            _ => {}
        }
    }
}

/// Leaves out and renames what the definition says.
fn adapt(shape: &TokenRequest, parameters: &mut Parameters<'_>) {
    parameters.retain(|(name, _)| !shape.omit.contains(name));
    for (name, _) in parameters {
        if let Some((_, theirs)) = shape.rename.iter().find(|(standard, _)| standard == name) {
            *name = theirs;
        }
    }
}

/// Puts the parameters where the definition wants them.
pub(crate) fn assemble(
    shape: &TokenRequest,
    mut target: Target<'_>,
    parameters: &[(&str, &str)],
) -> Result<Request, Error> {
    let body = shape.body(parameters);
    if body.is_none() {
        for (name, value) in parameters {
            target.add(name, value);
        }
    }
    let (uri, known) = target.into_parts()?;
    let mut request = Request::default();
    *request.uri_mut() = uri;
    *request.method_mut() = match shape.method {
        Method::Post => http::Method::POST,
        Method::Get => http::Method::GET,
        Method::Delete => http::Method::DELETE,
    };
    if let Some(known) = known {
        request.extensions_mut().insert(known);
    }
    if let Some((content_type, body)) = body {
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        *request.body_mut() = body.into();
    }
    Ok(request)
}

impl TokenRequest {
    /// The body with its type; `None` where the parameters stand in the query.
    pub(crate) fn body(&self, parameters: &[(&str, &str)]) -> Option<(&'static str, String)> {
        match self.encoding {
            Encoding::Query => None,
            Encoding::Form => {
                let length = parameters.iter().map(|(name, value)| name.len() + 3 * value.len() + 2).sum();
                let mut form = String::with_capacity(length);
                for (name, value) in parameters {
                    pair_into(&mut form, name, value);
                }
                Some(("application/x-www-form-urlencoded", form))
            }
            Encoding::Json => Some(("application/json", json::write(parameters))),
        }
    }
}

/// Adds the declared headers that are bound.
pub(crate) fn declare(
    headers: &mut http::HeaderMap,
    client: &Client,
    declared: &[Param],
) -> Result<(), Error> {
    for param in declared {
        let Some(value) = client.fill(param.value) else { continue };
        let is_secret = client.holds_secret(param.value);
        insert(headers, param.name, &value)?;
        if let Some(value) = headers.get_mut(param.name).filter(|_| is_secret) {
            value.set_sensitive(true);
        }
    }
    Ok(())
}

/// Adds a header.
pub(crate) fn insert(headers: &mut http::HeaderMap, name: &'static str, value: &str) -> Result<(), Error> {
    let (Ok(declared), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) else {
        return Err(Error::Configuration(format!("the declared header `{name}` cannot be sent")));
    };
    headers.insert(declared, value);
    Ok(())
}

/// What an error may say of a request: never a secret.
pub(crate) fn describe(client: &Client, grant: Grant<'_>) -> String {
    let shape = grant.shape(client);
    let method = match shape.method {
        Method::Post => "POST",
        Method::Get => "GET",
        Method::Delete => "DELETE",
    };
    if let Grant::Exchange { at, .. } = grant {
        let names = exchange::names(client, at);
        return format!("{method} {} to exchange the access token, with {names}", &**grant.endpoint(client));
    }
    let authentication = match auth_method(client, &shape) {
        AuthMethod::ClientSecretBasic => "client_secret_basic",
        AuthMethod::ClientSecretPost => "client_secret_post",
        AuthMethod::PrivateKeyJwt => "private_key_jwt",
        AuthMethod::None => "no client secret",
        AuthMethod::Bearer => "the token itself",
    };
    let what = match grant {
        Grant::Code { redirect_uri, .. } => {
            let grant_type = shape.grant_type.unwrap_or("authorization_code");
            format!("grant_type={grant_type}, redirect_uri={redirect_uri}")
        }
        Grant::RefreshToken { .. } => format!("grant_type={}", shape.grant_type.unwrap_or("refresh_token")),
        Grant::Revocation { hint, .. } => format!("token_type_hint={hint}"),
        Grant::Exchange { .. } => String::new(),
    };
    format!(
        "{method} {} with {what}, client_id={}, {authentication}",
        &**grant.endpoint(client),
        client.credentials.client_id()
    )
}
