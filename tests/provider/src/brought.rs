//! [`Brought`]: the further parameters of a callback, which the definition captures.

use crate::{TestProvider, signature, way_back};
use oauth_runtime::{
    Callback, OAuthProvider, PendingAuthorization,
    spec::{Method, Spec},
};
use std::collections::BTreeMap;

/// What Sign in with Apple posts once, when a user consents for the first time.
const USER: &str = r#"{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"ada@example.com"}"#;

/// Values by parameter, where a test chose them; `None`: nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Brought(BTreeMap<String, Option<String>>);

impl Brought {
    fn set(&mut self, parameter: &str, value: Option<&str>) {
        self.0.insert(parameter.to_owned(), value.map(str::to_owned));
    }

    /// Every captured parameter, and those that a test added.
    pub(crate) fn of<'a>(&'a self, spec: &'a Spec) -> impl Iterator<Item = (String, String)> + 'a {
        let captured = spec.callback.capture.iter().map(|(_, parameter)| *parameter);
        let usual = captured.filter(|parameter| !signature::holds(spec, parameter)).map(|parameter| {
            let value = if spec.callback.json.contains(&parameter) { USER } else { "ada" };
            (parameter.to_owned(), Some(value.to_owned()))
        });
        let mut values: BTreeMap<_, _> = usual.collect();
        values.extend(self.0.clone());
        values.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }
}

/// # Callbacks
impl<P: OAuthProvider> TestProvider<P> {
    /// What the next callbacks hold in a further parameter; `None`: they have none. At the start, each parameter that the
    /// definition captures has some value.
    pub fn brings<'a>(&self, parameter: &str, value: impl Into<Option<&'a str>>) {
        self.server.state().settings.brought.set(parameter, value.into());
    }

    /// The callback of a sign-in that begins at the provider, in its store of applications: signed where the definition
    /// says so, and without code and state.
    pub fn starts_here(&self, redirect_uri: &str) -> String {
        let (spec, state) = (self.server.spec, self.server.state());
        let mut pairs: Vec<_> = state.settings.brought.of(spec).collect();
        let secret = state.clients.confidential.as_ref().map(|client| client.secret.as_str());
        signature::sign(spec, secret, &mut pairs);
        way_back::with_query(redirect_uri, &pairs)
    }

    /// Joins the address at which [`approve`](Self::approve) ended with what was remembered, as the application does: by the
    /// query, or by the form of a provider whose page posts the callback.
    pub fn callback(&self, back: &str, pending: PendingAuthorization<P>) -> Callback<P> {
        let text = back.split_once('?').map_or("", |(_, text)| text);
        if self.server.spec.callback.methods.contains(&Method::Get) {
            Callback::new(text, pending)
        } else {
            Callback::from_form(text, pending)
        }
    }
}
