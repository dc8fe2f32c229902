//! [`Row`]: one behaviour of a server, a callback or a definition, and what is expected of a client.

use serde::Deserialize;
use serde_json::Value;

/// A line of a catalogue.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// `S001`.
    pub id: String,
    /// Which endpoint behaves: `token`, `refresh`, `revoke`, `metadata`, `callback`.
    pub endpoint: String,
    /// What it does, in words.
    pub behaviour: String,
    /// What it does, exactly.
    #[serde(rename = "bytes_or_recipe")]
    pub recipe: Value,
    /// What a client should do, in words; `Err(..)` in it names finer classes than `error`.
    #[serde(default)]
    pub expected: String,
    /// What a client should make of it.
    pub verdict: Verdict,
    /// The class of the error, where one is expected.
    #[serde(default)]
    pub error: Option<String>,
    /// How long a client may take.
    pub max_ms: u64,
    /// How many requests a client may send.
    pub max_requests: usize,
    /// The provider promises `iss` in its callbacks (RFC 9207).
    #[serde(default)]
    pub needs_iss: bool,
    /// A row to play afterwards on the same client: its id, then words.
    #[serde(default)]
    pub follow_up: Option<String>,
}

/// What a client should make of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is honest.
    Accept,
    /// It is not.
    Reject,
    /// A client may choose, and has to say what it chose.
    Either,
}

impl Row {
    /// The id of the row to play afterwards.
    pub fn follow_up_id(&self) -> Option<&str> {
        self.follow_up.as_deref()?.split_whitespace().next()
    }

    /// The names that `expected` gives to the error: `Err(Http 401)`, `Err(OAuth{code})`, `Err(Tls) / policy error`.
    pub fn expected_errors(&self) -> impl Iterator<Item = &str> {
        self.expected.split("Err(").skip(1).map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            &rest[..end]
        })
    }
}

/// Reads a catalogue, one row a line.
///
/// # Errors
/// The number of the line that is no row, and why; or that there is none.
pub fn parse(text: &str) -> Result<Vec<Row>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let rows: Vec<Row> = lines
        .map(|(index, line)| {
            serde_json::from_str(line).map_err(|error| format!("line {}: {error}", index + 1))
        })
        .collect::<Result<_, _>>()?;
    if rows.is_empty() { Err("line 1: there is no row".to_owned()) } else { Ok(rows) }
}
