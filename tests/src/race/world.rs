//! [`World`]: the provider, the store and the parent's own flow over it.

use super::{
    Problem,
    crew::Process,
    definition::Strict,
    message::{Command, OK, Plan},
    options::Options,
    service::Service,
    store::{Kind, Place, Store},
    worker::Worker,
};
use oauth_runtime::{AuthCodeFlow, Callback};
use oauth_test_provider::TestProvider;
use std::{
    env, fs,
    path::PathBuf,
    time::{Duration, Instant},
};

/// How far the clock goes ahead with each expiry: further than any token lives.
pub const EXPIRY: u64 = 7200;

/// What a scenario is played in.
pub struct World {
    /// The flags.
    pub options: Options,
    /// The provider.
    pub test: TestProvider<Strict>,
    /// What every worker is told.
    pub plan: Plan,
    /// The store, by a connection of the parent's own.
    pub store: Store,
    worker: Worker,
    _folder: Folder,
    _service: Option<Service>,
}

impl World {
    /// Starts what is needed.
    pub async fn new(options: Options) -> Result<Self, Problem> {
        let name = format!("race_{}", std::process::id());
        let folder = Folder::new(&name)?;
        let (url, service) = match (options.store, options.url.clone()) {
            (_, Some(url)) => (url, None),
            (Kind::Memory, None) => (String::new(), None),
            (Kind::Sqlite, None) => (folder.0.join("race.sqlite").display().to_string(), None),
            (Kind::Postgres, None) => throwaway("postgres", "OAUTH_TEST_POSTGRES_URL")?,
            (Kind::Redis, None) => throwaway("redis", "OAUTH_TEST_REDIS_URL")?,
        };
        let test = TestProvider::<Strict>::start().await;
        let plan = Plan {
            place: Place { kind: options.store, url, name },
            origin: test.origin(),
            lease: options.lease,
            encrypted: options.encrypted,
            without_claims: options.without_claims,
        };
        let store = Store::open(&plan.place).await?;
        let worker = Worker::over(store.clone(), &plan)?;
        Ok(Self { options, test, plan, store, worker, _folder: folder, _service: service })
    }

    /// The parent's flow.
    pub fn flow(&self) -> &AuthCodeFlow<Strict> {
        self.worker.flow()
    }

    /// Worker processes, as many as the flags say: none for a store in memory.
    pub async fn crew(&self) -> Result<Vec<Process>, Problem> {
        Process::crew(&self.plan, self.options.processes()?).await
    }

    /// Signs `owner` in.
    pub async fn sign_in(&self, owner: &str) -> Result<(), Problem> {
        let (url, pending) = self.flow().begin([]).into_parts();
        let back = self.test.approve(&url).await;
        let query = back.split_once('?').map_or("", |(_, query)| query);
        let tokens = self.flow().finish(Callback::new(query, pending)).await?;
        Ok(self.flow().session(owner).adopt(tokens).await?)
    }

    /// Signs `count` owners in, whose names begin with `name`.
    pub async fn owners(&self, name: &str, count: usize) -> Result<Vec<String>, Problem> {
        let mut owners = Vec::new();
        for number in 0..count {
            let owner = format!("{name}-{number}");
            self.sign_in(&owner).await?;
            owners.push(owner);
        }
        Ok(owners)
    }

    /// Waits until `count` more refreshes than `before` have come to the provider.
    pub async fn arrived(&self, before: usize, count: usize) -> Result<(), Problem> {
        self.wait(|| self.test.refreshes() >= before + count).await
    }

    /// Waits until the provider has carried out `count` refreshes of the grants from `first` on.
    pub async fn carried_out(&self, first: usize, count: usize) -> Result<(), Problem> {
        let refreshes = || self.test.grants().iter().skip(first).map(|grant| grant.refreshes).sum::<usize>();
        self.wait(|| refreshes() >= count).await
    }

    async fn wait(&self, come: impl Fn() -> bool) -> Result<(), Problem> {
        let start = Instant::now();
        while !come() {
            if start.elapsed() > Duration::from_secs(60) {
                return Err("a request does not come".into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// Does what a worker would do, in this process.
    pub async fn obey(&self, command: Command) -> super::message::Report {
        self.worker.obey(command).await
    }

    /// How many of the owners' grants are lost: what is stored for them does not refresh any more.
    pub async fn lost(&self, owners: &[String], ahead: u64) -> usize {
        self.test.slow(Duration::ZERO);
        self.test.hesitate(Duration::ZERO);
        let command = Command::Round { ahead, owners: owners.to_vec(), tasks: 1, halt: None };
        let report = self.obey(command).await;
        for (outcome, count) in report.outcomes.iter().filter(|(outcome, _)| *outcome != OK) {
            eprintln!("lost, {count} times: {outcome}");
        }
        report.failed()
    }
}

/// The service that the environment names, or a throwaway one.
fn throwaway(name: &str, variable: &str) -> Result<(String, Option<Service>), Problem> {
    if let Ok(url) = env::var(variable) {
        return Ok((url, None));
    }
    let service = Service::start(name)?;
    Ok((service.url().to_owned(), Some(service)))
}

/// A folder for a file, for as long as the value lives.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self, Problem> {
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left of it is in the folder of temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}
