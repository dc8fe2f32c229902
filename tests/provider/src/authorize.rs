//! The authorization endpoint (RFC 6749 §3.1): is this a request that the provider would take?

use crate::{
    call::Call,
    grants::Approved,
    matcher, pages, random,
    refusal::Refusal,
    request::Request,
    scopes,
    server::{Server, Settings},
    verbatim,
    way_back::WayBack,
};
use axum::response::Response;
use http::{Method, StatusCode};
use oauth_runtime::spec::{BuiltIn, ErrorHint, Loopback, Part, Redirect, Spec, Stage};
use std::{
    collections::HashMap,
    time::{Duration, SystemTime},
};
use url::Url;

/// How long a user may take to sign in and consent.
const INTERACTION_LIFETIME: Duration = Duration::from_secs(600);

/// An authorization request that waits for its user.
#[derive(Debug, Clone)]
pub(crate) struct Interaction {
    pub(crate) approved: Approved,
    pub(crate) way_back: WayBack,
    pub(crate) signed_in: bool,
    lapses: SystemTime,
}

/// The requests whose users have not decided yet, each by the name that its pages carry.
#[derive(Debug, Default)]
pub(crate) struct Interactions(HashMap<String, Interaction>);

impl Interactions {
    fn begin(&mut self, approved: Approved, way_back: WayBack, now: SystemTime) -> String {
        self.0.retain(|_, interaction| now < interaction.lapses);
        let name = random::text();
        let lapses = now + INTERACTION_LIFETIME;
        self.0.insert(name.clone(), Interaction { approved, way_back, signed_in: false, lapses });
        name
    }

    pub(crate) fn get_mut(&mut self, name: &str, now: SystemTime) -> Option<&mut Interaction> {
        self.0.get_mut(name).filter(|interaction| now < interaction.lapses)
    }

    pub(crate) fn end(&mut self, name: &str) {
        self.0.remove(name);
    }
}

