//! What a user sees: plain pages without scripts, and the headers that keep them safe.

mod html;

use crate::authorize::Interaction;
use crate::login::{PASSWORD, USERNAME};
use crate::scopes;
use axum::response::{IntoResponse, Response};
use base64::{Engine, prelude::BASE64_STANDARD};
use html::Escaped;
use http::{HeaderName, HeaderValue, StatusCode, header};
use oauth_runtime::spec::Spec;
use sha2::{Digest, Sha256};
use url::Url;

/// Where the login form goes. No host is called `-`.
pub(crate) const LOGIN_PATH: &str = "/-/login";
/// Where the consent page is, and where its form goes.
pub(crate) const CONSENT_PATH: &str = "/-/consent";
/// What carries parameters over that stand behind a fragment.
pub(crate) const SCRIPT_PATH: &str = "/-/fragment.js";
/// Where it carries them to, before the path of the page.
pub(crate) const BEHIND_FRAGMENT_PATH: &str = "/-/behind";
/// Where the stylesheet is.
pub(crate) const STYLE_PATH: &str = "/-/style.css";

/// The login page, with the one user's name and password filled in.
pub(crate) fn login(spec: &Spec, interaction: &str, problem: Option<&str>) -> Response {
    let problem = problem.map(|text| format!("<p class=\"problem\" role=\"alert\">{}</p>", Escaped(text)));
    let body = format!(
        "<h1>Sign in to {name}</h1>{problem}\
         <form method=\"post\" action=\"{LOGIN_PATH}\">\
         <input type=\"hidden\" name=\"interaction\" value=\"{interaction}\">\
         <label for=\"username\">User name</label>\
         <input id=\"username\" name=\"username\" type=\"text\" autocomplete=\"username\" value=\"{USERNAME}\" required>\
         <label for=\"password\">Password</label>\
         <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\" \
         value=\"{PASSWORD}\" required>\
         <button type=\"submit\" class=\"main\">Sign in</button></form>\
         <p class=\"hint\">The only user is <b>{USERNAME}</b> with the password <b>{PASSWORD}</b>.</p>",
        name = Escaped(spec.name),
        problem = problem.unwrap_or_default(),
        interaction = Escaped(interaction),
    );
    page(spec, StatusCode::OK, &format!("Sign in to {}", spec.name), &body, "'self'")
}

/// The consent page: who asks, for what, and where the answer goes.
pub(crate) fn consent(
    spec: &'static Spec,
    name: &str,
    client_name: &str,
    interaction: &Interaction,
) -> Response {
    let approved = &interaction.approved;
    let back = origin(&interaction.way_back.redirect_uri);
    let body = format!(
        "<h1>{client} wants to use your {provider} account</h1>\
         <p>You are signed in as <b>Ada Lovelace</b> ({USERNAME}).</p>{scopes}\
         <form method=\"post\" action=\"{CONSENT_PATH}\">\
         <input type=\"hidden\" name=\"interaction\" value=\"{name}\">\
         <div class=\"choice\">\
         <button type=\"submit\" name=\"decision\" value=\"approve\" class=\"main\">Approve</button>\
         <button type=\"submit\" name=\"decision\" value=\"deny\">Deny</button></div></form>\
         <p class=\"hint\">The client is <code>{client_id}</code>. You will be sent back to <code>{back}</code>.</p>",
        client = Escaped(client_name),
        provider = Escaped(spec.name),
        scopes = asked_for(spec, &approved.scopes),
        name = Escaped(name),
        client_id = Escaped(&approved.client_id),
        back = Escaped(&back.shown),
    );
    // Chromium follows the redirect after the form only to what `form-action` names.
    let form_action = format!("'self' {}", back.source);
    page(spec, StatusCode::OK, &format!("Approve {client_name}?"), &body, &form_action)
}

fn asked_for(spec: &'static Spec, asked: &[String]) -> String {
    if asked.is_empty() {
        return "<p>It asks for no scopes.</p>".to_owned();
    }
    let item = |scope: &String| {
        let text = scopes::describe(&spec.scopes, scope);
        format!("<li>{} <code>{}</code></li>", Escaped(text), Escaped(scopes::plain(scope)))
    };
    format!("<p>It asks for:</p><ul>{}</ul>", asked.iter().map(item).collect::<String>())
}

/// A page that says what went wrong.
pub(crate) fn problem(spec: &Spec, status: StatusCode, text: &str) -> Response {
    let body = format!("<h1>This did not work</h1><p class=\"problem\" role=\"alert\">{}</p>", Escaped(text));
    page(spec, status, "This did not work", &body, "'none'")
}

/// Sends the user agent elsewhere, by GET (RFC 9700 §4.12).
pub(crate) fn redirect(location: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        return (StatusCode::BAD_REQUEST, "the redirect_uri cannot stand in a header").into_response();
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    protect(&mut response);
    response
}

