//! [`AuthCodeFlow`]: the authorization code grant (RFC 6749 §4.1) of one provider for one client.

use crate::{
    authorization::AuthorizationRequest,
    callback::{self, Brought, Callback, Parameters},
    client::Client,
    core::Core,
    credentials::Credentials,
    error::{CallbackError, Error},
    event::GrantEvent,
    learned,
    pending::{self, PendingAuthorization, Record, StateKey},
    provider::{HasAuthorizationEndpoint, OAuthProvider},
    scope::Scope,
    session::Session,
    spec::{Pkce, Stage},
    store::{StateStore, TokenKey, TokenStore},
    tokens::{TokenSet, Tokens},
    transport::{BoxFuture, Transport},
    wire::{
        authorization,
        request::{self, Grant},
    },
};
use std::{
    fmt,
    marker::PhantomData,
    sync::Arc,
    time::{Duration, SystemTime},
};
use zeroize::Zeroizing;

/// The authorization code flow of the provider `P`: sends users there, takes them back, keeps their tokens fresh.
///
/// It is cheap to clone, and to make: a flow for each of a thousand tenants is fine. Make it once and not for each request,
/// because it remembers which refreshes go on and, in memory, which states were used. State and PKCE are part of it and
/// cannot be left out. Tokens and used states are kept in memory unless [`token_store`](Self::token_store) and
/// [`state_store`](Self::state_store) name better places; both belong before the first use, as does every setting.
pub struct AuthCodeFlow<P> {
    pub(crate) core: Arc<Core>,
    of: PhantomData<fn() -> P>,
}

impl<P: OAuthProvider> AuthCodeFlow<P> {
    /// A flow for the client that `credentials` describe, whose users come back to `redirect_uri`.
    ///
    /// `redirect_uri` is sent exactly as it is written here, and has to be registered at the provider like that.
    ///
    /// # Errors
    /// [`Error::Configuration`]: the redirect URI is not absolute, not protected or has a fragment; a variable of the
    /// provider has no value; the provider takes no client secret.
    #[allow(clippy::needless_pass_by_value, reason = "a provider is a name to write, not a value to keep")]
    pub fn new(provider: P, credentials: Credentials, redirect_uri: &str) -> Result<Self, Error>
    where
        P: HasAuthorizationEndpoint,
    {
        let client = Client::new(&provider, credentials, redirect_uri)?;
        Ok(Self { core: Arc::new(Core::new(client)), of: PhantomData })
    }

    /// Keeps tokens in `store`.
    #[must_use]
    pub fn token_store(self, store: impl TokenStore) -> Self {
        self.with(|core| {
            core.tokens = Arc::new(store);
            // What goes on over another store is not this one's: its owners may be others of the same name.
            core.refreshes = Arc::default();
        })
    }

    /// Keeps users' pending authorizations, and the marks of used ones, in `store`: one for all instances of an application.
    ///
    /// In memory, the marks go with the process: a callback that is loaded again after a restart, or at another
    /// instance, would send its code again, and be refused by the provider.
    #[must_use]
    pub fn state_store(self, store: impl StateStore) -> Self {
        self.with(|core| core.states = Arc::new(store))
    }

    /// Sends requests by `transport`.
    #[must_use]
    pub fn transport(self, transport: impl Transport) -> Self {
        self.with(|core| {
            core.transport = Arc::new(transport);
            core.prepare();
        })
    }

    /// Takes the time from `clock` instead of the system's.
    #[must_use]
    pub fn clock(self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.with(|core| core.clock = Arc::new(clock))
    }

    /// Refreshes an access token this long before it lapses, whatever the definition says; a minute, where neither says
    /// anything. Half of a token's life is the most.
    #[must_use]
    pub fn leeway(self, leeway: Duration) -> Self {
        self.with(|core| core.leeway = leeway)
    }

