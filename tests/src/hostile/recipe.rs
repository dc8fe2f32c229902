//! [`Recipe`]: what a row does, read from its JSON, and the bytes that come of it.

use super::{
    gzip, placeholder,
    placeholder::Values,
    server::{Action, Answer},
};
use serde_json::{Map, Value};
use std::time::Duration;

/// What a row does.
#[derive(Debug, Clone)]
pub(crate) enum Recipe {
    /// A server answers like this.
    Answer(Vec<Step>),
    /// The user agent comes back with this query.
    Query(String),
    /// Something that takes code to play.
    Scenario(String),
    /// A server behaves like this before HTTP begins.
    Tls(String),
    /// It is about a part of the project that is not there yet.
    NotBuilt(String),
}

/// A step of an answer.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Bytes as they are.
    Send(String),
    /// A whole answer, with its length and the end of the connection.
    Http(Message),
    /// The same bytes again and again.
    Repeat(String, u64),
    /// A byte at a time.
    Trickle(String, Duration),
    /// Nothing for a while.
    Sleep(Duration),
    /// A small compressed body of this many bytes.
    GzipBomb(u64),
    /// Nothing more, and the connection stays.
    Hang,
    /// The connection is torn.
    Reset,
    /// The connection ends.
    Close,
}

/// What a step can do.
const KINDS: &[&str] =
    &["send", "http", "repeat", "trickle", "sleep_ms", "gzip_bomb", "hang", "reset", "close"];
/// A bomb that unpacks to this much has some sixteen megabytes.
const LARGEST_BOMB: u64 = 16 << 30;

