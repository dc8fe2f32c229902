//! [`Server`]: the state behind the listener, and which part of the provider answers what.

use crate::{
    any::AnyProvider,
    api,
    authorize::{self, Interactions},
    brought::Brought,
    call::Call,
    client::Clients,
    clock::Clock,
    faults::Faults,
    grants::{Grants, Policy},
    log::Log,
    login, pages,
    played::Played,
    refusal::Refusal,
    revocation,
    rules::Rules,
    site::{self, Role, Site},
    token,
    told::Told,
    userinfo,
};
use axum::{
    Router,
    body::Bytes,
    extract::State as Shared,
    response::Response,
    routing::{get, post},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use oauth_runtime::spec::{Example, RefreshSupport, Spec, Stage};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch};

/// How long an access token is good where neither the definition nor a test says it.
const ACCESS_LIFETIME: Duration = Duration::from_secs(3600);

/// How long one is good that was exchanged for a first one.
const EXCHANGED_LIFETIME: Duration = Duration::from_secs(60 * 24 * 3600);

/// A provider that answers on a port of this machine.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) spec: &'static Spec,
    pub(crate) examples: &'static [Example],
    pub(crate) site: Arc<Site>,
    pub(crate) port: u16,
    pub(crate) clock: Clock,
    pub(crate) log: Log,
    state: Mutex<State>,
    closing: watch::Receiver<()>,
}

/// What changes.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    pub(crate) clients: Clients,
    pub(crate) grants: Grants,
    pub(crate) interactions: Interactions,
    pub(crate) faults: Faults,
    pub(crate) played: Played,
}

/// What a test can choose.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) client_name: String,
    /// `None`: any that is https, loopback http or of a private scheme.
    pub(crate) redirect_uris: Option<Vec<String>>,
    /// The only scopes that are granted; `None`: all that are asked for.
    pub(crate) grant_only: Option<Vec<String>>,
    pub(crate) access_lifetime: Option<Duration>,
    /// How long a token is good that was exchanged for a first one.
    pub(crate) exchanged_lifetime: Option<Duration>,
    pub(crate) refresh_lifetime: Option<Duration>,
    pub(crate) rotates: bool,
    pub(crate) grace: Duration,
    pub(crate) brought: Brought,
    /// What the next sign-ins tell.
    pub(crate) told: Told,
}

impl Settings {
    fn new(spec: &Spec) -> Self {
        Self {
            client_name: "Example Application".to_owned(),
            redirect_uris: None,
            grant_only: None,
            access_lifetime: Some(spec.response.default_expires_in.unwrap_or(ACCESS_LIFETIME))
                .filter(|_| !spec.response.zero_is_never),
            exchanged_lifetime: Some(EXCHANGED_LIFETIME),
            refresh_lifetime: None,
            rotates: spec.refresh.support == RefreshSupport::Rotating,
            grace: Duration::ZERO,
            brought: Brought::default(),
            told: Told::sample(spec),
        }
    }

    /// How tokens of this stage are given out under these settings.
    pub(crate) fn policy(&self, spec: &Spec, stage: Stage) -> Policy {
        let follows = |stage| spec.exchanges.iter().any(|exchange| exchange.after.contains(&stage));
        let in_place = spec.refresh.support == RefreshSupport::InPlace;
        // What is renewed in place is what came of the exchange.
        let is_exchanged =
            stage == Stage::Exchange || (stage == Stage::Refresh && in_place && follows(Stage::Token));
        Policy {
            access_lifetime: if is_exchanged { self.exchanged_lifetime } else { self.access_lifetime },
            refresh_lifetime: self.refresh_lifetime,
            refreshable: stage != Stage::Exchange
                && matches!(spec.refresh.support, RefreshSupport::Rotating | RefreshSupport::Reusable),
            rotates: self.rotates,
            grace: self.grace,
            raw: follows(stage),
        }
    }
}

impl Server {
    /// Binds a free port and answers there until the sender of `closing` is dropped.
    pub(crate) async fn start(of: AnyProvider, closing: watch::Receiver<()>) -> Arc<Self> {
        let (spec, examples) = (of.spec(), of.examples());
        let listener =
            TcpListener::bind(("127.0.0.1", 0)).await.expect("this machine has a free loopback port");
        let port = listener.local_addr().expect("a bound listener has an address").port();
        let server = Arc::new(Self {
            spec,
            examples,
            site: Arc::new(Site::new(spec)),
            port,
            clock: Clock::default(),
            log: Log::default(),
            state: Mutex::new(State {
                settings: Settings::new(spec),
                clients: Clients::new(spec),
                grants: Grants::default(),
                interactions: Interactions::default(),
                faults: Faults::default(),
                played: Played::default(),
            }),
            closing: closing.clone(),
        });
        tokio::spawn(serve(listener, Arc::clone(&server), closing));
        server
    }