    /// Waits at most this long for an answer of the token endpoint; ten seconds, unless told otherwise.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        self.with(|core| core.token_limits.deadline = deadline)
    }

    /// Claims the right to refresh for this long at a time; four seconds, unless told otherwise.
    ///
    /// The claim is renewed while the provider's answer takes longer. What it decides is how soon another process goes
    /// on after one that vanished: after one lease, or after [`Lease::PATIENCE`](crate::Lease::PATIENCE) more if that one had sent the
    /// refresh token.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        // A claim that lapses at once would be nobody's.
        self.with(|core| core.lease = lease.max(Duration::from_millis(10)))
    }

    /// Tells `observer` what happens to stored grants: to count it, or to ask a user to sign in again.
    ///
    /// It is called by the refresh itself, so it should be quick: note it down or send it on.
    ///
    /// ```
    /// # use oauth_runtime::{AuthCodeFlow, Credentials, Error, GrantEvent, OAuthProvider};
    /// # fn tell(owner: &str, reason: String) {}
    /// # fn observed<P: OAuthProvider>(flow: AuthCodeFlow<P>) -> AuthCodeFlow<P> {
    /// flow.observer(|key, event| {
    ///     if let GrantEvent::Dead(reason) = event {
    ///         tell(key.owner(), reason.to_string());
    ///     }
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn observer(self, observer: impl Fn(&TokenKey, &GrantEvent) + Send + Sync + 'static) -> Self {
        self.with(|core| core.observer = Some(Arc::new(observer)))
    }

    fn with(mut self, change: impl FnOnce(&mut Core)) -> Self {
        change(Arc::make_mut(&mut self.core));
        self
    }

    /// Begins an authorization for `scopes`, or for the definition's default ones if there are none.
    ///
    /// The answer is the address to send the user to and what has to be remembered until the user is back. With the
    /// feature `axum` it is a response that does both.
    pub fn begin(&self, scopes: impl IntoIterator<Item = Scope<P>>) -> AuthorizationRequest<P> {
        let core = &self.core;
        let declared = &core.client.spec.scopes;
        let asked = declared.asked(scopes.into_iter().map(Scope::into_held).collect());
        let spec = core.client.spec;
        let (asked, written) = core.client.asked.of(&asked, |list| authorization::scopes(spec, list));
        let record = Record::new(&core.client, asked, core.now());
        let url = authorization::url(&core.prefix, spec, &written, &record);
        AuthorizationRequest { spec, url, pending: PendingAuthorization::new(record) }
    }

    /// Finishes what [`begin`](Self::begin) began: checks the callback and exchanges its code for tokens, once.
    ///
    /// # Errors
    /// [`Error::Callback`] and [`Error::Denied`] before anything is sent; [`Error::Refused`], [`Error::Answer`] and
    /// [`Error::Transport`] for the exchange of the code, and, with [`Stage::Exchange`], for that of the token where the
    /// definition has one. Neither is ever sent twice: after an error the user begins again.
    pub async fn finish(&self, callback: Callback<P>) -> Result<TokenSet<P>, Error> {
        let core = &self.core;
        let tokens = core.finish(callback.brought, callback.pending).await?;
        Ok(TokenSet::new(core.client.spec, Arc::new(tokens)))
    }

    /// The stored tokens of `owner`: kept fresh, and sent to the API.
    pub fn session(&self, owner: impl Into<Arc<str>>) -> Session<P> {
        Session::new(self.core.clone(), owner.into())
    }

    /// Stores `pending` for `user` in the flow's state store: the server's side of it, where no cookie is wanted.
    ///
    /// [`take_pending`](Self::take_pending) is the other half. `user` is whoever is signed in at the application.
    pub async fn store_pending(&self, user: &str, pending: PendingAuthorization<P>) -> Result<(), Error> {
        let record = pending.record;
        let key = user_key(record.state());
        let mut value = Zeroizing::new(String::with_capacity(record.length() + 1 + user.len()));
        record.stored_into(&mut value);
        value.push(' ');
        value.push_str(user);
        self.core.states.put(&key, &value, pending::LIFETIME).await.map_err(Error::store)?;
        Ok(())
    }

    /// Takes what was stored for the `state` in `query`, and joins the two if it was stored for `user`.
    ///
    /// It is taken away before anything is checked, so that no second callback finds it.
    ///
    /// # Errors
    /// [`CallbackError::AlreadyUsed`], [`CallbackError::UnknownState`], or [`CallbackError::Mismatch`] for another user.
    pub async fn take_pending(&self, user: &str, query: &str) -> Result<Callback<P>, Error> {
        self.take(user, Brought { text: query.to_owned(), is_form: false }).await
    }

    /// The same for a [posted form](Callback::from_form). The first one needs no user: answer it with a [`Repost`](crate::Repost).
    pub async fn take_pending_for_form(&self, user: &str, form: &str) -> Result<Callback<P>, Error> {
        self.take(user, Brought { text: form.to_owned(), is_form: true }).await
    }

    async fn take(&self, user: &str, brought: Brought) -> Result<Callback<P>, Error> {
        let parameters = Parameters::parse(&brought.text, &self.core.client.spec.callback)?;
        let state = parameters.state()?;
        let taken = self.core.states.take(&user_key(state)).await.map_err(Error::store)?;
        let Some(value) = taken else {
            return Err(if self.core.was_used(state).await? {
                CallbackError::AlreadyUsed.into()
            } else {
                CallbackError::UnknownState.into()
            });
        };
        let (text, of) = value.split_once(' ').unwrap_or((&value, ""));
        let record = Record::from_stored(state, text).ok_or(CallbackError::UnknownState)?;
        if of != user {
            return Err(CallbackError::Mismatch.into());
        }
        Ok(Callback::joined(brought, Some(record)))
    }
}

