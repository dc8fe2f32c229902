//! Token answers in the definition's shape: what `oauth-runtime` reads by the same table.

use crate::{
    call::Call,
    grants::{Issued, Policy},
    message,
    parameters::Parameters,
    refusal::Refusal,
    server::Server,
};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use oauth_runtime::spec::{Condition, Example, Path, Scalar, Spec, Stage};
use serde_json::{Map, Value, json};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The answer that grants (RFC 6749 §5.1). What the definition's example has besides the standard's fields is there too.
pub(crate) fn success(server: &Server, stage: Stage, issued: &Issued, policy: Policy) -> Response {
    let shape = &server.spec.response;
    let example = successes(server, stage).chain(successes(server, Stage::Token)).next();
    let mut body = example.map(members).unwrap_or_default();
    for Condition { path, value } in shape.success {
        put(&mut body, &[], path, Some(scalar(*value)));
    }
    let mut field = |path: Path, value: Option<Value>| put(&mut body, shape.root, path, value);
    field(shape.access_token, Some(issued.access_token.as_str().into()));
    field(shape.refresh_token, issued.refresh_token.as_deref().map(Value::from));
    field(shape.id_token, None);
    field(shape.scope, scope(server, issued));
    field(shape.expires_in, lifetime(server.spec, policy));
    let refresh_lifetime = policy.refresh_lifetime.filter(|_| issued.refresh_token.is_some());
    field(shape.refresh_token_expires_in, refresh_lifetime.map(|lifetime| lifetime.as_secs().into()));
    if get(&body, shape.root, shape.token_type).is_none() {
        let token_type = shape.token_types.first().copied().unwrap_or("Bearer");
        put(&mut body, shape.root, shape.token_type, Some(token_type.into()));
    }
    render(StatusCode::OK, example.map_or(JSON, |example| example.content_type), body)
}

/// The answer that refuses (RFC 6749 §5.2): the definition's example of this very error, or one of the declared shape.
pub(crate) fn refusal(server: &Server, stage: Stage, call: &Call, refusal: Refusal) -> Response {
    let spec = server.spec;
    let code = refusal.wire_code(spec, stage);
    let same = |example: &&Example| error_of(example).as_deref() == Some(code);
    let mut response = match errors(server, stage).find(same) {
        Some(example) => verbatim(example),
        None => render(status(server, stage, &refusal), JSON, error(spec, code, &refusal.description)),
    };
    if refusal.status == StatusCode::METHOD_NOT_ALLOWED {
        let method = message::method(&message::shape(spec, stage));
        *response.status_mut() = refusal.status;
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_str(method.as_str()).expect("a method is a token"));
    }
    if response.status() == StatusCode::UNAUTHORIZED && call.headers.contains_key(header::AUTHORIZATION) {
        let challenge = HeaderValue::from_static("Basic realm=\"test provider\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response.extensions_mut().insert(refusal);
    response
}

/// The body of an example, as it stands.
pub(crate) fn verbatim(example: &Example) -> Response {
    let status = StatusCode::from_u16(example.status).unwrap_or(StatusCode::OK);
    (
        status,
        [(header::CONTENT_TYPE, example.content_type), (header::CACHE_CONTROL, "no-store")],
        example.body,
    )
        .into_response()
}

/// The examples of a stage that show a success.
pub(crate) fn successes(server: &Server, stage: Stage) -> impl Iterator<Item = &'static Example> {
    let good = |example: &&Example| (200..300).contains(&example.status) && error_of(example).is_none();
    server.examples.iter().filter(move |example| example.stage == stage).filter(good)
}

/// The examples of a stage that show an error; for a refresh, those of a code hold too.
fn errors(server: &Server, stage: Stage) -> impl Iterator<Item = &'static Example> {
    let of = move |stage: Stage| server.examples.iter().filter(move |example| example.stage == stage);
    of(stage).chain(of(Stage::Token)).filter(|example| error_of(example).is_some())
}

/// The error code that an example is expected to be read as.
fn error_of(example: &Example) -> Option<String> {
    let expect: Value = serde_json::from_str(example.expect).ok()?;
    expect.get("error")?.as_str().map(str::to_owned)
}

