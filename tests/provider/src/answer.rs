//! Token answers in the definition's shape: what `oauth-runtime` reads by the same table.

use crate::{
    call::Call,
    expiry,
    grants::{Issued, Policy},
    message,
    parameters::Parameters,
    path,
    played::Shows,
    refusal::Refusal,
    scopes,
    server::Server,
    several,
    site::Role,
    userinfo,
};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use oauth_runtime::spec::{
    Capture, ClaimsSource, Condition, Example, LifetimeUnit, NamedToken, Path, Scalar, Spec, Stage,
    TokenResponse,
};
use serde_json::{Value, json};
use std::time::Duration;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The answer that grants (RFC 6749 §5.1). What the definition's example has besides the standard's fields is there too.
pub(crate) fn success(server: &Server, role: Role, issued: &Issued, policy: Policy) -> Response {
    let shape = message::answer(server.spec, role);
    // Another shape would not be that of the example.
    let alike = (role == Role::Refresh && server.spec.refresh.response.is_none()).then_some(Stage::Token);
    let mut shown =
        [Some(role.stage()), alike].into_iter().flatten().flat_map(|stage| successes(server, stage));
    let example = shown.next();
    let mut body = with_conditions(shape, example.map_or_else(|| told(server.spec, role.stage()), members));
    let is_first = !(role == Role::Token && several::is_first_missing(server.spec, issued));
    write(server, shape, Some(issued).filter(|_| is_first), policy, &mut body);
    let named = if role == Role::Token { server.spec.response.tokens } else { &[] };
    for NamedToken { name, response, .. } in named {
        let own = issued.named.iter().find(|(known, _)| known == name).map(|(_, issued)| issued);
        write(server, response, own, policy, &mut body);
        with_captured(response, &mut body);
    }
    issued.told.in_token_answer(server.spec, &mut body);
    with_captured(shape, &mut body);
    render(StatusCode::OK, example.map_or(JSON, |example| example.content_type), body)
}

/// Writes a token into the body, in its declared shape; `None`: nothing of it is there.
fn write(server: &Server, shape: &TokenResponse, issued: Option<&Issued>, policy: Policy, body: &mut Value) {
    let token_type = issued.map(|_| example_token_type(shape, body));
    let mut field = |path: Path, value: Option<Value>| set(body, shape.root, path, value);
    field(shape.access_token, issued.map(|issued| issued.access_token.as_str().into()));
    let refresh_token = issued.and_then(|issued| issued.refresh_token.as_deref());
    field(shape.refresh_token, refresh_token.map(Value::from));
    field(shape.id_token, None);
    field(shape.scope, issued.and_then(|issued| scope(server, shape, issued)));
    let lifetime = lifetime(shape, policy).filter(|_| issued.is_some());
    let until = lifetime.filter(|_| !shape.expires_at.is_empty());
    field(shape.expires_in, lifetime.filter(|_| until.is_none()).map(|lifetime| counted(shape, lifetime)));
    if let Some(until) = until {
        field(shape.expires_at, Some(expiry::written(shape.expires_at_format, server.clock.now() + until)));
    }
    let refresh_lifetime = policy.refresh_lifetime.filter(|_| refresh_token.is_some());
    field(shape.refresh_token_expires_in, refresh_lifetime.map(|lifetime| lifetime.as_secs().into()));
    field(shape.token_type, token_type);
}

/// What an answer tells besides the tokens.
fn told(spec: &Spec, stage: Stage) -> Value {
    let tells = stage == Stage::Token && spec.userinfo.source == ClaimsSource::Token;
    if tells { userinfo::ada(spec) } else { json!({}) }
}

/// What a client keeps is there, with the example's value or one of ours.
fn with_captured(shape: &TokenResponse, body: &mut Value) {
    for Capture { name, path } in shape.capture {
        let path: Vec<_> = shape.root.iter().chain(*path).copied().collect();
        if path::get(body, &path).is_none() {
            path::put(body, &path, format!("the-{name}").into());
        }
    }
}

/// A body that says of itself that all is well, where the definition has a condition for it.
pub(crate) fn with_conditions(shape: &TokenResponse, mut body: Value) -> Value {
    for Condition { path, value } in shape.success {
        path::put(&mut body, path, scalar(*value));
    }
    body
}

