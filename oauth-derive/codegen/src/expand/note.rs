//! Notes of a page: what is not as the standard has it, in words.

use super::page::text;
use crate::{
    model::{
        Also, Api, Assertion, AssertionUse, AuthMethod, Authorization, BuiltIn, ClaimsSource, Client,
        ClientSecret, Encoding, Exchange, Field, Loopback, Method, OnFailure, Param, Part, Pkce, Placement,
        Provider, Refresh, RefreshSupport, Rename, Revokes, Scopes, Stage, TokenRequest, Userinfo,
    },
    name,
};

/// A line for each quirk.
pub(super) fn notes(provider: &Provider) -> Vec<String> {
    let pkce = (provider.pkce == Pkce::Refused).then(|| "no PKCE: the provider refuses it".to_owned());
    let signed = provider.assertion.as_ref().map(signature);
    let general = refresh(&provider.refresh).into_iter().chain(pkce).chain(signed);
    let own = [
        client(&provider.client),
        authorization(&provider.authorization, provider),
        scopes(&provider.scopes),
        super::callback::notes(&provider.callback),
        request("the token request", &provider.token, provider),
        super::answer::notes(&provider.response),
        provider.exchanges.iter().flat_map(|exchange| exchanged(exchange, provider)).collect(),
        provider.refresh.request.as_ref().map_or_else(Vec::new, |own| request("the refresh", own, provider)),
        provider
            .hooks
            .iter()
            .map(|name| format!("the hook `{name}` does what the definition cannot say"))
            .collect(),
        revocation(provider),
        provider.api.as_ref().map_or_else(Vec::new, |api| calls(api, provider)),
        claims(&provider.userinfo),
        provider.userinfo.also.iter().map(|also| further(also, provider)).collect(),
    ];
    general.chain(own.into_iter().flatten()).map(|note| format!("- {}.", capital(&note))).collect()
}

/// A sentence begins with a capital letter.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// `` `a`, `b` and `c` ``
pub(super) fn list(names: &[String], last: &str) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((end, start)) if !start.is_empty() => format!("{} {last} {end}", start.join(", ")),
        _ => quoted.concat(),
    }
}

/// What a request has besides the standard's, each with its value.
fn fixed(what: &str, kind: &str, between: &str, params: &[Param], provider: &Provider) -> Option<String> {
    let shown: Vec<_> = params
        .iter()
        .map(|param| format!("{}{between}{}", param.name, text(&param.value, provider).replace('`', "'")))
        .collect();
    let plural = if shown.len() == 1 { "" } else { "s" };
    (!shown.is_empty()).then(|| format!("{what} the {kind}{plural} {}", list(&shown, "and")))
}

/// What is sent, secrets by name, and what becomes of a failure.
fn exchanged(exchange: &Exchange, provider: &Provider) -> Vec<String> {
    let url: Vec<_> = exchange.url.iter().map(|url| format!("`{}`", text(url, provider))).collect();
    let after: Vec<_> = exchange
        .after
        .iter()
        .map(|stage| if *stage == Stage::Token { "a code" } else { "a refresh" })
        .collect();
    let what =
        format!("after {} the token is exchanged for another at {}", after.join(" and "), url.join(" or "));
    let failure = match exchange.on_failure {
        OnFailure::Keep => "; where that fails, the first one is kept",
        OnFailure::Fail => "; where that fails, there is none",
    };
    let holds = |secret| exchange.params.iter().any(|param| param.value.contains(&Part::BuiltIn(secret)));
    let secrets = [(BuiltIn::AccessToken, "the access token"), (BuiltIn::ClientSecret, "the client secret")];
    let secrets: Vec<_> =
        secrets.into_iter().filter(|(secret, _)| holds(*secret)).map(|(_, name)| name).collect();
    let shown = (exchange.encoding == Encoding::Query).then(|| {
        format!(
            "the exchange has {} in the query of its address: the provider takes it nowhere else",
            secrets.join(" and ")
        )
    });
    [format!("{what}{failure}")].into_iter().chain(shown).collect()
}

fn refresh(refresh: &Refresh) -> Vec<String> {
    let support = match refresh.support {
        RefreshSupport::None => Some("tokens cannot be refreshed".to_owned()),
        RefreshSupport::Rotating => Some("a refresh token is good once: the answer has the next".to_owned()),
        RefreshSupport::Reusable => None,
        RefreshSupport::InPlace => Some(
            "there is no refresh token: the access token is renewed before it lapses, and not after"
                .to_owned(),
        ),
    };
    let leeway =
        refresh.leeway.map(|seconds| format!("a token is renewed {} before it lapses", time(seconds)));
    let response =
        refresh.response.as_ref().map(|_| "the answer to a refresh is not as that to a code".to_owned());
    [support, leeway, response].into_iter().flatten().collect()
}

