//! A user with a browser: follows redirects, keeps cookies, fills in forms and presses buttons.

use crate::html::{Form, form_of};
use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use oauth_runtime::transport::{Limits, ReqwestTransport, Transport};
use std::collections::BTreeMap;
use url::{Url, form_urlencoded::Serializer};

/// Who signs in, and where the walk ends.
pub(crate) struct Agent {
    username: String,
    password: String,
    redirect_uri: String,
    cookies: BTreeMap<String, String>,
}

/// What the user says on the consent page.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    Approve,
    Deny,
}

enum Step {
    /// The user agent came back to the client with this query, or posted this form there.
    Callback(String),
    Page {
        url: Url,
        markup: String,
    },
}

impl Agent {
    pub(crate) fn new(username: &str, password: &str, redirect_uri: &str) -> Self {
        let (username, password) = (username.to_owned(), password.to_owned());
        Self { username, password, redirect_uri: redirect_uri.to_owned(), cookies: BTreeMap::new() }
    }

    /// Goes to the authorization request's address, signs in, answers, and gives the query or the form of the callback.
    pub(crate) async fn authorize(&mut self, url: &str, answer: Answer) -> String {
        let mut step = self.visit(Url::parse(url).unwrap(), None).await;
        for _ in 0..4 {
            match step {
                Step::Callback(query) => return query,
                Step::Page { url, markup } => {
                    let (action, body) = self.fill_in(&url, &markup, answer);
                    step = self.visit(action, Some(body)).await;
                }
            }
        }
        panic!("four pages and no end: {url}");
    }

    /// Where the page's form goes, and what it sends.
    fn fill_in(&self, url: &Url, markup: &str, answer: Answer) -> (Url, String) {
        let Some(form) = form_of(markup, &self.username) else { panic!("{url} has no form: {markup}") };
        let mut body = Serializer::new(String::new());
        for (name, value) in &form.inputs {
            body.append_pair(
                name,
                match name.as_str() {
                    "username" => &self.username,
                    "password" => &self.password,
                    _ => value,
                },
            );
        }
        if let Some((name, value)) = button(&form, answer) {
            body.append_pair(name, value);
        }
        (url.join(&form.action).unwrap(), body.finish())
    }

    async fn visit(&mut self, mut url: Url, mut body: Option<String>) -> Step {
        for _ in 0..10 {
            if url.as_str().starts_with(&self.redirect_uri) {
                return Step::Callback(body.unwrap_or_else(|| url.query().unwrap_or_default().to_owned()));
            }
            let response = self.send(&url, body.as_ref()).await;
            if !response.status().is_redirection() {
                let markup = String::from_utf8_lossy(response.body()).into_owned();
                assert!(response.status().is_success(), "{url}: {} {markup}", response.status());
                return Step::Page { url, markup };
            }
            if response.status() != StatusCode::TEMPORARY_REDIRECT {
                body = None;
            }
            url = url.join(response.headers()[header::LOCATION].to_str().unwrap()).unwrap();
        }
        panic!("redirects without end: {url}");
    }

    async fn send(&mut self, url: &Url, body: Option<&String>) -> http::Response<Bytes> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder()
            .method(if body.is_some() { Method::POST } else { Method::GET })
            .uri(url.as_str())
            .header(header::COOKIE, cookies.join("; "))
            .extension(Limits::API);
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request.body(Bytes::from(body.cloned().unwrap_or_default())).unwrap();
        let response = ReqwestTransport::new().send(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        response
    }
}

/// The button that says `answer`; a login form's has no name, so nothing is sent for it.
fn button(form: &Form, answer: Answer) -> Option<(&String, &String)> {
    let id = match answer {
        Answer::Approve => "approve",
        Answer::Deny => "deny",
    };
    form.buttons.iter().find(|button| button.id == id).map(|button| (&button.name, &button.value))
}
