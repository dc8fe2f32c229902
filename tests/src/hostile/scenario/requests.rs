//! Requests that no honest browser makes for its user, at the real application.

use super::{
    Findings, World,
    app::App,
    browser::{Browser, Reply},
    logins::{accepted, refused},
};
use crate::hostile::{
    definition::REDIRECT_URI,
    ours::{self, parameter},
    server::Server,
};
use std::time::{Duration, Instant};

/// A callback that is not used, then an honest one that is.
async fn not_used(
    app: &App,
    server: &Server,
    what: &str,
    request: impl AsyncFnOnce(&mut Browser, &str) -> Reply,
) -> Vec<String> {
    let (mut browser, state) = app.begun("").await;
    let before = server.count();
    let reply = request(&mut browser, &state).await;
    let mut findings = Vec::new();
    if reply.status != 405 {
        findings.push(format!("{what}: the status is {}", reply.status));
    }
    findings.extend(refused(what, app.outcomes().pop(), &["Method"]));
    if server.count() > before {
        findings.push(format!("{what}: a request was sent"));
    }
    browser.get(&format!("/callback?code=CODE1&state={state}")).await;
    findings.extend(accepted(&format!("the honest callback after {what}"), app.outcomes().pop()));
    findings
}

/// HEAD, and every way in which browsers say that nobody has asked yet.
pub(super) async fn head(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let app = world.app(&server).await?;
    let mut findings = not_used(&app, &server, "HEAD", async |browser, state| {
        browser.send("HEAD", &format!("/callback?code=CODE1&state={state}"), &[], "").await
    })
    .await;
    for header in [
        ("Sec-Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("X-Moz", "prefetch"),
        ("X-Purpose", "preview"),
    ] {
        let what = format!("{}: {}", header.0, header.1);
        let more = not_used(&app, &server, &what, async |browser, state| {
            browser.send("GET", &format!("/callback?code=CODE1&state={state}"), &[header], "").await
        });
        findings.extend(more.await);
    }
    Ok(findings)
}

/// The parameters in a form, or in the query of a POST, or by another method still.
pub(super) async fn form_post(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let app = world.app(&server).await?;
    let mut findings = not_used(&app, &server, "POST of a form", async |browser, state| {
        browser.send("POST", "/callback", &[], &format!("code=CODE1&state={state}")).await
    })
    .await;
    for method in ["POST", "PUT", "OPTIONS"] {
        let more = not_used(&app, &server, method, async |browser, state| {
            browser.send(method, &format!("/callback?code=CODE1&state={state}"), &[], "x=y").await
        });
        findings.extend(more.await);
    }
    Ok(findings)
}

/// A request line of a megabyte.
pub(super) async fn overlong(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let app = world.app(&server).await?;
    let (mut browser, state) = app.begun("").await;
    let started = Instant::now();
    let reply = browser.get(&format!("/callback?code={}&state={state}", "A".repeat(1 << 20))).await;
    let elapsed = started.elapsed();
    let mut findings = Vec::new();
    // A server may close before it has read everything, and then its answer is lost on the way.
    if !matches!(reply.status, 0 | 400 | 414 | 431) {
        findings.push(format!("the status is {}", reply.status));
    }
    if elapsed > Duration::from_millis(200) + world.pace.slack {
        findings.push(format!("took {} ms", elapsed.as_millis()));
    }
    if server.count() > 0 || app.outcomes().iter().any(Result::is_ok) {
        findings.push("it was used".to_owned());
    }
    Ok(findings)
}

/// A sign-in that another site starts: it is bound to the browser in which it runs, and to nothing that a site can set.
pub(super) async fn login_csrf(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let app = world.app(&server).await?;
    let mut browser = Browser::new(app.port);
    let headers = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Origin", "https://evil.example"),
    ];
    let reply =
        browser.send("GET", "/login?state=evil&redirect_uri=https://evil.example", &headers, "").await;
    let mut findings = Vec::new();
    // To refuse such a start is an application's choice; ours makes it harmless.
    if reply.status == 303 {
        findings.extend(cookie_findings(&browser));
        let state = parameter(reply.location(), "state").unwrap_or_default();
        if state.len() < 43 {
            findings.push("the state is not the flow's own".to_owned());
        }
        if parameter(reply.location(), "redirect_uri").as_deref() != Some(REDIRECT_URI) {
            findings.push("the redirect URI is not the flow's own".to_owned());
        }
        let (_, of_attacker) = app.begun("").await;
        browser.get(&format!("/callback?code=CODE-OF-ATTACKER&state={of_attacker}")).await;
        findings.extend(refused("the attacker's callback", app.outcomes().pop(), &["State"]));
    }
    Ok(findings)
}

