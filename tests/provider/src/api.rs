//! The API: an echo of whatever is called, for a token that is good.

use crate::{
    answer, call::Call, exchange, parameters::Parameters, refusal::Refusal, scopes, server::Server,
    site::Role,
};
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use oauth_runtime::spec::{Api, Example, Placement, RetryAfter, Stage, WaitUnit};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

/// A call: the definition's example for it, or what came in.
pub(crate) fn call(server: &Server, call: &Call) -> Response {
    let busy_for = server.state().faults.busy.take();
    if let Some(wait) = busy_for {
        return busy(server, wait);
    }
    let checked = authorize(server, call).and_then(|scopes| {
        let (api, rules) = (api(server), server.rules(call));
        server.check_address(Role::Api, call)?;
        rules.headers(api.headers, &call.headers)?;
        rules.parameters(api.query, &call.query)?;
        Ok(scopes)
    });
    let scopes = match checked {
        Ok(scopes) => scopes,
        Err(refusal) => return refuse(server, refusal),
    };
    let played = server.state().played.take(Stage::Api).map(|example| example.0);
    let declared = || answer::successes(server, Stage::Api).find(|example| is_for(example, call));
    match played.or_else(declared) {
        Some(example) => answer::verbatim(example),
        None => answer::json(echo(server, call, &scopes)),
    }
}

/// An example whose title names a path is for that path; another is for every call.
fn is_for(example: &Example, call: &Call) -> bool {
    let mut paths = example.title.split_whitespace().filter(|word| word.starts_with('/')).peekable();
    paths.peek().is_none() || paths.any(|path| path == call.path())
}

fn echo(server: &Server, call: &Call, scopes: &[String]) -> Value {
    let token = api(server).parameter;
    let without_token = |parameters: &Parameters| -> serde_json::Map<_, _> {
        let pairs = parameters.0.iter().filter(|(name, _)| name != token);
        pairs.map(|(name, value)| (name.clone(), value.as_str().into())).collect()
    };
    let query = without_token(&call.query);
    let scopes: Vec<_> = scopes.iter().map(|scope| scopes::plain(scope)).collect();
    let is_form = api(server).placement == Placement::Body;
    let body = serde_json::from_slice(&call.body).unwrap_or_else(|_| match &call.body[..] {
        [] => Value::Null,
        _ if is_form => without_token(&call.form).into(),
        text => String::from_utf8_lossy(text).into(),
    });
    json!({ "method": call.method.as_str(), "path": call.path(), "query": query, "scopes": scopes, "body": body })
}

fn api(server: &Server) -> &'static Api {
    server.spec.api.as_ref().unwrap_or(&Api::PLAIN)
}

/// The scopes of the token, if it is good and stands in the declared place (RFC 6750 §2).
pub(crate) fn authorize(server: &Server, call: &Call) -> Result<Vec<String>, Refusal> {
    let token = token(api(server), call)?;
    let state = server.state();
    let scopes = state.grants.check(token, server.clock.now());
    if scopes.is_ok() && state.grants.is_raw(token) && exchange::is_demanded(server) {
        return Err(Refusal::invalid_token("the access token was not exchanged"));
    }
    scopes.map(<[String]>::to_vec).map_err(Refusal::invalid_token)
}

fn token<'a>(api: &Api, call: &'a Call) -> Result<&'a str, Refusal> {
    let in_header = call.headers.get(api.header).or_else(|| call.headers.get(header::AUTHORIZATION));
    let (in_query, in_form) = (one(&call.query, api.parameter)?, form_token(api, call)?);
    let places = [in_header.is_some(), in_query.is_some(), in_form.is_some()];
    match places.into_iter().filter(|is_there| *is_there).count() {
        0 => return Err(Refusal::invalid_token("there is no access token")),
        1 => {}
        _ => return Err(Refusal::invalid_request("an access token came twice")),
    }
    let parameter = api.parameter;
    match api.placement {
        Placement::Header if in_header.is_some() => from_header(api, call),
        Placement::Header => {
            Err(Refusal::invalid_token(format!("the access token belongs in the header {}", api.header)))
        }
        Placement::Query => in_query.ok_or_else(|| {
            Refusal::invalid_token(format!("the access token belongs in the query, as {parameter}"))
        }),
        Placement::Body => in_form.ok_or_else(|| {
            Refusal::invalid_token(format!("the access token belongs in the form, as {parameter}"))
        }),
    }
}

/// The token in a form (RFC 6750 §2.2). Elsewhere a form may have a field of this name.
fn form_token<'a>(api: &Api, call: &'a Call) -> Result<Option<&'a str>, Refusal> {
    let is_form = call.content_type() == "application/x-www-form-urlencoded";
    if api.placement == Placement::Body && is_form { one(&call.form, api.parameter) } else { Ok(None) }
}

fn one<'a>(query: &'a Parameters, name: &str) -> Result<Option<&'a str>, Refusal> {
    match query.0.iter().filter(|(n, _)| n == name).count() {
        0 | 1 => Ok(query.get(name)),
        _ => Err(Refusal::invalid_request("an access token came twice")),
    }
}

fn from_header<'a>(api: &Api, call: &'a Call) -> Result<&'a str, Refusal> {
    let value = call.headers.get(api.header).and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| match api.scheme {
        "" => Some(value),
        scheme => value
            .split_once(' ')
            .filter(|(sent, _)| sent.eq_ignore_ascii_case(scheme))
            .map(|(_, token)| token.trim_start()),
    });
    token.ok_or_else(|| {
        Refusal::invalid_token(format!(
            "the access token belongs in the header {}, after {:?}",
            api.header, api.scheme
        ))
    })
}

/// A token that is not taken has the definition's status for it.
fn status(api: &Api, refusal: &Refusal) -> StatusCode {
    let declared = api.expired_status.first().filter(|_| refusal.code == "invalid_token");
    declared.and_then(|status| StatusCode::from_u16(*status).ok()).unwrap_or(refusal.status)
}

/// Too many calls: the answer says how long to wait, in the definition's header.
fn busy(server: &Server, wait: Duration) -> Response {
    let mut response = answer::json(json!({ "error": "rate limited" }));
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    let (name, seconds) = match api(server).retry_after {
        None => ("retry-after", wait.as_secs()),
        Some(RetryAfter { header, unit: WaitUnit::Seconds }) => (header, wait.as_secs()),
        Some(RetryAfter { header, unit: WaitUnit::UnixTime }) => {
            let until = (server.clock.now() + wait).duration_since(SystemTime::UNIX_EPOCH);
            (header, until.map_or(0, |until| until.as_secs()))
        }
    };
    let name = HeaderName::from_bytes(name.as_bytes()).expect("a declared header has a name");
    response.headers_mut().insert(name, seconds.into());
    response
}

/// RFC 6750 §3.
pub(crate) fn refuse(server: &Server, refusal: Refusal) -> Response {
    let scheme = Some(api(server).scheme).filter(|scheme| !scheme.is_empty()).unwrap_or("Bearer");
    let mut response = answer::json(
        json!({ "error": refusal.wire_code(server.spec, Stage::Api), "error_description": refusal.description }),
    );
    *response.status_mut() = status(api(server), &refusal);
    if refusal.status == StatusCode::UNAUTHORIZED {
        let challenge = format!("{scheme} error=\"{}\"", refusal.code);
        let challenge = HeaderValue::from_str(&challenge).expect("a declared scheme is visible ASCII");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response.extensions_mut().insert(refusal);
    response
}
