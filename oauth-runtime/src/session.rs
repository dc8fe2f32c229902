//! [`Session`]: one owner's tokens, kept fresh, and the provider's API behind them.

use crate::{
    api::ApiRequest,
    core::Core,
    error::{Error, LoginRequired},
    hook::{BeforeDisconnect, Connection},
    named::TokenName,
    provider::{HasApi, HasRefresh, HasRevocation, HasUserinfo, OAuthProvider},
    secret::Secret,
    spec::{RefreshSupport, Stage},
    store::{self, StoredGrant, TokenKey},
    tokens::{StoredTokens, TokenSet, Tokens},
    transport::BoxFuture,
    userinfo::Userinfo,
    wire::refused,
};
use std::{fmt, marker::PhantomData, sync::Arc, time::SystemTime};

/// The stored tokens of one owner at the provider `P`.
///
/// It holds no token itself: each call looks into the flow's token store, refreshes what is about to lapse, and lets
/// everybody who waits share that one refresh. Make one for each request; it is cheap.
pub struct Session<P> {
    pub(crate) core: Arc<Core>,
    pub(crate) key: TokenKey,
    of: PhantomData<fn() -> P>,
}

impl<P: OAuthProvider> Session<P> {
    pub(crate) fn new(core: Arc<Core>, owner: Arc<str>) -> Self {
        let key = TokenKey::of(core.client.place.clone(), owner);
        Self { core, key, of: PhantomData }
    }

    /// The same owner's further token of this name, such as Slack's token of the user: a grant of its own, with a
    /// session of its own.
    ///
    /// What ends this session ends that one too, but not the other way round: [`revoke`](Self::revoke) and
    /// [`remove`](Self::remove) here are for all tokens of the owner, and there for that one.
    ///
    /// # Panics
    /// Never: each name is of the provider's own definition.
    #[must_use]
    pub fn named(&self, name: TokenName<P>) -> Self {
        let mut known = self.core.client.spec.response.tokens.iter();
        let token = known.find(|token| token.name == name.as_str()).expect("a definition has its own names");
        Self { core: self.core.clone(), key: self.key.named(token.key), of: PhantomData }
    }

    /// Stores the tokens of a finished sign-in for this owner, in place of what was there.
    ///
    /// Each [further token](TokenSet::named) of the answer is stored by itself. Where the answer had one token only, of
    /// several that there can be, the others stay as they are.
    ///
    /// # Errors
    /// [`Error::Hook`] where the definition has the hook `after_connect` and it fails: then nothing is stored.
    pub async fn adopt(&self, tokens: TokenSet<P>) -> Result<(), Error> {
        let mut tokens = tokens;
        if !tokens.tokens.rare.named.is_empty() {
            let named = Arc::make_mut(&mut tokens.tokens).take_named();
            // Boxed, so that the sign-ins of other providers do not carry it along.
            return Box::pin(self.adopt_each(tokens, named)).await;
        }
        let tokens = self.core.connected(&self.key, StoredTokens(tokens.tokens)).await?;
        self.core.keep(&self.key, tokens).await
    }