/// What every cookie of a pending sign-in has to say (RFC 6265 §4.1.2).
fn cookie_findings(browser: &Browser) -> Vec<String> {
    let mut findings = Vec::new();
    for cookie in &browser.set_cookies {
        for part in ["; HttpOnly", "; Secure", "; SameSite=Lax", "; Path=/", "; Max-Age=600"] {
            if !cookie.contains(part) {
                findings.push(format!("the cookie lacks {:?}", &part[2..]));
            }
        }
        if !cookie.starts_with("__Host-") || cookie.contains("Domain") {
            findings.push("a neighbouring site can set the cookie".to_owned());
        }
    }
    if browser.set_cookies.is_empty() {
        findings.push("there is no cookie".to_owned());
    }
    findings
}

type Forging = fn(&str) -> String;

/// Another first character.
fn swapped(value: &str) -> String {
    format!("{}{}", if value.starts_with('A') { 'B' } else { 'A' }, &value[1..])
}

/// Cookies that are made up, cut, changed or of a neighbouring site.
pub(super) async fn forged_cookie(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let app = world.app(&server).await?;
    let mut findings = Vec::new();
    let forgeries: [(&str, Forging); 7] = [
        ("an empty cookie", |_| String::new()),
        ("a cookie of rubbish", |_| "rubbish".to_owned()),
        ("a cookie that is cut", |value| value[..value.len() / 2].to_owned()),
        ("a cookie with another state", |value| swapped(value)),
        ("a cookie with another redirect URI", |value| value.replace("app.example", "evil.example")),
        ("a cookie of another provider", |value| value.replace("!hostile!", "!other!")),
        ("a cookie of 40 kilobytes", |value| format!("{value}{}", "!x".repeat(20_000))),
    ];
    for (what, forge) in forgeries {
        let (mut browser, state) = app.begun("").await;
        browser.cookies.values_mut().for_each(|value| *value = forge(value));
        browser.get(&format!("/callback?code=CODE1&state={state}")).await;
        findings.extend(refused(what, app.outcomes().pop(), &["State", "ProviderMismatch"]));
    }
    findings.extend(without_prefix(&app).await);
    if server.count() > 0 {
        findings.push(format!("sent {} requests", server.count()));
    }
    Ok(findings)
}

/// A neighbouring site can set a cookie without the prefix `__Host-`: it does not count at an application behind https.
async fn without_prefix(app: &App) -> Option<String> {
    let (mut browser, state) = app.begun("").await;
    let renamed = browser.cookies.iter().map(|(name, value)| (name.replace("__Host-", ""), value.clone()));
    browser.cookies = renamed.collect();
    browser.get(&format!("/callback?code=CODE1&state={state}")).await;
    refused("a cookie without its prefix", app.outcomes().pop(), &["State"])
}

/// `Host` and its friends say where the redirect URI is not taken from.
pub(super) async fn host_header(world: &World<'_>) -> Findings {
    let server = world.good_server()?;
    let app = world.app(&server).await?;
    let mut findings = Vec::new();
    for name in ["Host", "X-Forwarded-Host", "Forwarded", "X-Original-Host"] {
        let value = if name == "Forwarded" { "host=evil.example" } else { "evil.example" };
        let mut browser = Browser::new(app.port);
        let reply = browser.send("GET", "/login", &[(name, value)], "").await;
        let state = parameter(reply.location(), "state").unwrap_or_default();
        let target = format!("/callback?code=CODE1&state={state}");
        browser.send("GET", &target, &[(name, value)], "").await;
        findings.extend(accepted(name, app.outcomes().pop()));
        let sent = server.seen().requests.last().and_then(|request| request.field("redirect_uri"));
        let began = parameter(reply.location(), "redirect_uri");
        if [sent, began].iter().any(|uri| uri.as_deref() != Some(REDIRECT_URI)) {
            findings.push(format!("the redirect URI comes out of {name}"));
        }
    }
    Ok(findings)
}

/// The redirect URI is the same bytes at both endpoints (RFC 6749 §4.1.3), whatever is in it.
pub(super) async fn redirect_uri_echo(world: &World<'_>) -> Findings {
    let mut findings = Vec::new();
    for uri in [
        "https://app.example/callback",
        "https://app.example/Callback/?x=a%20b&y=%2F",
        "https://APP.example:443/a/../callback",
        "http://127.0.0.1:8000/callback",
        "com.example.app:/callback",
    ] {
        let server = world.good_server()?;
        let flow = ours::flow::<crate::hostile::definition::Plain>(server.port(), uri);
        let app = App::start(flow.map_err(|error| error.to_string())?, server.port()).await?;
        let mut browser = Browser::new(app.port);
        let reply = browser.get("/login").await;
        let state = parameter(reply.location(), "state").unwrap_or_default();
        browser.get(&format!("/callback?code=CODE1&state={state}")).await;
        findings.extend(accepted(uri, app.outcomes().pop()));
        let sent = server.seen().requests.first().and_then(|request| request.field("redirect_uri"));
        let began = parameter(reply.location(), "redirect_uri");
        if sent.as_deref() != Some(uri) || began.as_deref() != Some(uri) {
            findings.push(format!("{uri} became {began:?} and {sent:?}"));
        }
    }
    Ok(findings)
}
