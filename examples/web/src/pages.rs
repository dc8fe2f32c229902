//! What the user sees.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use oauth_providers::{apaleo::Apaleo, github::GitHub, stack_exchange::StackExchange};
use oauth_runtime::{Error, OAuthProvider, TokenSet, spec::RefreshSupport};
use std::{marker::PhantomData, time::SystemTime};

/// The first page: a link for each provider.
pub(crate) async fn home() -> Html<String> {
    let links = [GitHub::SPEC, StackExchange::SPEC, Apaleo::SPEC].map(|provider| {
        format!(
            "<li><a class=\"button\" href=\"/login/{}\">Sign in with {}</a></li>",
            provider.id,
            escape(provider.name)
        )
    });
    page("Sign in", &format!("<h1>Sign in</h1><ul class=\"choices\">{}</ul>", links.concat()))
}

/// Who is signed in, what was granted, and what the API says.
pub(crate) fn account<P: OAuthProvider>(
    name: &str,
    answer: &serde_json::Value,
    tokens: &TokenSet<P>,
) -> Html<String> {
    let (id, provider) = (P::SPEC.id, escape(P::SPEC.name));
    let scopes: Vec<_> = tokens.scopes().map(|scope| format!("<code>{}</code>", escape(scope))).collect();
    let scopes = if scopes.is_empty() { "none".to_owned() } else { scopes.join(", ") };
    let refresh = if P::SPEC.refresh.support == RefreshSupport::None {
        String::new()
    } else {
        button("post", &format!("/refresh/{id}"), "Force a refresh")
    };
    let answer = serde_json::to_string_pretty(answer).unwrap_or_default();
    page(
        &format!("Signed in as {name}"),
        &format!(
            "<h1>Signed in as {}</h1><dl><dt>Provider</dt><dd>{provider}</dd><dt>Granted scopes</dt><dd>{scopes}</dd>\
             <dt>The access token lapses</dt><dd>{}</dd></dl><h2>The API says</h2><pre>{}</pre>\
             <div class=\"buttons\">{}{refresh}{}</div><p><a href=\"/\">Sign in elsewhere too</a></p>",
            escape(name),
            lapses(tokens.expires_at()),
            escape(&answer),
            button("get", &format!("/account/{id}"), "Call the API again"),
            button("post", &format!("/sign-out/{id}"), "Sign out"),
        ),
    )
}

fn lapses(expires_at: Option<SystemTime>) -> String {
    match expires_at.map(|at| at.duration_since(SystemTime::now())) {
        None => "not that the provider says".to_owned(),
        Some(Ok(left)) => format!("in {} minutes and {} seconds", left.as_secs() / 60, left.as_secs() % 60),
        Some(Err(_)) => "now".to_owned(),
    }
}

fn button(method: &str, action: &str, text: &str) -> String {
    format!("<form method=\"{method}\" action=\"{action}\"><button>{text}</button></form>")
}

/// An error on its way to the user, with the provider to try again at.
pub(crate) struct Failure<P> {
    error: Error,
    of: PhantomData<fn() -> P>,
}

impl<P> From<Error> for Failure<P> {
    fn from(error: Error) -> Self {
        Self { error, of: PhantomData }
    }
}

impl<P: OAuthProvider> IntoResponse for Failure<P> {
    fn into_response(self) -> Response {
        let (id, provider) = (P::SPEC.id, escape(P::SPEC.name));
        let (title, text) = match &self.error {
            Error::Denied(refusal) if refusal.means() == "access_denied" => (
                "Access denied",
                format!(
                    "You denied the access at {provider}, so you are not signed in and nothing was stored."
                ),
            ),
            Error::LoginRequired(_) => ("Not signed in", format!("You are not signed in at {provider}.")),
            Error::Callback(error) => ("The sign-in was not finished", escape(&error.to_string())),
            error => {
                eprintln!("{}: {error}", P::SPEC.id);
                ("Something went wrong", format!("{provider} could not be used. The details are in the log."))
            }
        };
        let status = self.error.into_response().status();
        let retry =
            format!("<p><a class=\"button\" href=\"/login/{id}\">Try again</a> <a href=\"/\">Back</a></p>");
        (status, page(title, &format!("<h1>{title}</h1><p role=\"alert\">{text}</p>{retry}"))).into_response()
    }
}

fn page(title: &str, body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title>\
         <link rel=\"stylesheet\" href=\"/style.css\"></head><body><main>{body}</main></body></html>",
        escape(title)
    ))
}

/// The stylesheet.
pub(crate) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("style.css"))
}

/// Puts the headers on every answer that keep a page with an account safe (RFC 9700 §4.12 and §4.16).
pub(crate) async fn protect(mut response: Response) -> Response {
    let headers: [(HeaderName, &str); 4] = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    // The router's own answers have no page: a path that there is not, and one that is only posted to.
    let is_empty = response.headers().get(header::CONTENT_TYPE).is_none();
    if is_empty && matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) {
        *response.body_mut() = page("Not here", "<h1>Not here</h1><p><a href=\"/\">Back</a></p>").0.into();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    }
    response
}

fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
        out
    })
}
