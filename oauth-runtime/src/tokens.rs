//! [`TokenSet`]: what a provider granted; [`StoredTokens`]: the same in a form that can be stored.

use crate::{
    error::Error,
    moment::Moment,
    named::TokenName,
    provider::OAuthProvider,
    rare::Rare,
    scope::{self, Scope},
    scopes::ScopeList,
    secret::Secret,
    spec::Spec,
};
use serde_json::Value;
use std::{
    fmt,
    marker::PhantomData,
    sync::Arc,
    time::{Duration, SystemTime},
};

/// How far two clocks that are right may be apart.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// The tokens of one grant, of whatever provider.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(crate) access_token: Secret,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) id_token: Option<Secret>,
    pub(crate) obtained_at: Moment,
    pub(crate) expires_at: Option<Moment>,
    pub(crate) scopes: ScopeList,
    pub(crate) asked: ScopeList,
    pub(crate) rare: Rare,
}

/// Whether the access token is the one that the definition's exchanges lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Exchanged {
    /// It is, or there are none.
    #[default]
    Done,
    /// It came from a refresh, is still to be exchanged, and is of no use before.
    Pending,
    /// It is the first one, kept because the exchange failed.
    Failed,
}

impl Exchanged {
    pub(crate) fn is_done(self) -> bool {
        self == Self::Done
    }
}

/// What the provider `P` granted.
///
/// Times are absolute ([`SystemTime`]). `Debug` shows no token; [`expose`](Self::expose) is the way into a store.
pub struct TokenSet<P> {
    pub(crate) tokens: Arc<Tokens>,
    spec: &'static Spec,
    of: PhantomData<fn() -> P>,
}

impl<P> TokenSet<P> {
    pub(crate) fn new(spec: &'static Spec, tokens: Arc<Tokens>) -> Self {
        Self { tokens, spec, of: PhantomData }
    }
}

impl<P: OAuthProvider> TokenSet<P> {
    /// The access token. It is empty where there is [none](Self::has_access_token).
    pub fn access_token(&self) -> &Secret {
        &self.tokens.access_token
    }

    /// Whether there is an access token: always, unless the definition says that an answer may have none (`optional`),
    /// but only one of another name.
    pub fn has_access_token(&self) -> bool {
        !self.tokens.access_token.expose().is_empty()
    }

    /// The further token of this name in the same answer, such as Slack's token of the user; `None`: the answer had none.
    ///
    /// It is a grant of its own, with its own scopes and lifetime. Only the tokens of a finished sign-in have it:
    /// [`adopt`](crate::Session::adopt) stores each by itself, and [`Session::named`](crate::Session::named) finds it.
    pub fn named(&self, name: TokenName<P>) -> Option<Self> {
        let mut named = self.tokens.rare.named.iter();
        let (_, tokens) = named.find(|(known, _)| *known == name.as_str())?;
        Some(Self::new(self.spec, Arc::new(tokens.clone())))
    }

    /// The refresh token, if one was given.
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.tokens.refresh_token.as_ref()
    }

    /// The ID token as it came (OpenID Connect Core §3.1.3.3). **It is not verified**: do not sign anybody in by it.
    pub fn id_token(&self) -> Option<&Secret> {
        self.tokens.id_token.as_ref()
    }

    /// When the access token lapses; `None` if the provider does not say.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.tokens.expires_at.map(SystemTime::from)
    }

    /// When the refresh token lapses, where the provider says so.
    pub fn refresh_token_expires_at(&self) -> Option<SystemTime> {
        self.tokens.rare.refresh_token_expires_at.map(SystemTime::from)
    }

    /// Whether the access token is good for another `leeway` at the time `now`.
    pub fn is_fresh(&self, now: SystemTime, leeway: Duration) -> bool {
        self.tokens.is_fresh(now, leeway)
    }

    /// The granted scopes: those of the answer, or those that were asked for where it names none (RFC 6749 §5.1).
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.tokens.scopes.iter().map(scope::plain)
    }

    /// Whether `scope` was granted.
    pub fn has_scope(&self, scope: &Scope<P>) -> bool {
        self.tokens.scopes.contains(scope.held())
    }

    /// The scopes that were asked for and not granted.
    pub fn missing_scopes(&self) -> impl Iterator<Item = &str> {
        self.tokens.asked.iter().filter(|asked| !self.tokens.scopes.contains(asked)).map(scope::plain)
    }

    /// The scopes that were granted without being asked for, besides those that the provider always adds.
    pub fn unasked_scopes(&self) -> impl Iterator<Item = &str> {
        let is_expected = |scope: &str| {
            self.tokens.asked.contains(scope) || self.spec.scopes.added_by_server.contains(&scope)
        };
        // What a further list was asked for may be named without its list.
        let plainly = |scope: &str| self.tokens.asked.iter().any(|asked| scope::plain(asked) == scope);
        self.tokens
            .scopes
            .iter()
            .filter(move |scope| !is_expected(scope) && !plainly(scope))
            .map(scope::plain)
    }

    /// A further member of the provider's answer, such as Shopify's `associated_user`.
    pub fn extra(&self, name: &str) -> Option<&Value> {
        self.tokens.rare.extra.get(name)
    }

    /// The value of a variable that the sign-in told (`from`), such as the address of the user's data centre.
    pub fn learned(&self, variable: &str) -> Option<&str> {
        self.tokens.rare.learned.get(variable)
    }

    /// A value that the definition keeps under this name (`capture`), such as the `team_id` of Slack's `team.id`.
    ///
    /// `None` if no answer had it. What a refresh does not name again stays. It is data of the provider's: check it
    /// before it goes into an address or a query.
    pub fn captured(&self, name: &str) -> Option<&Value> {
        self.tokens.rare.captured.get(name)
    }

    /// Whether the access token is a short-lived one, kept because the exchange for a better one failed
    /// (`on_failure = "keep"` in the definition). It is not exchanged later: the next sign-in does that.
    pub fn exchange_failed(&self) -> bool {
        self.tokens.rare.exchanged == Exchanged::Failed
    }

    /// Why the exchange failed; `None` where it did not, and for tokens that come out of a store of your own.
    pub fn exchange_error(&self) -> Option<&Error> {
        self.tokens.rare.exchange_error.as_deref()
    }

    /// Everything, in a form for a store of your own. It holds the tokens in clear.
    pub fn expose(&self) -> StoredTokens {
        StoredTokens(self.tokens.clone())
    }
}

