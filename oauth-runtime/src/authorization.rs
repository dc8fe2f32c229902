//! [`AuthorizationRequest`]: an authorization that begins, and what a single one may set.

use crate::{
    error::Error, pending::PendingAuthorization, provider::OAuthProvider, return_to::ReturnTo, spec::Spec,
    wire::authorization,
};
use std::{borrow::Cow, fmt, marker::PhantomData};

/// An authorization that begins: where to send the user, and what to remember.
#[must_use = "the user has to be sent to its address, and its pending authorization remembered"]
pub struct AuthorizationRequest<P> {
    pub(crate) spec: &'static Spec,
    pub(crate) url: String,
    pub(crate) pending: PendingAuthorization<P>,
}

impl<P: OAuthProvider> AuthorizationRequest<P> {
    /// The address at the provider.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address, and what to remember until the user is back.
    pub fn into_parts(self) -> (String, PendingAuthorization<P>) {
        (self.url, self.pending)
    }

    /// Sets a parameter that the definition declares for single requests: `request.with(Google::PROMPT_CONSENT)`.
    #[allow(clippy::needless_pass_by_value, reason = "an option is made for one request")]
    pub fn with(mut self, option: AuthorizationOption<P>) -> Self {
        authorization::set(&mut self.url, self.spec, option.name, &option.value);
        self
    }

    /// Keeps with the sign-in where the user goes on afterwards: [`Callback::return_to`](crate::Callback::return_to) gives it back.
    ///
    /// It is a path of the application's own, whatever the text was that it was read from.
    pub fn return_to(mut self, path: ReturnTo) -> Self {
        self.pending.record.return_to = Some(path);
        self
    }

    /// Adds a parameter of this one request, such as `login_hint`.
    ///
    /// # Errors
    /// [`Error::Configuration`] if the flow or the definition sets it already: it is not overwritten.
    pub fn param(mut self, name: &str, value: &str) -> Result<Self, Error> {
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        let is_set = url::form_urlencoded::parse(query.as_bytes()).any(|(set, _)| set == name);
        let scopes = &self.spec.scopes;
        let is_scope = name == scopes.parameter || scopes.sets.iter().any(|set| name == set.parameter);
        if is_set || is_scope || authorization::RESERVED.contains(&name) {
            return Err(Error::Configuration(format!(
                "the parameter `{name}` is set by the flow or the definition"
            )));
        }
        authorization::add(&mut self.url, self.spec, name, value);
        Ok(self)
    }
}

/// A parameter of a single authorization request, with its value. The definition declares which there are.
pub struct AuthorizationOption<P> {
    name: &'static str,
    value: Cow<'static, str>,
    of: PhantomData<fn() -> P>,
}

impl<P: OAuthProvider> AuthorizationOption<P> {
    /// For generated code: one of the values that the definition names.
    #[doc(hidden)]
    pub const fn known(name: &'static str, value: &'static str) -> Self {
        Self { name, value: Cow::Borrowed(value), of: PhantomData }
    }

    /// For generated code: any value.
    #[doc(hidden)]
    pub fn given(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: Cow::Owned(value.into()), of: PhantomData }
    }
}

impl<P> fmt::Debug for AuthorizationRequest<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest").field("pending", &self.pending).finish_non_exhaustive()
    }
}

impl<P> fmt::Debug for AuthorizationOption<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationOption").field("name", &self.name).finish_non_exhaustive()
    }
}
