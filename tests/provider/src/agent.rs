//! The headless user agent: follows redirects and submits forms, as a browser without scripts does.

use crate::{form::Form, pages, server::Server, transport::TestTransport};
use http::{Method, StatusCode, header};
use oauth_runtime::transport::{Response, Transport};
use std::sync::Arc;
use url::Url;

/// More pages than a sign-in has.
const MOST_STEPS: usize = 12;

/// Signs in and consents, beginning at an authorization URL: the address outside of the provider where it ends.
///
/// # Errors
/// What an error page of the provider says.
pub(crate) async fn approve(server: &Arc<Server>, url: &str) -> Result<String, String> {
    let agent = Agent { server, transport: TestTransport::new(server) };
    let mut next = Next::Visit(server.local(url).unwrap_or_else(|| panic!("{url} is no authorization URL")));
    for _ in 0..MOST_STEPS {
        next = match next {
            Next::Visit(url) if !server.is_local(&url) => return Ok(url),
            Next::Submit(url, form) if !server.is_local(&url) => return Ok(format!("{url}?{form}")),
            Next::Visit(url) => agent.visit(&url).await?,
            Next::Submit(url, form) => agent.send(Method::POST, url, form).await?,
        };
    }
    panic!("the sign-in of {} does not end", server.spec.name)
}

enum Next {
    Visit(String),
    Submit(String, String),
}

struct Agent<'a> {
    server: &'a Server,
    transport: TestTransport,
}

impl Agent<'_> {
    /// Opens a page. What stands behind `#` stays here, until the script of the page takes it.
    async fn visit(&self, url: &str) -> Result<Next, String> {
        let (page, behind) = url.split_once('#').map_or((url, None), |(page, behind)| (page, Some(behind)));
        let Some(behind) = behind else { return self.send(Method::GET, url.to_owned(), String::new()).await };
        let answer = self.get(Method::GET, page, String::new()).await;
        let text = String::from_utf8_lossy(answer.body());
        let (fragment, query) = behind.split_once('?').unwrap_or((behind, ""));
        if !pages::is_behind_fragment(&text, fragment) {
            return Err(format!("{} has nothing behind #{fragment}: {text}", self.server.spec.name));
        }
        let path = page.strip_prefix(&self.server.origin()).unwrap_or_default();
        Ok(Next::Visit(format!("{}{}{path}?{query}", self.server.origin(), pages::BEHIND_FRAGMENT_PATH)))
    }

    async fn send(&self, method: Method, url: String, form: String) -> Result<Next, String> {
        let answer = self.get(method, &url, form).await;
        self.read(&url, &answer)
    }

    async fn get(&self, method: Method, url: &str, form: String) -> Response {
        let request = http::Request::builder()
            .method(method)
            .uri(url)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.into())
            .unwrap_or_else(|error| panic!("{url} cannot be visited: {error}"));
        let answer = self.transport.send(request).await;
        answer.unwrap_or_else(|error| panic!("the test provider does not answer: {error}"))
    }

    fn read(&self, url: &str, answer: &Response) -> Result<Next, String> {
        let page = String::from_utf8_lossy(answer.body());
        let resolve = |to: &str| match Url::parse(url).and_then(|url| url.join(to)) {
            // An address outside stays as it was written.
            Ok(joined) if self.server.is_local(joined.as_str()) => joined.into(),
            _ => to.to_owned(),
        };
        if answer.status().is_redirection() {
            let location = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
            return Ok(Next::Visit(resolve(location.expect("a redirect has a location"))));
        }
        let form = Form::parse(&page).filter(|_| answer.status() == StatusCode::OK);
        let form = form.ok_or_else(|| format!("{} refused: {page}", self.server.spec.name))?;
        Ok(Next::Submit(resolve(&form.action), form.filled_in()))
    }
}
