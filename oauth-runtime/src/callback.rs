//! [`Callback`]: what the user agent brought back, together with what was remembered.

use crate::{
    client::Client,
    error::{CallbackError, Error, Refusal},
    learned::{self, Fault, Learned},
    pending::{PendingAuthorization, Record},
    provider::OAuthProvider,
    return_to::ReturnTo,
    scope,
    secret::Secret,
    spec::{Source, Spec, Stage},
    wire::refused::{self, Context},
};
use std::{borrow::Cow, fmt, marker::PhantomData, time::SystemTime};
use subtle::ConstantTimeEq;

/// No honest callback is longer.
const MAX_LENGTH: usize = 16 << 10;

/// A callback of the provider `P` that came to the user agent that began the authorization.
///
/// It cannot be made from a code or a state alone, and [`finish`](crate::AuthCodeFlow::finish) takes it by value: it is
/// used once. Nothing in it is believed before `finish` has checked it, and every error of it comes out there.
pub struct Callback<P> {
    pub(crate) query: String,
    pub(crate) pending: Option<Record>,
    of: PhantomData<fn() -> P>,
}

impl<P: OAuthProvider> Callback<P> {
    /// Joins the query of the redirect URI's request (what follows `?`) with what was remembered for this user agent.
    pub fn new(query: impl Into<String>, pending: PendingAuthorization<P>) -> Self {
        Self::joined(query.into(), Some(pending.record))
    }

    pub(crate) fn joined(query: String, pending: Option<Record>) -> Self {
        Self { query, pending, of: PhantomData }
    }

    /// The bound variables of the provider's value that began it: tells which flow finishes it.
    pub fn tenant(&self) -> Option<&str> {
        self.pending.as_ref().map(|record| &*record.tenant)
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
#[derive(Default)]
pub(crate) struct Parameters<'a> {
    pub(crate) state: Option<Cow<'a, str>>,
    code: Option<Cow<'a, str>>,
    iss: Option<Cow<'a, str>>,
    error: Option<Cow<'a, str>>,
    error_description: Option<Cow<'a, str>>,
    error_uri: Option<Cow<'a, str>>,
    /// The first other parameter than `state` that occurs twice: said after the state was used up, so that a callback that was tampered with cannot be tried again.
    duplicated: Option<&'static str>,
}

impl<'a> Parameters<'a> {
    /// Reads the query. Parameters that the standards do not name are left alone.
    pub(crate) fn parse(query: &'a str) -> Result<Self, CallbackError> {
        if query.len() > MAX_LENGTH {
            return Err(CallbackError::TooLong);
        }
        let mut parameters = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let (name, place) = match &*name {
                "state" => ("state", &mut parameters.state),
                "code" => ("code", &mut parameters.code),
                "iss" => ("iss", &mut parameters.iss),
                "error" => ("error", &mut parameters.error),
                "error_description" => ("error_description", &mut parameters.error_description),
                "error_uri" => ("error_uri", &mut parameters.error_uri),
                _ => continue,
            };
            if place.replace(value).is_some() {
                if name == "state" {
                    return Err(CallbackError::Duplicated(name));
                }
                parameters.duplicated.get_or_insert(name);
            }
        }
        Ok(parameters)
    }

    /// What the lack of a `state` is called here.
    pub(crate) fn error_without_state(&self) -> CallbackError {
        if self.error.is_some() { CallbackError::ErrorWithoutState } else { CallbackError::MissingState }
    }
}

/// Whose callback it is, checked before anything that it says: it came to the user agent that began, and in time.
pub(crate) fn pending(
    parameters: &Parameters<'_>,
    pending: Option<Record>,
    now: SystemTime,
) -> Result<Record, CallbackError> {
    let state = parameters.state.as_deref().filter(|state| !state.is_empty());
    let state = state.ok_or_else(|| parameters.error_without_state())?;
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
pub(crate) fn code(client: &Client, parameters: Parameters<'_>, record: &Record) -> Result<Secret, Error> {
    // A record comes back from the user agent, so what it says is compared with what this flow would have said.
    if record.provider != client.spec.id
        || record.tenant != client.tenant
        || record.redirect_uri != client.redirect_uri
    {
        return Err(CallbackError::Mismatch.into());
    }
    if let Some(name) = parameters.duplicated {
        return Err(CallbackError::Duplicated(name).into());
    }
    check_issuer(client, parameters.iss.as_deref())?;
    if let Some(error) = &parameters.error {
        return Err(Error::Denied(Box::new(denial(client, &parameters, error, record))));
    }
    let code = parameters.code.filter(|code| !code.is_empty()).ok_or(CallbackError::MissingCode)?;
    if !code.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(CallbackError::Invalid("code").into());
    }
    Ok(Secret::new(code))
}

/// The variables that the callback tells: read when everything else in it is found right.
pub(crate) fn learned(spec: &Spec, query: &str) -> Result<Learned, CallbackError> {
    let mut learned = Learned::new();
    for variable in learned::variables(spec) {
        let Source::Callback(name) = variable.source else { continue };
        let mut told = url::form_urlencoded::parse(query.as_bytes())
            .filter(|(of, _)| of == name)
            .map(|(_, value)| value);
        let first = told.next();
        if told.next().is_some() {
            return Err(CallbackError::Duplicated(name));
        }
        learned::take(variable, first.as_deref(), &mut learned).map_err(|fault| match fault {
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
        secrets: [record.state(), record.verifier()].into_iter().chain(parameters.code.as_deref()).collect(),
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
        record.redirect_uri,
        record
            .scopes
            .iter()
            .map(|scope| scope::plain(scope))
            .collect::<Vec<_>>()
            .join(client.spec.scopes.separator)
    )
}