/// Why an authorization request goes no further.
enum Objection {
    /// Nobody knows where to redirect safely: the user sees it (RFC 6749 §4.1.2.1). It has a meaning and a text.
    Page(&'static str, String),
    /// The client hears of it.
    Redirect(Box<WayBack>, Refusal),
}

/// Answers with the login page, an error page or an error redirect.
pub(crate) fn answer(server: &Server, call: &Call) -> Response {
    let spec = server.spec;
    if call.method != Method::GET {
        return pages::problem(
            spec,
            StatusCode::METHOD_NOT_ALLOWED,
            "The authorization endpoint takes GET only.",
        );
    }
    if let (Some(fragment), false) = (spec.authorization.fragment, call.behind_fragment) {
        return if call.query.0.is_empty() {
            pages::behind_fragment(spec, fragment)
        } else {
            refused_page(spec, "The parameters belong behind the fragment.".to_owned())
        };
    }
    match check(server, call) {
        Err(Objection::Page(meaning, text)) => refused_page(spec, text + &explanation(spec, meaning, call)),
        Err(Objection::Redirect(way_back, refusal)) => way_back.with_error(refusal),
        Ok((approved, way_back)) => {
            let name = server.state().interactions.begin(approved, way_back, server.clock.now());
            pages::login(spec, &name, None)
        }
    }
}

/// A page that says why, to the user and to the log.
fn refused_page(spec: &Spec, text: String) -> Response {
    let mut response = pages::problem(spec, StatusCode::BAD_REQUEST, &text);
    response.extensions_mut().insert(Refusal::invalid_request(text));
    response
}

/// What the definition says of an error on the provider's own page.
fn explanation(spec: &Spec, meaning: &str, call: &Call) -> String {
    let is_it = |hint: &&ErrorHint| hint.stage == Some(Stage::Authorize) && hint.means == Some(meaning);
    let Some(known) = spec.errors.iter().find(is_it) else { return String::new() };
    let redirect_uri = spec.authorization.name("redirect_uri").and_then(|name| call.query.get(name));
    let text = |part| match part {
        Part::Text(text) => text,
        Part::BuiltIn(BuiltIn::RedirectUri) => redirect_uri.unwrap_or_default(),
        Part::BuiltIn(BuiltIn::Console) => spec.console.unwrap_or_default(),
        _ => "",
    };
    let hint: String = known.hint.parts().map(text).collect();
    let docs = known.docs.map(|docs| format!(" {docs}")).unwrap_or_default();
    format!(" {}: {hint}{docs}", known.code)
}

fn check(server: &Server, call: &Call) -> Result<(Approved, WayBack), Objection> {
    let query = verbatim::read(server.spec, &call.url, &call.query)
        .map_err(|refusal| Objection::Page(refusal.code, refusal.description))?;
    let state = server.state();
    let request = Request { spec: server.spec, query: &query };
    let client_id = one(request, "client_id")?;
    if !state.clients.knows(client_id) {
        return Err(Objection::Page(
            "unauthorized_client",
            format!("No client is registered with the client_id {client_id:?}."),
        ));
    }
    let redirect_uri = redirect_uri(request, &state.settings)?;
    let confidential = state.clients.confidential.as_ref().filter(|client| client.id == client_id);
    let way_back = WayBack {
        spec: server.spec,
        redirect_uri: redirect_uri.clone(),
        state: request.get("state").map(str::to_owned),
        issuer: issuer(server, call),
        asks_for_form: call.query.get("response_mode") == Some("form_post"),
        secret: confidential.map(|client| client.secret.clone()),
        brought: state.settings.brought.clone(),
    };
    let (scopes, challenge) =
        request.check().map_err(|refusal| Objection::Redirect(Box::new(way_back.clone()), refusal))?;
    let grant_only = state.settings.grant_only.as_ref();
    let granted = |scope: &String| {
        grant_only
            .is_none_or(|only| only.iter().any(|only| [scope, scopes::plain(scope)].contains(&only.as_str())))
    };
    let approved = Approved {
        client_id: client_id.to_owned(),
        redirect_uri,
        state: way_back.state.clone(),
        challenge,
        scopes: scopes.into_iter().filter(granted).collect(),
        told: state.settings.told.clone(),
    };
    Ok((approved, way_back))
}

/// `iss` goes with every answer that the definition promises it for (RFC 9207).
fn issuer(server: &Server, call: &Call) -> Option<String> {
    let spec = server.spec;
    let captures = server.site.captures(call.address());
    spec.authorization_response_iss_parameter.then(|| matcher::fill(spec, spec.issuer, &captures)).flatten()
}

fn one<'a>(request: Request<'a>, name: &'static str) -> Result<&'a str, Objection> {
    match (request.get(name), request.count(name)) {
        (Some(value), 1) => Ok(value),
        (None, _) => Err(Objection::Page("invalid_request", format!("The request has no {name}."))),
        (Some(_), _) => {
            Err(Objection::Page("invalid_request", format!("The request has more than one {name}.")))
        }
    }
}

/// Where the answer goes: what the request says, or the registered address where the definition leaves it out.
fn redirect_uri(request: Request<'_>, settings: &Settings) -> Result<String, Objection> {
    if request.spec.authorization.name("redirect_uri").is_none() {
        let registered = settings.redirect_uris.iter().flatten().next().cloned();
        let text =
            "The definition leaves the redirect_uri out: a test has to register one with `redirect_uris`.";
        return registered.ok_or_else(|| Objection::Page("redirect_uri", text.to_owned()));
    }
    let redirect_uri = one(request, "redirect_uri")?;
    check_redirect_uri(request.spec.client.redirect, settings, redirect_uri)?;
    Ok(redirect_uri.to_owned())
}

/// Absolute, without a fragment; https, http on a loopback address, or a private scheme (RFC 6749 §3.1.2, RFC 8252 §7).
fn check_redirect_uri(rules: Redirect, settings: &Settings, redirect_uri: &str) -> Result<(), Objection> {
    if let Some(registered) = &settings.redirect_uris {
        let any_port = rules.loopback == Loopback::AnyPort;
        let same = |uri: &String| uri == redirect_uri || any_port && same_but_port(uri, redirect_uri);
        let known = registered.iter().any(same);
        let problem = || {
            Objection::Page("redirect_uri", format!("The redirect_uri {redirect_uri:?} is not registered."))
        };
        return known.then_some(()).ok_or_else(problem);
    }
    let loopback = |url: &Url| match url.host_str() {
        Some("127.0.0.1" | "[::1]") => rules.loopback != Loopback::No,
        Some("localhost") => rules.localhost_http,
        _ => false,
    };
    let allowed = Url::parse(redirect_uri).is_ok_and(|url| match url.scheme() {
        _ if url.fragment().is_some() => false,
        "https" => rules.https,
        "http" => loopback(&url),
        scheme => scheme.contains('.') && rules.custom_scheme,
    });
    let problem = || {
        Objection::Page(
            "redirect_uri",
            format!(
                "The redirect_uri {redirect_uri:?} is not an absolute https URI or http URI of a loopback address."
            ),
        )
    };
    allowed.then_some(()).ok_or_else(problem)
}

/// Whether two URIs of a loopback address differ in the port alone (RFC 8252 §7.3).
fn same_but_port(one: &str, other: &str) -> bool {
    let plain = |uri: &str| {
        let mut url = Url::parse(uri).ok()?;
        let is_loopback = url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "[::1]"));
        url.set_port(None).ok().filter(|()| is_loopback).map(|()| url)
    };
    plain(one).is_some_and(|one| plain(other) == Some(one))
}
