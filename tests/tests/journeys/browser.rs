//! A browser: keeps cookies, and goes where it is sent.

use crate::user::REDIRECT_URI;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header},
};
use oauth_providers::github::GitHub;
use oauth_runtime::Error;
use oauth_test_provider::TestProvider;
use std::collections::BTreeMap;
use tower::ServiceExt;

#[derive(Clone, Default)]
pub(crate) struct Browser {
    cookies: BTreeMap<String, String>,
}

/// What a browser shows.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
    /// Where it is sent on.
    pub(crate) location: Option<String>,
    error: Option<Error>,
}

impl Page {
    /// The error behind the page.
    pub(crate) fn error(&self) -> &Error {
        self.error.as_ref().unwrap_or_else(|| panic!("no error: {} {}", self.status, self.text))
    }
}

impl Browser {
    pub(crate) async fn visit(&mut self, application: &Router, path: &str) -> Page {
        self.send(application, Method::GET, path).await
    }

    pub(crate) async fn send(&mut self, application: &Router, method: Method, path: &str) -> Page {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies.join("; "))
            .body(Body::empty())
            .unwrap();
        let response = application.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = response.headers().get(header::LOCATION);
        Page {
            status: response.status(),
            location: location.map(|value| value.to_str().unwrap().to_owned()),
            error: response.extensions().get().cloned(),
            text: String::from_utf8(to_bytes(response.into_body(), 1 << 16).await.unwrap().into()).unwrap(),
        }
    }

    /// Begins a sign-in and answers at the provider: the path of the callback to which the user is sent back.
    pub(crate) async fn until_callback(
        &mut self,
        application: &Router,
        test: &TestProvider<GitHub>,
    ) -> String {
        let login = self.visit(application, "/login").await;
        let back = test.approve(&login.location.expect("a sign-in begins with a redirect")).await;
        let query = back.strip_prefix(REDIRECT_URI).expect("the user comes back to the application");
        format!("/callback{query}")
    }

    /// The whole sign-in, up to the page at its end.
    pub(crate) async fn sign_in(&mut self, application: &Router, test: &TestProvider<GitHub>) -> Page {
        let callback = self.until_callback(application, test).await;
        let page = self.visit(application, &callback).await;
        match &page.location {
            Some(path) => self.visit(application, path).await,
            None => page,
        }
    }
}
