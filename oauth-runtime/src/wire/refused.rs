//! Errors that a provider names: read as hostile text, and explained by the definition.

use super::{
    answer::is_scalar,
    basic,
    encode::encode,
    json::{Duplicated, Object},
};
use crate::{
    client::Client,
    error::Refusal,
    secret::Secret,
    spec::{ErrorHint, Stage, TokenResponse},
    transport::Response,
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::borrow::Cow;

/// The code of an error to which the provider gives none.
pub(crate) const UNNAMED: &str = "unknown_error";

/// What an answer is the answer to.
pub(crate) struct Context<'a> {
    pub(crate) client: &'a Client,
    pub(crate) stage: Stage,
    /// How the answer is shaped.
    pub(crate) shape: &'static TokenResponse,
    /// What was sent, in words, without its secrets; made only when an error is.
    pub(crate) describe: &'a dyn Fn() -> String,
    /// What must not be seen, even when the server echoes it. The client secret is one of them anyway.
    pub(crate) secrets: &'a dyn Fn() -> Vec<&'a str>,
}

impl Context<'_> {
    pub(crate) fn sent(&self) -> String {
        (self.describe)()
    }
}

/// The error in an answer, whatever its status: where `error` stands, or where a success condition does not hold.
pub(crate) fn in_answer(
    context: &Context<'_>,
    object: &Object,
    status: u16,
) -> Result<Option<Refusal>, Duplicated> {
    let shape = context.shape;
    let mut failed = false;
    for condition in shape.success {
        failed |= !object.at(condition.path)?.is_some_and(|value| is_scalar(value, condition.value));
    }
    let code = match object.at(shape.error_code)? {
        Some(Value::String(code)) if !code.is_empty() => Some(code.clone()),
        Some(Value::Number(code)) if failed || code.as_f64() != Some(0.0) => Some(code.to_string()),
        Some(Value::Object(error)) => Some(code_of_object(error)),
        Some(Value::Bool(true)) => Some(UNNAMED.to_owned()),
        Some(Value::Array(errors)) if !errors.is_empty() => Some(UNNAMED.to_owned()),
        _ => None,
    };
    let Some(code) = code.or_else(|| failed.then(|| UNNAMED.to_owned())) else { return Ok(None) };
    let description = match (object.at(shape.error_description)?, object.at(shape.error_code)?) {
        (Some(Value::String(text)), _) => Some(text.as_str()),
        (_, Some(Value::Object(error))) => error.get("message").and_then(Value::as_str),
        _ => None,
    };
    let uri = object.at(&["error_uri"])?.and_then(Value::as_str);
    Ok(Some(refusal(context, &code, description, uri, Some(status))))
}

/// The error in an API's answer, if the definition knows it: what another code means there is the application's to say.
pub(crate) fn in_call(context: &Context<'_>, response: &Response) -> Option<Refusal> {
    let (spec, status) = (context.client.spec, response.status());
    let may_be_error = !status.is_success() || !spec.response.success.is_empty();
    if spec.errors.is_empty() || !may_be_error {
        return None;
    }
    let object = Object::parse(response.body()).ok()?;
    let standard = object.at(&["error"]).ok()?;
    let refusal = in_answer(context, &object, status.as_u16()).ok()?;
    let named = refusal.filter(|refusal| refusal.code != UNNAMED).or_else(|| {
        let Value::Object(error) = standard? else { return None };
        let text = error.get("message").and_then(Value::as_str);
        (!status.is_success())
            .then(|| self::refusal(context, &code_of_object(error), text, None, Some(status.as_u16())))
    })?;
    known(context.client, context.stage, &named.code).is_some().then_some(named)
}

/// What the definition says of a code at this stage. Who the user is, is asked of the API too.
fn known(client: &Client, at: Stage, code: &str) -> Option<&'static ErrorHint> {
    let is_api = |stage| at == Stage::Userinfo && stage == Stage::Api;
    let applies = |stage: Option<Stage>| stage.is_none_or(|stage| stage == at || is_api(stage));
    client.spec.errors.iter().find(|hint| hint.code == code && applies(hint.stage))
}

/// The definition's own words about a code.
pub(crate) fn hint(client: &Client, at: Stage, code: &str) -> Option<String> {
    known(client, at, code).and_then(|known| client.fill(known.hint)).filter(|hint| !hint.is_empty())
}

