//! [`Ours`]: the client of `oauth-runtime`, with its default transport, to be judged.

use super::{
    canary::{printed, shown},
    class,
    definition::{
        CLIENT_ID, CLIENT_SECRET, Kind, Plain, PromisesIssuer, REDIRECT_URI, SecretInBody, Tls, TlsElsewhere,
    },
    subject::{Answering, Client, Got, Play, Refreshed, Subject, Target},
    tls,
};
use oauth_runtime::{
    AuthCodeFlow, Callback, Credentials, Error, StoredTokens, TokenSet,
    provider::{HasAuthorizationEndpoint, HasRefresh, HasRevocation},
    transport::ReqwestTransport,
};
use serde_json::json;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use url::Url;

/// The tokens before a refresh.
pub const OLD: (&str, &str) = ("AT-OLD-canary", "RT-1-canary");

/// Makes our clients.
pub struct Ours;

impl Subject for Ours {
    fn client(&self, target: &Target) -> Result<Box<dyn Client>, String> {
        match target.kind {
            Kind::Plain => One::<Plain>::boxed(target),
            Kind::SecretInBody => One::<SecretInBody>::boxed(target),
            Kind::PromisesIssuer => One::<PromisesIssuer>::boxed(target),
            Kind::Tls => One::<Tls>::boxed(target),
            Kind::TlsElsewhere => One::<TlsElsewhere>::boxed(target),
        }
    }

    fn is_ours(&self) -> bool {
        true
    }
}

/// One flow of a provider `P`.
struct One<P> {
    flow: AuthCodeFlow<P>,
    issuer: String,
    now: SystemTime,
}

impl<P: HasAuthorizationEndpoint + HasRefresh + HasRevocation + From<u16>> One<P> {
    fn boxed(target: &Target) -> Result<Box<dyn Client>, String> {
        let now = whole_seconds();
        let mut flow = flow::<P>(target.port, REDIRECT_URI)
            .map_err(|error| error.to_string())?
            .clock(move || now)
            .deadline(target.deadline);
        if let Some(root) = &target.root {
            flow = flow.transport(ReqwestTransport::from(tls::believing_in(root, target.port)?));
        }
        Ok(Box::new(Self { flow, issuer: target.issuer(), now }))
    }

    async fn sign_in(&self, query: &str) -> Play {
        let request = self.flow.begin([]);
        let mut shows = shown(&request) + &shown(&self.flow);
        let state = parameter(request.url(), "state").unwrap_or_default();
        let (_, pending) = request.into_parts();
        let remembered = pending.expose();
        let query = query.replace("{STATE}", &state).replace("{ISS}", &encoded(&self.issuer));
        let code = parameter(&format!("http://x/?{query}"), "code").unwrap_or_default();
        let callback = Callback::new(query, pending);
        shows += &shown(&callback);
        let outcome = self.flow.finish(callback).await;
        // What is remembered begins with the state, and the verifier follows.
        let verifier = remembered.split('!').next().and_then(|head| head.strip_prefix(&state));
        let mut play = self.play(&outcome);
        play.printed += &shows;
        play.secrets.extend([verifier.unwrap_or_default().to_owned(), state, code]);
        play
    }

    async fn fresh_tokens(&self, callers: usize) -> Refreshed {
        let session = self.flow.session("ada");
        if let Err(error) = session.adopt(lapsed(self.now)).await {
            return Refreshed { plays: vec![self.play(&Err(error))], stored: None };
        }
        let mut calls = Vec::new();
        for _ in 0..callers {
            let session = session.clone();
            calls.push(tokio::spawn(async move { session.tokens().await }));
        }
        let mut plays = Vec::new();
        for call in calls {
            match call.await {
                Ok(outcome) => plays.push(self.play(&outcome)),
                Err(panic) => std::panic::resume_unwind(panic.into_panic()),
            }
        }
        plays.push(self.play(&session.tokens().await));
        let stored = session.stored_tokens().await.ok().flatten();
        Refreshed { plays, stored: stored.map(|tokens| self.got(&tokens)) }
    }

    async fn give_back(&self) -> Refreshed {
        let session = self.flow.session("ada");
        let outcome = match session.adopt(lapsed(self.now)).await {
            Ok(()) => session.revoke().await,
            Err(error) => Err(error),
        };
        let stored = session.stored_tokens().await.ok().flatten().map(|tokens| self.got(&tokens));
        let play = self.play(&outcome.map(|()| lapsed(self.now)));
        // The provider's trouble must not keep a user from signing out here.
        let is_out = session.remove().await.is_ok() && matches!(session.stored_tokens().await, Ok(None));
        Refreshed { plays: if is_out { vec![play] } else { Vec::new() }, stored }
    }

    fn play(&self, outcome: &Result<TokenSet<P>, Error>) -> Play {
        let (display, printed) = match outcome {
            Ok(tokens) => (String::new(), shown(tokens) + &shown(&tokens.expose())),
            Err(error) => (error.to_string(), printed(error)),
        };
        let secrets = [CLIENT_SECRET, OLD.0, OLD.1].map(str::to_owned).to_vec();
        let outcome = outcome.as_ref().map(|tokens| self.got(tokens)).map_err(class::failure);
        Play { outcome, display, printed, secrets }
    }

    fn got(&self, tokens: &TokenSet<P>) -> Got {
        Got {
            access_token: tokens.access_token().expose().to_owned(),
            refresh_token: tokens.refresh_token().map(|token| token.expose().to_owned()),
            lifetime: tokens.expires_at().map(|at| at.duration_since(self.now).unwrap_or_default()),
            scopes: tokens.scopes().map(ToString::to_string).collect(),
        }
    }
}

impl<P: HasAuthorizationEndpoint + HasRefresh + HasRevocation + From<u16>> Client for One<P> {
    fn login<'a>(&'a self, query: &'a str) -> Answering<'a, Play> {
        Box::pin(self.sign_in(query))
    }

    fn refresh(&self, callers: usize) -> Answering<'_, Refreshed> {
        Box::pin(self.fresh_tokens(callers))
    }

    fn revoke(&self) -> Answering<'_, Refreshed> {
        Box::pin(self.give_back())
    }
}

/// A flow of `P` for the server at `port`.
///
/// # Errors
/// [`Error::Configuration`].
pub fn flow<P: HasAuthorizationEndpoint + From<u16>>(
    port: u16,
    redirect_uri: &str,
) -> Result<AuthCodeFlow<P>, Error> {
    AuthCodeFlow::new(P::from(port), Credentials::confidential(CLIENT_ID, CLIENT_SECRET), redirect_uri)
}

/// The tokens that [`OLD`] names, lapsed an hour before `now`.
pub(crate) fn lapsed<P: HasAuthorizationEndpoint>(now: SystemTime) -> TokenSet<P> {
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let record = json!({
        "access_token": OLD.0, "refresh_token": OLD.1, "scopes": "read write", "asked": "read write",
        "obtained_at": seconds - 7200, "expires_at": seconds - 3600,
    });
    let stored: StoredTokens = serde_json::from_value(record).expect("the record has every field");
    stored.into()
}

/// The time, in whole seconds, as stores keep it.
pub fn whole_seconds() -> SystemTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UNIX_EPOCH + Duration::from_secs(since.as_secs())
}

/// The first value of a parameter of a URL.
pub fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// A text as a value in a query.
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