/// An error comes with status 200 where the definition has a condition for success, or shows such an error.
fn status(server: &Server, stage: Stage, refusal: &Refusal) -> StatusCode {
    let conditions = !server.spec.response.success.is_empty();
    if conditions || errors(server, stage).any(|example| example.status == 200) {
        return StatusCode::OK;
    }
    refusal.status
}

fn error(spec: &Spec, code: &str, description: &str) -> Map<String, Value> {
    let shape = &spec.response;
    let mut body = Map::new();
    for Condition { path, value } in shape.success {
        put(&mut body, &[], path, Some(opposite(*value)));
    }
    let is_number = shape
        .success
        .iter()
        .any(|condition| condition.path == shape.error_code && matches!(condition.value, Scalar::Integer(_)));
    let number = code.parse::<i64>().ok().filter(|_| is_number);
    put(&mut body, &[], shape.error_code, Some(number.map_or_else(|| code.into(), Value::from)));
    put(&mut body, &[], shape.error_description, Some(description.into()));
    body
}

/// What is granted, where there is something to say (RFC 6749 §5.1).
fn scope(server: &Server, issued: &Issued) -> Option<Value> {
    let narrowed = server.state().settings.grant_only.is_some();
    let text = issued.scopes.join(server.spec.response.scope_separator);
    (narrowed || !text.is_empty()).then(|| text.into())
}

/// A definition with a default lifetime is of a provider that names none.
fn lifetime(spec: &Spec, policy: Policy) -> Option<Value> {
    let default = spec.response.default_expires_in;
    let named = policy.access_lifetime.filter(|lifetime| Some(*lifetime) != default);
    named.map(|lifetime| lifetime.as_secs().into())
}

fn scalar(value: Scalar) -> Value {
    match value {
        Scalar::Bool(value) => value.into(),
        Scalar::Integer(value) => value.into(),
        Scalar::Text(value) => value.into(),
    }
}

fn opposite(value: Scalar) -> Value {
    match value {
        Scalar::Bool(value) => (!value).into(),
        Scalar::Integer(value) => value.wrapping_add(1).into(),
        Scalar::Text(_) => "error".into(),
    }
}

fn members(example: &Example) -> Map<String, Value> {
    if example.content_type.starts_with(FORM) {
        let pairs = Parameters::from_form(example.body.as_bytes()).0;
        return pairs.into_iter().map(|(name, value)| (name, value.into())).collect();
    }
    match serde_json::from_str(example.body) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// Sets what stands at `path` below `root`, or takes it away.
fn put(body: &mut Map<String, Value>, root: Path, path: Path, value: Option<Value>) {
    let mut keys: Vec<_> = root.iter().chain(path).copied().collect();
    let Some(last) = keys.pop() else { return };
    let mut object = body;
    for key in keys {
        let next = object.entry(key).or_insert_with(|| json!({}));
        if !next.is_object() {
            *next = json!({});
        }
        let Value::Object(inner) = next else { return };
        object = inner;
    }
    match value {
        Some(value) => object.insert(last.to_owned(), value),
        None => object.remove(last),
    };
}

fn get<'a>(body: &'a Map<String, Value>, root: Path, path: Path) -> Option<&'a Value> {
    let mut keys = root.iter().chain(path);
    let first = body.get(*keys.next()?)?;
    keys.try_fold(first, |value, key| value.get(*key))
}

fn render(status: StatusCode, content_type: &'static str, body: Map<String, Value>) -> Response {
    let text = if content_type.starts_with(FORM) { as_form(body) } else { Value::Object(body).to_string() };
    let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}

fn as_form(body: Map<String, Value>) -> String {
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let pairs = body.into_iter().map(|(name, value)| (name, text(value)));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_put_below_its_root_and_taken_away_again() {
        let mut body = Map::new();
        put(&mut body, &["data"], &["token", "value"], Some("x".into()));
        assert_eq!(Value::Object(body.clone()), json!({ "data": { "token": { "value": "x" } } }));
        assert_eq!(get(&body, &["data"], &["token", "value"]), Some(&"x".into()));
        put(&mut body, &["data"], &["token"], None);
        assert_eq!(Value::Object(body), json!({ "data": {} }));
    }
}