    /// Where the server listens.
    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The address of this server that stands for a real one; itself, if it is this server's already.
    pub(crate) fn local(&self, url: &str) -> Option<String> {
        site::local(&self.origin(), url)
    }

    /// Whether an address is this server's own.
    pub(crate) fn is_local(&self, url: &str) -> bool {
        site::is_local(&self.origin(), url)
    }

    /// What the declared parameters and headers of a call are compared with.
    pub(crate) fn rules<'a>(&self, call: &'a Call) -> Rules<'a> {
        Rules { spec: self.spec, told: &call.told }
    }

    /// A call about a grant goes where its sign-in said.
    pub(crate) fn check_address(&self, role: Role, call: &Call) -> Result<(), Refusal> {
        let problem = || Refusal::invalid_request("this is not the address that the sign-in told");
        self.site.knows(role, call.address(), &call.told).then_some(()).ok_or_else(problem)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits as long as token requests are to wait before they are looked at.
    pub(crate) async fn hesitate(&self) {
        let delay = self.state().faults.hesitation;
        self.wait(delay).await;
    }

    /// Waits as long as answers are to be held back.
    pub(crate) async fn linger(&self) {
        let delay = self.state().faults.delay;
        self.wait(delay).await;
    }

    /// Waits no longer than this server lives.
    async fn wait(&self, delay: Duration) {
        if !delay.is_zero() {
            let mut closing = self.closing.clone();
            let _ended_early = tokio::time::timeout(delay, closing.changed()).await;
        }
    }
}

async fn serve(listener: TcpListener, server: Arc<Server>, mut closing: watch::Receiver<()>) {
    let app = Router::new()
        .route(pages::STYLE_PATH, get(pages::style))
        .route(pages::SCRIPT_PATH, get(pages::script))
        .route(pages::LOGIN_PATH, post(login::sign_in))
        .route(pages::CONSENT_PATH, get(login::consent).post(login::decide))
        .fallback(dispatch)
        .with_state(server);
    let closed = async move {
        // The value never changes: the wait ends when the sender is dropped.
        let _dropped = closing.changed().await;
    };
    // axum's own loop handles the errors of `accept`; its result is always `Ok`.
    let _always_ok = axum::serve(listener, app).with_graceful_shutdown(closed).await;
}

async fn dispatch(
    Shared(server): Shared<Arc<Server>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(mut call) = Call::new(method, &uri, headers, body) else {
        return pages::problem(server.spec, StatusCode::NOT_FOUND, "There is nothing at this address.");
    };
    call.told = server.state().grants.told(call.values());
    let role = match server.site.role(call.address()) {
        Some(Role::Token | Role::Refresh | Role::Exchange(_)) => Some(token::role(&server, &call)),
        // Egnyte has one address for both.
        Some(Role::Authorization)
            if call.method != Method::GET && server.site.serves(Role::Token, call.address()) =>
        {
            Some(token::role(&server, &call))
        }
        role => role,
    };
    let place = server.log.arrived(&call, role);
    let response = answer(&server, &call, role).await;
    server.log.answered(place, &response);
    response
}

async fn answer(server: &Server, call: &Call, role: Option<Role>) -> Response {
    match role {
        Some(Role::Authorization) => authorize::answer(server, call),
        Some(role @ (Role::Token | Role::Refresh | Role::Exchange(_))) => {
            token::answer(server, call, role).await
        }
        Some(Role::Revocation) => revocation::answer(server, call),
        Some(Role::Userinfo) => userinfo::answer(server, call),
        Some(Role::Also(place)) => userinfo::also(server, call, place),
        Some(Role::Api) => api::call(server, call),
        Some(Role::Missing(name)) => {
            let text = format!("The test provider has no {name}.");
            pages::problem(server.spec, StatusCode::NOT_IMPLEMENTED, &text)
        }
        None => {
            let text =
                format!("The definition of {} names no such address: {}", server.spec.name, call.address());
            pages::problem(server.spec, StatusCode::NOT_FOUND, &text)
        }
    }
}
