//! Who the user is: the definition's example, or Ada under the names that the definition has for her claims.

use crate::{answer, api, call::Call, path, refusal::Refusal, server::Server, site::Role};
use axum::response::Response;
use oauth_runtime::spec::{self, Claim, Source, Spec, Stage};
use serde_json::{Value, json};

/// The userinfo endpoint.
pub(crate) fn answer(server: &Server, call: &Call) -> Response {
    let method = if server.spec.userinfo.method == spec::Method::Post {
        http::Method::POST
    } else {
        http::Method::GET
    };
    let checked = if call.method == method {
        check(server, call, Role::Userinfo).and_then(|_| check_posted(&server.spec.userinfo, call))
    } else {
        Err(Refusal::wrong_method(&method))
    };
    if let Err(refusal) = checked {
        return api::refuse(server, refusal);
    }
    let played = server.state().played.take(Stage::Userinfo).map(|example| example.0);
    let example = played.or_else(|| answer::successes(server, Stage::Userinfo).next());
    let tells = server.spec.variables.iter().any(|known| matches!(known.source, Source::Userinfo(_)));
    if let Some(example) = example.filter(|_| played.is_some() || !tells) {
        return answer::verbatim(example);
    }
    let mut user = example.map_or_else(|| ada(server.spec), answer::members);
    call.told.in_userinfo(server.spec, &mut user);
    answer::json(user)
}

/// The call that gives a further claim, beside an object that is not meant.
pub(crate) fn also(server: &Server, call: &Call, place: usize) -> Response {
    let also = &server.spec.userinfo.also[place];
    let scopes = match check(server, call, Role::Also(place)) {
        Ok(scopes) => scopes,
        Err(refusal) => return api::refuse(server, refusal),
    };
    if also.scope.is_some_and(|scope| !scopes.iter().any(|granted| granted == scope)) {
        return api::refuse(server, Refusal::insufficient_scope("the token lacks the scope of this call"));
    }
    let item = |value: &str, is_meant: bool| {
        let mut item = json!({});
        path::put(&mut item, also.field, value.into());
        if let Some(pick) = also.pick {
            item[pick] = is_meant.into();
        }
        item
    };
    let meant = item(claim(also.claim), true);
    let other = also.pick.map(|_| item("another value", false));
    answer::json(other.into_iter().chain([meant]).collect())
}

/// The declared parameters, written as the definition has them.
fn check_posted(declared: &spec::Userinfo, call: &Call) -> Result<(), Refusal> {
    let content_type = match declared.encoding {
        spec::Encoding::Json => "application/json",
        _ => "application/x-www-form-urlencoded",
    };
    if !declared.params.is_empty() && call.content_type() != content_type {
        return Err(Refusal::invalid_request(format!("the parameters are sent as {content_type}")));
    }
    let differs = |(name, value): &&(&str, &str)| call.form.get(name) != Some(*value);
    match declared.params.iter().find(differs) {
        Some((name, _)) => Err(Refusal::invalid_request(format!("the declared {name} is missing"))),
        None => Ok(()),
    }
}

fn check(server: &Server, call: &Call, role: Role) -> Result<Vec<String>, Refusal> {
    let scopes = api::authorize(server, call)?;
    server.check_address(role, call)?;
    let rules = server.rules(call);
    rules.headers(server.spec.userinfo.headers, &call.headers)?;
    rules.parameters(server.spec.userinfo.query, &call.query)?;
    Ok(scopes)
}

/// The user under the definition's names.
pub(crate) fn ada(spec: &Spec) -> Value {
    let shape = &spec.userinfo;
    let mut user = json!({});
    path::put(
        &mut user,
        shape.root,
        json!({ "sub": "1815-12-10", "id": 1815, "login": "ada", "given_name": "Ada", "family_name": "Lovelace" }),
    );
    let claims = [
        (shape.subject, "1815-12-10".into()),
        (shape.email, claim(Claim::Email).into()),
        (shape.email_verified, true.into()),
        (shape.preferred_username, claim(Claim::PreferredUsername).into()),
        (shape.picture, claim(Claim::Picture).into()),
    ];
    let name = claim(Claim::Name);
    let parts = if shape.name.len() == 1 { vec![name] } else { name.split(' ').collect() };
    let name = shape.name.iter().copied().zip(parts.into_iter().map(Value::from));
    for (place, value) in claims.into_iter().chain(name).filter(|(place, _): &(_, Value)| !place.is_empty()) {
        let place: Vec<_> = shape.root.iter().chain(place).copied().collect();
        path::put(&mut user, &place, value);
    }
    user
}

fn claim(claim: Claim) -> &'static str {
    match claim {
        Claim::Email => "ada@example.com",
        Claim::Name => "Ada Lovelace",
        Claim::PreferredUsername => "ada",
        Claim::Picture => "https://example.com/ada.png",
    }
}