/// An answer in parts.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// The status.
    pub(crate) status: u16,
    reason: String,
    /// The headers.
    pub(crate) headers: Vec<(String, String)>,
    body: String,
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// What of it is not understood, or is more than this machine should do: half a behaviour must not count as played.
    pub(crate) fn parse(recipe: &Value, endpoint: &str) -> Result<Self, String> {
        let object = recipe.as_object().ok_or("the recipe is no object")?;
        let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
        placeholder::check(recipe)?;
        if let Some(scenario) = text("scenario") {
            return Ok(Self::Scenario(scenario));
        }
        if let Some(part) = not_built(object.keys(), endpoint) {
            return Ok(Self::NotBuilt(part));
        }
        if let Some(query) = text("query") {
            return only(object, &["query"]).map(|()| Self::Query(query));
        }
        if let Some(kind) = text("tls") {
            return only(object, &["tls"]).map(|()| Self::Tls(kind));
        }
        if let Some(steps) = object.get("steps").and_then(Value::as_array) {
            only(object, &["steps"])?;
            return steps.iter().map(Step::parse).collect::<Result<_, _>>().map(Self::Answer);
        }
        Step::parse(recipe).map(|step| Self::Answer(vec![step]))
    }

    /// The answer, if it is a single whole one.
    pub(crate) fn only_message(&self) -> Option<&Message> {
        match self {
            Self::Answer(steps) => match steps.as_slice() {
                [Step::Http(message)] => Some(message),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Nothing in `object` has another name than these.
fn only(object: &Map<String, Value>, known: &[&str]) -> Result<(), String> {
    let strange = object.keys().find(|name| !known.contains(&name.as_str()));
    strange.map_or(Ok(()), |name| Err(format!("nothing is known of {name:?} beside {:?}", known[0])))
}

/// The part of the project that a recipe is about, where that is not there yet.
fn not_built<'a>(names: impl Iterator<Item = &'a String>, endpoint: &str) -> Option<String> {
    let part = |name: &str| match name {
        "id_token" | "id_token_raw" | "jwks" | "userinfo" => Some("id_token"),
        "device" => Some("device"),
        "par" => Some("pushed requests"),
        _ => None,
    };
    let by_name = names.map(String::as_str).find_map(part).or(match endpoint {
        "introspect" => Some("introspection"),
        "metadata" => Some("discovery"),
        "userinfo" | "jwks" => Some("id_token"),
        "par" => Some("pushed requests"),
        _ => None,
    });
    let is_built = matches!(endpoint, "token" | "refresh" | "revoke" | "revocation" | "callback");
    by_name.or((!is_built).then_some(endpoint)).map(str::to_owned)
}

impl Step {
    fn parse(step: &Value) -> Result<Self, String> {
        let object = step.as_object().ok_or_else(|| format!("the step {step} is no object"))?;
        let names = || object.keys().map(String::as_str);
        let kind = names().find(|name| KINDS.contains(name));
        let kind = kind.ok_or_else(|| format!("a step of {:?} is not known", names().collect::<Vec<_>>()))?;
        match kind {
            "repeat" => only(object, &[kind, "times"]),
            "trickle" => only(object, &[kind, "every_ms"]),
            _ => only(object, &[kind]),
        }?;
        let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = |name: &str| object.get(name).and_then(Value::as_u64);
        let ms = |name: &str| number(name).map(Duration::from_millis);
        let parsed = match kind {
            "http" => return Message::parse(&object["http"]).map(Self::Http),
            "send" => text("send").map(Self::Send),
            "repeat" => text("repeat").filter(|text| !text.is_empty()).and_then(|text| {
                let times = object.get("times").map_or(Some(u64::MAX), Value::as_u64)?;
                Some(Self::Repeat(text, times))
            }),
            "trickle" => text("trickle").and_then(|text| {
                let every = object.get("every_ms").map_or(Some(500), Value::as_u64)?;
                Some(Self::Trickle(text, Duration::from_millis(every)))
            }),
            "sleep_ms" => ms("sleep_ms").map(Self::Sleep),
            "gzip_bomb" => number("gzip_bomb").filter(|size| *size <= LARGEST_BOMB).map(Self::GzipBomb),
            // How long, or how, cannot be said.
            _ if object[kind] != true => None,
            "hang" => Some(Self::Hang),
            "reset" => Some(Self::Reset),
            _ => Some(Self::Close),
        };
        parsed.ok_or_else(|| format!("the step {:.80} cannot be done", step.to_string()))
    }

    fn actions(&self, values: &Values) -> Vec<Action> {
        match self {
            Self::Send(text) => vec![Action::Send(values.bytes(text))],
            Self::Http(message) => vec![Action::Send(message.bytes(values)), Action::Close],
            Self::Repeat(text, times) => vec![Action::Repeat(values.bytes(text), *times)],
            Self::Trickle(text, every) => vec![Action::Trickle(values.bytes(text), *every)],
            Self::Sleep(time) => vec![Action::Sleep(*time)],
            Self::GzipBomb(size) => vec![Action::Send(gzip::bomb(*size)), Action::Close],
            Self::Hang => vec![Action::Hang],
            Self::Reset => vec![Action::Reset],
            Self::Close => vec![Action::Close],
        }
    }
}

/// What a server does for `steps`.
pub(crate) fn actions(steps: &[Step], values: &Values) -> Answer {
    steps.iter().flat_map(|step| step.actions(values)).collect()
}

impl Message {
    /// An answer of JSON.
    pub(crate) fn json(status: u16, body: &str) -> Self {
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        Self { status, reason: "X".to_owned(), headers, body: body.to_owned() }
    }

    fn parse(message: &Value) -> Result<Self, String> {
        let object = message.as_object().ok_or("an answer is no object")?;
        only(object, &["status", "reason", "headers", "body"])?;
        let no = |name: &str| format!("the {name} of an answer is not of its kind");
        let text = |name: &str| match object.get(name) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(value) => value.as_str().map(str::to_owned).ok_or_else(|| no(name)),
        };
        let header =
            |pair: &Value| Some((pair.get(0)?.as_str()?.to_owned(), pair.get(1)?.as_str()?.to_owned()));
        let headers = match object.get("headers") {
            None | Some(Value::Null) => Some(Vec::new()),
            Some(headers) => headers.as_array().and_then(|list| list.iter().map(header).collect()),
        };
        let status = object.get("status").and_then(Value::as_u64).and_then(|status| status.try_into().ok());
        Ok(Self {
            status: status.ok_or_else(|| no("status"))?,
            reason: text("reason")?,
            headers: headers.ok_or_else(|| no("headers"))?,
            body: text("body")?,
        })
    }

    /// The body on the wire.
    pub(crate) fn body(&self, values: &Values) -> Vec<u8> {
        values.bytes(&self.body)
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    fn bytes(&self, values: &Values) -> Vec<u8> {
        let body = self.body(values);
        let mut lines = vec![format!("HTTP/1.1 {} {}", self.status, self.reason)];
        lines.extend(self.headers.iter().map(|(name, value)| format!("{name}: {value}")));
        if self.header("content-length").is_none() && self.header("transfer-encoding").is_none() {
            lines.push(format!("Content-Length: {}", body.len()));
        }
        lines.push("Connection: close\r\n\r\n".to_owned());
        let mut bytes = values.bytes(&lines.join("\r\n"));
        bytes.extend(body);
        bytes
    }
}
