//! The `huskarl` crate, as its documentation uses it, on the reqwest client that ours has.

use super::client_013;
use crate::{
    case::{Awaited, Case, TwoThreads, Work},
    config::CONFIG,
};
use huskarl::{
    cache::{GrantTokenSource, InMemoryRefreshTokenStore, InMemoryTokenCache, NoSource, TokenSource},
    core::{
        client_auth::ClientSecret,
        secrets::{ProvidedSecret, SecretString},
    },
    grant::{
        authorization_code::{
            AuthorizationCodeGrant, CompleteInput, CompleteOutput, StartInput, StartOutput,
        },
        core::TokenResponse,
    },
};
use huskarl_reqwest::ReqwestClient;
use std::{rc::Rc, sync::Arc};
use tokio::runtime::Runtime;

const NAME: &str = "huskarl";

async fn grant() -> AuthorizationCodeGrant {
    AuthorizationCodeGrant::builder()
        .authorization_endpoint(CONFIG.authorization_endpoint.parse().expect("a URL"))
        .token_endpoint(CONFIG.token_endpoint.parse().expect("a URL"))
        .client_id(CONFIG.client_id)
        .http_client(ReqwestClient::from(client_013()))
        .client_auth(ClientSecret::new(ProvidedSecret::new(SecretString::new(CONFIG.client_secret))))
        .redirect_uri(CONFIG.redirect_uri)
        .oidc(false)
        .build()
        .await
        .expect("a grant")
}

async fn start(grant: &AuthorizationCodeGrant) -> StartOutput {
    let scopes: Vec<String> = CONFIG.scopes.map(String::from).into();
    grant.start(StartInput::scope(scopes)).await.expect("a URL")
}

async fn finish(grant: &AuthorizationCodeGrant) -> CompleteOutput {
    let started = start(grant).await;
    let query = format!("code=4%2F0AeaYSHBexamplecode&state={}", started.pending_state.state);
    let callback: CompleteInput = query.parse().expect("a callback");
    grant.complete(&started.pending_state, callback).await.expect("tokens")
}

fn shown(token: &TokenResponse) -> String {
    token.access_token().token().expose_secret().to_owned()
}

pub fn cases(runtime: &Rc<Runtime>) -> Vec<Case> {
    let grants = [(), (), ()].map(|()| runtime.block_on(grant()));
    let [started, finished, cached] = grants;
    let source = GrantTokenSource::builder()
        .grant(cached.clone())
        .grant_parameters(NoSource)
        .refresh_store(InMemoryRefreshTokenStore::default())
        .build();
    runtime.block_on(async {
        let tokens = finish(&cached).await;
        source.prime(tokens.token_response).await.expect("memory takes it");
    });
    let cache = Arc::new(InMemoryTokenCache::builder().source(source).build());
    let one = cache.clone();
    vec![
        Case::new(
            Work::UrlFresh,
            NAME,
            Awaited(
                runtime.clone(),
                async move || start(&started).await,
                |started: StartOutput| started.authorization_url.to_string(),
            ),
        ),
        Case::new(
            Work::Exchange,
            NAME,
            Awaited(
                runtime.clone(),
                async move || finish(&finished).await,
                |done: CompleteOutput| shown(&done.token_response),
            ),
        )
        .note("with `start` and the callback's checks"),
        Case::new(
            Work::Token,
            NAME,
            Awaited(
                runtime.clone(),
                async move || cache.token().await.expect("a fresh token"),
                |token: Arc<TokenResponse>| shown(&token),
            ),
        )
        .note("a cache holds one owner's token"),
        Case::new(
            Work::TokenTwoThreadsOneOwner,
            NAME,
            TwoThreads(async move |_| one.token().await.expect("a fresh token")),
        ),
    ]
}