/// Some APIs put an object where the standard has a code: `{"error": {"type": .., "message": ..}}`.
fn code_of_object(error: &serde_json::Map<String, Value>) -> String {
    let named = ["type", "code", "error"].iter().find_map(|name| match error.get(*name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    named.unwrap_or_else(|| UNNAMED.to_owned())
}

/// An error that the provider named, with what the definition or the standard says about it.
pub(crate) fn refusal(
    context: &Context<'_>,
    code: &str,
    description: Option<&str>,
    uri: Option<&str>,
    status: Option<u16>,
) -> Refusal {
    let client = context.client;
    let code = clean(&scrub(context, code), 128);
    let named = known(client, context.stage, &code);
    let means = named.and_then(|hint| hint.means);
    let standard = means.unwrap_or(&code);
    // A provider with codes of its own may put them at the head of the description. They explain, and decide nothing.
    let narrower = description
        .and_then(|text| text.split_once(':'))
        .and_then(|(head, _)| known(client, context.stage, head));
    let explained = narrower.or(named);
    let hint = explained.and_then(|hint| client.fill(hint.hint)).filter(|hint| !hint.is_empty());
    Refusal {
        provider: client.spec.name,
        stage: context.stage,
        status,
        description: description
            .map(|text| clean(&scrub(context, text), 300))
            .filter(|text| !text.is_empty()),
        // What is hidden may have been a part of what makes it an address.
        uri: uri
            .filter(|uri| is_plain_https(uri))
            .map(|uri| scrub(context, uri))
            .filter(|uri| is_plain_https(uri)),
        sent: context.sent(),
        means,
        reauthorize: named.is_some_and(|hint| hint.reauthorize)
            || matches!(standard, "invalid_grant" | "access_denied"),
        retry_after: None,
        retry: named.is_some_and(|hint| hint.retry)
            || matches!(standard, "temporarily_unavailable" | "server_error"),
        docs: explained.and_then(|hint| hint.docs),
        hint: hint.or_else(|| standard_hint(client, context.stage, standard)),
        code,
    }
}

/// What the standard's codes usually mean.
fn standard_hint(client: &Client, stage: Stage, code: &str) -> Option<String> {
    let at_console = client.spec.console.map(|console| format!(" at {console}")).unwrap_or_default();
    Some(match (code, stage) {
        ("access_denied", _) => "the user, or the provider's policy, said no".to_owned(),
        ("invalid_grant", Stage::Refresh) => {
            "the grant was withdrawn, lapsed, or its refresh token was used already; the user has to sign in again".to_owned()
        }
        ("invalid_grant", _) => format!(
            "the code lapsed, was used already, or was made for another redirect URI than {}",
            client.redirect_uri
        ),
        ("invalid_client", _) => format!("client id or secret is wrong; compare them with those{at_console}"),
        ("unauthorized_client", _) => format!("this client may not use this grant; look at its settings{at_console}"),
        ("redirect_uri" | "redirect_uri_mismatch", _) => {
            format!("register exactly {}{at_console}", client.redirect_uri)
        }
        ("invalid_scope", _) => format!("a scope is unknown there or not allowed for this client{at_console}"),
        ("temporarily_unavailable" | "server_error", _) => "the provider has trouble; try again later".to_owned(),
        _ => return None,
    })
}

fn is_plain_https(uri: &str) -> bool {
    uri.starts_with("https://") && uri.len() <= 512 && uri.bytes().all(|b| b.is_ascii_graphic())
}

/// Visible characters only, and not too many: what a server says may be meant for a terminal or a log.
pub(crate) fn clean(text: &str, limit: usize) -> String {
    let visible = |c: char| if c.is_control() || is_invisible(c) { ' ' } else { c };
    let mut cleaned: String = text.chars().map(visible).take(limit).collect();
    if text.chars().nth(limit).is_some() {
        cleaned.push('…');
    }
    cleaned.trim().to_owned()
}

/// Characters that change how a text is read: bidirectional controls, zero-width characters, line and paragraph separators.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Takes out what is secret, in each form in which a server may echo it.
pub(crate) fn scrub(context: &Context<'_>, text: &str) -> String {
    let mut secrets: Vec<Cow<'_, str>> = (context.secrets)().into_iter().map(Cow::Borrowed).collect();
    if let Some(secret) = context.client.credentials.client_secret().map(Secret::expose) {
        let id = context.client.credentials.client_id();
        secrets.push(Cow::Borrowed(secret));
        secrets.push(Cow::Owned(base64(&format!("{}:{}", encode(id), encode(secret)))));
        secrets.push(Cow::Owned(base64(&format!("{id}:{secret}"))));
        secrets.extend(basic::pair(context.client, secret).ok().map(|pair| Cow::Owned(base64(&pair))));
    }
    secrets.extend(context.client.secret_variables().map(Cow::Borrowed));
    secrets.retain(|secret| !secret.is_empty());
    let mut text = without_signed_tokens(text);
    // A secret may be the head of a longer one, whose rest must not stay: the longest first. There are few, and to sort
    // them is a lot of code.
    let mut left: Vec<&str> = secrets.iter().map(|secret| &**secret).collect();
    while let Some(at) = (0..left.len()).max_by_key(|at| left[*at].len()) {
        for form in forms(left.swap_remove(at)) {
            if text.contains(&form) {
                text = text.replace(&form, "[secret]");
            }
        }
    }
    let is_hidden = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8_lossy();
        !secrets.iter().any(|secret| decoded.contains(&**secret))
    };
    // Another way to percent-encode it: what stands around it is not worth keeping.
    if is_hidden(&text) && is_hidden(&text.replace('+', " ")) { text } else { "[secret]".to_owned() }
}

/// Takes out what looks like a signed token (RFC 7515 §7.1): what this client signed for the request is not known any more.
fn without_signed_tokens(text: &str) -> String {
    let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_token = |word: &str| word.starts_with("eyJ") && word.split('.').count() >= 3;
    let mut rest = text;
    let mut kept = String::with_capacity(text.len());
    while let Some(start) = rest.find(belongs) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !belongs(c)).unwrap_or(from.len()));
        kept.push_str(before);
        kept.push_str(if is_token(word) { "[secret]" } else { word });
        rest = after;
    }
    kept + rest
}

/// The ways in which a secret is commonly written, the longer ones first.
fn forms(secret: &str) -> [String; 6] {
    let bytes = format!("{:?}", secret.as_bytes());
    let bytes = bytes.trim_matches(['[', ']']);
    [
        bytes.to_owned(),
        bytes.replace(' ', ""),
        base64(secret),
        BASE64_URL_SAFE_NO_PAD.encode(secret),
        encode(secret),
        secret.to_owned(),
    ]
}

/// Base64 without its padding, which a server may leave out.
fn base64(text: &str) -> String {
    BASE64_STANDARD_NO_PAD.encode(text)
}
