//! [`Chosen`]: a provider that was chosen at run time, with the values of its variables.

use crate::{
    error::Error,
    provider::{HasApi, HasAuthorizationEndpoint, HasRefresh, HasRevocation, HasUserinfo, OAuthProvider},
    secret::Secret,
    spec::{Spec, Variable},
    variable,
};
use std::fmt;

/// A provider that was chosen at run time, made by [`Entry::bind`](crate::Entry::bind): the `P` of a flow whose provider stands in a
/// database.
///
/// Where the provider is known when the program is written, its own type is better: `AuthCodeFlow<GitHub>` has only the
/// methods that GitHub has. `AuthCodeFlow<Chosen>` has all of them, and a call that the definition does not declare is
/// [`Error::Configuration`]; ask the entry first ([`Entry::has_refresh`](crate::Entry::has_refresh)). Both keep their tokens under the same keys.
///
/// With the feature `axum`, its callback comes out of a request by [`AuthCodeFlow::callback`](crate::AuthCodeFlow::callback): the extractor
/// cannot know which provider it is.
#[derive(Clone)]
pub struct Chosen {
    spec: &'static Spec,
    /// For each variable of the table.
    values: Vec<Option<Secret>>,
}

impl Chosen {
    pub(crate) fn new<'a>(
        spec: &'static Spec,
        values: &mut dyn Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Error> {
        let mut chosen = Self { spec, values: vec![None; spec.variables.len()] };
        for (name, text) in values {
            chosen.set(name, text)?;
        }
        let mut missing = spec.variables.iter().zip(&chosen.values).filter(|(variable, value)| {
            variable.required && !variable.is_learned() && variable.default.is_none() && value.is_none()
        });
        match missing.next() {
            Some((variable, _)) => Err(wrong(spec, variable.name, "needs a value")),
            None => Ok(chosen),
        }
    }

    fn set(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let is_meant = |variable: &Variable| variable.name == name && !variable.is_learned();
        let index = self.spec.variables.iter().position(is_meant);
        let index = index
            .ok_or_else(|| Error::Configuration(format!("{} has no variable `{name}`", self.spec.name)))?;
        let variable = &self.spec.variables[index];
        let value = text.strip_prefix(variable.prefix).unwrap_or(text);
        let value = value.strip_suffix(variable.suffix).unwrap_or(value);
        if value.is_empty() {
            return Ok(());
        }
        if !variable.secret && !variable::fits(variable, value) {
            return Err(wrong(self.spec, name, &format!("is not {}", variable::expected(variable))));
        }
        self.values[index] = Some(Secret::copy(value));
        Ok(())
    }
}

/// It does not show the value: it may be a secret.
fn wrong(spec: &Spec, name: &str, why: &str) -> Error {
    Error::Configuration(format!("the variable `{name}` of {} {why}", spec.name))
}

impl OAuthProvider for Chosen {
    /// Nothing: it is known at run time only.
    const SPEC: &'static Spec = &Spec::PLAIN;

    fn spec(&self) -> &'static Spec {
        self.spec
    }

    fn variable(&self, index: usize) -> Option<&str> {
        self.values.get(index)?.as_ref().map(Secret::expose)
    }
}

// Whoever lacks a method at one provider is not helped by hearing of this one.
#[diagnostic::do_not_recommend]
impl HasApi for Chosen {}
#[diagnostic::do_not_recommend]
impl HasAuthorizationEndpoint for Chosen {}
#[diagnostic::do_not_recommend]
impl HasRefresh for Chosen {}
#[diagnostic::do_not_recommend]
impl HasRevocation for Chosen {}
#[diagnostic::do_not_recommend]
impl HasUserinfo for Chosen {}

impl fmt::Debug for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chosen").field("provider", &self.spec.id).finish_non_exhaustive()
    }
}
