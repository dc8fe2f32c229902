//! [`ApiRequest`]: a call of the provider's API, with the token attached only where it may go.

use crate::{
    client::Client,
    core::Core,
    error::{AnswerErrorKind, Error},
    secret::Secret,
    spec::{self, Placement, Stage},
    store::TokenKey,
    tokens::{StoredTokens, Tokens},
    transport::{Limits, Request, Response},
    wire::{
        answer, api, encode, json,
        refused::{self, Context},
        request,
    },
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde_core::{Serialize, de::DeserializeOwned};
use std::{borrow::Cow, fmt, sync::Arc, time::Duration};
use url::Url;

/// A call that is being made up. [`send`](Self::send) and [`json`](Self::json) send it.
///
/// The access token goes to the origins that the definition declares and nowhere else, by the way that it declares.
/// After a 401, or another status that the definition says means it, the token is refreshed and the call repeated, once.
#[must_use = "a call does nothing before it is sent"]
pub struct ApiRequest {
    core: Arc<Core>,
    key: TokenKey,
    call: Result<Call, Error>,
    /// The tokens that it goes with, where they are not those of the store.
    given: Option<StoredTokens>,
}

/// The parts of a call that stay the same when it is repeated.
pub(crate) struct Call {
    stage: Stage,
    method: Method,
    target: Target,
    headers: HeaderMap,
    body: Bytes,
}

/// Where a call goes.
enum Target {
    Url(Url),
    /// What is joined to the base address when the grant is known, because its sign-in told the host.
    OfGrant {
        path: String,
        query: Vec<(String, String)>,
    },
}

impl Call {
    fn to(stage: Stage, method: Method, target: Target) -> Self {
        Self { stage, method, target, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// A call of an address that the definition names, with the parameters and headers of `[userinfo]`.
    pub(crate) fn declared(client: &Client, method: spec::Method, url: Url) -> Result<Self, Error> {
        let method = if method == spec::Method::Post { Method::POST } else { Method::GET };
        let mut call = Self::to(Stage::Userinfo, method, Target::Url(url));
        for (name, value) in client.params(client.spec.userinfo.query) {
            call.add_query(name, &value);
        }
        if call.method == Method::POST && !client.spec.userinfo.params.is_empty() {
            call.post(&client.spec.userinfo);
        }
        request::declare(&mut call.headers, client, client.spec.userinfo.headers)?;
        Ok(call)
    }

    /// Puts the parameters of `[userinfo]` into the body.
    fn post(&mut self, userinfo: &spec::Userinfo) {
        let (content_type, body) = if userinfo.encoding == spec::Encoding::Json {
            ("application/json", json::write(userinfo.params))
        } else {
            let mut form = String::new();
            userinfo.params.iter().for_each(|(name, value)| encode::pair_into(&mut form, name, value));
            ("application/x-www-form-urlencoded", form)
        };
        self.body = body.into();
        self.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }

    fn add_query(&mut self, name: &str, value: &str) {
        match &mut self.target {
            Target::Url(url) => {
                url.query_pairs_mut().append_pair(name, value);
            }
            Target::OfGrant { query, .. } => query.push((name.to_owned(), value.to_owned())),
        }
    }

    fn set_header(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let wrong = || Error::Configuration(format!("the header {name:?} cannot be sent"));
        let name: HeaderName = name.parse().map_err(|_| wrong())?;
        self.headers.insert(name, HeaderValue::from_str(value).map_err(|_| wrong())?);
        Ok(())
    }

    /// Its address, as the grant has it.
    fn url(&self, client: &Client) -> Result<Cow<'_, Url>, Error> {
        match &self.target {
            Target::Url(url) => Ok(Cow::Borrowed(url)),
            Target::OfGrant { path, query } => {
                let mut url = api_url(client, path)?;
                if !query.is_empty() {
                    url.query_pairs_mut().extend_pairs(query);
                }
                Ok(Cow::Owned(url))
            }
        }
    }

    /// The call as an error may show it, without the query, which may hold anything.
    fn describe(&self) -> String {
        match &self.target {
            Target::Url(url) => {
                let mut url = url.clone();
                url.set_query(None);
                format!("{} {url}", self.method)
            }
            Target::OfGrant { path, .. } => {
                format!("{} {}", self.method, path.split('?').next().unwrap_or_default())
            }
        }
    }
}

impl ApiRequest {
    pub(crate) fn new(core: Arc<Core>, key: TokenKey, method: Method, path: &str) -> Self {
        let call = if core.client.learns {
            Ok(Call::to(Stage::Api, method, Target::OfGrant { path: path.to_owned(), query: Vec::new() }))
        } else {
            api_url(&core.client, path).map(|url| Call::to(Stage::Api, method, Target::Url(url)))
        };
        Self { core, key, call, given: None }
    }

    /// A call of an address that the definition names, to learn who the user is.
    pub(crate) fn declared(core: Arc<Core>, key: TokenKey, call: Result<Call, Error>) -> Self {
        Self { core, key, call, given: None }
    }

    /// The same call with these tokens, which are not refreshed.
    pub(crate) fn with_tokens(self, tokens: StoredTokens) -> Self {
        Self { given: Some(tokens), ..self }
    }

    /// Adds a parameter to the query.
    pub fn query(self, name: &str, value: &str) -> Self {
        self.with(|call| {
            call.add_query(name, value);
            Ok(())
        })
    }

    /// Sets a header, but not the one that carries the token.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.with(|call| call.set_header(name, value))
    }

    /// Sets the body to a JSON value.
    pub fn json_body(self, value: &impl Serialize) -> Self {
        self.with(|call| {
            let body = serde_json::to_vec(value)
                .map_err(|error| Error::Configuration(format!("the body is not JSON: {error}")))?;
            call.body = body.into();
            call.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(())
        })
    }

    /// Sets the body to a form.
    pub fn form<'a>(self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut form = String::new();
        pairs.into_iter().for_each(|(name, value)| encode::pair_into(&mut form, name, value));
        self.body("application/x-www-form-urlencoded", form)
    }

    /// Sets the body and its content type.
    pub fn body(self, content_type: &str, body: impl Into<Bytes>) -> Self {
        let request = self.header("content-type", content_type);
        request.with(|call| {
            call.body = body.into();
            Ok(())
        })
    }

    fn with(mut self, change: impl FnOnce(&mut Call) -> Result<(), Error>) -> Self {
        if let Ok(call) = &mut self.call
            && let Err(error) = change(call)
        {
            self.call = Err(error);
        }
        self
    }

    /// Sends the call and gives the answer, whatever its status.
    ///
    /// # Errors
    /// [`Error::LoginRequired`], [`Error::ForeignOrigin`], [`Error::Transport`], and what a refresh can fail with.
    pub async fn send(self) -> Result<ApiResponse, Error> {
        let Self { core, key, call, given } = self;
        let call = call?;
        if let Some(tokens) = given {
            let response = core.call(&call, &tokens.0).await?;
            return Ok(core.api_response(&call, response));
        }
        let grant = core.fresh(&key).await?;
        let response = core.call(&call, &grant.tokens.0).await?;
        if !api::is_expired(core.client.api(), &response) {
            return Ok(core.api_response(&call, response));
        }
        let Some(grant) = core.after_refusal(&key, &grant).await? else {
            return Ok(core.api_response(&call, response));
        };
        let response = core.call(&call, &grant.tokens.0).await?;
        Ok(core.api_response(&call, response))
    }

    /// Sends the call and reads the answer as JSON.
    ///
    /// # Errors
    /// Those of [`send`](Self::send) and of [`ApiResponse::json`].
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, Error> {
        self.send().await?.json()
    }
}

