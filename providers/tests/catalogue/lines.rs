//! Requests as a reviewer reads them: without what is random, each in a line or two.

use base64::{Engine, prelude::BASE64_STANDARD};
use oauth_runtime::{Chosen, TokenSet, spec::Spec};
use oauth_test_provider::RecordedRequest;
use url::{Url, form_urlencoded};

/// Headers that say nothing about a provider.
const IDLE: [&str; 6] =
    ["accept-encoding", "authorization", "connection", "content-length", "content-type", "host"];

/// What every request says of itself, unless a definition changes it.
const USUAL: [(&str, &str); 2] = [("accept", "application/json"), ("accept", "*/*")];

/// A text that is as long as this, of the characters of base64url, is random.
const RANDOM: usize = 40;

/// Names for values that are others in each run.
#[derive(Default)]
pub(crate) struct Names(Vec<(String, &'static str)>);

impl Names {
    pub(crate) fn add(&mut self, value: &str, name: &'static str) {
        let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        for form in [value.to_owned(), encoded.replace('+', "%20"), encoded] {
            if !form.is_empty() && self.0.iter().all(|(known, _)| *known != form) {
                self.0.push((form, name));
            }
        }
        // The longest first, because one may be a part of another.
        self.0.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    }

    /// What the way to the provider and back tells.
    pub(crate) fn learn(&mut self, spec: &Spec, url: &str, back: &str) {
        let sent = Url::parse(&url.replacen('#', "", 1)).ok();
        let sent: Vec<_> = sent.iter().flat_map(|url| url.query_pairs().into_owned()).collect();
        let state = spec.authorization.name("state").unwrap_or("state");
        for (parameter, name) in [(state, "STATE"), ("code_challenge", "CHALLENGE")] {
            if let Some((_, value)) = sent.iter().find(|(sent, _)| sent == parameter) {
                self.add(value, name);
            }
        }
        let brought = form_urlencoded::parse(back.as_bytes());
        for (_, value) in brought.filter(|(parameter, _)| parameter == spec.callback.code) {
            self.add(&value, "CODE");
        }
    }

    pub(crate) fn tokens(&mut self, tokens: &TokenSet<Chosen>) {
        self.add(tokens.access_token().expose(), "ACCESS_TOKEN");
        if let Some(token) = tokens.refresh_token() {
            self.add(token.expose(), "REFRESH_TOKEN");
        }
    }

    /// The text with names in place of values.
    fn put(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (value, name) in &self.0 {
            text = text.replace(value.as_str(), name);
        }
        without_random(&text)
    }
}

fn without_random(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let (mut rest, mut written) = (text, String::new());
    while let Some(start) = rest.find(is_part) {
        let (before, run) = rest.split_at(start);
        let (run, after) = run.split_at(run.find(|c| !is_part(c)).unwrap_or(run.len()));
        written.push_str(before);
        written.push_str(if run.len() < RANDOM { run } else { "RANDOM" });
        rest = after;
    }
    written + rest
}

/// Every request, in the order in which they were sent.
pub(crate) fn lines(requests: &[RecordedRequest], names: &Names) -> Vec<String> {
    let mut all = Names(names.0.clone());
    all.add("test+secret/100%: &=?", "CLIENT_SECRET");
    requests.iter().flat_map(|request| request_lines(request, &mut all)).collect()
}

fn request_lines(request: &RecordedRequest, names: &mut Names) -> Vec<String> {
    for (name, value) in &request.parameters {
        // Only a verifier is as long as this, whatever it is called.
        if value.len() == 43 && name.contains("verifier") {
            names.add(value, "VERIFIER");
        }
    }
    let mut lines = vec![names.put(&format!("{} {}", request.method, request.url))];
    for (name, value) in &request.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        if name == "authorization" {
            lines.push(format!("    authorization: {}", names.put(&readable(&value))));
        } else if !IDLE.contains(&name.as_str()) && !USUAL.contains(&(name.as_str(), &*value)) {
            lines.push(format!("    {name}: {}", names.put(&value)));
        }
    }
    lines.extend(body(request, names));
    lines
}

/// The parameters of a body; those of a query stand in the address.
fn body(request: &RecordedRequest, names: &Names) -> Option<String> {
    let kind = request.headers.get("content-type").filter(|_| request.method != "GET")?;
    let kind = if kind.as_bytes().ends_with(b"json") { "json" } else { "form" };
    let pair = |(name, value): &(String, String)| format!(" {name}={}", names.put(value));
    Some(format!("    {kind}:{}", request.parameters.iter().map(pair).collect::<String>()))
}

/// HTTP Basic with its user and password.
fn readable(authorization: &str) -> String {
    let decoded = authorization.strip_prefix("Basic ").and_then(|text| BASE64_STANDARD.decode(text).ok());
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    text.map_or_else(|| authorization.to_owned(), |text| format!("Basic {text}"))
}

#[test]
fn what_is_random_is_not_written() {
    let mut names = Names::default();
    names.add("a b", "CODE");
    assert_eq!(names.put("code=a%20b or a+b or a b"), "code=CODE or CODE or CODE");
    assert_eq!(names.put(&format!("x={}", "r".repeat(40))), "x=RANDOM");
    assert_eq!(names.put("client-name-of-an-application"), "client-name-of-an-application");
}
