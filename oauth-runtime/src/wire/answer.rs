//! Answers of the token endpoint (RFC 6749 §5): lenient where providers differ and nothing is risked, strict where a guess could hurt.

use super::{
    expiry,
    json::{Duplicated, Object, Unreadable},
    plain::{self, Field, Fields},
    refused::{self, Context},
};
use crate::{
    error::{AnswerError, AnswerErrorKind, Error},
    hook::HookError,
    learned::{self, Learned},
    moment::Moment,
    named,
    rare::Rare,
    scope::{in_list, list_of},
    scopes::ScopeList,
    secret::Secret,
    spec::{Capture, LifetimeUnit, NamedToken, Scalar, Source, Stage, TokenResponse},
    tokens::Tokens,
    transport::{Limits, Response},
};
use http::header;
use serde_json::{Map, Value};
use std::{
    borrow::Cow,
    mem,
    time::{Duration, SystemTime},
};

/// A longer token is no token.
const MAX_TOKEN: usize = 64 << 10;

/// Reads the answer to a token request. `asked` are the scopes that hold where the answer names none.
pub(crate) fn tokens(
    context: &Context<'_>,
    response: &Response,
    asked: &ScopeList,
    now: SystemTime,
) -> Result<Tokens, Error> {
    let shape = context.shape;
    let fail = |kind| Error::Answer(Box::new(answer_error(context, response, kind)));
    let status = response.status();
    if status.is_redirection() {
        return Err(fail(AnswerErrorKind::Redirect));
    }
    let mapped = mapped(context, response)?;
    let response = mapped.as_ref().unwrap_or(response);
    if shape.plain && status.is_success() && !is_form(response) {
        let mut fields = Fields::default();
        if plain::read(response.body(), &mut fields).is_some() {
            return judge(shape, &mut fields, asked, now).map_err(fail);
        }
    }
    let read = read(response);
    if let Ok(object) = &read
        && let Some(mut refusal) = refused::in_answer(context, object, status.as_u16())
            .map_err(|_| fail(AnswerErrorKind::Duplicated("error")))?
    {
        refusal.retry_after = retry_after(response, now);
        return Err(Error::Refused(Box::new(refusal)));
    }
    if !status.is_success() {
        return Err(fail(status_kind(response, now)));
    }
    let mut object = read.map_err(|error| {
        fail(match error {
            Unreadable::NotJson => AnswerErrorKind::NotJson,
            Unreadable::NotAnObject => AnswerErrorKind::Missing("access_token"),
        })
    })?;
    let learned = learned_in(context, &object).map_err(fail)?;
    let named = further(context, &mut object, asked, now).map_err(fail)?;
    let mut fields = fields(shape, &mut object).map_err(fail)?;
    if !object.members.is_empty() {
        fields.rare.to_mut().extra = object.members;
    }
    let is_absent = shape.optional && !named.is_empty() && matches!(fields.access_token, Field::None);
    let tokens =
        if is_absent { Ok(absent(fields, asked, now)) } else { judge(shape, &mut fields, asked, now) };
    let mut tokens = tokens.map_err(fail)?;
    if !learned.is_empty() || !named.is_empty() {
        let rare = tokens.rare.to_mut();
        (rare.learned, rare.named) = (learned, named);
    }
    Ok(tokens)
}

/// The further tokens of the answer to a code, each taken out of it.
fn further(
    context: &Context<'_>,
    object: &mut Object,
    asked: &ScopeList,
    now: SystemTime,
) -> Result<Vec<(&'static str, Tokens)>, AnswerErrorKind> {
    let declared = if context.stage == Stage::Token { context.shape.tokens } else { &[] };
    let mut named = Vec::new();
    for NamedToken { name, response, .. } in declared {
        let mut fields = fields(response, object)?;
        if response.optional && matches!(fields.access_token, Field::None) {
            continue;
        }
        let list = named::list(context.client.spec, name);
        let mut tokens = judge(response, &mut fields, &named::asked(asked, list), now)?;
        if let Some(list) = list {
            let whole =
                |scope| if list_of(scope).is_some() { scope.to_owned() } else { in_list(list, scope) };
            tokens.scopes = tokens.scopes.iter().map(whole).collect();
        }
        named.push((*name, tokens));
    }
    Ok(named)
}