impl fmt::Debug for ApiRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiRequest").field("key", &self.key).finish_non_exhaustive()
    }
}

/// The address of a call, if the token may go there.
fn api_url(client: &Client, path: &str) -> Result<Url, Error> {
    let wrong = || Error::Configuration(format!("{path:?} is no path or address"));
    let base = client.api_base.as_ref().ok_or_else(|| match &client.spec.api {
        Some(api) => client.not_learned(api.base_url),
        None => client.undeclared("an API"),
    })?;
    let url = match Url::parse(path) {
        Ok(absolute) => absolute,
        // The dot keeps a colon in the first segment from being read as the end of a scheme.
        Err(_) => base.join(&format!("./{}", path.trim_start_matches('/'))).map_err(|_| wrong())?,
    };
    let origin = url.origin();
    // The origin of a `blob:` address is the one of the address inside it.
    if !matches!(url.scheme(), "https" | "http")
        || !client.api_origins.contains(&origin)
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err(Error::ForeignOrigin(origin.ascii_serialization()));
    }
    Ok(url)
}

impl Core {
    /// Makes a call with the tokens of a grant.
    pub(crate) async fn call(&self, call: &Call, tokens: &Tokens) -> Result<Response, Error> {
        let client = self.client.of(&tokens.rare.learned)?;
        let request = api_request(&client, call, &tokens.access_token)?;
        Ok(self.send(request, Limits::API).await.map_err(|error| error.sending(call.describe()))?)
    }

