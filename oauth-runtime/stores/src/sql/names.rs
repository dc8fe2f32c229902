//! [`Names`]: what the tables are called.

use std::fmt;

/// The longest name: PostgreSQL cuts off after 63 bytes, and an index adds to the name of its table.
const LONGEST: usize = 48;

/// The names of the two tables, fit to stand in a statement.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub(crate) tokens: Name,
    pub(crate) states: Name,
}

/// A name, and the schema in which it stands.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    schema: Option<String>,
    table: String,
}

/// A text that cannot be the name of a table here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidName(String);

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no name of a table: up to {LONGEST} ASCII letters, digits and `_`, not beginning with a digit; \
             in PostgreSQL a schema and `.` may stand before it",
            self.0.escape_debug()
        )
    }
}

impl std::error::Error for InvalidName {}

impl Default for Names {
    fn default() -> Self {
        let name = |table: &str| Name { schema: None, table: table.to_owned() };
        Self { tokens: name("oauth_tokens"), states: name("oauth_states") }
    }
}

impl Name {
    /// Checks `text`, so that nothing but a name can get into a statement.
    pub(crate) fn parse(text: &str, takes_schema: bool) -> Result<Self, InvalidName> {
        let (schema, table) = match text.split_once('.') {
            Some((schema, table)) => (Some(schema), table),
            None => (None, text),
        };
        if !is_identifier(table) || schema.is_some_and(|schema| !takes_schema || !is_identifier(schema)) {
            return Err(InvalidName(text.to_owned()));
        }
        Ok(Self { schema: schema.map(str::to_owned), table: table.to_owned() })
    }

    /// As it stands in a statement.
    pub(crate) fn quoted(&self) -> String {
        match &self.schema {
            Some(schema) => format!("\"{schema}\".\"{}\"", self.table),
            None => format!("\"{}\"", self.table),
        }
    }
}

impl Names {
    /// The shipped schema with these names.
    pub(crate) fn schema(&self, shipped: &str) -> String {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut schema = String::with_capacity(shipped.len());
        let mut rest = shipped;
        while let Some(start) = rest.find(is_word) {
            let end = rest[start..].find(|c| !is_word(c)).map_or(rest.len(), |length| start + length);
            schema.push_str(&rest[..start]);
            let word = match &rest[start..end] {
                "oauth_tokens" => self.tokens.quoted(),
                "oauth_states" => self.states.quoted(),
                // Named after its table; it stands in the table's schema by itself.
                "oauth_states_expires_at" => format!("\"{}_expires_at\"", self.states.table),
                word => word.to_owned(),
            };
            schema.push_str(&word);
            rest = &rest[end..];
        }
        schema + rest
    }
}

fn is_identifier(text: &str) -> bool {
    let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first && text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
