//! A whole journey, written down line by line: sign in, call, refresh, ask who it is, revoke, be refused.

use crate::{lines::Lines, probe};
use oauth_runtime::{AuthCodeFlow, Callback, Error, Scope, Secret, Session, TokenSet, spec::RefreshSupport};
use oauth_test_provider::{AnyProvider, TestProvider};
use serde_json::Value;
use std::time::{Duration, SystemTime};

const REDIRECT_URI: &str = "https://app.example/callback";

/// What happens when a client of one definition meets a provider of another: the same lines for the same behaviour.
///
/// What is random in it is numbered in the order in which it comes.
pub async fn journey(client: AnyProvider, provider: AnyProvider) -> Vec<String> {
    let mut lines = Lines::default();
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
        test.redirect_uris([REDIRECT_URI]);
        let clock = test.clock();
        let began = clock.now();
        let flow = AuthCodeFlow::new(client, test.credentials(), REDIRECT_URI)?.transport(test.transport());
        Ok(Self { test, flow: flow.clock(move || clock.now()), provider, began })
    }

    async fn travel(&self, lines: &mut Lines) -> Result<(), Error> {
        lines.add("session", format!("{:?}", self.flow.session("ada")));
        lines.url("begin with nothing", self.flow.begin([]).url());
        let tokens = self.sign_in(lines).await?;
        self.write(lines, "tokens", &tokens);
        let session = self.flow.session("ada");
        session.adopt(tokens).await?;
        self.use_api(lines, &session).await;
        self.renew(lines, &session).await;
        let named = &self.provider.spec().endpoints;
        if !named.userinfo.is_empty() {
            lines.outcome("user", session.userinfo().await.map(|user| format!("{user:?}")));
        }
        if !named.revocation.is_empty() {
            lines.outcome("revoked", session.revoke().await.map(|()| "yes".to_owned()));
        }
        probe::answers(self, lines).await;
        probe::callbacks(self, lines).await;
        Ok(())
    }

    /// Signs ada in, asking for every scope of the provider's catalogue.
    pub(crate) async fn sign_in(&self, lines: &mut Lines) -> Result<TokenSet<AnyProvider>, Error> {
        let catalog = self.provider.spec().scopes.catalog;
        let (url, pending) =
            self.flow.begin(catalog.iter().map(|scope| Scope::known(scope.value))).into_parts();
        lines.url("begin", &url);
        let back = self.approve(url).await?;
        lines.url("back", &back);
        self.flow.finish(Callback::new(query(&back), pending)).await
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
    }

    async fn use_api(&self, lines: &mut Lines, session: &Session<AnyProvider>) {
        let Some(api) = self.provider.spec().api else { return };
        lines.outcome("call", session.get("albums").json::<Value>().await.map(|answer| answer.to_string()));
        for origin in api.origins {
            let origin = format!("{}/x", probe::text(self.provider.spec(), origin));
            let answer = session.get(&origin).json::<Value>().await;
            lines.outcome("another origin", answer.map(|answer| answer.to_string()));
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
            lines.outcome(
                "refused",
                session.get("albums").json::<Value>().await.map(|answer| answer.to_string()),
            );
        }
        self.test.clock().advance(Duration::from_secs(3600 - 45));
        lines.outcome("late", session.access_token().await.map(|token| token.expose().to_owned()));
        lines.add("refreshes", self.test.refreshes().to_string());
    }
}

pub(crate) fn query(url: &str) -> &str {
    url.split_once('?').map_or("", |(_, query)| query)
}
