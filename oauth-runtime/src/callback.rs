//! [`Callback`]: what the user agent brought back, together with what was remembered.

#[cfg(feature = "hmac")]
use crate::signature;
use crate::{
    client::Client,
    error::{CallbackError, Error, Refusal},
    learned::{self, Fault, Learned},
    pending::{PendingAuthorization, Record},
    provider::OAuthProvider,
    return_to::ReturnTo,
    scope,
    spec::{self, Method, Source, Spec, Stage, WithoutState},
    wire::{
        answer::Extra,
        form,
        json::Object,
        refused::{self, Context},
    },
};
use serde_json::Value;
use std::{borrow::Cow, fmt, marker::PhantomData, time::SystemTime};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// No honest callback is longer.
pub(crate) const MAX_LENGTH: usize = 16 << 10;

/// A callback of the provider `P` that came to the user agent that began the authorization.
///
/// It cannot be made from a code or a state alone, and [`finish`](crate::AuthCodeFlow::finish) takes it by value: it is
/// used once. Nothing in it is believed before `finish` has checked it, and every error of it comes out there.
pub struct Callback<P> {
    pub(crate) brought: Brought,
    pub(crate) pending: Option<Record>,
    of: PhantomData<fn() -> P>,
}

/// What the user agent brought.
pub(crate) struct Brought {
    /// A query or a form: they are written alike.
    pub(crate) text: String,
    /// Whether it is a form.
    pub(crate) is_form: bool,
}

impl Brought {
    /// Refuses what the provider does not send.
    pub(crate) fn check_method(&self, spec: &spec::Callback) -> Result<(), CallbackError> {
        let method = if self.is_form { Method::Post } else { Method::Get };
        match spec.methods.contains(&method) {
            true => Ok(()),
            false if self.is_form => Err(CallbackError::Method),
            false => Err(CallbackError::NotPosted),
        }
    }
}

impl<P: OAuthProvider> Callback<P> {
    /// Joins the query of the redirect URI's request (what follows `?`) with what was remembered for this user agent.
    pub fn new(query: impl Into<String>, pending: PendingAuthorization<P>) -> Self {
        Self::joined(Brought { text: query.into(), is_form: false }, Some(pending.record))
    }

    /// Joins a posted form with what was remembered for this user agent, for a provider with `methods = ["POST"]` under
    /// `[callback]`.
    ///
    /// A cookie with `SameSite=Lax` does not come with the first form, which the provider's page posts: answer that one
    /// with a [`Repost`](crate::Repost).
    pub fn from_form(form: impl Into<String>, pending: PendingAuthorization<P>) -> Self {
        Self::joined(Brought { text: form.into(), is_form: true }, Some(pending.record))
    }

    pub(crate) fn joined(brought: Brought, pending: Option<Record>) -> Self {
        Self { brought, pending, of: PhantomData }
    }

    /// The bound variables of the provider's value that began it: tells which flow finishes it.
    pub fn tenant(&self) -> Option<&str> {
        self.pending.as_ref().map(|record| record.by.tenant())
    }

    /// Where the user goes on, as [`AuthorizationRequest::return_to`](crate::AuthorizationRequest::return_to) was told;
    /// `/` if it was told nothing. Ask before `finish` takes the callback; go there after it.
    pub fn return_to(&self) -> ReturnTo {
        self.pending.as_ref().and_then(|record| record.return_to.clone()).unwrap_or_default()
    }
}

impl<P> fmt::Debug for Callback<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback").field("has_pending", &self.pending.is_some()).finish_non_exhaustive()
    }
}

/// The parameters of an authorization response (RFC 6749 §4.1.2 and RFC 9207 §2).
pub(crate) struct Parameters<'a> {
    pub(crate) state: Option<Cow<'a, str>>,
    code: Option<Cow<'a, str>>,
    iss: Option<Cow<'a, str>>,
    error: Option<Cow<'a, str>>,
    error_description: Option<Cow<'a, str>>,
    error_uri: Option<Cow<'a, str>>,
    /// The first other parameter than `state` that occurs twice: said after the state was used up, so that a callback that was tampered with cannot be tried again.
    duplicated: Option<&'static str>,
    /// The names that the definition has for them.
    names: &'static spec::Callback,
}

impl<'a> Parameters<'a> {
    /// Reads a query or a form. Parameters that mean nothing here are left alone.
    pub(crate) fn parse(text: &'a str, names: &'static spec::Callback) -> Result<Self, CallbackError> {
        if text.len() > MAX_LENGTH {
            return Err(CallbackError::TooLong);
        }
        let mut parameters = Self::none(names);
        for (name, value) in form::pairs(text) {
            let (name, place) = match &*name {
                name if name == names.state => (names.state, &mut parameters.state),
                name if name == names.code => (names.code, &mut parameters.code),
                name if name == names.error => (names.error, &mut parameters.error),
                "iss" => ("iss", &mut parameters.iss),
                "error_description" => ("error_description", &mut parameters.error_description),
                "error_uri" => ("error_uri", &mut parameters.error_uri),
                _ => continue,
            };
            if place.replace(value).is_some() {
                if name == names.state {
                    return Err(CallbackError::Duplicated(name));
                }
                parameters.duplicated.get_or_insert(name);
            }
        }
        Ok(parameters)
    }

    fn none(names: &'static spec::Callback) -> Self {
        Self {
            state: None,
            code: None,
            iss: None,
            error: None,
            error_description: None,
            error_uri: None,
            duplicated: None,
            names,
        }
    }

