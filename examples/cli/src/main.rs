//! A command-line tool: its user signs in by the browser, which comes back to a free port of this machine (RFC 8252 §7.3).
//!
//! `cargo run -p cli` needs no account and no network: the provider is an embedded one, made from GitHub's definition.
//! `GITHUB_CLIENT_ID` and `GITHUB_CLIENT_SECRET` switch to the real one, where `http://127.0.0.1/callback` is registered.
//! The tokens go with the process; a tool that keeps them has one of the stores of `docs/stores.md`.

use axum::{
    Router,
    extract::{RawQuery, State},
    routing::get,
};
use oauth_providers::github::GitHub;
use oauth_runtime::{AuthCodeFlow, Callback, Credentials};
use oauth_test_provider::TestProvider;
use std::{env, process::ExitCode, time::Duration};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    time::timeout,
};

type AnyError = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    match sign_in().await {
        Ok(name) => {
            println!("Signed in as {name}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Signs the user of this machine in: how GitHub calls her.
async fn sign_in() -> Result<String, AnyError> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let redirect_uri = format!("http://{}/callback", listener.local_addr()?);
    let (github, _embedded) = flow(&redirect_uri).await?;

    let (url, pending) = github.begin([GitHub::READ_USER]).into_parts();
    println!("Open this address in your browser:\n{url}");
    let query = comes_back(listener).await?;
    let tokens = github.finish(Callback::new(query, pending)).await?;

    let session = github.session("the user of this machine");
    session.adopt(tokens).await?;
    let user: serde_json::Value = session.get("user").json().await?;
    Ok(user["login"].as_str().unwrap_or("somebody").to_owned())
}

/// The flow, and what stands in for the real provider as long as this program runs.
async fn flow(redirect_uri: &str) -> Result<(AuthCodeFlow<GitHub>, Option<TestProvider<GitHub>>), AnyError> {
    if let (Ok(id), Ok(secret)) = (env::var("GITHUB_CLIENT_ID"), env::var("GITHUB_CLIENT_SECRET")) {
        let credentials = Credentials::confidential(id, secret);
        return Ok((AuthCodeFlow::new(GitHub, credentials, redirect_uri)?, None));
    }
    let embedded = TestProvider::<GitHub>::start().await;
    let flow = AuthCodeFlow::new(GitHub, embedded.credentials(), redirect_uri)?;
    Ok((flow.transport(embedded.transport()), Some(embedded)))
}

/// Waits for the browser: the query that it brings. After that, nobody listens any more.
async fn comes_back(listener: TcpListener) -> Result<String, AnyError> {
    let (sender, mut queries) = mpsc::channel(1);
    let (stop, stopped) = oneshot::channel();
    let app = Router::new().route("/callback", get(callback)).with_state(sender);
    let server =
        axum::serve(listener, app).with_graceful_shutdown(async { stopped.await.unwrap_or_default() });
    let server = tokio::spawn(server.into_future());
    let query = queries.recv().await.ok_or("nobody came back")?;
    stop.send(()).map_err(|()| "nobody listens")?;
    // The browser gets its page, but a connection that it leaves open holds nobody up.
    let _ = timeout(Duration::from_secs(1), server).await;
    Ok(query)
}

async fn callback(State(queries): State<mpsc::Sender<String>>, RawQuery(query): RawQuery) -> &'static str {
    // Of two visits at once one is enough: the other one's is full.
    let _ = queries.try_send(query.unwrap_or_default());
    "You can close this page and go back to the terminal.\n"
}
