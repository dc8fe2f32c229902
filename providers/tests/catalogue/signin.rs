//! A sign-in at each provider, through its entry, at the test provider that is made of the same definition.

use crate::{
    Listed, assert_none,
    lines::{Names, lines},
    listed,
};
use oauth_runtime::{
    AuthCodeFlow, Callback, Chosen, Entry, Error, OAuthProvider, Scope, Session, TokenSet,
    spec::{Endpoint, Endpoints, Method, Placement, RefreshSupport, Spec},
};
use oauth_test_provider::{AnyProvider, TestProvider};
use serde_json::Value;
use std::{
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

const REDIRECT_URI: &str = "https://app.example/callback";

/// Providers that do not say in every token answer who the user is, and why.
const SAYS_IT_TO_SOME: &[(&str, &str)] = &[("shopify", "a token of the shop is nobody's")];

/// How a sign-in went.
pub(crate) struct Journey {
    pub(crate) id: &'static str,
    /// Everything that was sent, without what is random in it.
    pub(crate) requests: Vec<String>,
    /// The step that failed, and how.
    pub(crate) failure: Option<String>,
}

/// Every provider's, in the order of their ids: made once, on all processors.
pub(crate) static JOURNEYS: LazyLock<Vec<Journey>> = LazyLock::new(|| journeys(&listed()));

fn journeys(files: &[Listed]) -> Vec<Journey> {
    let next = AtomicUsize::new(0);
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("the system has what a runtime needs");
        let mut journeys = Vec::new();
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            journeys.push(runtime.block_on(journey(file)));
        }
        journeys
    };
    let mut journeys: Vec<_> = thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(2, usize::from);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no sign-in panics")).collect()
    });
    journeys.sort_by_key(|journey| journey.id);
    journeys
}

async fn journey(file: &Listed) -> Journey {
    let provider = AnyProvider::new(file.spec, file.examples);
    let test = TestProvider::start_any(provider).await;
    test.redirect_uris([REDIRECT_URI]);
    let user = User { entry: file.entry(), provider, test };
    let mut names = Names::default();
    let failure = user.travel(&mut names).await.err();
    Journey { id: file.spec.id, requests: lines(&user.test.requests(), &names), failure }
}

/// Somebody who signs in and uses what there is.
struct User {
    entry: Entry,
    provider: AnyProvider,
    test: TestProvider<AnyProvider>,
}

/// Names the step at which something fails.
trait At<T> {
    fn at(self, step: &str) -> Result<T, String>;
}

impl<T> At<T> for Result<T, Error> {
    fn at(self, step: &str) -> Result<T, String> {
        self.map_err(|error| format!("{step}: {error}"))
    }
}

impl User {
    async fn travel(&self, names: &mut Names) -> Result<(), String> {
        let flow = self.flow(names).at("bind")?;
        let tokens = self.sign_in(&flow, names).await?;
        let session = flow.session("ada");
        session.adopt(tokens).await.at("adopt")?;
        if let Some(api) = &self.entry.spec().api {
            let is_in_form = api.placement == Placement::Body;
            let call = if is_in_form { session.post("things").form([]) } else { session.get("things") };
            call.json::<Value>().await.at("API call")?;
        }
        if self.entry.has_refresh() {
            self.refresh(&session, names).await?;
        }
        let says_it_always = SAYS_IT_TO_SOME.iter().all(|(id, _)| *id != self.entry.id());
        if self.entry.has_userinfo() && says_it_always {
            let user = session.userinfo().await.at("userinfo")?;
            (!user.subject.is_empty()).then_some(()).ok_or("userinfo: nobody")?;
        }
        if self.entry.has_revocation() {
            session.revoke().await.at("revocation")?;
            let is_left = session.stored_tokens().await.at("revocation")?.is_some();
            (!is_left).then_some(()).ok_or("revocation: the tokens are still here")?;
        }
        Ok(())
    }

