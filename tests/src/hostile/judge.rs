//! The judgement: what a client did, held against what its row and the rules for every exchange say.

use super::{
    canary, class,
    definition::{ASKED, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI},
    reference,
    row::{Row, Verdict},
    server::{Received, Seen},
    subject::{Failure, Got, Play},
};
use std::time::Duration;

/// More memory than this no exchange may take.
pub(crate) const MOST_MEMORY: u64 = 4 << 20;
/// A longer error text is no text for people.
const LONGEST_DISPLAY: usize = 4 << 10;

/// What one exchange took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// From the call to its end.
    pub(crate) elapsed: Duration,
    /// How long it may take at the most.
    pub(crate) allowed: Duration,
    /// The most memory that it held at a time.
    pub(crate) memory: u64,
}

impl Cost {
    /// What of it is too much.
    pub(crate) fn findings(self) -> Vec<String> {
        let mut findings = Vec::new();
        if self.elapsed > self.allowed {
            let (elapsed, allowed) = (self.elapsed.as_millis(), self.allowed.as_millis());
            findings.push(format!("took {elapsed} ms where {allowed} ms are allowed"));
        }
        if self.memory > MOST_MEMORY {
            findings.push(format!("held {} KiB at once", self.memory >> 10));
        }
        findings
    }
}

/// How an outcome differs from what the row wants, and from what a strict reader makes of `message`.
pub(crate) fn outcome(row: &Row, play: &Play, message: Option<&Result<Got, &'static str>>) -> Vec<String> {
    match (&play.outcome, row.verdict) {
        (Ok(_), Verdict::Reject) => vec!["accepted what is to be refused".to_owned()],
        (Ok(got), _) => tokens(got, message),
        (Err(failure), Verdict::Accept) => vec![format!("refused what is honest: {}", said(play, failure))],
        (Err(failure), _) => error(row, play, failure),
    }
}

/// `encoded`: the body is compressed, which nobody asked for, so not reading it is as good as a limit on what it unpacks to.
pub(crate) fn stands_for(row: &Row, failure: &Failure, encoded: bool) -> bool {
    let Some(class) = &row.error else { return true };
    let names = || row.expected_errors().chain([class.as_str()]);
    let refused_unread = encoded && failure.classes.contains(&"NotJson");
    !names().any(class::is_known) || refused_unread || names().any(|name| failure.classes.contains(&name))
}

fn error(row: &Row, play: &Play, failure: &Failure) -> Vec<String> {
    let recipe = row.recipe.to_string().to_ascii_lowercase();
    let encoded = recipe.contains("gzip_bomb") || recipe.contains("content-encoding");
    if row.verdict == Verdict::Reject && !stands_for(row, failure, encoded) {
        let class = row.error.as_deref().unwrap_or_default();
        return vec![format!("an error of the class {class} is expected: {}", said(play, failure))];
    }
    Vec::new()
}

fn said(play: &Play, failure: &Failure) -> String {
    let line = play.display.lines().next().unwrap_or_default();
    format!("{:?}, {line:.160}", failure.classes)
}

fn tokens(got: &Got, message: Option<&Result<Got, &'static str>>) -> Vec<String> {
    let mut findings = Vec::new();
    if ["EVIL", "POISON"].iter().any(|word| got.access_token.contains(word)) {
        findings.push("took an attacker's token".to_owned());
    }
    match message {
        Some(Err(reason)) => findings.push(format!("accepted what a strict reader refuses: {reason}")),
        Some(Ok(expected)) if expected != got => {
            findings.push(format!("read {} where {} stands", summary(got), summary(expected)));
        }
        _ => {}
    }
    findings
}

fn summary(got: &Got) -> String {
    let Got { access_token, refresh_token, lifetime, scopes } = got;
    format!("{access_token:.40} {refresh_token:?} {lifetime:?} {scopes:?}")
}

/// What a strict reader makes of a whole answer; a refresh keeps the refresh token that it had.
pub(crate) fn expected(answer: &reference::Answer<'_>, kept: Option<&str>) -> Result<Got, &'static str> {
    let mut got = reference::tokens(answer, ASKED)?;
    got.refresh_token = got.refresh_token.or(kept.map(str::to_owned));
    Ok(got)
}

/// Secrets in what is printed, and characters that do something to a terminal, a log or a page.
pub(crate) fn printed(play: &Play, more_secrets: &[String]) -> Vec<String> {
    let mut findings = Vec::new();
    for secrets in [&play.secrets, more_secrets] {
        let hits = canary::hits(&play.printed, secrets);
        findings.extend(hits.iter().map(|secret| format!("prints the secret {secret:.40}")));
    }
    if play.display.chars().any(|c| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    }) {
        findings.push("its text has control characters".to_owned());
    }
    if play.display.contains("javascript:") {
        findings.push("its text has a javascript: address".to_owned());
    }
    if play.display.len() > LONGEST_DISPLAY {
        findings.push(format!("its text has {} bytes", play.display.len()));
    }
    findings
}

/// Requests that are too many, at the wrong place, or not as they must be.
pub(crate) fn requests(most: usize, seen: &Seen, elsewhere: &Seen) -> Vec<String> {
    let mut findings = Vec::new();
    if seen.requests.len() > most {
        findings.push(format!("sent {} requests where {most} are allowed", seen.requests.len()));
    }
    if elsewhere.connections > 0 {
        findings.push(format!("connected {} times to another origin", elsewhere.connections));
    }
    for request in &seen.requests {
        findings.extend(request_findings(request).into_iter().map(str::to_owned));
    }
    findings.dedup();
    findings
}

/// Rules that every request with a grant or a token keeps, whatever is answered.
fn request_findings(request: &Received) -> Vec<&'static str> {
    let by_header = request.header("authorization").is_some_and(|value| value.starts_with("Basic "));
    let in_body = !request.fields("client_secret").is_empty();
    let its_fields = match (request.target.as_str(), request.field("grant_type").as_deref()) {
        ("/revoke", _) => has(request, "token"),
        (_, Some("authorization_code")) => is_code(request),
        _ => has(request, "refresh_token"),
    };
    let checks = [
        (request.method == "POST", "asked by another method than POST (RFC 6749 §3.2)"),
        (matches!(&*request.target, "/token" | "/revoke"), "asked at another address, or with a query"),
        (
            request.header("content-type") == Some("application/x-www-form-urlencoded"),
            "did not label its form",
        ),
        (request.header("accept-encoding").is_none(), "asked for compression"),
        (by_header != in_body, "did not authenticate in exactly one way (RFC 6749 §2.3)"),
        (!in_body || request.field("client_id").as_deref() == Some(CLIENT_ID), "sent no client id"),
        (
            !in_body || request.field("client_secret").as_deref() == Some(CLIENT_SECRET),
            "sent a garbled client secret",
        ),
        (its_fields, "did not send the fields of its grant, each once"),
    ];
    checks.iter().filter(|(holds, _)| !holds).map(|(_, finding)| *finding).collect()
}

fn has(request: &Received, name: &str) -> bool {
    request.field(name).is_some_and(|value| !value.is_empty())
}

/// RFC 6749 §4.1.3 and RFC 7636 §4.1: one code, the redirect URI as it began, a verifier of 43 to 128 unreserved characters.
fn is_code(request: &Received) -> bool {
    let verifier = request.field("code_verifier").unwrap_or_default();
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    has(request, "code")
        && request.field("redirect_uri").as_deref() == Some(REDIRECT_URI)
        && (43..=128).contains(&verifier.len())
        && verifier.bytes().all(unreserved)
}
