//! A whole journey, written down line by line: sign in, call, refresh, ask who it is, revoke, be refused.

use crate::{client, lines::Lines, probe};
use oauth_runtime::{
    ApiRequest, AuthCodeFlow, AuthorizationOption, Error, Scope, Secret, Session, TokenName, TokenSet,
    spec::{ClaimsSource, Placement, RefreshSupport, Scopes},
};
use oauth_test_provider::{AnyProvider, TestProvider};
use serde_json::Value;
use std::time::{Duration, SystemTime};

pub(crate) const REDIRECT_URI: &str = "https://app.example/callback";
const LOOPBACK: &str = "http://127.0.0.1:3000/callback";

/// What happens when a client of one definition meets a provider of another: the same lines for the same behaviour.
///
/// What is random in it is numbered in the order in which it comes.
pub async fn journey(client: AnyProvider, provider: AnyProvider) -> Vec<String> {
    let mut lines = Lines::default();
    client::clients(client, &mut lines);
    match Traveller::new(client, provider).await {
        Err(error) => lines.error("a flow", &error),
        Ok(traveller) => {
            let end = traveller.travel(&mut lines).await;
            if let Err(error) = end {
                lines.error("the end", &error);
            }
            lines.requests(&traveller.test);
        }
    }
    lines.finish()
}

pub(crate) struct Traveller {
    pub(crate) test: TestProvider<AnyProvider>,
    pub(crate) flow: AuthCodeFlow<AnyProvider>,
    /// The definition that the client should have.
    pub(crate) provider: AnyProvider,
    began: SystemTime,
}

impl Traveller {
    pub(crate) async fn new(client: AnyProvider, provider: AnyProvider) -> Result<Self, Error> {
        let test = TestProvider::start_any(provider).await;
        let clock = test.clock();
        let began = clock.now();
        // What the definition of the provider takes.
        let takes = |uri: &&str| AuthCodeFlow::new(provider, test.credentials(), uri).is_ok();
        let redirect_uri = [REDIRECT_URI, LOOPBACK].into_iter().find(takes).unwrap_or(REDIRECT_URI);
        test.redirect_uris([redirect_uri]);
        let flow = AuthCodeFlow::new(client, test.credentials(), redirect_uri)?.transport(test.transport());
        Ok(Self { test, flow: flow.clock(move || clock.now()), provider, began })
    }

    async fn travel(&self, lines: &mut Lines) -> Result<(), Error> {
        lines.add("session", format!("{:?}", self.flow.session("ada")));
        lines.url("begin with nothing", self.flow.begin([]).url());
        for option in
            self.provider.spec().authorization.options.iter().filter(|option| option.choices.is_empty())
        {
            let empty = AuthorizationOption::given(option.name, "");
            lines.url("begin with an empty option", self.flow.begin([]).with(empty).url());
        }
        let tokens = self.sign_in(lines).await?;
        self.write(lines, "tokens", &tokens);
        let session = self.flow.session("ada");
        session.adopt(tokens).await?;
        if let Some(stored) = session.stored_tokens().await? {
            self.write(lines, "stored", &stored);
        }
        self.use_api(lines, &session).await;
        self.use_named(lines, &session).await?;
        self.renew(lines, &session).await;
        if self.is_renewed_in_place() {
            // Its token was refused, and there is no other way to one.
            session.adopt(self.sign_in(lines).await?).await?;
        }
        let named = &self.provider.spec().endpoints;
        let is_told = self.provider.spec().userinfo.source != ClaimsSource::Endpoint;
        if !named.userinfo.is_none() || is_told {
            lines.outcome("user", session.userinfo().await.map(|user| format!("{user:?}")));
        }
        if !named.revocation.is_none() {
            lines.outcome("revoked", session.revoke().await.map(|()| "yes".to_owned()));
        }
        probe::answers(self, lines).await;
        probe::exchanges(self, lines).await;
        probe::callbacks(self, lines).await;
        Ok(())
    }

    /// Signs ada in, asking for every scope of the provider's catalogue.
    pub(crate) async fn sign_in(&self, lines: &mut Lines) -> Result<TokenSet<AnyProvider>, Error> {
        let scopes = &self.provider.spec().scopes;
        let first = scopes.catalog.iter().map(|scope| Scope::known(scope.value));
        self.sign_in_for(lines, first.chain(of_sets(scopes))).await
    }

    async fn sign_in_for(
        &self,
        lines: &mut Lines,
        scopes: impl Iterator<Item = Scope<AnyProvider>>,
    ) -> Result<TokenSet<AnyProvider>, Error> {
        let (url, pending) = self.flow.begin(scopes).into_parts();
        lines.url("begin", &url);
        let back = self.approve(url).await?;
        lines.url("back", &back);
        self.flow.finish(self.test.callback(&back, pending)).await
    }

    /// What becomes of further tokens of the same answer: calls, renewals, an answer with one of them alone.
    async fn use_named(&self, lines: &mut Lines, session: &Session<AnyProvider>) -> Result<(), Error> {
        for token in self.provider.spec().response.tokens {
            let session = session.named(TokenName::known(token.name));
            self.use_api(lines, &session).await;
            match session.refresh().await {
                Ok(tokens) => self.write(lines, token.name, &tokens),
                Err(error) => lines.error(token.name, &error),
            }
        }
        if self.provider.spec().response.optional {
            let tokens = self.sign_in_for(lines, of_sets(&self.provider.spec().scopes)).await?;
            self.write(lines, "of the others", &tokens);
        }
        Ok(())
    }