    async fn adopt_each(&self, first: TokenSet<P>, named: Vec<(&'static str, Tokens)>) -> Result<(), Error> {
        if first.has_access_token() {
            let first = self.core.connected(&self.key, StoredTokens(first.tokens)).await?;
            self.core.keep(&self.key, first).await?;
        }
        for (name, tokens) in named {
            let key = self.named(TokenName::known(name)).key;
            self.core.keep(&key, StoredTokens(Arc::new(tokens))).await?;
        }
        Ok(())
    }

    /// An access token that is good for a while: refreshed first, if it is about to lapse.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] when only the user can help; another error when the provider or the store has trouble.
    pub async fn access_token(&self) -> Result<Secret, Error> {
        // Most calls end here, and a future that can refresh is a large one to make.
        let grant = match self.core.at_hand(&self.key, self.core.now()) {
            Some(grant) => grant,
            None => self.core.fresh(&self.key).await?,
        };
        Ok(grant.tokens.0.access_token.clone())
    }

    /// All tokens, fresh like [`access_token`](Self::access_token).
    pub async fn tokens(&self) -> Result<TokenSet<P>, Error> {
        self.core.fresh(&self.key).await.map(|grant| self.core.token_set(grant))
    }

    /// The tokens as they are stored, lapsed or not; `None` if this owner has none.
    pub async fn stored_tokens(&self) -> Result<Option<TokenSet<P>>, Error> {
        let grant = self.core.tokens.load(&self.key).await.map_err(Error::store)?;
        Ok(grant.map(|grant| self.core.token_set(grant)))
    }

    /// Refreshes now, whether the access token has lapsed or not. Calls at the same time share one refresh.
    pub fn refresh(&self) -> BoxFuture<'static, Result<TokenSet<P>, Error>>
    where
        P: HasRefresh,
    {
        let (core, key) = (self.core.clone(), self.key.clone());
        Box::pin(async move {
            if core.client.spec.refresh.support == RefreshSupport::None {
                return Err(core.client.undeclared("that its tokens can be refreshed"));
            }
            let generation = core.living(&key).await?.generation;
            core.refresh(&key, generation).await.map(|grant| core.token_set(grant))
        })
    }

    /// Revokes this owner's grant at the provider (RFC 7009), and forgets its tokens here once that is done; with it those
    /// of [other names](Self::named), each by itself.
    ///
    /// # Errors
    /// After an error the tokens are still here, and the provider may still honour them: try again later, or
    /// [`remove`](Self::remove) them all the same. [`Error::LoginRequired`] if there are none.
    pub fn revoke(&self) -> BoxFuture<'static, Result<(), Error>>
    where
        P: HasRevocation,
    {
        let session = self.clone();
        Box::pin(async move {
            session.core.disconnecting(&session.key).await?;
            session.core.revoke_each(&session.key).await
        })
    }

    /// Ends this owner's connection: the hook `before_disconnect` first, then the revocation where there is one, and
    /// then its tokens here.
    ///
    /// # Errors
    /// [`Error::Hook`], and those of [`revoke`](Self::revoke). After an error the tokens are still here.
    pub fn disconnect(&self) -> BoxFuture<'static, Result<(), Error>>
    where
        P: BeforeDisconnect,
    {
        let session = self.clone();
        Box::pin(async move {
            let core = &session.core;
            core.disconnecting(&session.key).await?;
            if core.client.spec.endpoints.revocation.is_none() {
                return session.remove().await;
            }
            core.revoke_each(&session.key).await
        })
    }

    /// Asks the provider who the user is.
    ///
    /// # Errors
    /// Those of an API call, and [`Error::Answer`] where the answer names no subject.
    pub fn userinfo(&self) -> BoxFuture<'static, Result<Userinfo, Error>>
    where
        P: HasUserinfo,
    {
        let (core, key) = (self.core.clone(), self.key.clone());
        Box::pin(async move { core.userinfo(key).await })
    }

    /// Forgets this owner's tokens here, those of [other names](Self::named) too. The provider is not told.
    pub async fn remove(&self) -> Result<(), Error> {
        for token in self.core.further(&self.key) {
            self.core.remove(&self.key.named(token.key)).await?;
        }
        self.core.remove(&self.key).await
    }

    /// A GET of the API. `path` is joined to the declared `base_url`, or is an absolute address of a declared origin.
    pub fn get(&self, path: &str) -> ApiRequest
    where
        P: HasApi,
    {
        self.request(http::Method::GET, path)
    }

    /// A POST to the API; see [`get`](Self::get).
    pub fn post(&self, path: &str) -> ApiRequest
    where
        P: HasApi,
    {
        self.request(http::Method::POST, path)
    }

    /// Another request to the API; see [`get`](Self::get).
    pub fn request(&self, method: http::Method, path: &str) -> ApiRequest
    where
        P: HasApi,
    {
        ApiRequest::new(self.core.clone(), self.key.clone(), method, path)
    }
}

impl Core {
    fn token_set<P>(&self, grant: StoredGrant) -> TokenSet<P> {
        TokenSet::new(self.client.spec, grant.tokens.0)
    }

    /// Stores the tokens of a sign-in, in place of what was there.
    async fn keep(&self, key: &TokenKey, tokens: StoredTokens) -> Result<(), Error> {
        let grant = StoredGrant { generation: store::new_generation(), tokens, dead: None };
        self.tokens.save(key, grant).await.map_err(Error::store)?;
        self.refreshes.forget(key);
        Ok(())
    }

