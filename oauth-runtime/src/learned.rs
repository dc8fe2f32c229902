//! [`Learned`]: the values of variables that a sign-in tells, such as the host of the user's data centre.

use crate::{
    error::AnswerErrorKind,
    spec::{Path, Source, Spec, Variable},
    variable,
    wire::json::{Duplicated, Object},
};
use serde_json::Value;
use std::borrow::Cow;

/// Values by the names of their variables. Each was checked when it was learned; a store may give back another, so they
/// are checked again where an address is made.
///
/// There are a few at most, so they stand in a row: a map would be ten times the code.
#[derive(Debug, Clone, Default)]
pub(crate) struct Learned(Vec<(Cow<'static, str>, String)>);

impl Learned {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Cow<'static, str>, &String)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Sets a value, in place of the one of this name.
    pub(crate) fn insert(&mut self, name: Cow<'static, str>, value: String) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    /// Takes over the others' values, in place of those of the same names.
    pub(crate) fn extend(&mut self, others: Self) {
        for (name, value) in others.0 {
            self.insert(name, value);
        }
    }
}

/// Why nothing is learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Missing,
    Invalid,
}

/// The variables that each sign-in tells.
pub(crate) fn variables(spec: &Spec) -> impl Iterator<Item = &'static Variable> {
    spec.variables.iter().filter(|variable| variable.is_learned())
}

/// Whether the userinfo endpoint tells one.
pub(crate) fn asks_userinfo(spec: &Spec) -> bool {
    spec.variables.iter().any(|variable| matches!(variable.source, Source::Userinfo(_)))
}

/// Takes what was told of a variable.
pub(crate) fn take(variable: &'static Variable, told: Option<&str>, into: &mut Learned) -> Result<(), Fault> {
    let told = told.filter(|told| !told.is_empty());
    let Some(told) = told else {
        return if variable.required { Err(Fault::Missing) } else { Ok(()) };
    };
    let value = told.strip_prefix(variable.prefix).unwrap_or(told);
    let value = value.strip_suffix(variable.suffix).unwrap_or(value);
    if !variable::fits(variable, value) {
        return Err(Fault::Invalid);
    }
    into.insert(Cow::Borrowed(variable.name), value.to_owned());
    Ok(())
}

/// Takes what an answer tells of a variable: a text, or a number.
pub(crate) fn take_from(
    variable: &'static Variable,
    object: &Object,
    path: Path,
    into: &mut Learned,
) -> Result<(), AnswerErrorKind> {
    let name = variable.name;
    let told = match object.at(path).map_err(|Duplicated| AnswerErrorKind::Duplicated(name))? {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(Cow::Borrowed(text.as_str())),
        Some(Value::Number(number)) => Some(Cow::Owned(number.to_string())),
        Some(_) => return Err(AnswerErrorKind::Invalid(name)),
    };
    take(variable, told.as_deref(), into).map_err(|fault| match fault {
        Fault::Missing => AnswerErrorKind::Missing(name),
        Fault::Invalid => AnswerErrorKind::Invalid(name),
    })
}

/// The value that is kept of a variable, if it is still one that the definition allows.
pub(crate) fn kept<'a>(variable: &Variable, learned: &'a Learned) -> Option<&'a str> {
    learned.get(variable.name).filter(|value| variable.is_learned() && variable::fits(variable, value))
}