/// The page of a provider whose parameters stand behind a fragment: the only one with a script.
pub(crate) fn behind_fragment(spec: &Spec, fragment: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{name} - test provider</title>\
         </head><body><main data-fragment=\"{fragment}\"></main><script src=\"{SCRIPT_PATH}\"></script></body></html>",
        name = Escaped(spec.name),
        fragment = Escaped(fragment),
    );
    answer(
        StatusCode::OK,
        html,
        "default-src 'none'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
}

/// Whether a page carries parameters over from behind this fragment.
pub(crate) fn is_behind_fragment(page: &str, fragment: &str) -> bool {
    page.contains(&format!("data-fragment=\"{}\"", Escaped(fragment)))
}

/// The script of that page.
pub(crate) async fn script() -> Response {
    let mut response = include_str!("fragment.js").into_response();
    let script = HeaderValue::from_static("text/javascript; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, script);
    protect(&mut response);
    response
}

/// Lets the user agent post an answer to the client (OAuth 2.0 Form Post Response Mode).
pub(crate) fn post_back(spec: &Spec, redirect_uri: &str, pairs: &[(String, String)]) -> Response {
    const SCRIPT: &str = "HTMLFormElement.prototype.submit.call(document.forms[0])";
    let field = |(name, value): &(String, String)| {
        format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", Escaped(name), Escaped(value))
    };
    let body = format!(
        "<h1>Back to the application</h1><form method=\"post\" action=\"{action}\">{fields}\
         <button type=\"submit\" class=\"main\">Continue</button></form><script>{SCRIPT}</script>",
        action = Escaped(redirect_uri),
        fields = pairs.iter().map(field).collect::<String>(),
    );
    let mut response =
        page(spec, StatusCode::OK, "Back to the application", &body, &origin(redirect_uri).source);
    let hash = BASE64_STANDARD.encode(Sha256::digest(SCRIPT));
    let headers = response.headers_mut();
    let policy = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    let policy = format!("{}; script-src 'sha256-{hash}'", policy.unwrap_or_default());
    let policy = HeaderValue::from_str(&policy).expect("base64 is visible ASCII");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// The stylesheet of every page.
pub(crate) async fn style() -> Response {
    let mut response = include_str!("style.css").into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    protect(&mut response);
    response
}

/// The frame of every page.
fn page(spec: &Spec, status: StatusCode, title: &str, body: &str, form_action: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} - test provider</title><link rel=\"stylesheet\" href=\"{STYLE_PATH}\"></head><body>\
         <p class=\"banner\">This is a test provider standing in for <b>{name}</b>. \
         No account is used and nothing leaves this machine.</p><main>{body}</main></body></html>",
        title = Escaped(title),
        name = Escaped(spec.name),
    );
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    );
    answer(status, html, &policy)
}

fn answer(status: StatusCode, html: String, policy: &str) -> Response {
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let policy = HeaderValue::from_str(policy).expect("an origin is visible ASCII");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    protect(&mut response);
    response
}

/// What every answer to a user agent says.
fn protect(response: &mut Response) {
    let all: [(HeaderName, &str); 4] = [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in all {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
}

/// Where a redirect URI leads.
struct Origin {
    /// For people.
    shown: String,
    /// For `form-action`.
    source: String,
}

fn origin(redirect_uri: &str) -> Origin {
    let Ok(url) = Url::parse(redirect_uri) else {
        return Origin { shown: redirect_uri.to_owned(), source: String::new() };
    };
    let scheme = format!("{}:", url.scheme());
    match url.origin() {
        // A policy has no way to write an IPv6 address, and a private scheme has no origin.
        url::Origin::Tuple(_, url::Host::Ipv6(_), _) => {
            Origin { shown: url.origin().ascii_serialization(), source: scheme }
        }
        url::Origin::Opaque(_) => Origin { shown: scheme.clone(), source: scheme },
        origin @ url::Origin::Tuple(..) => {
            let shown = origin.ascii_serialization();
            // A host may hold a semicolon, which would end the directive.
            let plain = |b: u8| b.is_ascii_alphanumeric() || b".-:/".contains(&b);
            let source = if shown.bytes().all(plain) { shown.clone() } else { String::new() };
            Origin { shown, source }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_allowed_by_its_origin_and_by_nothing_more() {
        for (redirect_uri, source) in [
            ("http://127.0.0.1:3000/callback?a=b", "http://127.0.0.1:3000"),
            ("https://app.example/callback", "https://app.example"),
            ("http://[::1]:3000/callback", "http:"),
            ("com.example.app:/callback", "com.example.app:"),
            ("https://a;script-src.example/callback", ""),
        ] {
            assert_eq!(origin(redirect_uri).source, source);
        }
    }
}
