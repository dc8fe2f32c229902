//! What came in, for a test to look at: [`RecordedRequest`] and the counters of [`TestProvider`].

use crate::{GrantHistory, TestProvider, call::Call, refusal::Refusal, site::Role};
use axum::response::Response;
use http::{HeaderMap, Method};
use oauth_runtime::OAuthProvider;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A request that reached the test provider.
///
/// Nothing in it is hidden, secrets and tokens included: it is there to be compared in a test.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The HTTP method.
    pub method: Method,
    /// The real URL for which the request was meant: `https://github.com/login/oauth/access_token`.
    pub url: String,
    /// All headers.
    pub headers: HeaderMap,
    /// The parameters of the body, form or JSON; of the query where the body has none.
    pub parameters: Vec<(String, String)>,
    /// The status of the answer; `None` while there is none.
    pub status: Option<u16>,
    /// Why the request was refused, in plain words, whatever the provider's own answer says.
    pub refused: Option<String>,
}

impl RecordedRequest {
    /// The first value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// # What happened
impl<P: OAuthProvider> TestProvider<P> {
    /// Every request for an address of the provider, in the order in which they came.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.server.log.entries().iter().map(|entry| entry.request.clone()).collect()
    }

    /// How many token requests came, refreshes included, whatever their answers.
    pub fn token_requests(&self) -> usize {
        self.server.log.count(|entry| matches!(entry.role, Some(Role::Token | Role::Refresh)))
    }

    /// How many refreshes came, whatever their answers.
    pub fn refreshes(&self) -> usize {
        self.server.log.count(|entry| entry.role == Some(Role::Refresh))
    }

    /// How many exchanges of one token for another came, whatever their answers.
    pub fn exchanges(&self) -> usize {
        self.server.log.count(|entry| matches!(entry.role, Some(Role::Exchange(_))))
    }

    /// How many times a refresh token came again after it was replaced.
    pub fn reuses(&self) -> usize {
        self.server.state().grants.reuses
    }

    /// What happened to each grant, in the order in which their codes were redeemed.
    pub fn grants(&self) -> Vec<GrantHistory> {
        self.server.state().grants.histories()
    }

    /// How many times a code came again.
    pub fn codes_used_twice(&self) -> usize {
        self.server.state().grants.codes_used_twice
    }
}

/// Everything that came in since the start.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Vec<Entry>>);

#[derive(Debug)]
pub(crate) struct Entry {
    role: Option<Role>,
    request: RecordedRequest,
}

impl Log {
    /// Writes a request down before it is answered: its place in the log.
    pub(crate) fn arrived(&self, call: &Call, role: Option<Role>) -> usize {
        let request = RecordedRequest {
            method: call.method.clone(),
            url: call.url.clone(),
            headers: call.headers.clone(),
            parameters: call.parameters().0.clone(),
            status: None,
            refused: None,
        };
        let mut entries = self.entries();
        entries.push(Entry { role, request });
        entries.len() - 1
    }

    /// Writes the answer down beside its request.
    pub(crate) fn answered(&self, place: usize, response: &Response) {
        let request = &mut self.entries()[place].request;
        request.status = Some(response.status().as_u16());
        request.refused = response.extensions().get::<Refusal>().map(|refusal| refusal.description.clone());
    }

    fn count(&self, counts: impl Fn(&Entry) -> bool) -> usize {
        self.entries().iter().filter(|entry| counts(entry)).count()
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