    /// The state, which must be there.
    pub(crate) fn state(&self) -> Result<&str, CallbackError> {
        self.state.as_deref().filter(|state| !state.is_empty()).ok_or_else(|| {
            match self.names.without_state {
                _ if self.error.is_some() => CallbackError::ErrorWithoutState,
                WithoutState::Restart => CallbackError::Restart,
                WithoutState::Refuse => CallbackError::MissingState,
            }
        })
    }
}

/// Whose callback it is, checked before anything that it says: it came to the user agent that began, and in time.
pub(crate) fn pending(
    parameters: &Parameters<'_>,
    pending: Option<Record>,
    now: SystemTime,
) -> Result<Record, CallbackError> {
    let state = parameters.state()?;
    let record = pending.ok_or(CallbackError::UnknownState)?;
    if !bool::from(state.as_bytes().ct_eq(record.state().as_bytes())) {
        return Err(CallbackError::UnknownState);
    }
    if record.expires_at < now {
        return Err(CallbackError::Expired);
    }
    Ok(record)
}

/// The code in a callback that belongs to `record`: every further check, in the order in which a lie could do harm.
pub(crate) fn code(
    client: &Client,
    text: &str,
    parameters: Parameters<'_>,
    record: &Record,
) -> Result<Zeroizing<String>, Error> {
    // A record comes back from the user agent, so what it says is compared with what this flow would have said.
    if record.by != client.begun {
        return Err(CallbackError::Mismatch.into());
    }
    if let Some(name) = parameters.duplicated {
        return Err(CallbackError::Duplicated(name).into());
    }
    check_signature(client, text)?;
    check_issuer(client, parameters.iss.as_deref())?;
    if let Some(error) = &parameters.error {
        return Err(Error::Denied(Box::new(denial(client, &parameters, error, record))));
    }
    let code = parameters.code.filter(|code| !code.is_empty()).ok_or(CallbackError::MissingCode)?;
    if !code.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(CallbackError::Invalid(parameters.names.code).into());
    }
    Ok(Zeroizing::new(code.into_owned()))
}

/// Refuses a callback that the provider did not sign, where it signs them.
#[cfg(feature = "hmac")]
pub(crate) fn check_signature(client: &Client, text: &str) -> Result<(), CallbackError> {
    let Some(verify) = client.spec.callback.verify else { return Ok(()) };
    let secret = client.credentials.client_secret().ok_or(CallbackError::Signature)?;
    signature::check(verify, secret, text)
}

/// No definition can declare a signature without the feature.
#[cfg(not(feature = "hmac"))]
#[allow(clippy::unnecessary_wraps, reason = "its twin can refuse")]
pub(crate) fn check_signature(_: &Client, _: &str) -> Result<(), CallbackError> {
    Ok(())
}

/// The only value of a parameter.
pub(crate) fn only<'a>(text: &'a str, name: &'static str) -> Result<Option<Cow<'a, str>>, CallbackError> {
    let mut values = form::pairs(text).filter(|(of, _)| of == name);
    let first = values.next().map(|(_, value)| value);
    if values.next().is_some() { Err(CallbackError::Duplicated(name)) } else { Ok(first) }
}

/// The further values that the definition keeps.
pub(crate) fn captured(spec: &Spec, text: &str) -> Result<Extra, CallbackError> {
    let mut captured = Extra::new();
    for (name, parameter) in spec.callback.capture {
        let Some(value) = only(text, parameter)?.filter(|value| !value.is_empty()) else { continue };
        let value = if spec.callback.json.contains(parameter) {
            let object = Object::strict(value.as_bytes()).ok_or(CallbackError::Invalid(parameter))?;
            Value::Object(object)
        } else {
            Value::String(value.into_owned())
        };
        captured.insert((*name).to_owned(), value);
    }
    Ok(captured)
}

/// The variables that the callback tells: read when everything else in it is found right.
pub(crate) fn learned(spec: &Spec, text: &str) -> Result<Learned, CallbackError> {
    let mut learned = Learned::default();
    for variable in learned::variables(spec) {
        let Source::Callback(name) = variable.source else { continue };
        let told = only(text, name)?;
        learned::take(variable, told.as_deref(), &mut learned).map_err(|fault| match fault {
            Fault::Missing => CallbackError::Missing(name),
            Fault::Invalid => CallbackError::Invalid(name),
        })?;
    }
    Ok(learned)
}

fn denial(client: &Client, parameters: &Parameters<'_>, error: &str, record: &Record) -> Refusal {
    let context = Context {
        client,
        stage: Stage::Callback,
        shape: &client.spec.response,
        describe: &|| describe(client, record),
        secrets: &|| {
            [record.state(), record.verifier()].into_iter().chain(parameters.code.as_deref()).collect()
        },
    };
    let description = parameters.error_description.as_deref();
    refused::refusal(&context, error, description, parameters.error_uri.as_deref(), None)
}

/// RFC 9207 §2.4: compared as text, and required where the provider promises it. Error answers are checked too.
fn check_issuer(client: &Client, iss: Option<&str>) -> Result<(), CallbackError> {
    match (iss, &client.issuer) {
        (Some(iss), Some(issuer)) if iss != issuer => Err(CallbackError::Issuer),
        (None, _) if client.spec.authorization_response_iss_parameter => Err(CallbackError::Issuer),
        _ => Ok(()),
    }
}

fn describe(client: &Client, record: &Record) -> String {
    format!(
        "the user to {} with client_id={}, redirect_uri={}, scope={:?}",
        client.authorization_endpoint,
        client.credentials.client_id(),
        record.by.redirect_uri(),
        record.scopes.iter().map(scope::plain).collect::<Vec<_>>().join(client.spec.scopes.separator)
    )
}