    /// Forgets what is stored.
    pub(crate) async fn remove(&self, key: &TokenKey) -> Result<(), Error> {
        self.tokens.remove(key).await.map_err(Error::store)?;
        self.refreshes.forget(key);
        Ok(())
    }

    /// Tokens with what the hook `after_connect` keeps of them.
    async fn connected(
        self: &Arc<Self>,
        key: &TokenKey,
        tokens: StoredTokens,
    ) -> Result<StoredTokens, Error> {
        let Some(hook) = self.client.spec.hooks.after_connect else { return Ok(tokens) };
        let connection = Connection::new(self.clone(), key.clone(), tokens.clone());
        let kept = hook(connection).await.map_err(Error::hook("after_connect"))?;
        let mut tokens = Tokens::clone(&tokens.0);
        tokens.rare.to_mut().captured.extend(kept);
        Ok(StoredTokens(Arc::new(tokens)))
    }

    /// Runs the hook `before_disconnect`, with a token that is fresh.
    async fn disconnecting(self: &Arc<Self>, key: &TokenKey) -> Result<(), Error> {
        let Some(hook) = self.client.spec.hooks.before_disconnect else { return Ok(()) };
        let tokens = self.fresh(key).await?.tokens;
        let connection = Connection::new(self.clone(), key.clone(), tokens);
        hook(connection).await.map_err(Error::hook("before_disconnect"))
    }

    /// The stored grant, if it can still be used.
    pub(crate) async fn living(&self, key: &TokenKey) -> Result<StoredGrant, Error> {
        let grant = self.tokens.load(key).await.map_err(Error::store)?.ok_or(LoginRequired::NoTokens)?;
        if grant.tokens.sealed().is_some() {
            return Err(Error::store(
                "the tokens are encrypted, and the flow's store has no key to them".into(),
            ));
        }
        match grant.dead {
            Some(reason) => {
                Err(LoginRequired::dead(reason, |code| refused::hint(&self.client, Stage::Refresh, code))
                    .into())
            }
            None => Ok(grant),
        }
    }

    /// The stored grant, if that is known at once and its access token is fresh.
    fn at_hand(&self, key: &TokenKey, now: SystemTime) -> Option<StoredGrant> {
        let is_good = |grant: &StoredGrant| grant.dead.is_none() && grant.tokens.0.is_fresh(now, self.leeway);
        self.tokens.peek(key).filter(is_good)
    }

    /// The stored grant with a fresh access token.
    pub(crate) async fn fresh(self: &Arc<Self>, key: &TokenKey) -> Result<StoredGrant, Error> {
        let now = self.now();
        if let Some(grant) = self.at_hand(key, now) {
            return Ok(grant);
        }
        let grant = self.living(key).await?;
        let tokens = &grant.tokens.0;
        if tokens.is_fresh(now, self.leeway) || self.refreshes.is_too_soon(key, tokens) {
            return Ok(grant);
        }
        let lapsed = tokens.has_lapsed(now);
        if !self.can_refresh(&grant) {
            return if lapsed { Err(LoginRequired::Expired.into()) } else { Ok(grant) };
        }
        // One that is renewed in place is good for days yet, so that only the end of its grant counts before.
        let in_place = self.client.spec.refresh.support == RefreshSupport::InPlace;
        let can_wait = |error: &Error| error.is_transient() || in_place && !error.needs_login();
        let refresh = self.refresh(key, grant.generation);
        if lapsed {
            return refresh.await;
        }
        // A token that is still good is not held up by a provider, or another process, that takes its time.
        match tokio::time::timeout(self.lease, refresh).await {
            Ok(Err(error)) if can_wait(&error) => Ok(grant),
            Ok(outcome) => outcome,
            Err(_) => Ok(grant),
        }
    }
}

impl<P> Clone for Session<P> {
    fn clone(&self) -> Self {
        Self { core: self.core.clone(), key: self.key.clone(), of: PhantomData }
    }
}

impl<P> fmt::Debug for Session<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("key", &self.key).finish_non_exhaustive()
    }
}