/// What an answer has besides an access token that is not there.
fn absent(fields: Fields<'_>, asked: &ScopeList, now: SystemTime) -> Tokens {
    Tokens {
        access_token: Secret::new(String::new()),
        refresh_token: None,
        id_token: None,
        obtained_at: now.into(),
        expires_at: None,
        scopes: ScopeList::default(),
        asked: asked.clone(),
        rare: fields.rare,
    }
}

/// The variables that the answer tells. A refresh that tells one wrongly is no reason to lose its tokens: what was
/// learned before stays. Of a token and the one that it is exchanged for, either answer may tell it.
fn learned_in(context: &Context<'_>, object: &Object) -> Result<Learned, AnswerErrorKind> {
    let mut learned = Learned::default();
    for variable in learned::variables(context.client.spec) {
        if let Source::Token(path) = variable.source
            && let Err(fault) = learned::take_from(variable, object, path, &mut learned)
            && context.stage == Stage::Token
            && (context.client.spec.exchanges.is_empty() || fault != AnswerErrorKind::Missing(variable.name))
        {
            return Err(fault);
        }
    }
    Ok(learned)
}

/// What the definition's hook makes of an answer to a code or a refresh, if there is one: JSON, whatever came.
fn mapped(context: &Context<'_>, response: &Response) -> Result<Option<Response>, Error> {
    const NAME: &str = "token_response";
    let hook = context.client.spec.hooks.token_response;
    let Some(hook) = hook.filter(|_| matches!(context.stage, Stage::Token | Stage::Refresh)) else {
        return Ok(None);
    };
    let body = match hook(response.body()) {
        Ok(body) if body.len() > Limits::TOKEN.body => Err(HookError::new("what it made is too long")),
        // A gateway's page is nothing that it has to know.
        Err(_) if !response.status().is_success() => return Ok(None),
        outcome => outcome,
    };
    let mut mapped = Response::new(body.map_err(Error::hook(NAME))?.into());
    *mapped.status_mut() = response.status();
    mapped.headers_mut().clone_from(response.headers());
    mapped.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    Ok(Some(mapped))
}

/// Reads an answer whose body says nothing when all is well (RFC 7009 §2.2).
pub(crate) fn done(context: &Context<'_>, response: &Response, now: SystemTime) -> Result<(), Error> {
    let fail = |kind| Err(Error::Answer(Box::new(answer_error(context, response, kind))));
    let status = response.status();
    if status.is_redirection() {
        return fail(AnswerErrorKind::Redirect);
    }
    if let Ok(object) = read(response)
        && let Ok(Some(refusal)) = refused::in_answer(context, &object, status.as_u16())
        && !(status.is_success() && refusal.code() == refused::UNNAMED)
    {
        return Err(Error::Refused(Box::new(refusal)));
    }
    if status.is_success() { Ok(()) } else { fail(status_kind(response, now)) }
}

/// What is wrong with `response`, for an error.
pub(crate) fn answer_error(context: &Context<'_>, response: &Response, kind: AnswerErrorKind) -> AnswerError {
    AnswerError {
        provider: context.client.spec.name,
        stage: context.stage,
        status: response.status().as_u16(),
        content_type: content_type(response).map(|text| refused::clean(&refused::scrub(context, text), 64)),
        length: response.body().len(),
        kind,
        sent: context.sent(),
    }
}

/// What another status than 2xx means.
pub(crate) fn status_kind(response: &Response, now: SystemTime) -> AnswerErrorKind {
    let status = response.status();
    if status.is_server_error() || status == http::StatusCode::TOO_MANY_REQUESTS {
        AnswerErrorKind::Unavailable { retry_after: retry_after(response, now) }
    } else {
        AnswerErrorKind::Status
    }
}