/// The key of a user's pending authorization; [`Core::spend`] keeps the marks of used ones under others.
fn user_key(state: &str) -> String {
    StateKey::of(state).below("pending")
}

impl Core {
    /// Boxed, because the body of an `async fn` is compiled anew in each crate that awaits it.
    fn finish(
        self: &Arc<Self>,
        brought: Brought,
        pending: Option<Record>,
    ) -> BoxFuture<'_, Result<Tokens, Error>> {
        Box::pin(self.finish_callback(brought, pending))
    }

    async fn finish_callback(
        self: &Arc<Self>,
        brought: Brought,
        pending: Option<Record>,
    ) -> Result<Tokens, Error> {
        let client = &self.client;
        let text = &*brought.text;
        brought.check_method(&client.spec.callback)?;
        let parameters = Parameters::parse(text, &client.spec.callback)?;
        if matches!(parameters.state(), Err(CallbackError::Restart)) {
            callback::check_signature(client, text)?;
        }
        let record = callback::pending(&parameters, pending, self.now())?;
        // Used up before anything else is looked at: a callback that is refused cannot be tried again (CVE-2023-27490).
        self.spend(&record).await?;
        let code = callback::code(client, text, parameters, &record)?;
        let learned = callback::learned(client.spec, text)?;
        let captured = callback::captured(client.spec, text)?;
        let client = &*client.of(&learned)?;
        let grant = Grant::Code {
            code: &code,
            state: record.state(),
            redirect_uri: &client.redirect_uri,
            verifier: (client.spec.pkce == Pkce::S256).then(|| record.verifier()),
        };
        let request = request::token_request(client, grant, self.token_limits, self.now())?;
        let asked = self.client.asked.like(record.scopes.clone());
        let mut tokens = self.exchange(client, grant, request, &asked).await?;
        if !learned.is_empty() || !captured.is_empty() {
            tokens.rare.to_mut().tell(learned, captured);
        }
        if !client.spec.exchanges.is_empty() {
            // Boxed, so that the sign-ins of other providers do not carry it along.
            tokens = Box::pin(self.traded(Stage::Token, tokens)).await?;
        }
        if learned::asks_userinfo(client.spec) {
            Box::pin(self.learn_from_userinfo(&mut tokens)).await?;
        }
        tokens.share_learned();
        Ok(tokens)
    }

    /// Marks a state as used, once: whoever comes second is told so.
    async fn spend(&self, record: &Record) -> Result<(), Error> {
        // No honest record lasts longer, but a user agent can write what it likes into its cookie.
        let left = record.expires_at.duration_since(self.now()).unwrap_or_default().min(pending::LIFETIME);
        let left = left + Duration::from_secs(60);
        if self.states.put(&used_key(record.state()), "used", left).await.map_err(Error::store)? {
            Ok(())
        } else {
            Err(CallbackError::AlreadyUsed.into())
        }
    }

    /// Whether a state has the mark of a used one. The mark stays all the while, so that nobody finds the state unused meanwhile.
    async fn was_used(&self, state: &str) -> Result<bool, Error> {
        let is_free = self.states.put(&used_key(state), "used", Duration::ZERO).await;
        is_free.map(|is_free| !is_free).map_err(Error::store)
    }
}

fn used_key(state: &str) -> String {
    StateKey::of(state).below("used")
}

impl<P> Clone for AuthCodeFlow<P> {
    fn clone(&self) -> Self {
        Self { core: self.core.clone(), of: PhantomData }
    }
}

impl<P> fmt::Debug for AuthCodeFlow<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthCodeFlow")
            .field("provider", &self.core.client.spec.id)
            .field("client_id", &self.core.client.credentials.client_id())
            .field("redirect_uri", &self.core.client.redirect_uri)
            .finish_non_exhaustive()
    }
}