/// A length of time in its largest unit.
pub(super) fn time(seconds: u64) -> String {
    let units = [(24 * 3600, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let (length, unit) =
        units.into_iter().find(|(length, _)| seconds.is_multiple_of(*length)).unwrap_or(units[3]);
    let number = seconds / length;
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

fn signature(assertion: &Assertion) -> String {
    let what = match assertion.used_as {
        AssertionUse::ClientSecret => "the client secret is a token that the client signs",
        AssertionUse::ClientAssertion => "a client with a private key signs a token for each request",
    };
    let by = assertion.algorithm.map(|algorithm| format!(", by {}", algorithm.name()));
    format!("{what}{}: `Credentials::private_key`", by.unwrap_or_default())
}

fn client(client: &Client) -> Vec<String> {
    let secret = match client.secret {
        ClientSecret::Undeclared => None,
        ClientSecret::Required => Some("every client has a secret"),
        ClientSecret::Optional => Some("there are clients with a secret and clients without"),
        ClientSecret::None => Some("no client has a secret"),
    };
    let raw = client.basic.as_ref().is_some_and(|basic| !basic.form_encode);
    let raw = raw.then_some("the credentials in HTTP Basic are not form-urlencoded");
    let own = client.basic.as_ref().is_some_and(|basic| basic.username.is_some() || basic.password.is_some());
    let own = own.then_some("HTTP Basic carries something else than the client's id and secret");
    let mut notes: Vec<_> = secret.into_iter().chain(raw).chain(own).map(str::to_owned).collect();
    let redirect = &client.redirect;
    let refused = [
        (!redirect.https).then_some("`https`"),
        (!redirect.localhost_http).then_some("`http` on `localhost`"),
        (redirect.loopback == Loopback::No).then_some("`http` on a loopback address"),
        (!redirect.custom_scheme).then_some("a private scheme"),
    ];
    let refused: Vec<_> = refused.into_iter().flatten().collect();
    notes.extend((!refused.is_empty()).then(|| format!("a redirect URI cannot be {}", refused.join(" or "))));
    let any_port = redirect.loopback == Loopback::AnyPort;
    notes.extend(any_port.then(|| "a loopback redirect URI may have any port".to_owned()));
    notes
}

fn authorization(authorization: &Authorization, provider: &Provider) -> Vec<String> {
    const WHAT: &str = "the authorization request";
    let mut notes = names(WHAT, &authorization.rename, &authorization.omit);
    notes.extend(fixed(&format!("{WHAT} has"), "parameter", "=", &authorization.params, provider));
    notes.extend(authorization.raw.iter().map(|name| format!("`{name}` is not percent-encoded")));
    notes.extend(authorization.skip_empty.then(|| "a parameter without a value is left out".to_owned()));
    let fragment = authorization.fragment.as_ref();
    notes.extend(fragment.map(|text| format!("the parameters stand behind the fragment `#{text}`")));
    notes
}

fn scopes(scopes: &Scopes) -> Vec<String> {
    let quoted = |scopes: &[String]| {
        let scopes: Vec<_> = scopes.iter().map(|scope| format!("`{scope}`")).collect();
        scopes.join(", ")
    };
    let (added, dropped) = (&scopes.added_by_server, &scopes.dropped_by_server);
    let notes = [
        (!added.is_empty()).then(|| format!("granted without being asked for: {}", quoted(added))),
        (!dropped.is_empty()).then(|| format!("never named in an answer: {}", quoted(dropped))),
        scopes.refresh_scope.then(|| "the scopes are sent with each refresh".to_owned()),
    ];
    notes.into_iter().flatten().collect()
}

fn request(what: &str, request: &TokenRequest, provider: &Provider) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(shape(request).map(|shape| format!("{what} is {shape}")));
    notes.extend(names(what, &request.rename, &request.omit));
    let has = format!("{what} has");
    let params: Vec<_> = request.params.iter().chain(&request.query).cloned().collect();
    notes.extend(fixed(&has, "parameter", "=", &params, provider));
    notes.extend(fixed(&has, "header", ": ", &request.headers, provider));
    notes.extend(request.grant_type.as_ref().map(|value| format!("{what} has the `grant_type` `{value}`")));
    notes.extend(request.send_state.then(|| format!("{what} has the `state` too")));
    notes.extend(authentication(&request.auth).map(|how| format!("{what} is authenticated by {how}")));
    notes
}

/// How it differs from a form by POST.
fn shape(request: &TokenRequest) -> Option<String> {
    let method = match request.method {
        Method::Post => "a POST",
        Method::Get => "a GET",
        Method::Delete => "a DELETE",
    };
    let encoding = match request.encoding {
        Encoding::Form => "of a form",
        Encoding::Json => "of a JSON object",
        Encoding::Query => "with everything in the query",
    };
    let is_standard = request.method == Method::Post && request.encoding == Encoding::Form;
    (!is_standard).then(|| format!("{method} {encoding}"))
}

fn names(what: &str, renamed: &[Rename], omitted: &[String]) -> Vec<String> {
    let renamed = renamed
        .iter()
        .map(|Rename { standard, theirs }| format!("{what} has `{standard}` under the name `{theirs}`"));
    let omitted = (!omitted.is_empty()).then(|| format!("{what} goes without {}", list(omitted, "and")));
    renamed.chain(omitted).collect()
}

fn authentication(methods: &[AuthMethod]) -> Option<String> {
    let name = |method: &AuthMethod| match method {
        AuthMethod::Bearer => "the token itself".to_owned(),
        AuthMethod::None => "the `client_id` alone".to_owned(),
        method => format!("`{}`", name::snake_case(&format!("{method:?}"))),
    };
    let names: Vec<_> = methods.iter().map(name).collect();
    (!names.is_empty()).then(|| names.join(" or "))
}

fn revocation(provider: &Provider) -> Vec<String> {
    let own = provider.revocation.request.as_ref();
    let mut notes = own.map_or_else(Vec::new, |own| request("the revocation", own, provider));
    if provider.revocation.revokes == Revokes::AccessToken {
        notes.push("the access token is revoked: no refresh token is taken".to_owned());
    }
    notes
}

fn calls(api: &Api, provider: &Provider) -> Vec<String> {
    let parameter = api.parameter.as_deref().unwrap_or("access_token");
    let place = match api.placement {
        Placement::Header => in_header(api),
        Placement::Query => {
            Some(format!("the access token stands in the query of API calls, as `{parameter}`"))
        }
        Placement::Body => {
            Some(format!("the access token stands in the form of API calls, as `{parameter}`"))
        }
    };
    let statuses: Vec<_> = api.expired_status.iter().map(|status| format!("`{status}`")).collect();
    let lapsed = (!statuses.is_empty())
        .then(|| format!("the API answers {} to a token that has lapsed", statuses.join(" or ")));
    let wait = api.retry_after.as_ref();
    let wait = wait.map(|wait| format!("the API says how long to wait in the header `{}`", wait.header));
    let further = [
        fixed("API calls have", "header", ": ", &api.headers, provider),
        fixed("API calls have", "parameter", "=", &api.query, provider),
    ];
    place.into_iter().chain(further.into_iter().flatten()).chain(lapsed).chain(wait).collect()
}

/// Another header than the standard's, or another word before the token.
fn in_header(api: &Api) -> Option<String> {
    let header = api.header.as_deref().unwrap_or("Authorization");
    let scheme = api.scheme.as_deref().unwrap_or("Bearer");
    let before =
        if scheme.is_empty() { "with nothing before it".to_owned() } else { format!("after `{scheme}`") };
    let is_own = api.header.is_some() || api.scheme.is_some();
    is_own.then(|| format!("the access token stands in the header `{header}` of API calls, {before}"))
}

fn claims(userinfo: &Userinfo) -> Vec<String> {
    let source = match userinfo.source {
        ClaimsSource::Endpoint => None,
        ClaimsSource::Token => Some("who the user is stands in the token answer".to_owned()),
        ClaimsSource::Callback => Some("who the user is stands in the signed callback".to_owned()),
    };
    let posted = match (userinfo.params.is_empty(), userinfo.encoding) {
        (true, _) => "",
        (false, Encoding::Json) => " of a JSON object",
        (false, _) => " of a form",
    };
    let method = userinfo.method.map(|_| format!("the user is asked for by a POST{posted}"));
    let root = userinfo.root.as_ref().map(|root| format!("the user stands at `{}`", root.join(".")));
    let claim = |(name, field): (&str, &Field)| {
        field.as_ref().map(|path| format!("the user's `{name}` is called `{}`", path.join(".")))
    };
    let claims = [
        ("sub", &userinfo.subject),
        ("email", &userinfo.email),
        ("email_verified", &userinfo.email_verified),
        ("preferred_username", &userinfo.preferred_username),
        ("picture", &userinfo.picture),
    ];
    let name: Vec<_> = userinfo.name.iter().map(|path| format!("`{}`", path.join("."))).collect();
    let name = (!name.is_empty()).then(|| format!("the user's `name` is called {}", name.join(" and ")));
    let claims = claims.into_iter().filter_map(claim).chain(name);
    source.into_iter().chain(method).chain(root).chain(claims).collect()
}

fn further(also: &Also, provider: &Provider) -> String {
    let claim = name::snake_case(&format!("{:?}", also.claim));
    let url: Vec<_> = also.url.iter().map(|url| format!("`{}`", text(url, provider))).collect();
    let scope = also.scope.as_ref().map(|scope| format!(", with the scope `{scope}`")).unwrap_or_default();
    format!("the user's `{claim}` is asked for at {}{scope}", url.join(" or "))
}
