//! API calls: the token in a form, statuses that mean a lapsed token, headers that say how long to wait.

use super::encode::pair_into;
use crate::{
    error::Error,
    secret::Secret,
    spec::{Api, WaitUnit},
    transport::Response,
};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use std::time::{Duration, SystemTime};

const FORM: &str = "application/x-www-form-urlencoded";
/// Nobody is made to wait longer, whatever a server says.
const DAY: f64 = 86_400.0;

/// Whether the answer means that the token has lapsed. A lack of scopes is none that a refresh mends (RFC 6750 §3.1).
pub(crate) fn is_expired(api: &Api, response: &Response) -> bool {
    let status = response.status();
    if status == StatusCode::UNAUTHORIZED {
        return true;
    }
    let lacks_scope = |value: &http::HeaderValue| {
        value.to_str().is_ok_and(|challenge| challenge.contains("insufficient_scope"))
    };
    api.expired_status.contains(&status.as_u16())
        && !response.headers().get_all(header::WWW_AUTHENTICATE).iter().any(lacks_scope)
}

/// How long to wait, by the header that the definition names.
pub(crate) fn wait(api: &Api, response: &Response, now: SystemTime) -> Option<Duration> {
    let declared = api.retry_after.as_ref().filter(|_| !response.status().is_success())?;
    let text = response.headers().get(declared.header)?.to_str().ok()?;
    let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite())?;
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let seconds = match declared.unit {
        WaitUnit::Seconds => number,
        WaitUnit::UnixTime => number - since,
    };
    // A part of a second counts as a whole one: who waits too short is refused again.
    Some(Duration::from_secs_f64(seconds.clamp(0.0, DAY).ceil()))
}

/// The body of a call with the token in it (RFC 6750 §2.2): a form, of a method that has a body.
pub(crate) fn form_with_token(
    method: &Method,
    headers: &mut HeaderMap,
    body: &Bytes,
    (parameter, token): (&str, &Secret),
) -> Result<Bytes, Error> {
    let fail =
        |problem: &str| Err(Error::Configuration(format!("the token goes into a form here: {problem}")));
    if [Method::GET, Method::HEAD].contains(method) {
        return fail("make a call that has a body, such as a POST");
    }
    let content_type = headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let is_form = content_type.is_none_or(|value| value.split(';').next() == Some(FORM));
    let Some(mut form) = String::from_utf8(body.to_vec()).ok().filter(|_| is_form) else {
        return fail("set the body by `form`");
    };
    pair_into(&mut form, parameter, token.expose());
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(FORM));
    Ok(form.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::RetryAfter;

    fn answer(status: u16, header: &'static str, value: &'static str) -> Response {
        let answer = http::Response::builder().status(status).header(header, value);
        answer.body(Bytes::new()).expect("it is an answer")
    }

    #[test]
    fn a_wait_is_in_the_declared_unit_and_no_longer_than_a_day() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        for (unit, text, seconds) in [
            (WaitUnit::Seconds, "7", Some(7)),
            (WaitUnit::Seconds, "0.25", Some(1)),
            (WaitUnit::Seconds, "-1", Some(0)),
            (WaitUnit::Seconds, "99999999", Some(86_400)),
            (WaitUnit::UnixTime, "1000060", Some(60)),
            (WaitUnit::UnixTime, "1", Some(0)),
            (WaitUnit::UnixTime, "soon", None),
            (WaitUnit::UnixTime, "NaN", None),
        ] {
            let api = Api { retry_after: Some(RetryAfter { header: "x-reset", unit }), ..Api::PLAIN };
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(wait(&api, &answer(429, "x-reset", text), now), expected, "{text}");
            assert_eq!(wait(&api, &answer(200, "x-reset", text), now), None, "a success asks nobody to wait");
        }
    }

    #[test]
    fn a_declared_status_means_a_lapsed_token_unless_the_answer_says_otherwise() {
        let api = Api { expired_status: &[403], ..Api::PLAIN };
        assert!(is_expired(&api, &answer(403, "x-a", "b")) && is_expired(&api, &answer(401, "x-a", "b")));
        assert!(
            !is_expired(&Api::PLAIN, &answer(403, "x-a", "b")) && !is_expired(&api, &answer(400, "x-a", "b"))
        );
        let lacks_scope = answer(403, "www-authenticate", "Bearer error=\"insufficient_scope\"");
        assert!(!is_expired(&api, &lacks_scope));
    }

    #[test]
    fn a_token_joins_a_form_and_nothing_else() {
        let token = &Secret::new("a+b");
        let send = |method: Method, content_type: Option<&'static str>, body: &'static str| {
            let mut headers = HeaderMap::new();
            headers.extend(
                content_type.map(|value| (header::CONTENT_TYPE, header::HeaderValue::from_static(value))),
            );
            form_with_token(&method, &mut headers, &Bytes::from_static(body.as_bytes()), ("token", token))
        };
        assert_eq!(send(Method::POST, None, "").expect("a form"), "token=a%2Bb");
        assert_eq!(send(Method::PUT, Some(FORM), "a=1").expect("a form"), "a=1&token=a%2Bb");
        assert!(
            send(Method::GET, None, "").is_err()
                && send(Method::POST, Some("application/json"), "{}").is_err()
        );
    }
}