    fn flow(&self, names: &mut Names) -> Result<AuthCodeFlow<Chosen>, Error> {
        let variables = self.entry.spec().variables.iter().enumerate();
        let values = variables.filter(|(_, variable)| !variable.is_learned());
        let values = values.filter_map(|(at, variable)| Some((variable.name, self.provider.variable(at)?)));
        let chosen = self.entry.bind(values)?;
        let (credentials, clock) = (self.test.credentials(), self.test.clock());
        names.add(credentials.client_id(), "CLIENT_ID");
        let flow = AuthCodeFlow::new(chosen, credentials, REDIRECT_URI)?.transport(self.test.transport());
        Ok(flow.clock(move || clock.now()))
    }

    async fn sign_in(
        &self,
        flow: &AuthCodeFlow<Chosen>,
        names: &mut Names,
    ) -> Result<TokenSet<Chosen>, String> {
        let request = flow.begin(self.scopes()?);
        let (url, pending) = request.into_parts();
        let back = self.test.try_approve(&url).await?;
        let text = back.split_once('?').map_or("", |(_, text)| text);
        names.learn(self.entry.spec(), &url, text);
        let callback = if self.entry.spec().callback.methods.contains(&Method::Get) {
            Callback::new(text, pending)
        } else {
            Callback::from_form(text, pending)
        };
        let tokens = flow.finish(callback).await.at("exchange")?;
        let missing: Vec<_> = tokens.missing_scopes().collect();
        if !missing.is_empty() {
            return Err(format!("exchange: not granted: {}", missing.join(" ")));
        }
        names.tokens(&tokens);
        Ok(tokens)
    }

    /// The default scopes; and where they are less than two, others of the catalogue, so that the separator is seen.
    fn scopes(&self) -> Result<Vec<Scope<Chosen>>, String> {
        let default = self.entry.default_scopes().iter().copied();
        let others = self.entry.scopes().iter().map(|scope| scope.value);
        let mut asked: Vec<&str> = default.collect();
        for other in others {
            if asked.len() >= 2 {
                break;
            }
            let is_new = asked.iter().all(|scope| *scope != other && !other.ends_with(scope));
            asked.extend(is_new.then_some(other));
        }
        // A default scope need not stand in the catalogue: with no other, the request names none.
        if asked.len() == self.entry.default_scopes().len() {
            return Ok(Vec::new());
        }
        let scope =
            |text: &&str| self.entry.scope(text).map_err(|error| format!("the scope {text}: {error}"));
        asked.iter().map(scope).collect()
    }

    async fn refresh(&self, session: &Session<Chosen>, names: &mut Names) -> Result<(), String> {
        let in_place = self.entry.spec().refresh.support == RefreshSupport::InPlace;
        let stored = session.stored_tokens().await.at("refresh")?;
        let is_given = stored.is_some_and(|tokens| tokens.refresh_token().is_some());
        (is_given || in_place).then_some(()).ok_or("refresh: there is no refresh token")?;
        let tokens = session.refresh().await.at("refresh")?;
        names.tokens(&tokens);
        Ok(())
    }
}

#[test]
fn every_provider_signs_users_in_and_does_all_that_it_declares() {
    let failed = |journey: &Journey| Some(format!("{}: {}", journey.id, journey.failure.as_ref()?));
    let failed: Vec<_> = JOURNEYS.iter().filter_map(failed).collect();
    assert_none(&format!("of {} providers, these fail", JOURNEYS.len()), &failed);
}

/// A definition that lacks what a sign-in needs.
struct Bad;

impl OAuthProvider for Bad {
    const SPEC: &'static Spec = &Spec {
        id: "bad",
        name: "Bad",
        endpoints: Endpoints {
            authorization: Endpoint::new("https://bad.example/authorize"),
            ..Endpoints::NONE
        },
        ..Spec::PLAIN
    };
}

#[test]
fn a_provider_that_fails_is_named_with_the_step() {
    let provider = AnyProvider::of::<Bad>();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let failure = runtime.block_on(async {
        let test = TestProvider::start_any(provider).await;
        User { entry: Entry::of::<Bad>(), provider, test }.travel(&mut Names::default()).await.err()
    });
    let expected = "bind: the flow cannot be made: Bad does not declare the key `token_endpoint`";
    assert_eq!(failure.as_deref(), Some(expected));
}