/// `Retry-After` (RFC 9110 §10.2.3): seconds or a date; at most a day is believed.
pub(crate) fn retry_after(response: &Response, now: SystemTime) -> Option<Duration> {
    let text = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) if is_number => Duration::MAX,
        Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default(),
    };
    Some(wait.min(Duration::from_secs(86_400)))
}

fn content_type(response: &Response) -> Option<&str> {
    response.headers().get(header::CONTENT_TYPE)?.to_str().ok()
}

/// Whether the body is a form, and labelled as one.
fn is_form(response: &Response) -> bool {
    let is_labelled = content_type(response).is_some_and(|label| {
        let essence = label.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    });
    // No form begins with a brace, because forms are percent-encoded.
    is_labelled && !response.body().trim_ascii_start().starts_with(b"{")
}

/// A JSON object whatever its label, or a form that is labelled as one.
fn read(response: &Response) -> Result<Object, Unreadable> {
    if is_form(response) { Object::from_form(response.body()) } else { Object::parse(response.body()) }
}

/// Takes the members out of an answer of any declared shape.
fn fields<'a>(shape: &TokenResponse, object: &mut Object) -> Result<Fields<'a>, AnswerErrorKind> {
    let mut take = |path, name| match object.take(shape.root, path) {
        Ok(value) => Ok(Field::from(value)),
        Err(Duplicated) => Err(AnswerErrorKind::Duplicated(name)),
    };
    Ok(Fields {
        access_token: take(shape.access_token, "access_token")?,
        refresh_token: take(shape.refresh_token, "refresh_token")?,
        id_token: take(shape.id_token, "id_token")?,
        token_type: take(shape.token_type, "token_type")?,
        scope: take(shape.scope, "scope")?,
        expires_in: take(shape.expires_in, "expires_in")?,
        expires_at: take(shape.expires_at, "expires_at")?,
        refresh_token_expires_in: take(shape.refresh_token_expires_in, "refresh_token_expires_in")?,
        rare: captured(shape, object)?,
    })
}

/// Copies what the definition names. What is not there is not kept.
fn captured(shape: &TokenResponse, object: &Object) -> Result<Rare, AnswerErrorKind> {
    let mut rare = Rare::default();
    for Capture { name, path } in shape.capture {
        let found = object.below(shape.root, path).map_err(|_| AnswerErrorKind::Duplicated(name))?;
        if let Some(value) = found.filter(|value| !value.is_null()) {
            rare.to_mut().captured.insert((*name).to_owned(), value.clone());
        }
    }
    Ok(rare)
}

/// Every check of a success.
fn judge(
    shape: &TokenResponse,
    fields: &mut Fields<'_>,
    asked: &ScopeList,
    now: SystemTime,
) -> Result<Tokens, AnswerErrorKind> {
    if let Field::None = fields.access_token {
        return Err(AnswerErrorKind::Missing("access_token"));
    }
    check_token_type(shape, &fields.token_type)?;
    let at = |lifetime: Option<Duration>| lifetime.map(|lifetime| now + lifetime);
    let expires_at = at(lifetime(shape, fields, now)?);
    let refresh_token_lifetime = expiry::lifetime(
        &fields.refresh_token_expires_in,
        LifetimeUnit::Seconds,
        "refresh_token_expires_in",
    )?;
    if let Some(expires_at) = at(refresh_token_lifetime) {
        fields.rare.to_mut().refresh_token_expires_at = Some(expires_at.into());
    }
    Ok(Tokens {
        access_token: token(mem::take(&mut fields.access_token), "access_token")?
            .ok_or(AnswerErrorKind::Invalid("access_token"))?,
        refresh_token: token(mem::take(&mut fields.refresh_token), "refresh_token")?,
        id_token: token(mem::take(&mut fields.id_token), "id_token")?,
        obtained_at: now.into(),
        expires_at: expires_at.map(Moment::from),
        scopes: scopes(&fields.scope, shape.scope_separator, asked)?,
        asked: asked.clone(),
        rare: mem::take(&mut fields.rare),
    })
}