impl<P> Clone for TokenSet<P> {
    fn clone(&self) -> Self {
        Self { tokens: self.tokens.clone(), spec: self.spec, of: PhantomData }
    }
}

impl<P> fmt::Debug for TokenSet<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tokens.debug("TokenSet", f)
    }
}

impl<P: OAuthProvider> From<StoredTokens> for TokenSet<P> {
    fn from(stored: StoredTokens) -> Self {
        Self::new(P::SPEC, stored.0)
    }
}

impl Tokens {
    /// Whether the access token need not be refreshed at `now`.
    ///
    /// The leeway is at most half of the token's life, so that a short-lived one is used at all. A clock that
    /// went back behind the token's issue makes it stale, because its age is not known any more.
    pub(crate) fn is_fresh(&self, now: SystemTime, leeway: Duration) -> bool {
        let (true, Some(expires_at)) = (self.is_usable(), self.expires_at) else { return self.is_usable() };
        let now = Moment::from(now);
        let clock_went_back = self.obtained_at > now && self.obtained_at.since(now) > CLOCK_SKEW;
        let left = expires_at.since(now);
        // Half of the life counts only where the leeway does not do.
        let is_left = || left > leeway || self.lifetime().is_some_and(|lifetime| left > lifetime / 2);
        !clock_went_back && is_left()
    }

    /// Whether the access token is not one that has to be exchanged before it is used.
    fn is_usable(&self) -> bool {
        self.rare.exchanged != Exchanged::Pending
    }

    /// How long the access token lives from when it was got; `None` if the provider does not say.
    pub(crate) fn lifetime(&self) -> Option<Duration> {
        self.expires_at.map(|expires_at| expires_at.since(self.obtained_at))
    }

    /// Whether the access token is of no use at `now`.
    pub(crate) fn has_lapsed(&self, now: SystemTime) -> bool {
        !self.is_usable() || self.first_has_lapsed(now)
    }

    /// Whether the access token has lapsed at `now`, be it one that is used or one that is still to be exchanged.
    pub(crate) fn first_has_lapsed(&self, now: SystemTime) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= Moment::from(now))
    }

    /// Keeps from the tokens before a refresh what its answer left out (RFC 6749 §6).
    pub(crate) fn succeeding(mut self, before: &Self) -> Self {
        self.rare.inherit(&before.rare, self.refresh_token.is_none());
        if self.refresh_token.is_none() {
            self.refresh_token.clone_from(&before.refresh_token);
        }
        if self.id_token.is_none() {
            self.id_token.clone_from(&before.id_token);
        }
        self.asked.clone_from(&before.asked);
        self
    }

    pub(crate) fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("expires_at", &self.expires_at.map(SystemTime::from))
            .field("has_refresh_token", &self.refresh_token.is_some())
            .field("scopes", &self.scopes)
            .field("captured", &self.rare.captured.keys().collect::<Vec<_>>())
            .field("extra", &self.rare.extra.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// The tokens of a grant in a form that can be stored. **It serialises the tokens in clear**: encrypt it at rest.
///
/// It serialises as an object of plain texts and numbers; times are whole seconds of the Unix epoch.
#[derive(Clone)]
pub struct StoredTokens(pub(crate) Arc<Tokens>);

/// What stands before the text of sealed tokens, in place of an access token. No access token holds a space (RFC 6749 appendix A.12).
const SEALED: &str = "sealed ";

/// # For stores that encrypt
impl StoredTokens {
    /// Tokens of which nothing can be seen but `text`, which is what a store has encrypted them to.
    ///
    /// Any store takes them like others. A flow that gets them says that its store has no key.
    pub fn seal(text: &str) -> Self {
        Self(Arc::new(Tokens {
            access_token: Secret::new(format!("{SEALED}{text}")),
            refresh_token: None,
            id_token: None,
            // Lapsed since ever, so that they are used nowhere.
            obtained_at: SystemTime::UNIX_EPOCH.into(),
            expires_at: Some(SystemTime::UNIX_EPOCH.into()),
            scopes: ScopeList::default(),
            asked: ScopeList::default(),
            rare: Rare::default(),
        }))
    }

    /// The text of [`seal`](Self::seal), if these are such tokens.
    pub fn sealed(&self) -> Option<&str> {
        self.0.access_token.expose().strip_prefix(SEALED)
    }
}

impl fmt::Debug for StoredTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug("StoredTokens", f)
    }
}
