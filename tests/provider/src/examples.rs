//! The `[[example]]` blocks of a definition as tests: each answer is read as the runtime reads it.

use crate::{TestProvider, any::AnyProvider, path, played::Shows};
use oauth_runtime::{
    AuthCodeFlow, Error, LoginRequired, OAuthProvider, Secret, Session, TokenName, TokenSet, Userinfo,
    spec::{Example, Source, Spec, Stage, TokenResponse, Variable},
};
use serde_json::{Map, Value, json};
use std::{panic, thread, time::SystemTime};

const REDIRECT_URI: &str = "https://app.example/callback";

/// Reads every `[[example]]` of a definition as the runtime reads such an answer, and compares with its `expect`.
///
/// One line makes the tests of a provider:
///
/// ```
/// # use oauth_runtime::OAuthProvider;
/// # #[derive(OAuthProvider)]
/// # #[oauth(
/// #     authorization_endpoint = "https://acme.example/authorize", token_endpoint = "https://acme.example/token",
/// #     token_endpoint_auth_methods = ["none"],
/// #     example(stage = "token", title = "success", body = "{\"access_token\":\"x\"}", expect(access_token = "x"))
/// # )]
/// # struct Acme;
/// // #[test]
/// fn the_examples_are_read_as_they_say() {
///     oauth_test_provider::check_examples::<Acme>();
/// }
/// # the_examples_are_read_as_they_say();
/// ```
///
/// # Panics
/// With every difference, each with the provider, the title and the stage; or there is no example at all.
pub fn check_examples<P: OAuthProvider>() {
    let definition = AnyProvider::of::<P>();
    assert!(!definition.examples().is_empty(), "{} has no `[[example]]`", definition.spec().id);
    compare_examples(definition);
}

/// The same for a definition that needs an example only where its token answer is not as the standard has it.
#[doc(hidden)]
pub fn check_file<P: OAuthProvider>() {
    let definition = AnyProvider::of::<P>();
    let spec = definition.spec();
    assert!(
        !definition.examples().is_empty() || has_standard_answers(spec),
        "the token answer of {} is not as the standard has it: show one in an `[[example]]`",
        spec.id
    );
    compare_examples(definition);
}

/// A lifetime that the definition supplies changes nothing in the answer.
fn has_standard_answers(spec: &Spec) -> bool {
    let shape = TokenResponse { plain: true, default_expires_in: None, ..spec.response };
    let learns = |variable: &Variable| matches!(variable.source, Source::Token(_));
    shape == TokenResponse::PLAIN
        && spec.refresh.response.is_none()
        && spec.exchanges.is_empty()
        && spec.hooks.token_response.is_none()
        && !spec.variables.iter().any(learns)
}

fn compare_examples(definition: AnyProvider) {
    let name = definition.spec().id;
    let differences = definition.differences(definition);
    assert!(
        differences.is_empty(),
        "the examples of {name} are not read as they say:\n{}",
        differences.join("\n")
    );
}