/// The answer that refuses (RFC 6749 §5.2): the definition's example of this very error, or one of the declared shape.
pub(crate) fn refusal(server: &Server, role: Role, call: &Call, refusal: Refusal) -> Response {
    let (spec, stage) = (server.spec, role.stage());
    let code = refusal.wire_code(spec, stage);
    let same = |example: &&'static Example| error_of(example).as_deref() == Some(code);
    let mut response = match errors(server, stage).find(same) {
        Some(example) => verbatim(example),
        None => render(
            status(server, role, &refusal),
            JSON,
            error(message::answer(spec, role), code, &refusal.description),
        ),
    };
    if refusal.status == StatusCode::METHOD_NOT_ALLOWED {
        let method = message::method(&message::shape(spec, role));
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
    let good =
        |example: &&'static Example| (200..300).contains(&example.status) && error_of(example).is_none();
    server.examples.iter().filter(move |example| example.stage == stage).filter(good)
}

/// The examples of a stage that show an error; for a refresh, those of a code hold too.
fn errors(server: &Server, stage: Stage) -> impl Iterator<Item = &'static Example> {
    let of = move |stage: Stage| server.examples.iter().filter(move |example| example.stage == stage);
    of(stage).chain(of(Stage::Token)).filter(|example| error_of(example).is_some())
}

/// The error code that an example is expected to be read as.
fn error_of(example: &'static Example) -> Option<String> {
    Shows(example).error()
}

/// An error comes with status 200 where the definition has a condition for success, or shows such an error.
fn status(server: &Server, role: Role, refusal: &Refusal) -> StatusCode {
    let conditions = !message::answer(server.spec, role).success.is_empty();
    if conditions || errors(server, role.stage()).any(|example| example.status == 200) {
        return StatusCode::OK;
    }
    refusal.status
}

fn error(shape: &TokenResponse, code: &str, description: &str) -> Value {
    let mut body = json!({});
    for Condition { path, value } in shape.success {
        path::put(&mut body, path, opposite(*value));
    }
    let is_number = shape
        .success
        .iter()
        .any(|condition| condition.path == shape.error_code && matches!(condition.value, Scalar::Integer(_)));
    let number = code.parse::<i64>().ok().filter(|_| is_number);
    path::put(&mut body, shape.error_code, number.map_or_else(|| code.into(), Value::from));
    path::put(&mut body, shape.error_description, description.into());
    body
}

/// What is granted, where there is something to say (RFC 6749 §5.1).
fn scope(server: &Server, shape: &TokenResponse, issued: &Issued) -> Option<Value> {
    let narrowed = server.state().settings.grant_only.is_some();
    let named = scopes::named(&server.spec.scopes, &issued.scopes);
    let text = named.join(shape.scope_separator);
    (narrowed || !text.is_empty()).then(|| text.into())
}

/// A definition with a default lifetime is of a provider that names none.
fn lifetime(shape: &TokenResponse, policy: Policy) -> Option<Duration> {
    let lifetime = policy.access_lifetime.filter(|lifetime| Some(*lifetime) != shape.default_expires_in);
    lifetime.or(shape.zero_is_never.then_some(Duration::ZERO))
}

fn counted(shape: &TokenResponse, lifetime: Duration) -> Value {
    match shape.expires_in_unit {
        LifetimeUnit::Seconds => lifetime.as_secs().into(),
        LifetimeUnit::Milliseconds => (lifetime.as_secs() * 1000).into(),
    }
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

/// As the example has it, or as the definition allows it.
fn example_token_type(shape: &TokenResponse, body: &Value) -> Value {
    let mut path = shape.root.iter().chain(shape.token_type);
    let shown = path.try_fold(body, |value, key| value.get(*key)).filter(|value| value.is_string());
    let declared = || shape.token_types.first().copied().unwrap_or("Bearer").into();
    shown.cloned().unwrap_or_else(declared)
}

/// Sets what stands at `path` below `root`, or takes it away.
fn set(body: &mut Value, root: Path, path: Path, value: Option<Value>) {
    let path: Vec<_> = root.iter().chain(path).copied().collect();
    match value {
        Some(value) => path::put(body, &path, value),
        None => path::remove(body, &path),
    }
}

/// The members of an example's body.
pub(crate) fn members(example: &Example) -> Value {
    if example.content_type.starts_with(FORM) {
        let pairs = Parameters::from_form(example.body.as_bytes()).0;
        return pairs.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
    }
    serde_json::from_str(example.body).ok().filter(Value::is_object).unwrap_or_else(|| json!({}))
}

/// A JSON answer.
pub(crate) fn json(body: Value) -> Response {
    render(StatusCode::OK, JSON, body)
}

fn render(status: StatusCode, content_type: &'static str, body: Value) -> Response {
    let text = if content_type.starts_with(FORM) { as_form(body) } else { body.to_string() };
    let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}

fn as_form(body: Value) -> String {
    let Value::Object(members) = body else { return String::new() };
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let pairs = members.into_iter().map(|(name, value)| (name, text(value)));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