/// How long the access token is good: until the time that the answer names, or as long as it or the definition says.
fn lifetime(
    shape: &TokenResponse,
    fields: &Fields<'_>,
    now: SystemTime,
) -> Result<Option<Duration>, AnswerErrorKind> {
    let until = expiry::until(&fields.expires_at, shape.expires_at_format, now)?;
    let lifetime = expiry::lifetime(&fields.expires_in, shape.expires_in_unit, "expires_in")?;
    let lifetime = lifetime.filter(|lifetime| !(shape.zero_is_never && lifetime.is_zero()));
    Ok(until.or(lifetime).or(shape.default_expires_in))
}

/// A token: visible ASCII, or empty, which is none.
fn token(field: Field<'_>, name: &'static str) -> Result<Option<Secret>, AnswerErrorKind> {
    // Without an early end, so that many bytes are looked at at once.
    let is_visible = |text: &str| text.bytes().fold(true, |all, byte| all & byte.is_ascii_graphic());
    let is_token = |text: &str| text.len() <= MAX_TOKEN && is_visible(text);
    match field {
        Field::None => Ok(None),
        Field::Text(text) if text.is_empty() => Ok(None),
        Field::Text(Cow::Borrowed(text)) if is_token(text) => Ok(Some(Secret::copy(text))),
        Field::Text(Cow::Owned(text)) if is_token(&text) => Ok(Some(Secret::new(text))),
        _ => Err(AnswerErrorKind::Invalid(name)),
    }
}

/// RFC 6749 §7.1: a type that is not understood is not used. Many providers leave it out, and mean bearer.
fn check_token_type(shape: &TokenResponse, token_type: &Field<'_>) -> Result<(), AnswerErrorKind> {
    let is_bearer = |name: &str| {
        name.eq_ignore_ascii_case("bearer")
            || shape.token_types.iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    match token_type {
        Field::None => Ok(()),
        Field::Text(name) if is_bearer(name) => Ok(()),
        Field::Text(_) => Err(AnswerErrorKind::TokenType),
        Field::Other(_) => Err(AnswerErrorKind::Invalid("token_type")),
    }
}

/// What was granted: what was asked where nothing is said, and nothing where an empty text is.
fn scopes(field: &Field<'_>, separator: &str, asked: &ScopeList) -> Result<ScopeList, AnswerErrorKind> {
    let granted = match field {
        Field::None => return Ok(asked.clone()),
        Field::Text(text) if separator == " " && asked.is(text) => return Ok(asked.clone()),
        Field::Text(text) => ScopeList::parse(text, separator),
        Field::Other(Value::Array(items)) => {
            let texts = items.iter().map(Value::as_str);
            texts.collect::<Option<_>>().ok_or(AnswerErrorKind::Invalid("scope"))?
        }
        Field::Other(_) => return Err(AnswerErrorKind::Invalid("scope")),
    };
    let granted = granted.of_answer();
    Ok(if granted == *asked { asked.clone() } else { granted })
}

/// Whether `value` is the constant that a definition names.
pub(crate) fn is_scalar(value: &Value, constant: Scalar) -> bool {
    match constant {
        Scalar::Bool(expected) => value.as_bool() == Some(expected),
        Scalar::Integer(expected) => value.as_i64() == Some(expected),
        Scalar::Text(expected) => value.as_str() == Some(expected),
    }
}

impl Object {
    /// Reads a form as an object of texts.
    fn from_form(body: &[u8]) -> Result<Self, Unreadable> {
        let text = std::str::from_utf8(body).map_err(|_| Unreadable::NotJson)?;
        let mut object = Self::empty();
        for (name, value) in url::form_urlencoded::parse(text.trim().as_bytes()) {
            object.insert(name.into_owned(), Value::String(value.into_owned()));
        }
        if object.members.is_empty() { Err(Unreadable::NotJson) } else { Ok(object) }
    }
}

/// The members that are no tokens, as an application may look at them.
pub(crate) type Extra = Map<String, Value>;