/// A test for each file of the folder that `oauth_codegen::build` compiled: [`check_examples`] of its provider.
///
/// A provider whose token answer is as the standard has it needs no example.
///
/// It takes the crate or the module that holds the providers, and stands in a test of the same package:
///
/// ```ignore
/// // tests/examples.rs
/// oauth_test_provider::check_providers!(my_providers);
/// ```
#[macro_export]
macro_rules! check_providers {
    ($providers:path) => {
        mod examples {
            use $crate::check_each as each_provider;
            use $providers as providers;
            include!(concat!(env!("OUT_DIR"), "/provider_list.rs"));
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! check_each {
    ($($test:ident: $($way:ident)::+,)*) => {
        $(
            #[test]
            fn $test() {
                $crate::check_file::<providers::$($way)::+>();
            }
        )*
    };
}

/// In a thread of its own, so that the caller may be in an async runtime.
fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    thread::spawn(work).join().unwrap_or_else(|reason| panic::resume_unwind(reason))
}

impl AnyProvider {
    /// What a client of this definition reads out of the examples of `provider` that they do not say.
    pub fn differences(self, provider: Self) -> Vec<String> {
        aside(move || differences(self, provider))
    }
}

fn differences(client: AnyProvider, provider: AnyProvider) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("the system has what a runtime needs");
    let mut found = Vec::new();
    for example in provider.examples() {
        let read = runtime.block_on(read(client, provider, example));
        let place = format!("{:?} ({:?})", example.title, example.stage);
        let different = compare(&Shows(example).expect(), read).into_iter();
        found.extend(different.map(|difference| format!("- {place}: {difference}")));
    }
    found
}

/// What is read out of an answer, under the names of `expect`.
type Reading = Map<String, Value>;

fn compare(expect: &Value, read: Reading) -> Vec<String> {
    let unexpected = read.get("error").filter(|_| expect.get("error").is_none());
    let says = read.get("says").and_then(Value::as_str).unwrap_or_default();
    let unexpected: Vec<_> =
        unexpected.map(|_| format!("it is read as an error: {says}")).into_iter().collect();
    let read = Value::Object(read);
    let different = named(expect, &[]).into_iter().filter_map(|(way, expected)| {
        let is = path::get(&read, &way).unwrap_or(&Value::Null);
        (is != expected)
            .then(|| format!("`{}` is read as {is}, and expected to be {expected}", way.join(".")))
    });
    unexpected.into_iter().chain(different).collect()
}

/// Every value that an `expect` names, with the way to it: `captured.team_id`.
fn named<'a>(expect: &'a Value, way: &[&'a str]) -> Vec<(Vec<&'a str>, &'a Value)> {
    match expect {
        Value::Object(below) => {
            below.iter().flat_map(|(name, value)| named(value, &[way, &[name.as_str()]].concat())).collect()
        }
        value => vec![(way.to_vec(), value)],
    }
}

/// Gets the example as an answer to a client that does what comes before it.
async fn read(client: AnyProvider, provider: AnyProvider, example: &'static Example) -> Reading {
    let alone = |of: AnyProvider| if example.stage == Stage::Exchange { of } else { of.without_exchanges() };
    let client = match Client::new(alone(client), alone(provider)).await {
        Ok(client) => client,
        Err(error) => return failure(&error),
    };
    client.read(example).await.unwrap_or_else(|error| failure(&error))
}

struct Client {
    test: TestProvider<AnyProvider>,
    flow: AuthCodeFlow<AnyProvider>,
    /// The time, which stands still: a lifetime is read to the second.
    now: SystemTime,
    spec: &'static Spec,
}

impl Client {
    async fn new(client: AnyProvider, provider: AnyProvider) -> Result<Self, Error> {
        let test = TestProvider::start_any(provider).await;
        test.redirect_uris([REDIRECT_URI]);
        let (now, spec) = (SystemTime::now(), client.spec());
        let flow = AuthCodeFlow::new(client, test.credentials(), REDIRECT_URI)?;
        let flow = flow.transport(test.transport()).clock(move || now);
        Ok(Self { test, flow, now, spec })
    }

    async fn read(&self, example: &'static Example) -> Result<Reading, Error> {
        let play = || self.test.server.state().played.push(example);
        if matches!(example.stage, Stage::Token | Stage::Callback | Stage::Exchange) {
            play();
            let tokens = self.sign_in().await?;
            if let Some(error) = tokens.exchange_error() {
                return Err(error.clone());
            }
            return Ok(match example.stage {
                Stage::Callback => self.code(),
                _ => self.tokens(&tokens),
            });
        }
        let session = self.session().await?;
        play();
        if matches!(example.stage, Stage::Userinfo | Stage::Api) {
            // A call that is refused may be made once more, with a fresh token.
            play();
        }
        Ok(match example.stage {
            Stage::Refresh => self.tokens(&session.refresh().await?),
            Stage::Userinfo => claims(&session.userinfo().await?),
            Stage::Revocation => session.revoke().await.map(|()| Reading::new())?,
            _ => session.get("example").json::<Value>().await.map(|_| Reading::new())?,
        })
    }

    async fn sign_in(&self) -> Result<TokenSet<AnyProvider>, Error> {
        let (url, pending) = self.flow.begin([]).into_parts();
        let back = self.test.approve(&url).await;
        self.flow.finish(self.test.callback(&back, pending)).await
    }

    async fn session(&self) -> Result<Session<AnyProvider>, Error> {
        let session = self.flow.session("ada");
        session.adopt(self.sign_in().await?).await?;
        Ok(session)
    }

    /// The code that the client sent on.
    fn code(&self) -> Reading {
        let state = self.test.server.state();
        state.grants.redeemed().map(|code| ("code".to_owned(), code.into())).collect()
    }

    fn tokens(&self, tokens: &TokenSet<AnyProvider>) -> Reading {
        let seconds =
            |at: Option<SystemTime>| Some(at?.duration_since(self.now).unwrap_or_default().as_secs());
        present([
            ("access_token", json!(tokens.access_token().expose())),
            ("refresh_token", json!(tokens.refresh_token().map(Secret::expose))),
            ("id_token", json!(tokens.id_token().map(Secret::expose))),
            ("scopes", tokens.scopes().collect()),
            ("expires_in", json!(seconds(tokens.expires_at()))),
            ("refresh_token_expires_in", json!(seconds(tokens.refresh_token_expires_at()))),
            ("captured", captured(tokens)),
            ("tokens", self.named(tokens)),
        ])
    }

    /// The further tokens of the same answer.
    fn named(&self, tokens: &TokenSet<AnyProvider>) -> Value {
        let known = self.spec.response.tokens.iter();
        let named = known.filter_map(|token| Some((token.name, tokens.named(TokenName::known(token.name))?)));
        named.map(|(name, tokens)| (name.to_owned(), Value::Object(self.tokens(&tokens)))).collect()
    }
}

/// Everything that is kept under a name, as a store would hold it.
fn captured(tokens: &TokenSet<AnyProvider>) -> Value {
    let stored = serde_json::to_value(tokens.expose());
    stored.ok().and_then(|mut stored| Some(stored.get_mut("captured")?.take())).unwrap_or_default()
}

fn claims(user: &Userinfo) -> Reading {
    present([
        ("subject", json!(user.subject)),
        ("email", json!(user.email)),
        ("email_verified", json!(user.email_verified)),
        ("name", json!(user.name)),
        ("preferred_username", json!(user.preferred_username)),
        ("picture", json!(user.picture)),
    ])
}

fn failure(error: &Error) -> Reading {
    let refusal = match error {
        Error::Denied(refusal) | Error::Refused(refusal) => Some(refusal),
        _ => None,
    };
    let code = match error {
        Error::LoginRequired(LoginRequired::GrantDead { code, .. }) => code,
        error => error.code().unwrap_or("none that the provider names"),
    };
    present([
        ("error", json!(code)),
        ("means", json!(refusal.map(|refusal| refusal.means()))),
        ("description", json!(refusal.and_then(|refusal| refusal.description()))),
        ("says", json!(error.to_string())),
    ])
}

fn present<const N: usize>(members: [(&str, Value); N]) -> Reading {
    let members = members.into_iter().filter(|(_, value)| !value.is_null());
    members.map(|(name, value)| (name.to_owned(), value)).collect()
}
