//! A client without a library: every parameter can be changed.

use http::{Method, header};
use oauth_runtime::{
    OAuthProvider,
    transport::{Request, Response, Transport},
};
use oauth_test_provider::TestProvider;
use serde_json::Value;
use url::form_urlencoded;

pub(crate) const ID: &str = "the client";
pub(crate) const SECRET: &str = "s+c%r:t";
/// `ID` and `SECRET`, form-urlencoded, joined and in base64 (RFC 6749 §2.3.1).
pub(crate) const BASIC: &str = "Basic dGhlK2NsaWVudDpzJTJCYyUyNXIlM0F0";
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:3000/callback?app=1";
/// RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A test provider that knows the client of this module.
pub(crate) async fn start<P: OAuthProvider>() -> TestProvider<P> {
    let test = TestProvider::start().await;
    test.client(ID, SECRET);
    test
}

/// Names and values to send.
#[derive(Clone)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn of(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(n, _)| n != name);
        self
    }

    pub(crate) fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    pub(crate) fn text(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

/// A good authorization request.
pub(crate) fn authorization() -> Form {
    Form::of(&[
        ("response_type", "code"),
        ("client_id", ID),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "read"),
        ("state", "a state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ])
}

/// A good token request for a code.
pub(crate) fn exchange(code: &str) -> Form {
    Form::of(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ])
}

/// A good token request for a refresh token.
pub(crate) fn renewal(refresh_token: &str) -> Form {
    Form::of(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)])
}

pub(crate) fn authorization_url(form: &Form) -> String {
    format!("https://id.example/authorize?{}", form.text())
}

/// Where the user agent ends.
pub(crate) async fn authorize<P: OAuthProvider>(test: &TestProvider<P>, form: &Form) -> String {
    test.approve(&authorization_url(form)).await
}

/// The parameter of a callback.
pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
}

/// A code for a good request.
pub(crate) async fn code<P: OAuthProvider>(test: &TestProvider<P>) -> String {
    parameter(&authorize(test, &authorization()).await, "code").expect("a code")
}

/// A request with a form in it and HTTP Basic, to be changed.
pub(crate) fn post(url: &str, form: &Form) -> Request {
    let request = http::Request::builder()
        .method(Method::POST)
        .uri(url)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::AUTHORIZATION, BASIC);
    request.body(form.text().into()).expect("a request")
}

pub(crate) async fn send<P: OAuthProvider>(test: &TestProvider<P>, request: Request) -> Response {
    test.transport().send(request).await.expect("an answer")
}

/// The status and the body of a token request.
pub(crate) async fn token<P: OAuthProvider>(test: &TestProvider<P>, form: &Form) -> (u16, Value) {
    read(&send(test, post("https://id.example/token", form)).await)
}

/// Tokens for a good request.
pub(crate) async fn tokens<P: OAuthProvider>(test: &TestProvider<P>) -> (String, String) {
    let (status, body) = token(test, &exchange(&code(test).await)).await;
    assert_eq!(status, 200, "{body}");
    (text(&body, "/access_token"), text(&body, "/refresh_token"))
}

/// An API call with HTTP Bearer.
pub(crate) async fn call<P: OAuthProvider>(test: &TestProvider<P>, url: &str, token: &str) -> (u16, Value) {
    let request = get(url, &[("authorization", &format!("Bearer {token}"))]);
    read(&send(test, request).await)
}

pub(crate) fn get(url: &str, headers: &[(&str, &str)]) -> Request {
    let mut request = http::Request::builder().uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body("".into()).expect("a request")
}

pub(crate) fn read(response: &Response) -> (u16, Value) {
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or_default())
}

pub(crate) fn text(body: &Value, pointer: &str) -> String {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} in {body}")).to_owned()
}

/// The error code of a refusal with status 400.
pub(crate) fn error(answer: (u16, Value)) -> String {
    let (status, body) = answer;
    assert_eq!(status, 400, "{body}");
    text(&body, "/error")
}