    pub(crate) fn api_response(self: Arc<Self>, call: &Call, response: Response) -> ApiResponse {
        ApiResponse { stage: call.stage, sent: call.describe(), core: self, response }
    }
}

fn api_request(client: &Client, call: &Call, token: &Secret) -> Result<Request, Error> {
    let declared = client.api();
    let mut url = call.url(client)?.into_owned();
    for (name, value) in client.params(declared.query) {
        url.query_pairs_mut().append_pair(name, &value);
    }
    if declared.placement == Placement::Query {
        url.query_pairs_mut().append_pair(declared.parameter, token.expose());
    }
    let mut request = http::Request::new(call.body.clone());
    *request.method_mut() = call.method.clone();
    *request.uri_mut() = url
        .as_str()
        .parse()
        .map_err(|_| Error::Configuration("the address of the call cannot be sent by HTTP".to_owned()))?;
    let headers = request.headers_mut();
    request::declare(headers, client, declared.headers)?;
    for (name, value) in &call.headers {
        headers.insert(name, value.clone());
    }
    if declared.placement == Placement::Header {
        let text = format!("{} {}", declared.scheme, token.expose());
        request::insert(headers, declared.header, text.trim_start())?;
        headers.get_mut(declared.header).expect("it was inserted").set_sensitive(true);
    }
    if declared.placement == Placement::Body {
        let token = (declared.parameter, token);
        *request.body_mut() = api::form_with_token(&call.method, request.headers_mut(), &call.body, token)?;
    }
    request.extensions_mut().insert(Limits::API);
    Ok(request)
}

/// The API's answer.
pub struct ApiResponse {
    core: Arc<Core>,
    stage: Stage,
    sent: String,
    response: Response,
}

impl ApiResponse {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The body.
    pub fn bytes(&self) -> &Bytes {
        self.response.body()
    }

    /// How long the API asks to wait, by `Retry-After` or the header that the definition names for it.
    pub fn retry_after(&self) -> Option<Duration> {
        let now = self.core.now();
        let declared = || api::wait(self.core.client.api(), &self.response, now);
        answer::retry_after(&self.response, now).or_else(declared)
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`Error::Refused`] for an error that the definition explains, [`Error::Answer`] for any other status than 2xx, or
    /// for a body that is no such JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let body = self.success()?;
        serde_json::from_slice(body).map_err(|_| self.error(AnswerErrorKind::NotJson))
    }

    /// The body of a success.
    pub(crate) fn success(&self) -> Result<&Bytes, Error> {
        let describe = || self.sent.clone();
        if let Some(refusal) = refused::in_call(&self.context(&describe), &self.response) {
            return Err(Error::Refused(Box::new(refusal)));
        }
        if self.status().is_success() {
            return Ok(self.bytes());
        }
        Err(self.error(match answer::status_kind(&self.response, self.core.now()) {
            AnswerErrorKind::Unavailable { .. } => {
                AnswerErrorKind::Unavailable { retry_after: self.retry_after() }
            }
            kind => kind,
        }))
    }

    /// The error for a value that should be in the answer.
    pub(crate) fn missing(&self, name: &'static str) -> Error {
        self.error(AnswerErrorKind::Missing(name))
    }

    pub(crate) fn error(&self, kind: AnswerErrorKind) -> Error {
        let describe = || self.sent.clone();
        Error::Answer(Box::new(answer::answer_error(&self.context(&describe), &self.response, kind)))
    }

    fn context<'a>(&'a self, describe: &'a dyn Fn() -> String) -> Context<'a> {
        let client = &self.core.client;
        Context { client, stage: self.stage, shape: &client.spec.response, describe, secrets: &Vec::new }
    }
}

impl fmt::Debug for ApiResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiResponse").field("status", &self.status()).finish_non_exhaustive()
    }
}
