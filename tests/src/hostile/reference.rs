//! A strict reading of token answers: what the rules (RFC 6749 §5.1, RFC 6750 §2.1 and our choices) make of one, without the runtime's code.

use super::{
    strict::{self, Json},
    subject::Got,
};
use std::time::Duration;

/// No token is longer.
const LONGEST_TOKEN: usize = 64 << 10;
/// No lifetime is longer.
const LONGEST_LIFE: f64 = 10.0 * 365.0 * 86_400.0;
/// The members that count; any of them twice makes the answer ambiguous.
const READ: [&str; 8] = [
    "access_token",
    "refresh_token",
    "id_token",
    "token_type",
    "scope",
    "expires_in",
    "refresh_token_expires_in",
    "error",
];

/// An answer of a token endpoint.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// The status.
    pub status: u16,
    /// Its label.
    pub content_type: Option<&'a str>,
    /// Its bytes.
    pub body: &'a [u8],
}

/// The tokens in an answer, for a request for the scopes `asked`.
///
/// # Errors
/// Why there are none.
pub fn tokens(answer: &Answer<'_>, asked: &[&str]) -> Result<Got, &'static str> {
    if !(200..300).contains(&answer.status) {
        return Err("the status is no success");
    }
    let members = members(answer).ok_or("the body is no object")?;
    if READ.iter().any(|name| members.iter().filter(|(known, _)| known == name).count() > 1) {
        return Err("a member stands there twice");
    }
    let get =
        |name: &str| members.iter().find(|(known, _)| known == name).map_or(&Json::Null, |(_, value)| value);
    if !is_no_error(get("error")) {
        return Err("it is an error");
    }
    match get("token_type") {
        Json::Null => {}
        Json::Text(name) if name.eq_ignore_ascii_case("bearer") => {}
        _ => return Err("the token type is not bearer"),
    }
    token(get("id_token"))?;
    seconds(get("refresh_token_expires_in"))?;
    Ok(Got {
        access_token: token(get("access_token"))?.ok_or("there is no access token")?,
        refresh_token: token(get("refresh_token"))?,
        lifetime: seconds(get("expires_in"))?,
        scopes: scopes(get("scope"), asked)?,
    })
}

fn members(answer: &Answer<'_>) -> Option<Vec<(String, Json)>> {
    let label = answer.content_type.unwrap_or_default();
    let essence = label.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        && !answer.body.trim_ascii_start().starts_with(b"{")
    {
        let text = std::str::from_utf8(answer.body).ok()?;
        let pairs = url::form_urlencoded::parse(text.trim().as_bytes());
        return Some(
            pairs.map(|(name, value)| (name.into_owned(), Json::Text(value.into_owned()))).collect(),
        );
    }
    match strict::read(answer.body)? {
        Json::Object(members) => Some(members),
        _ => None,
    }
}

/// What says plainly that there is no error.
fn is_no_error(error: &Json) -> bool {
    match error {
        Json::Null | Json::Bool(false) => true,
        Json::Text(text) => text.is_empty(),
        Json::Number(number) => *number == 0.0,
        Json::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn token(value: &Json) -> Result<Option<String>, &'static str> {
    match value {
        Json::Null => Ok(None),
        Json::Text(text) if text.is_empty() => Ok(None),
        Json::Text(text) if text.len() <= LONGEST_TOKEN && text.chars().all(|c| ('!'..='~').contains(&c)) => {
            Ok(Some(text.clone()))
        }
        _ => Err("a token is no short text of visible ASCII"),
    }
}

fn seconds(value: &Json) -> Result<Option<Duration>, &'static str> {
    let number = match value {
        Json::Null => return Ok(None),
        Json::Text(text) if text.is_empty() => return Ok(None),
        Json::Text(text) if is_number(text.trim()) => text.trim().parse().unwrap_or(f64::NAN),
        Json::Number(number) => *number,
        _ => f64::NAN,
    };
    if !number.is_finite() {
        return Err("a lifetime is no number");
    }
    Ok(Some(Duration::from_secs_f64(number.floor().clamp(0.0, LONGEST_LIFE))))
}

/// Digits with at most a sign, a point and an exponent: no `inf`, no `nan`, no hexadecimal.
fn is_number(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
}

fn scopes(value: &Json, asked: &[&str]) -> Result<Vec<String>, &'static str> {
    let texts = match value {
        Json::Null => return Ok(asked.iter().map(ToString::to_string).collect()),
        Json::Text(text) => text.split(' ').map(|scope| scope.trim().to_owned()).collect(),
        Json::Array(items) => items
            .iter()
            .map(|item| match item {
                Json::Text(text) => Ok(text.clone()),
                _ => Err("a scope is no text"),
            })
            .collect::<Result<Vec<_>, _>>()?,
        _ => return Err("the scope is no text"),
    };
    // RFC 6749 §3.3 has no backslash in a scope.
    let is_scope = |scope: &&str| !scope.is_empty() && !scope.contains('\\');
    Ok(texts.iter().flat_map(|text| text.split(' ')).filter(is_scope).map(str::to_owned).collect())
}
