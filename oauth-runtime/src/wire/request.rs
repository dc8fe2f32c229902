//! Token requests (RFC 6749 §4.1.3 and §6), as the definition has them.

use super::encode::{encode, pair_into};
use crate::{
    client::Client,
    error::Error,
    secret::Secret,
    spec::{AuthMethod, Encoding, Method},
    transport::{Limits, Request},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, header};
use zeroize::Zeroizing;

/// What is handed in for a token.
#[derive(Clone, Copy)]
pub(crate) enum Grant<'a> {
    /// An authorization code, with the verifier of its challenge.
    Code { code: &'a Secret, redirect_uri: &'a str, verifier: Option<&'a Secret> },
    /// A refresh token.
    RefreshToken(&'a Secret),
}

impl<'a> Grant<'a> {
    /// What must not be seen again in an answer's error text.
    pub(crate) fn secrets(self) -> Vec<&'a Secret> {
        match self {
            Self::Code { code, verifier, .. } => [code].into_iter().chain(verifier).collect(),
            Self::RefreshToken(token) => vec![token],
        }
    }

    fn endpoint(self, client: &Client) -> &str {
        match self {
            Self::Code { .. } => &client.token_endpoint,
            Self::RefreshToken(_) => &client.refresh_endpoint,
        }
    }

    fn parameters(self) -> Vec<(&'static str, &'a str)> {
        match self {
            Self::Code { code, redirect_uri, verifier } => {
                let mut parameters = vec![
                    ("grant_type", "authorization_code"),
                    ("code", code.expose()),
                    ("redirect_uri", redirect_uri),
                ];
                parameters.extend(verifier.map(|verifier| ("code_verifier", verifier.expose())));
                parameters
            }
            Self::RefreshToken(token) => {
                vec![("grant_type", "refresh_token"), ("refresh_token", token.expose())]
            }
        }
    }
}

/// The request for `grant`.
pub(crate) fn token_request(client: &Client, grant: Grant<'_>, limits: Limits) -> Result<Request, Error> {
    let shape = &client.spec.token;
    let declared: Vec<(&'static str, String)> = client.params(shape.params).collect();
    let mut parameters = grant.parameters();
    match client.auth_method {
        AuthMethod::ClientSecretBasic => {}
        AuthMethod::ClientSecretPost => {
            parameters.push(("client_id", client.credentials.client_id()));
            parameters
                .extend(client.credentials.client_secret().map(|secret| ("client_secret", secret.expose())));
        }
        AuthMethod::None => parameters.push(("client_id", client.credentials.client_id())),
    }
    parameters.extend(declared.iter().map(|(name, value)| (*name, value.as_str())));

    let mut request = assemble(shape.method, shape.encoding, grant.endpoint(client), &parameters)?;
    let headers = request.headers_mut();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    if client.auth_method == AuthMethod::ClientSecretBasic {
        headers.insert(header::AUTHORIZATION, basic(client));
    }
    for (name, value) in client.params(shape.headers) {
        insert(headers, name, &value)?;
    }
    request.extensions_mut().insert(limits);
    Ok(request)
}

/// Puts the parameters where the definition wants them.
fn assemble(
    method: Method,
    encoding: Encoding,
    endpoint: &str,
    parameters: &[(&str, &str)],
) -> Result<Request, Error> {
    let mut url = endpoint.to_owned();
    let (content_type, body) = match encoding {
        Encoding::Query => {
            url.push(if url.contains('?') { '&' } else { '?' });
            for (name, value) in parameters {
                pair_into(&mut url, name, value);
            }
            (None, Bytes::new())
        }
        Encoding::Form => {
            let length: usize = parameters.iter().map(|(name, value)| name.len() + 3 * value.len() + 2).sum();
            let mut form = String::with_capacity(length);
            for (name, value) in parameters {
                pair_into(&mut form, name, value);
            }
            (Some("application/x-www-form-urlencoded"), Bytes::from(form))
        }
        Encoding::Json => {
            let object: serde_json::Map<_, _> =
                parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
            (Some("application/json"), Bytes::from(serde_json::Value::Object(object).to_string()))
        }
    };
    let mut request = http::Request::builder()
        .method(match method {
            Method::Post => http::Method::POST,
            Method::Get => http::Method::GET,
        })
        .uri(url)
        .body(body)
        .map_err(|_| {
            Error::Configuration("the token endpoint is no address that HTTP can carry".to_owned())
        })?;
    if let Some(content_type) = content_type {
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    Ok(request)
}

/// RFC 6749 §2.3.1: both parts are form-urlencoded before they are joined.
fn basic(client: &Client) -> HeaderValue {
    let secret = client.credentials.client_secret().map(Secret::expose).unwrap_or_default();
    let pair = Zeroizing::new(format!("{}:{}", encode(client.credentials.client_id()), encode(secret)));
    let text = Zeroizing::new(format!("Basic {}", BASE64_STANDARD.encode(pair.as_bytes())));
    let mut value = HeaderValue::from_str(&text).expect("base64 is visible ASCII");
    value.set_sensitive(true);
    value
}

/// Adds a declared header.
pub(crate) fn insert(headers: &mut http::HeaderMap, name: &'static str, value: &str) -> Result<(), Error> {
    let (Ok(declared), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) else {
        return Err(Error::Configuration(format!("the declared header `{name}` cannot be sent")));
    };
    headers.insert(declared, value);
    Ok(())
}

/// What an error may say of a request: never a secret.
pub(crate) fn describe(client: &Client, grant: Grant<'_>) -> String {
    let method = match client.spec.token.method {
        Method::Post => "POST",
        Method::Get => "GET",
    };
    let authentication = match client.auth_method {
        AuthMethod::ClientSecretBasic => "client_secret_basic",
        AuthMethod::ClientSecretPost => "client_secret_post",
        AuthMethod::None => "no client secret",
    };
    let grant_type = match grant {
        Grant::Code { redirect_uri, .. } => format!("authorization_code, redirect_uri={redirect_uri}"),
        Grant::RefreshToken(_) => "refresh_token".to_owned(),
    };
    format!(
        "{method} {} with grant_type={grant_type}, client_id={}, {authentication}",
        grant.endpoint(client),
        client.credentials.client_id()
    )
}