    /// The provider shows an error page to a user whom it cannot send back, and the agent panics with its text.
    pub(crate) async fn approve(&self, url: String) -> Result<String, Error> {
        self.test.try_approve(&url).await.map_err(Error::Configuration)
    }

    pub(crate) fn write(&self, lines: &mut Lines, what: &str, tokens: &TokenSet<AnyProvider>) {
        // Each answer is read at a time of its own, which does not matter to the second.
        let minutes =
            |at: SystemTime| (at.duration_since(self.began).unwrap_or_default().as_secs() + 30) / 60;
        lines.add(what, format!("access {}", tokens.access_token().expose()));
        lines.add(what, format!("refresh {:?}", tokens.refresh_token().map(Secret::expose)));
        lines.add(what, format!("id {:?}", tokens.id_token().map(Secret::expose)));
        lines.add(what, format!("lapses {:?}", tokens.expires_at().map(minutes)));
        lines.add(what, format!("refresh lapses {:?}", tokens.refresh_token_expires_at().map(minutes)));
        lines.add(what, format!("granted {:?}", tokens.scopes().collect::<Vec<_>>()));
        lines.add(what, format!("missing {:?}", tokens.missing_scopes().collect::<Vec<_>>()));
        let stored = serde_json::to_value(tokens.expose()).unwrap_or_default();
        lines.add(what, format!("captured {}, learned {}", stored["captured"], stored["learned"]));
        lines.add(what, format!("exchange failed {:?}", tokens.exchange_error().map(ToString::to_string)));
        for token in self.provider.spec().response.tokens {
            if let Some(named) = tokens.named(TokenName::known(token.name)) {
                self.write(lines, token.name, &named);
            }
        }
    }

    async fn use_api(&self, lines: &mut Lines, session: &Session<AnyProvider>) {
        let Some(api) = self.provider.spec().api else { return };
        self.call("call", session, "albums", lines).await;
        for origin in api.origins.templates() {
            let origin = format!("{}/x", probe::text(self.provider.spec(), origin));
            self.call("another origin", session, &origin, lines).await;
        }
        self.test.too_many_calls(Duration::from_secs(30));
        let wait = session.post("albums").send().await.map(|answer| answer.retry_after());
        // To the second it depends on when the answer is read.
        let wait = wait.map(|wait| wait.map(|wait| wait.as_secs().div_ceil(10)));
        lines.outcome("too many", wait.map(|wait| format!("{wait:?}")));
    }

    /// Whether a token that was refused cannot be renewed any more.
    fn is_renewed_in_place(&self) -> bool {
        self.provider.spec().refresh.support == RefreshSupport::InPlace
    }

    async fn call(&self, what: &str, session: &Session<AnyProvider>, path: &str, lines: &mut Lines) {
        let answer = self.api_request(session, path).json::<Value>().await;
        lines.outcome(what, answer.map(|answer| answer.to_string()));
    }

    /// A call that can carry the token where the provider wants it.
    pub(crate) fn api_request(&self, session: &Session<AnyProvider>, path: &str) -> ApiRequest {
        match self.provider.spec().api.map(|api| api.placement) {
            Some(Placement::Body) => session.post(path).form([]),
            _ => session.get(path),
        }
    }

    /// Refreshes when it is asked for, after a refusal, and when the token is about to lapse.
    async fn renew(&self, lines: &mut Lines, session: &Session<AnyProvider>) {
        if self.provider.spec().refresh.support == RefreshSupport::None {
            return;
        }
        match session.refresh().await {
            Ok(tokens) => self.write(lines, "renewed", &tokens),
            Err(error) => lines.error("renewed", &error),
        }
        self.test.expire_now();
        if self.provider.spec().api.is_some() {
            self.call(
                if self.is_renewed_in_place() { "lapsed" } else { "refused" },
                session,
                "albums",
                lines,
            )
            .await;
        }
        self.test.clock().advance(Duration::from_secs(3600 - 15 * 60));
        lines.outcome("early", session.access_token().await.map(|token| token.expose().to_owned()));
        lines.add("refreshes", self.test.refreshes().to_string());
        self.test.clock().advance(Duration::from_secs(15 * 60 - 45));
        lines.outcome("late", session.access_token().await.map(|token| token.expose().to_owned()));
        lines.add("refreshes", self.test.refreshes().to_string());
        self.test.clock().advance(Duration::from_secs(31 * 24 * 3600));
        lines.outcome("much later", session.access_token().await.map(|token| token.expose().to_owned()));
    }
}

/// The scopes of the further lists.
fn of_sets(scopes: &'static Scopes) -> impl Iterator<Item = Scope<AnyProvider>> {
    let held = |set: &'static str, scope: &str| &*String::leak(format!("{set}\\{scope}"));
    let sets = scopes.sets.iter();
    sets.flat_map(move |set| set.catalog.iter().map(move |scope| Scope::known(held(set.name, scope.value))))
}

pub(crate) fn query(url: &str) -> &str {
    url.split_once('?').map_or("", |(_, query)| query)
}
