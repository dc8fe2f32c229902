//! Notes of a page on token answers: what is not as the standard has it, in words.

use super::note::{list, time};
use crate::model::{Capture, Condition, Field, LifetimeUnit, NamedToken, Scalar, TokenResponse};

/// A line for each difference.
pub(super) fn notes(response: &TokenResponse) -> Vec<String> {
    let captured = response.capture.iter().map(|Capture { name, path }| {
        let path = path.join(".");
        let as_name = if *name == path { String::new() } else { format!(" as `{name}`") };
        format!("the token answer's `{path}` is kept{as_name}: `TokenSet::captured`")
    });
    let parts = [success(response), places(response), lifetimes(response), several(response)];
    parts.into_iter().flatten().chain(captured).collect()
}

/// What tells a success from an error.
fn success(response: &TokenResponse) -> Vec<String> {
    let condition = |Condition { path, value }: &Condition| {
        let value = match value {
            Scalar::Bool(value) => value.to_string(),
            Scalar::Integer(value) => value.to_string(),
            Scalar::Text(value) => value.clone(),
        };
        format!("a token answer is a success where its `{}` is `{value}`", path.join("."))
    };
    let error = [("code", &response.error_code), ("description", &response.error_description)];
    let error = error.into_iter().filter_map(|(what, path)| {
        path.as_ref().map(|path| format!("the {what} of an error stands at `{}`", path.join(".")))
    });
    response.success.iter().map(condition).chain(error).collect()
}

/// Where the members stand, and what they are called.
fn places(response: &TokenResponse) -> Vec<String> {
    let root = response.root.as_ref();
    let root = root.map(|root| format!("the token stands at `{}` in the answer", root.join(".")));
    let members: [(&str, &Field); 7] = [
        ("access_token", &response.access_token),
        ("refresh_token", &response.refresh_token),
        ("id_token", &response.id_token),
        ("token_type", &response.token_type),
        ("scope", &response.scope),
        ("expires_in", &response.expires_in),
        ("refresh_token_expires_in", &response.refresh_token_expires_in),
    ];
    let called = members.into_iter().filter_map(|(name, path)| {
        path.as_ref().map(|path| format!("the token answer calls `{name}` `{}`", path.join(".")))
    });
    let types = (!response.token_types.is_empty())
        .then(|| format!("a token of the type {} is a bearer token", list(&response.token_types, "or")));
    root.into_iter().chain(called).chain(types).collect()
}

fn lifetimes(response: &TokenResponse) -> Vec<String> {
    let unit = (response.expires_in_unit == LifetimeUnit::Milliseconds)
        .then(|| "the token answer counts lifetimes in milliseconds".to_owned());
    let zero =
        response.zero_is_never.then(|| "a lifetime of 0 means that the token does not lapse".to_owned());
    let at = response.expires_at.as_ref().map(|path| {
        format!("the token answer's `{}` is the time at which the access token lapses", path.join("."))
    });
    let default = response.default_expires_in;
    let default = default
        .map(|seconds| format!("a token whose answer names no lifetime is good for {}", time(seconds)));
    [unit, zero, at, default].into_iter().flatten().collect()
}

/// The further tokens.
fn several(response: &TokenResponse) -> Vec<String> {
    let named = response.tokens.iter().map(|NamedToken { name, constant, response }| {
        let root = response.root.as_ref().map(|root| format!(", at `{}`", root.join("."))).unwrap_or_default();
        let verb = if response.optional { "may have" } else { "has" };
        format!(
            "the token answer {verb} a further token `{name}`{root}, a grant of its own: [`{constant}`](Self::{constant})"
        )
    });
    let first = response.optional.then(|| {
        "the first token may be missing where a further one is there: `TokenSet::has_access_token`".to_owned()
    });
    named.chain(first).collect()
}
