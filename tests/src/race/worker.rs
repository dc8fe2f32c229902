//! A worker: a process that has a flow of its own over the store that all share, and does what it is told.

use super::{
    Problem,
    definition::{REDIRECT_URI, Strict},
    ledger,
    message::{Command, OK, Plan, Reply, Report, name},
    store::Store,
    watch::{Watch, WatchedStore, WatchedTransport},
};
use oauth_runtime::{AuthCodeFlow, Callback, Error, PendingAuthorization};
use oauth_stores::{Encrypted, EncryptionKey};
use oauth_test_provider::RemoteProvider;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io::{BufRead, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};
use tokio::{sync::mpsc, task::JoinSet};

/// Says something to the parent.
pub(super) fn say(reply: &Reply) {
    let line = serde_json::to_string(reply).expect("a reply is texts and numbers");
    let mut out = std::io::stdout().lock();
    // A parent that is gone needs no answer; the worker ends when its input does.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Does what the lines of the standard input say, until it ends.
pub async fn run(plan: &str) -> Result<(), Problem> {
    let worker = Arc::new(Worker::new(&serde_json::from_str(plan)?).await?);
    let mut commands = commands();
    say(&Reply::Ready);
    while let Some(command) = commands.recv().await {
        let worker = worker.clone();
        match command {
            Command::Go => worker.watch.go(),
            // In a task of its own, so that `Go` can be heard.
            command => drop(tokio::spawn(async move { say(&Reply::Done(worker.obey(command).await)) })),
        }
    }
    Ok(())
}

/// The commands, read by a thread: the standard input has no other way to be waited for.
fn commands() -> mpsc::UnboundedReceiver<Command> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let command = serde_json::from_str(&line).expect("the parent is this program too");
            if sender.send(command).is_err() {
                break;
            }
        }
    });
    receiver
}

/// One flow over a store, watched, with a clock that can be moved.
pub struct Worker {
    flow: AuthCodeFlow<Strict>,
    watch: Arc<Watch>,
    ahead: Arc<AtomicU64>,
}

impl Worker {
    /// A worker as `plan` says.
    pub async fn new(plan: &Plan) -> Result<Self, Problem> {
        Self::over(Store::open(&plan.place).await?, plan)
    }

    /// The same, over a store that is there.
    pub fn over(store: Store, plan: &Plan) -> Result<Self, Problem> {
        let (watch, ahead) = (Arc::new(Watch::default()), Arc::new(AtomicU64::new(0)));
        let provider = RemoteProvider::<Strict>::at(plan.origin.as_str());
        let transport = WatchedTransport { transport: provider.transport(), watch: watch.clone() };
        let tokens =
            WatchedStore { store: store.clone(), watch: watch.clone(), without_claims: plan.without_claims };
        let clock = ahead.clone();
        let flow = AuthCodeFlow::new(Strict, provider.credentials(), REDIRECT_URI)?;
        let flow = if plan.encrypted {
            let key = EncryptionKey::new("race", [7; 32])?;
            let states = Encrypted::new(store, key.clone());
            flow.token_store(Encrypted::new(tokens, key)).state_store(states)
        } else {
            flow.token_store(tokens).state_store(store)
        };
        let flow = flow
            .transport(transport)
            .lease(plan.lease)
            .clock(move || SystemTime::now() + Duration::from_secs(clock.load(Ordering::SeqCst)));
        Ok(Self { flow, watch, ahead })
    }

    /// Its flow.
    pub fn flow(&self) -> &AuthCodeFlow<Strict> {
        &self.flow
    }

    /// What counts its calls of the store.
    pub fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Does what `command` says.
    pub async fn obey(&self, command: Command) -> Report {
        let mut report = match command {
            Command::Round { ahead, owners, tasks, halt } => {
                self.watch.halt_at(halt);
                self.ahead.store(ahead, Ordering::SeqCst);
                self.round(&owners, tasks).await
            }
            Command::Callbacks { user, query, cookie, tasks } => {
                self.callbacks(&user, &query, cookie.as_deref(), tasks).await
            }
            Command::Go => Report::default(),
        };
        report.add(self.watch.take());
        report
    }

    async fn round(&self, owners: &[String], tasks: usize) -> Report {
        let mut callers = JoinSet::new();
        for owner in owners.iter().cycle().take(owners.len() * tasks) {
            let (session, owner) = (self.flow.session(owner.as_str()), owner.clone());
            callers.spawn(async move {
                let start = Instant::now();
                let token = session.access_token().await;
                (owner, ledger::micros(start.elapsed()), token)
            });
        }
        let mut report = Report::default();
        while let Some(Ok((owner, micros, token))) = callers.join_next().await {
            report.micros.push(micros);
            count(&mut report, token.as_ref().map(|_| ()));
            if let Ok(token) = token {
                // Compared by the parent without the token itself; the same in every process of this program.
                let mut hasher = DefaultHasher::new();
                token.expose().hash(&mut hasher);
                report.tokens.entry(owner).or_default().insert(hasher.finish());
            }
        }
        report
    }

    async fn callbacks(&self, user: &str, query: &str, cookie: Option<&str>, tasks: usize) -> Report {
        let mut callers = JoinSet::new();
        for _ in 0..tasks {
            let (flow, user, query) = (self.flow.clone(), user.to_owned(), query.to_owned());
            let cookie = cookie.map(str::to_owned);
            callers.spawn(async move {
                let callback = match cookie {
                    Some(cookie) => Callback::new(query, PendingAuthorization::parse(&cookie)?),
                    None => flow.take_pending(&user, &query).await?,
                };
                flow.finish(callback).await.map(drop)
            });
        }
        let mut report = Report::default();
        while let Some(Ok(outcome)) = callers.join_next().await {
            count(&mut report, outcome.as_ref().copied());
        }
        report
    }
}

fn count(report: &mut Report, outcome: Result<(), &Error>) {
    let outcome = outcome.map_or_else(name, |()| OK.to_owned());
    *report.outcomes.entry(outcome).or_default() += 1;
}
