//! A provider, and flows over the stores.

use oauth_runtime::{
    AuthCodeFlow, Credentials, OAuthProvider, StoredTokens, TokenSet,
    transport::{Request, Response, TransportError},
};
use serde_json::{Value, json};
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A provider that replaces its refresh tokens.
#[derive(OAuthProvider, Clone)]
#[oauth(
    name = "Acme",
    authorization_endpoint = "https://id.example/authorize",
    token_endpoint = "https://id.example/token",
    token_endpoint_auth_methods = ["client_secret_post"]
)]
pub(crate) struct Acme;

/// A strict server: it takes each refresh token once, in its order, and answers after a while.
#[derive(Clone, Default)]
pub(crate) struct Server {
    asked: Arc<AtomicUsize>,
    reused: Arc<AtomicUsize>,
}

type Answer = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send>>;

impl Server {
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn reused(&self) -> usize {
        self.reused.load(Ordering::SeqCst)
    }

    pub(crate) fn transport(&self) -> impl Fn(Request) -> Answer + Send + Sync + 'static + use<> {
        let this = self.clone();
        move |request| {
            let this = this.clone();
            Box::pin(async move {
                let number = this.asked.fetch_add(1, Ordering::SeqCst);
                let body = String::from_utf8_lossy(request.body()).into_owned();
                let is_next = body.contains(&format!("refresh_token=REFRESH-{number}-CANARY"));
                this.reused.fetch_add(usize::from(!is_next), Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
                let (status, answer) = if is_next {
                    (200, record(number + 1, 3600))
                } else {
                    (400, json!({"error": "invalid_grant"}))
                };
                let mut response = Response::new(answer.to_string().into());
                *response.status_mut() = status.try_into().expect("a status");
                Ok(response)
            })
        }
    }

    /// A flow of one process over `store`.
    pub(crate) fn flow(&self, store: impl oauth_runtime::TokenStore) -> AuthCodeFlow<Acme> {
        let credentials = Credentials::confidential("id", "SECRET-OF-THE-CLIENT-CANARY");
        let flow = AuthCodeFlow::new(Acme, credentials, "https://app.example/callback").expect("a flow");
        flow.transport(self.transport()).token_store(store)
    }
}

/// The token of `ada` lapses, and callers of all flows need a new one: one request each time, and none is sent twice.
pub(crate) async fn refreshes_once_an_expiry(server: &Server, flows: &[AuthCodeFlow<Acme>], expiries: usize) {
    for expiry in 0..expiries {
        flows[0].session("ada").adopt(tokens(expiry, 0)).await.expect("stored");
        let callers: Vec<_> = (0..40)
            .map(|number| {
                let session = flows[number % flows.len()].session("ada");
                tokio::spawn(async move { session.access_token().await })
            })
            .collect();
        for caller in callers {
            let token = caller.await.expect("no panic").expect("a token");
            assert_eq!(token.expose(), format!("ACCESS-{}-CANARY", expiry + 1));
        }
        assert_eq!((server.asked(), server.reused()), (expiry + 1, 0));
    }
}

fn record(number: usize, expires_in: u64) -> Value {
    json!({
        "access_token": format!("ACCESS-{number}-CANARY"), "refresh_token": format!("REFRESH-{number}-CANARY"),
        "token_type": "Bearer", "expires_in": expires_in,
    })
}

/// The tokens of a sign-in that are good for so many seconds from now on.
pub(crate) fn tokens(number: usize, seconds: u64) -> TokenSet<Acme> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let record = json!({
        "access_token": format!("ACCESS-{number}-CANARY"), "refresh_token": format!("REFRESH-{number}-CANARY"),
        "obtained_at": now + seconds - 3600, "expires_at": now + seconds,
    });
    let stored: StoredTokens = serde_json::from_value(record).expect("a record");
    stored.into()
}
