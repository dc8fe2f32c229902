//! [`Told`]: what a sign-in tells of the variables that the definition learns.

use crate::path;
use oauth_runtime::spec::{Format, Source, Spec, Variable};
use serde_json::Value;
use std::collections::BTreeMap;

/// Values by the index of their variable. A grant keeps those of its sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Told(BTreeMap<usize, String>);

impl Told {
    /// A value for each variable: the definition's example, or one that has the format.
    pub(crate) fn sample(spec: &Spec) -> Self {
        let learned = spec.variables.iter().enumerate().filter(|(_, variable)| variable.is_learned());
        Self(learned.map(|(index, variable)| (index, sample(variable))).collect())
    }

    /// Another value; `None`: the variable is not told.
    pub(crate) fn set(&mut self, index: usize, value: Option<String>) {
        match value {
            Some(value) => self.0.insert(index, value),
            None => self.0.remove(&index),
        };
    }

    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        self.0.get(&index).map(String::as_str)
    }

    /// The parameters of a callback.
    pub(crate) fn in_callback(&self, spec: &Spec) -> Vec<(&'static str, String)> {
        let parameter = |(variable, text): (&Variable, String)| match variable.source {
            Source::Callback(name) => Some((name, text)),
            _ => None,
        };
        self.texts(spec).filter_map(parameter).collect()
    }

    /// Whether a parameter of a callback tells a variable.
    pub(crate) fn tells_in_callback(spec: &Spec, parameter: &str) -> bool {
        spec.variables.iter().any(|known| matches!(known.source, Source::Callback(name) if name == parameter))
    }

    /// The members of a token answer.
    pub(crate) fn in_token_answer(&self, spec: &Spec, body: &mut Value) {
        for (variable, text) in self.texts(spec) {
            if let Source::Token(path) = variable.source {
                path::put(body, path, text.into());
            }
        }
    }

    /// The members of the answer that says who the user is.
    pub(crate) fn in_userinfo(&self, spec: &Spec, body: &mut Value) {
        for (variable, text) in self.texts(spec) {
            if let Source::Userinfo(path) = variable.source {
                path::put(body, path, text.into());
            }
        }
    }

    /// The values with what the provider writes around them.
    fn texts<'a>(&'a self, spec: &'a Spec) -> impl Iterator<Item = (&'static Variable, String)> + 'a {
        self.0.iter().map(|(index, value)| {
            let variable = &spec.variables[*index];
            (variable, format!("{}{value}{}", variable.prefix, variable.suffix))
        })
    }
}

fn sample(variable: &Variable) -> String {
    let sample = variable.example.or_else(|| variable.choices.first().copied());
    let by_format = || match variable.format {
        Format::Host => "eu.test-provider.example",
        Format::HttpsUrl => "https://eu.test-provider.example",
        Format::Digits => "1815",
        Format::Uuid => "18151210-0000-4000-8000-000000000000",
        Format::Text | Format::HostLabel | Format::PathSegment | Format::Enum => "eu",
    };
    sample.unwrap_or_else(by_format).to_owned()
}
