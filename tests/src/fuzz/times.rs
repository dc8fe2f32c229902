//! Times that a server names: `Retry-After` as seconds or a date, lifetimes as numbers or texts.

use super::{choice, token::holds};
use crate::hostile::{
    in_process::{InProcess, Standard},
    reference::Answer,
};
use http::{HeaderValue, Response, header::RETRY_AFTER};
use oauth_runtime::{AnswerErrorKind, Error};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

const DAY: Duration = Duration::from_secs(86_400);

const PLACES: &[&str] = &["retry_after", "number", "text"];

thread_local! {
    static FIXTURE: (Runtime, InProcess<Standard>) = (
        Builder::new_current_thread().enable_time().build().expect("a runtime needs nothing"),
        InProcess::new(Standard).expect("the definition is complete"),
    );
}

/// The first byte chooses where the rest stands: in `Retry-After`, or in `expires_in` as a number or as a text.
pub(super) fn header_or_lifetime(data: &[u8]) -> bool {
    let Some((place, value)) = choice(data, PLACES) else { return false };
    if PLACES[place] == "retry_after" {
        return retry_after(value);
    }
    let mut text = String::from_utf8_lossy(value).into_owned();
    if PLACES[place] == "text" {
        text = serde_json::Value::from(text).to_string();
    }
    let body =
        format!("{{\"access_token\":\"AT-1\",\"expires_in\":{text},\"refresh_token_expires_in\":{text}}}");
    holds(&Answer { status: 200, content_type: Some("application/json"), body: body.as_bytes() })
}

/// At most a day is believed, and a number within it is exact.
fn retry_after(value: &[u8]) -> bool {
    let Ok(header) = HeaderValue::from_bytes(value) else { return false };
    let mut response = Response::new(bytes::Bytes::new());
    *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
    response.headers_mut().insert(RETRY_AFTER, header);
    let error = FIXTURE.with(|(runtime, client)| {
        client.answers_exactly(response);
        runtime.block_on(client.sign_in()).expect_err("a server that is overloaded gives no token")
    });
    let Error::Answer(answer) = error else { panic!("{error}") };
    assert!(matches!(answer.kind(), AnswerErrorKind::Unavailable { .. }), "{answer}");
    let wait = answer.retry_after();
    assert!(wait.is_none_or(|wait| wait <= DAY), "{wait:?}");
    let text = String::from_utf8_lossy(value);
    if let Ok(seconds) = text.trim().parse::<u32>()
        && !text.trim().starts_with('+')
    {
        assert_eq!(wait, Some(Duration::from_secs(seconds.into()).min(DAY)), "{text}");
    }
    wait.is_some()
}
