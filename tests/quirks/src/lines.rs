//! [`Lines`]: what happened, without what is random in it.

use oauth_runtime::{Error, Refusal};
use oauth_test_provider::{AnyProvider, RecordedRequest, TestProvider};

/// Shorter texts are no tokens.
const RANDOM: usize = 40;
/// Headers that say nothing about a definition.
const IDLE: [&str; 5] = ["accept-encoding", "connection", "content-length", "host", "user-agent"];

#[derive(Default)]
pub(crate) struct Lines {
    lines: Vec<String>,
    /// Random texts, in the order in which they came.
    seen: Vec<String>,
}

impl Lines {
    pub(crate) fn add(&mut self, what: &str, text: impl AsRef<str>) {
        let text = self.without_random(&without_signed(text.as_ref()));
        self.lines.push(format!("{what}: {text}"));
    }

    pub(crate) fn finish(self) -> Vec<String> {
        self.lines
    }

    pub(crate) fn outcome(&mut self, what: &str, outcome: Result<String, Error>) {
        match outcome {
            Ok(text) => self.add(what, text),
            Err(error) => self.error(what, &error),
        }
    }

    pub(crate) fn error(&mut self, what: &str, error: &Error) {
        self.add(what, format!("error: {error}"));
        if let Error::Denied(refusal) | Error::Refused(refusal) = error {
            self.add(what, meaning(refusal));
        }
        self.add(what, format!("login {}, later {}", error.needs_login(), error.is_transient()));
    }

    /// An address, its parameters in their order.
    pub(crate) fn url(&mut self, what: &str, url: &str) {
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        let path = address
            .split_once("127.0.0.1:")
            .map_or(address, |(_, rest)| rest.trim_start_matches(char::is_numeric));
        self.add(what, path);
        for pair in query.split('&') {
            self.add(what, pair);
        }
    }

    /// What reached the provider.
    pub(crate) fn requests(&mut self, test: &TestProvider<AnyProvider>) {
        for request in test.requests() {
            self.request(&request);
        }
    }

    fn request(&mut self, request: &RecordedRequest) {
        self.url(request.method.as_str(), &request.url);
        for (name, value) in &request.headers {
            if !IDLE.contains(&name.as_str()) || name == "user-agent" {
                self.add("header", format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())));
            }
        }
        for (name, value) in &request.parameters {
            self.add("parameter", format!("{name}={value}"));
        }
        self.add("status", format!("{:?} {:?}", request.status, request.refused));
    }

    fn without_random(&mut self, text: &str) -> String {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let mut rest = text;
        let mut written = String::new();
        while let Some(start) = rest.find(is_part) {
            let (before, run) = rest.split_at(start);
            let (run, after) = run.split_at(run.find(|c| !is_part(c)).unwrap_or(run.len()));
            written.push_str(before);
            written.push_str(&if run.len() < RANDOM { run.to_owned() } else { self.number(run) });
            rest = after;
        }
        written + rest
    }

    fn number(&mut self, run: &str) -> String {
        let known = self.seen.iter().position(|seen| seen == run);
        let number = known.unwrap_or_else(|| {
            self.seen.push(run.to_owned());
            self.seen.len() - 1
        });
        format!("#{number}")
    }
}

/// What a client signs is another each second.
fn without_signed(text: &str) -> String {
    let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_signed = |word: &str| word.starts_with("eyJ") && word.split('.').count() == 3;
    let words = text
        .split_inclusive(|c| !belongs(c))
        .map(|word| word.split_at(word.trim_end_matches(|c| !belongs(c)).len()));
    let mut written = String::with_capacity(text.len());
    for (word, end) in words {
        written.push_str(if is_signed(word) { "a signed token" } else { word });
        written.push_str(end);
    }
    written
}

fn meaning(refusal: &Refusal) -> String {
    format!(
        "{} means {} at {:?}: {:?}, see {:?}, login {}, later {}",
        refusal.code(),
        refusal.means(),
        refusal.stage(),
        refusal.hint(),
        refusal.docs(),
        refusal.reauthorize(),
        refusal.retry()
    )
}
