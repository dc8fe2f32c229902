//! [`InProcess`]: our client without a network, for the cases that are counted in millions.

use super::{
    definition::{ASKED, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI},
    ours::{parameter, whole_seconds},
    reference::Answer,
    subject::Got,
};
use oauth_runtime::{
    AuthCodeFlow, Callback, Credentials, Error, OAuthProvider, TokenSet,
    provider::HasAuthorizationEndpoint,
    spec::{Endpoint, Endpoints, Scopes, Spec, TokenResponse},
    transport::{Request, Response},
};
use std::{
    future::{Ready, ready},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

const PLAIN: Spec = Spec {
    id: "inside",
    name: "Inside",
    endpoints: Endpoints {
        authorization: Endpoint::new("https://id.example/authorize"),
        token: Endpoint::new("https://id.example/token"),
        ..Endpoints::NONE
    },
    scopes: Scopes { default: ASKED, ..Scopes::PLAIN },
    ..Spec::PLAIN
};

/// A provider that answers as the standard has it.
pub struct Standard;

impl OAuthProvider for Standard {
    const SPEC: &'static Spec = &PLAIN;
}

impl HasAuthorizationEndpoint for Standard {}

/// The same, by the reader that can do every declared shape.
pub struct Declared;

impl OAuthProvider for Declared {
    const SPEC: &'static Spec =
        &Spec { response: TokenResponse { plain: false, ..TokenResponse::PLAIN }, ..PLAIN };
}

impl HasAuthorizationEndpoint for Declared {}

/// A flow whose token endpoint answers what it is told.
pub struct InProcess<P> {
    /// The flow.
    pub flow: AuthCodeFlow<P>,
    answer: Arc<Mutex<Response>>,
    sent: Arc<Mutex<Vec<Request>>>,
    now: SystemTime,
}

impl<P: HasAuthorizationEndpoint> InProcess<P> {
    /// A flow of `provider`.
    ///
    /// # Errors
    /// [`Error::Configuration`].
    pub fn new(provider: P) -> Result<Self, Error> {
        Self::with(provider, Credentials::confidential(CLIENT_ID, CLIENT_SECRET), REDIRECT_URI)
    }

    /// The same with other settings.
    ///
    /// # Errors
    /// [`Error::Configuration`].
    pub fn with(provider: P, credentials: Credentials, redirect_uri: &str) -> Result<Self, Error> {
        let answer = Arc::<Mutex<Response>>::default();
        let sent = Arc::<Mutex<Vec<Request>>>::default();
        let (prepared, seen) = (answer.clone(), sent.clone());
        let send = move |request: Request| -> Ready<Result<Response, _>> {
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(request);
            ready(Ok(prepared.lock().unwrap_or_else(PoisonError::into_inner).clone()))
        };
        let now = whole_seconds();
        let flow = AuthCodeFlow::new(provider, credentials, redirect_uri)?;
        Ok(Self { flow: flow.transport(send).clock(move || now), answer, sent, now })
    }

    /// What the token endpoint answers from now on.
    pub fn answers(&self, answer: &Answer<'_>) {
        let mut response = Response::new(answer.body.to_vec().into());
        *response.status_mut() = http::StatusCode::from_u16(answer.status).unwrap_or_default();
        if let Some(Ok(value)) = answer.content_type.map(str::parse) {
            response.headers_mut().insert(http::header::CONTENT_TYPE, value);
        }
        self.answers_exactly(response);
    }

    /// The same, with headers.
    pub fn answers_exactly(&self, response: Response) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = response;
    }

    /// Takes the requests that were sent.
    pub fn sent(&self) -> Vec<Request> {
        std::mem::take(&mut *self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A whole sign-in with an honest callback.
    ///
    /// # Errors
    /// What the flow makes of the answer.
    pub async fn sign_in(&self) -> Result<Got, Error> {
        let (url, pending) = self.flow.begin([]).into_parts();
        let state = parameter(&url, "state").unwrap_or_default();
        let tokens = self.flow.finish(Callback::new(format!("code=CODE&state={state}"), pending)).await?;
        self.sent();
        Ok(self.got(&tokens))
    }

    fn got(&self, tokens: &TokenSet<P>) -> Got {
        Got {
            access_token: tokens.access_token().expose().to_owned(),
            refresh_token: tokens.refresh_token().map(|token| token.expose().to_owned()),
            lifetime: tokens.expires_at().map(|at| at.duration_since(self.now).unwrap_or_default()),
            scopes: tokens.scopes().map(ToString::to_string).collect(),
        }
    }
}
