//! A web application: sign in with GitHub, Stack Exchange or Apaleo, and call their APIs.
//!
//! `cargo run -p web` needs no account and no network: each provider is an embedded one, made from the same definition.
//! `GITHUB_CLIENT_ID` and `GITHUB_CLIENT_SECRET` (likewise `STACK_EXCHANGE_..` and `APALEO_..`) switch to the real one.

mod owner;
mod pages;

use axum::{
    Router,
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use oauth_providers::{apaleo::Apaleo, github::GitHub, stack_exchange::StackExchange};
use oauth_runtime::{
    AuthCodeFlow, AuthorizationRequest, Callback, Credentials, ReturnTo,
    provider::{HasApi, HasAuthorizationEndpoint, HasRefresh, OAuthProvider},
};
use oauth_test_provider::TestProvider;
use owner::Owner;
use pages::Failure;
use std::{collections::HashMap, env, sync::Arc};
use tokio::net::TcpListener;

type AnyError = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), AnyError> {
    let port = env::var("PORT").map_or(Ok(8000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.map_err(|error| format!("port {port}: {error}; set PORT to another one"))?;
    let base = format!("http://{}", listener.local_addr()?);

    let github = Site::new(GitHub, &base, "user", "/login").await?;
    let stack_exchange =
        Site::new(StackExchange::default(), &base, "me?site=stackoverflow", "/items/0/display_name").await?;
    let apaleo = Site::new(Apaleo, &base, "https://identity.apaleo.com/connect/userinfo", "/name").await?;
    let app = Router::new()
        .route("/", get(pages::home))
        .route("/style.css", get(pages::style))
        .merge(github.routes())
        .merge(github.refresh_route())
        .merge(stack_exchange.routes())
        .merge(apaleo.routes())
        .merge(apaleo.refresh_route())
        .layer(axum::middleware::map_response(pages::protect));

    println!("Sign in at {base}");
    axum::serve(listener, app).await?;
    Ok(())
}

/// One provider in this application.
struct Site<P> {
    flow: AuthCodeFlow<P>,
    /// The API call that says who the user is.
    me: &'static str,
    /// Where in its answer the name stands (a JSON pointer).
    name: &'static str,
    /// Stands in for the real provider, as long as this application runs.
    _embedded: Option<TestProvider<P>>,
}

impl<P: HasAuthorizationEndpoint + HasApi> Site<P> {
    async fn new(
        provider: P,
        base: &str,
        me: &'static str,
        name: &'static str,
    ) -> Result<Arc<Self>, AnyError> {
        let id = P::SPEC.id;
        let redirect_uri = format!("{base}/callback/{id}");
        let variable = |what: &str| env::var(format!("{}_CLIENT_{what}", id.to_uppercase()));
        let (flow, embedded) = if let (Ok(client_id), Ok(secret)) = (variable("ID"), variable("SECRET")) {
            let credentials = Credentials::confidential(client_id, secret);
            (AuthCodeFlow::new(provider, credentials, &redirect_uri)?, None)
        } else {
            let embedded = TestProvider::<P>::start().await;
            let flow = AuthCodeFlow::new(provider, embedded.credentials(), &redirect_uri)?;
            (flow.transport(embedded.transport()), Some(embedded))
        };
        Ok(Arc::new(Self { flow, me, name, _embedded: embedded }))
    }

    fn routes(self: &Arc<Self>) -> Router {
        let id = P::SPEC.id;
        Router::new()
            .route(&format!("/login/{id}"), get(login::<P>))
            .route(&format!("/callback/{id}"), get(callback::<P>))
            .route(&format!("/account/{id}"), get(account::<P>))
            .route(&format!("/sign-out/{id}"), post(sign_out::<P>))
            .with_state(self.clone())
    }
}

impl<P: HasAuthorizationEndpoint + HasApi + HasRefresh> Site<P> {
    /// Only for providers whose definition has a refresh: for others, this does not compile.
    fn refresh_route(self: &Arc<Self>) -> Router {
        let path = format!("/refresh/{}", P::SPEC.id);
        Router::new().route(&path, post(refresh::<P>)).with_state(self.clone())
    }
}

/// `/login/github?return_to=/..` goes on there; what is no path of this application becomes the usual one.
async fn login<P: OAuthProvider>(
    State(site): State<Arc<Site<P>>>,
    Query(query): Query<HashMap<String, String>>,
) -> AuthorizationRequest<P> {
    let wanted = query.get("return_to").and_then(|path| path.parse().ok());
    site.flow.begin([]).return_to(wanted.unwrap_or_else(|| account_page::<P>()))
}

async fn callback<P: OAuthProvider>(
    State(site): State<Arc<Site<P>>>,
    callback: Callback<P>,
) -> Result<Response, Failure<P>> {
    let return_to = callback.return_to();
    let tokens = site.flow.finish(callback).await?;
    let owner = Owner::<P>::new();
    site.flow.session(owner.id()).adopt(tokens).await?;
    Ok((owner.cookie(), return_to).into_response())
}

fn account_page<P: OAuthProvider>() -> ReturnTo {
    let path = format!("/account/{}", P::SPEC.id);
    path.parse().expect("an id is letters, digits and underscores")
}

async fn account<P: HasApi>(
    State(site): State<Arc<Site<P>>>,
    owner: Owner<P>,
) -> Result<Html<String>, Failure<P>> {
    let session = site.flow.session(owner.id());
    let answer: serde_json::Value = session.get(site.me).json().await?;
    let name = answer.pointer(site.name).and_then(|name| name.as_str()).unwrap_or("somebody");
    Ok(pages::account(name, &answer, &session.tokens().await?))
}

async fn refresh<P: HasRefresh>(
    State(site): State<Arc<Site<P>>>,
    owner: Owner<P>,
) -> Result<ReturnTo, Failure<P>> {
    site.flow.session(owner.id()).refresh().await?;
    Ok(account_page::<P>())
}

async fn sign_out<P: OAuthProvider>(
    State(site): State<Arc<Site<P>>>,
    owner: Owner<P>,
) -> Result<Redirect, Failure<P>> {
    site.flow.session(owner.id()).remove().await?;
    Ok(Redirect::to("/"))
}
