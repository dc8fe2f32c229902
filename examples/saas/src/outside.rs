//! What the world brings: providers, users who connect their accounts, and processes that are started.

use crate::{
    AnyError,
    backend::{Backend, Store},
    options::Options,
};
use oauth_providers::{github::GitHub, microsoft::Microsoft, tiktok::TikTok};
use oauth_runtime::{
    AuthCodeFlow,
    provider::{HasAuthorizationEndpoint, HasRefresh, OAuthProvider},
};
use oauth_test_provider::TestProvider;
use std::{
    io::Write,
    process::{Command, Stdio},
    time::Duration,
};

/// The three providers, and two instances of the application's web front.
struct World {
    github: TestProvider<GitHub>,
    microsoft: TestProvider<Microsoft>,
    tiktok: TestProvider<TikTok>,
    fronts: [Backend; 2],
}

pub(crate) async fn play(store: &impl Store, secret: &[u8; 32], options: &Options) -> Result<(), AnyError> {
    let (github, microsoft, tiktok) = (provider().await, provider().await, provider().await);
    let providers = [github.origin(), microsoft.origin(), tiktok.origin()].join(",");
    let fronts = [Backend::new(store, &providers)?, Backend::new(store, &providers)?];
    let world = World { github, microsoft, tiktok, fronts };
    for user in 0..options.users {
        world.connect(&format!("user-{user}")).await?;
    }
    println!("{} users connected 3 accounts each, over {}", options.users, database(&options.store));
    // It blocks this thread; the providers answer from others.
    tokio::task::block_in_place(|| work(secret, &providers, options))?;
    world.report(options.users).await
}

/// A provider whose access tokens lapse quickly, so that an hour's work shows in seconds.
async fn provider<P: OAuthProvider>() -> TestProvider<P> {
    let provider = TestProvider::start().await;
    provider.access_token_lifetime(Duration::from_secs(4));
    provider
}

fn database(store: &str) -> &str {
    if store.starts_with("postgres") { "PostgreSQL" } else { "a file of SQLite" }
}

/// Starts the back end's processes, and waits until all of them are done.
fn work(secret: &[u8], providers: &str, options: &Options) -> Result<(), AnyError> {
    let mut processes = Vec::new();
    for _ in 0..options.processes {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--store", &options.store, "--providers", providers])
            .args(["--users", &options.users.to_string()])
            .args(["--seconds", &options.time.as_secs().to_string()])
            .stdin(Stdio::piped())
            .spawn()?;
        // Not among its arguments, which everybody on the machine can read.
        process.stdin.take().ok_or("no way to tell the key")?.write_all(secret)?;
        processes.push(process);
    }
    for mut process in processes {
        if !process.wait()?.success() {
            return Err("a process failed".into());
        }
    }
    Ok(())
}

impl World {
    async fn connect(&self, user: &str) -> Result<(), AnyError> {
        let [one, other] = &self.fronts;
        connect(&one.github, &other.github, &self.github, user).await?;
        connect(&one.microsoft, &other.microsoft, &self.microsoft, user).await?;
        connect(&one.tiktok, &other.tiktok, &self.tiktok, user).await
    }

    /// What the providers saw, and whether every connection still works.
    async fn report(&self, users: usize) -> Result<(), AnyError> {
        let refreshes = self.github.refreshes() + self.microsoft.refreshes() + self.tiktok.refreshes();
        let mut lost = 0;
        for user in (0..users).map(|user| format!("user-{user}")) {
            let [front, _] = &self.fronts;
            lost += is_lost(&front.github, &user).await?;
            lost += is_lost(&front.microsoft, &user).await?;
            lost += is_lost(&front.tiktok, &user).await?;
        }
        let reuses = self.github.reuses() + self.microsoft.reuses() + self.tiktok.reuses();
        println!("refreshes: {refreshes}");
        println!("reuses: {reuses}");
        println!("lost: {lost}");
        Ok(())
    }
}

/// A user connects an account. The browser leaves from one instance and comes back to another one.
async fn connect<P: HasAuthorizationEndpoint>(
    one: &AuthCodeFlow<P>,
    other: &AuthCodeFlow<P>,
    browser: &TestProvider<P>,
    user: &str,
) -> Result<(), AnyError> {
    let (url, pending) = one.begin([]).into_parts();
    one.store_pending(user, pending).await?;
    let back = browser.approve(&url).await;
    let query = back.split_once('?').map_or("", |(_, query)| query);
    let callback = other.take_pending(user, query).await?;
    let tokens = other.finish(callback).await?;
    Ok(other.session(user).adopt(tokens).await?)
}

/// Whether a connection does not refresh any more. The user leaves with this.
async fn is_lost<P: HasRefresh>(flow: &AuthCodeFlow<P>, user: &str) -> Result<usize, AnyError> {
    let session = flow.session(user);
    let refreshed = session.refresh().await;
    session.remove().await?;
    Ok(usize::from(refreshed.is_err()))
}
