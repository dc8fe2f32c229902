//! Error answers: whatever a server says, its error is short, printable and without our secrets.

use super::choice;
use crate::hostile::{
    canary::{hits, printed},
    definition::CLIENT_SECRET,
    in_process::{InProcess, Standard},
    ours::parameter,
    reference::Answer,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use oauth_runtime::{Callback, Error};
use tokio::runtime::{Builder, Runtime};

const CODE: &str = "code-of-this-sign-in";

const HEADS: &[(u16, Option<&str>)] = &[
    (400, Some("application/json")),
    (400, Some("application/x-www-form-urlencoded")),
    (401, Some("text/html")),
    (429, Some("application/json")),
    (500, None),
    (302, Some("application/json")),
    (200, Some("application/json")),
];

struct Fixture {
    runtime: Runtime,
    client: InProcess<Standard>,
}

thread_local! {
    static FIXTURE: Fixture = Fixture {
        runtime: Builder::new_current_thread().enable_time().build().expect("a runtime needs nothing"),
        client: InProcess::new(Standard).expect("the definition is complete"),
    };
}

/// The first byte chooses the status and the label, the rest is the body. In it, `{SECRET}` stands for the client
/// secret, `{SECRET64}` for its base64, `{CODE}` and `{VERIFIER}` for what else was sent.
pub(super) fn body(data: &[u8]) -> bool {
    let Some((head, body)) = choice(data, HEADS) else { return false };
    let (status, content_type) = HEADS[head];
    let (error, secrets) = FIXTURE.with(|fixture| exchange(fixture, status, content_type, body));
    let Some(error) = error else {
        assert_eq!(status, 200, "a status that is no success was taken for one");
        return true;
    };
    is_fit_to_be_printed(&error, &secrets);
    false
}

fn exchange(
    fixture: &Fixture,
    status: u16,
    content_type: Option<&str>,
    body: &[u8],
) -> (Option<Error>, Vec<String>) {
    let Fixture { runtime, client } = fixture;
    let (url, pending) = client.flow.begin([]).into_parts();
    let state = parameter(&url, "state").unwrap_or_default();
    let remembered = pending.expose();
    let verifier =
        remembered.split('!').next().and_then(|head| head.strip_prefix(&state)).unwrap_or_default();
    let body = String::from_utf8_lossy(body)
        .replace("{SECRET}", CLIENT_SECRET)
        .replace("{SECRET64}", &BASE64_STANDARD.encode(CLIENT_SECRET))
        .replace("{CODE}", CODE)
        .replace("{VERIFIER}", verifier);
    client.answers(&Answer { status, content_type, body: body.as_bytes() });
    let callback = Callback::new(format!("code={CODE}&state={state}"), pending);
    let outcome = runtime.block_on(client.flow.finish(callback));
    client.sent();
    (outcome.err(), vec![CLIENT_SECRET.to_owned(), CODE.to_owned(), verifier.to_owned()])
}

/// Short, of visible characters, and without a secret.
pub(super) fn is_fit_to_be_printed(error: &Error, secrets: &[String]) {
    let text = error.to_string();
    assert!(text.chars().count() < 2000, "{} characters", text.len());
    assert!(!text.chars().any(char::is_control), "{text:?}");
    let leaked = hits(&printed(error), secrets);
    assert!(leaked.is_empty(), "{leaked:?} in {text}");
    if let Error::Refused(refusal) | Error::Denied(refusal) = error {
        assert!(refusal.code().chars().count() <= 129, "{}", refusal.code());
        assert!(refusal.description().is_none_or(|text| text.chars().count() <= 301), "{text}");
        let is_address = |uri: &str| uri.starts_with("https://") && uri.bytes().all(|b| b.is_ascii_graphic());
        assert!(refusal.uri().is_none_or(is_address), "{:?}", refusal.uri());
    }
}
