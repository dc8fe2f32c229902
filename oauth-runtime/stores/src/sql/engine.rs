//! [`Engine`]: what is different between the databases, so that the rest is written once.

use super::statements::Dialect;
use std::future::Future;

/// A value for a placeholder.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// A whole number.
    Number(i64),
    /// A text.
    Text(&'a str),
    /// A text or NULL.
    MaybeText(Option<&'a str>),
}

/// A number as databases hold it: with a sign, and the same bits.
pub(super) fn number(number: u64) -> Value<'static> {
    Value::Number(number.cast_signed())
}

/// A value of a row.
#[derive(Debug)]
pub enum Cell {
    /// NULL.
    Null,
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

impl Cell {
    pub(crate) fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A pool of connections to a database. It cannot be implemented outside of this crate.
pub trait Engine: Clone + Send + Sync + 'static {
    /// How this database says what databases say differently.
    const DIALECT: Dialect;
    /// The shipped tables.
    const SCHEMA: &'static str;

    /// The first row that a statement gives. The statement is run to its end, so that its failure is seen.
    fn row(
        &self,
        statement: &str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Option<Vec<Cell>>, sqlx::Error>> + Send;

    /// Runs a statement and says how many rows it changed.
    fn change(
        &self,
        statement: &str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// Puts a text by the [`Dialect::put`] statements, and makes room for it; says whether it was kept.
    fn put(
        &self,
        statements: &[String],
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<bool, sqlx::Error>> + Send;

    /// Makes what is missing of `schema`, one process after another.
    fn migrate(&self, schema: &str) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}
