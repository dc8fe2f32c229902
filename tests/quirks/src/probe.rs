//! Callbacks and answers that no honest journey has.

use crate::{
    journey::{REDIRECT_URI, Traveller, query},
    lines::Lines,
};
use oauth_runtime::{
    Error, TokenSet,
    spec::{Example, Part, Spec, Stage, Template},
    transport::Response,
};
use oauth_test_provider::AnyProvider;
use serde_json::{Value, json};

/// What a template holds where its variables have their usual values.
pub(crate) fn text(spec: &Spec, template: Template) -> String {
    let part = |part| match part {
        Part::Text(text) => text,
        Part::Variable(index) => {
            let variable = &spec.variables[index];
            variable.default.or(variable.example).or(variable.choices.first().copied()).unwrap_or("acme")
        }
        Part::BuiltIn(_) => "",
    };
    template.parts().map(part).collect()
}

/// A user who says no, a callback of another issuer, a redirect URI that is not registered.
pub(crate) async fn callbacks(traveller: &Traveller, lines: &mut Lines) {
    traveller.test.deny();
    let denied = come_back(traveller, |query| query).await;
    lines.outcome("denied", denied.map(|_| "tokens".to_owned()));
    let foreign = come_back(traveller, |query| format!("{query}&iss=https%3A%2F%2Fforeign.example")).await;
    lines.outcome("another issuer", foreign.map(|_| "tokens".to_owned()));
    let further = come_back(traveller, |query| format!("{query}&further=1")).await;
    lines.outcome("a further parameter", further.map(|_| "tokens".to_owned()));
    let (_, pending) = traveller.flow.begin([]).into_parts();
    let here = traveller.test.callback(&traveller.test.starts_here(REDIRECT_URI), pending);
    lines.outcome("without a state", traveller.flow.finish(here).await.map(|_| "tokens".to_owned()));
    traveller.test.redirect_uris(["https://app.example/another"]);
    let refused = come_back(traveller, |query| query).await;
    lines.outcome("another redirect URI", refused.map(|_| "tokens".to_owned()));
    traveller.test.client("another client", "another secret");
    let refused = come_back(traveller, |query| query).await;
    lines.outcome("a client that nobody knows", refused.map(|_| "tokens".to_owned()));
}

/// Signs in, with what the callback brings changed on its way.
async fn come_back(
    traveller: &Traveller,
    change: impl FnOnce(String) -> String,
) -> Result<TokenSet<AnyProvider>, Error> {
    let (url, pending) = traveller.flow.begin([]).into_parts();
    let back = traveller.approve(url).await?;
    let back = format!("?{}", change(query(&back).to_owned()));
    traveller.flow.finish(traveller.test.callback(&back, pending)).await
}

/// A sign-in whose first token nobody trades for another.
pub(crate) async fn exchanges(traveller: &Traveller, lines: &mut Lines) {
    if traveller.provider.spec().exchanges.is_empty() {
        return;
    }
    traveller.test.refuse_exchange();
    match come_back(traveller, |query| query).await {
        Ok(tokens) => traveller.write(lines, "not exchanged", &tokens),
        Err(error) => lines.error("not exchanged", &error),
    }
}

/// Token answers that say that all is well, and are not to be believed: of another type, and without what makes a success.
pub(crate) async fn answers(traveller: &Traveller, lines: &mut Lines) {
    let spec = traveller.provider.spec();
    let shape = &spec.response;
    let typed: Vec<_> = shape.root.iter().chain(shape.token_type).copied().collect();
    let mut odd = vec![("another type", success(traveller.provider, &typed, "mac".into()))];
    for condition in shape.success {
        odd.push(("no success", success(traveller.provider, condition.path, "another value".into())));
    }
    for (what, body) in odd {
        traveller.test.answer_next(json_answer(&body));
        let outcome = come_back(traveller, |query| query).await;
        lines.outcome(what, outcome.map(|_| "tokens".to_owned()));
    }
}

/// A success of the provider's, but for one value.
fn success(provider: AnyProvider, path: &[&str], value: Value) -> Value {
    let shape = &provider.spec().response;
    let shown = provider.examples().iter().find(|example| {
        example.stage == Stage::Token
            && !example.expect.contains("\"error\"")
            && example.body.starts_with('{')
    });
    let mut body =
        shown.and_then(|example| serde_json::from_str(example.body).ok()).unwrap_or_else(|| json!({}));
    let token: Vec<_> = shape.root.iter().chain(shape.access_token).copied().collect();
    put(&mut body, &token, "a-token".into());
    put(&mut body, path, value);
    body
}

fn json_answer(body: &Value) -> Response {
    let mut answer = Response::new(body.to_string().into());
    answer.headers_mut().insert("content-type", "application/json".parse().expect("visible ASCII"));
    answer
}

/// An error of the provider, at every step.
pub async fn error(client: AnyProvider, provider: AnyProvider, code: &str) -> Vec<String> {
    let mut lines = Lines::default();
    let examples: &[_] = Vec::leak(STAGES.map(|stage| refusal(provider.spec(), code, stage)).to_vec());
    let provider = AnyProvider::new(provider.spec(), examples);
    match Traveller::new(client, provider).await {
        Err(error) => lines.error("a flow", &error),
        Ok(traveller) => {
            for example in examples {
                traveller.test.answers(example.title);
                lines.outcome(example.title, refuse(&traveller, example.stage).await);
            }
        }
    }
    lines.finish()
}

/// Goes on until the step at which the provider refuses.
async fn refuse(traveller: &Traveller, stage: Stage) -> Result<String, Error> {
    let session = traveller.flow.session("ada");
    session.adopt(come_back(traveller, |query| query).await?).await?;
    match stage {
        Stage::Refresh => session.refresh().await.map(|_| String::new()),
        Stage::Revocation => session.revoke().await.map(|()| String::new()),
        Stage::Userinfo => session.userinfo().await.map(|user| user.subject),
        _ => traveller.api_request(&session, "albums").json::<Value>().await.map(|answer| answer.to_string()),
    }
}

const STAGES: [Stage; 6] =
    [Stage::Callback, Stage::Token, Stage::Refresh, Stage::Revocation, Stage::Userinfo, Stage::Api];

/// An example of the error. Definitions live as long as a program, and so does this.
fn refusal(spec: &Spec, code: &str, stage: Stage) -> Example {
    let mut body = json!({});
    put(&mut body, spec.response.error_code, code.into());
    let body = if stage == Stage::Callback { format!("error={code}") } else { body.to_string() };
    Example {
        stage,
        title: String::leak(format!("{code} at {stage:?}")),
        status: 400,
        content_type: "application/json",
        body: String::leak(body),
        expect: String::leak(json!({ "error": code }).to_string()),
    }
}

fn put(body: &mut Value, path: &[&str], value: Value) {
    match path.split_first() {
        None => *body = value,
        Some((first, rest)) => match (body.is_array(), first.parse::<usize>()) {
            (true, Ok(index)) => put(&mut body[index], rest, value),
            _ => put(&mut body[*first], rest, value),
        },
    }
}
