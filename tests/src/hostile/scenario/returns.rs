//! Where the application sends its user after a sign-in: what a request, a callback or a cookie would like.

use super::{Findings, World, app::App, browser::Browser};
use crate::hostile::ours::{encoded, parameter};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The vectors of the catalogue, and their relatives.
const ELSEWHERE: &[&str] = &[
    "//evil.example",
    "/\\evil.example",
    "/%09/evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "https://evil.example",
    "\\/evil.example",
    "/@evil.example",
    "///evil.example",
    "/%2F%2Fevil.example",
    "http:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%00",
    "/\0evil.example",
    "/account\r\nLocation: https://evil.example",
    "/a/..//evil.example",
    "evil.example",
];

/// Paths of the application.
const OURS: &[&str] = &["/", "/account", "/orders?page=2&sort=name#total", "/projects/group%2Fname"];

/// Requests that would like the user to end somewhere else (RFC 9700 §4.11).
pub(super) async fn open_redirect(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let app = world.app(&server).await?;
    let mut findings = Vec::new();
    for wanted in ELSEWHERE {
        findings.extend(lands(&app, wanted, "/").await);
        findings.extend(changed_on_the_way(&app, wanted).await);
    }
    let huge = format!("/{}", "a".repeat(1 << 20));
    findings.extend(lands(&app, &huge, "/").await);
    for wanted in OURS {
        findings.extend(lands(&app, wanted, wanted).await);
    }
    Ok(findings)
}

/// A sign-in that was begun with the wish for `wanted` ends at `expected`, or it is not begun.
async fn lands(app: &App, wanted: &str, expected: &str) -> Option<String> {
    let mut browser = Browser::new(app.port);
    let reply = browser.get(&format!("/login?return_to={}", encoded(wanted))).await;
    // A server may close before it has read a megabyte, or say that it is too long.
    if wanted != expected && matches!(reply.status, 0 | 400 | 414 | 431) {
        return None;
    }
    let state = parameter(reply.location(), "state").unwrap_or_default();
    let reply =
        browser.get(&format!("/callback?code=CODE1&state={state}&return_to={}", encoded(wanted))).await;
    let shown: String = wanted.chars().take(40).collect();
    (reply.status != 303 || reply.location() != expected)
        .then(|| format!("{shown:?} ended with {} at {:?}", reply.status, reply.location()))
}

/// A cookie that was changed to lead elsewhere does not lead there.
async fn changed_on_the_way(app: &App, wanted: &str) -> Option<String> {
    let mut browser = Browser::new(app.port);
    let reply = browser.get("/login?return_to=/account").await;
    let state = parameter(reply.location(), "state").unwrap_or_default();
    let forged = utf8_percent_encode(wanted, NON_ALPHANUMERIC);
    let replaced = |value: &String| value.replace("!/account!", &format!("!{forged}!"));
    browser.cookies.values_mut().for_each(|value| *value = replaced(value));
    let reply = browser.get(&format!("/callback?code=CODE1&state={state}")).await;
    (reply.status != 400).then(|| format!("a cookie with {wanted:?} ended at {:?}", reply.location()))
}
