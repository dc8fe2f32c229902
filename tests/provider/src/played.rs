//! Examples that a test asked for, each answered once.

use crate::{TestProvider, grants::Shown, parameters::Parameters};
use oauth_runtime::{
    OAuthProvider,
    spec::{Example, Stage},
};
use serde_json::Value;
use std::time::Duration;

/// The examples that wait for a request of their stage, in the order in which they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Played(Vec<&'static Example>);

impl Played {
    pub(crate) fn push(&mut self, example: &'static Example) {
        self.0.push(example);
    }

    /// The next example of a stage.
    pub(crate) fn take(&mut self, stage: Stage) -> Option<Shows> {
        let at = self.0.iter().position(|example| example.stage == stage)?;
        Some(Shows(self.0.remove(at)))
    }
}

/// An example, with what its `expect` says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shows(pub(crate) &'static Example);

impl Shows {
    pub(crate) fn expect(self) -> Value {
        serde_json::from_str(self.0.expect).unwrap_or_default()
    }

    fn text(self, name: &str) -> Option<String> {
        self.expect().get(name).and_then(Value::as_str).map(str::to_owned)
    }

    /// The error code that it is expected to be read as.
    pub(crate) fn error(self) -> Option<String> {
        self.text("error")
    }

    pub(crate) fn is_error(self) -> bool {
        self.error().is_some()
    }

    /// The code in a callback.
    pub(crate) fn code(self) -> Option<String> {
        self.text("code")
    }

    /// The parameters of a callback.
    pub(crate) fn parameters(self) -> Vec<(String, String)> {
        Parameters::from_form(self.0.body.as_bytes()).0
    }

    pub(crate) fn tokens(self) -> Shown {
        shown(&self.expect())
    }
}

fn shown(expect: &Value) -> Shown {
    let text = |name: &str| expect.get(name).and_then(Value::as_str).map(str::to_owned);
    let named = expect.get("tokens").and_then(Value::as_object).into_iter().flatten();
    Shown {
        access_token: text("access_token"),
        refresh_token: text("refresh_token"),
        expires_in: expect.get("expires_in").and_then(Value::as_u64).map(Duration::from_secs),
        named: named.map(|(name, expect)| (name.clone(), shown(expect))).collect(),
    }
}

/// # Examples
impl<P: OAuthProvider> TestProvider<P> {
    /// The next request of the example's stage is answered by this example of the definition, as it stands there.
    ///
    /// A request that an example grants is carried out, and the example's tokens are good from then on; one that an
    /// example refuses is not looked at. An example of the callback is the next consent's outcome.
    ///
    /// # Panics
    /// No example has this title.
    pub fn answers(&self, title: &str) {
        let examples = self.server.examples;
        let titles = || examples.iter().map(|example| format!("{:?}", example.title)).collect::<Vec<_>>();
        let example = examples.iter().find(|example| example.title == title);
        let example = example.unwrap_or_else(|| {
            panic!("{} has no example {title:?}; it has {}", self.server.spec.name, titles().join(", "))
        });
        self.server.state().played.push(example);
    }
}
