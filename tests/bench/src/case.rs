//! [`Case`]: one contestant at one work.

use crate::alloc::{self, Role};
use std::{
    hint::black_box,
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;

/// What the contestants do. Every case of one work does the same work, and is compared with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// State, challenge and three scopes are given: builds the URL.
    UrlGiven,
    /// Draws state and verifier, hashes the challenge, builds the URL with three scopes.
    UrlFresh,
    /// Reads a plain token answer of four members into a value of its own.
    Parse,
    /// The same with an ID token, which nobody asks for.
    ParseIdToken,
    /// Code and verifier in, token out, over one kept-alive loopback connection.
    Exchange,
    /// The same over a connection of its own for each.
    ExchangeAlone,
    /// Gives a fresh access token out of memory.
    Token,
    /// The same by two threads, each with an owner of its own: time of one call on one thread.
    TokenTwoThreads,
    /// The same by two threads for one owner.
    TokenTwoThreadsOneOwner,
    /// Begin, callback, exchange and one look at the session, over HTTP: CPU time of the application's thread.
    Login,
    /// What the works are made of, to read the rest by. No contest.
    Parts,
}

impl Work {
    pub const ALL: [Self; 11] = [
        Self::UrlGiven,
        Self::UrlFresh,
        Self::Parse,
        Self::ParseIdToken,
        Self::Exchange,
        Self::ExchangeAlone,
        Self::Token,
        Self::TokenTwoThreads,
        Self::TokenTwoThreadsOneOwner,
        Self::Login,
        Self::Parts,
    ];

    /// Those of the contest; the others explain them.
    pub const CONTEST: [Self; 6] =
        [Self::UrlGiven, Self::UrlFresh, Self::Parse, Self::Exchange, Self::Token, Self::Login];

    pub fn name(self) -> &'static str {
        match self {
            Self::UrlGiven => "url-given",
            Self::UrlFresh => "url-fresh",
            Self::Parse => "parse",
            Self::ParseIdToken => "parse-id-token",
            Self::Exchange => "exchange",
            Self::ExchangeAlone => "exchange-alone",
            Self::Token => "token",
            Self::TokenTwoThreads => "token-two-threads",
            Self::TokenTwoThreadsOneOwner => "token-two-threads-one-owner",
            Self::Login => "login",
            Self::Parts => "parts",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::UrlGiven => "authorization URL, state and challenge given",
            Self::UrlFresh => "authorization URL, fresh state and PKCE, three scopes",
            Self::Parse => "a plain token answer, parsed",
            Self::ParseIdToken => "a token answer with an ID token, parsed",
            Self::Exchange => "a whole exchange on loopback, keep-alive",
            Self::ExchangeAlone => "a whole exchange on loopback, a connection for each",
            Self::Token => "a fresh access token out of memory",
            Self::TokenTwoThreads => "the same by two threads, two owners",
            Self::TokenTwoThreadsOneOwner => "the same by two threads, one owner",
            Self::Login => "a login through an axum application, CPU time of its thread",
            Self::Parts => "what it is made of, no contest",
        }
    }
}

/// One contestant at one work.
pub struct Case {
    pub work: Work,
    pub contestant: &'static str,
    /// The contestant whose time this one's is divided by: the floor on the same HTTP stack.
    pub floor: &'static str,
    /// What one would like to know of it.
    pub note: &'static str,
    pub runner: Box<dyn Runner>,
}

/// Does the work.
pub trait Runner {
    /// Does it once, and shows what came out, to be checked.
    fn once(&self) -> String;

    /// Does it `n` times, and says how long that took.
    fn time(&self, n: u64) -> Duration;

    /// Allocations of one time; `None` where nobody can count them.
    fn allocations(&self) -> Option<f64> {
        Some(allocations(self, Role::Client, 1))
    }
}

impl Case {
    pub fn new(work: Work, contestant: &'static str, runner: impl Runner + 'static) -> Self {
        Self { work, contestant, floor: "floor", note: "", runner: Box::new(runner) }
    }

    /// On the HTTP stack of reqwest 0.12, and so against the floor on that one.
    pub fn on_reqwest_012(self) -> Self {
        Self { floor: FLOOR_012, ..self }
    }

    pub fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }
}

/// The floor for contestants that cannot use reqwest 0.13.
pub const FLOOR_012: &str = "floor-reqwest-0.12";

/// Work that does not wait: what it makes, and how that is shown.
pub struct Call<F, S>(pub F, pub S);

impl<T, F: Fn() -> T, S: Fn(T) -> String> Runner for Call<F, S> {
    fn once(&self) -> String {
        self.1(self.0())
    }

    fn time(&self, n: u64) -> Duration {
        let start = Instant::now();
        for _ in 0..n {
            black_box(self.0());
        }
        start.elapsed()
    }
}

/// Work that waits, on one thread.
pub struct Awaited<F, S>(pub Rc<Runtime>, pub F, pub S);

impl<T, F: AsyncFn() -> T, S: Fn(T) -> String> Runner for Awaited<F, S> {
    fn once(&self) -> String {
        self.2(self.0.block_on(self.1()))
    }

    fn time(&self, n: u64) -> Duration {
        self.0.block_on(async {
            let start = Instant::now();
            for _ in 0..n {
                black_box(self.1().await);
            }
            start.elapsed()
        })
    }
}

/// Work that waits, on what was made ready before and is not part of it.
pub struct Prepared<R, F, S>(pub Rc<Runtime>, pub R, pub F, pub S);

impl<X, T, R: Fn() -> X, F: AsyncFn(X) -> T, S: Fn(T) -> String> Runner for Prepared<R, F, S> {
    fn once(&self) -> String {
        self.3(self.0.block_on(self.2(self.1())))
    }

    fn time(&self, n: u64) -> Duration {
        let ready: Vec<X> = (0..n).map(|_| self.1()).collect();
        self.0.block_on(async {
            let start = Instant::now();
            for one in ready {
                black_box(self.2(one).await);
            }
            start.elapsed()
        })
    }

    fn allocations(&self) -> Option<f64> {
        let making = allocations(&Call(&self.1, |_| String::new()), Role::Client, 1);
        Some(allocations(self, Role::Client, 1) - making)
    }
}

/// The same work by two threads at once: time of one call on one thread.
pub struct TwoThreads<F>(pub F);

impl<T, F: AsyncFn(usize) -> T + Sync> Runner for TwoThreads<F> {
    fn once(&self) -> String {
        String::new()
    }

    fn time(&self, n: u64) -> Duration {
        let together = std::sync::Barrier::new(2);
        let one = |thread: usize| {
            let runtime = runtime();
            together.wait();
            runtime.block_on(async {
                let start = Instant::now();
                for _ in 0..n {
                    black_box(self.0(thread).await);
                }
                start.elapsed()
            })
        };
        std::thread::scope(|scope| {
            let threads = [0, 1].map(|thread| scope.spawn(move || one(thread)));
            threads.into_iter().map(|thread| thread.join().expect("no panic")).max().unwrap_or_default()
        })
    }

    fn allocations(&self) -> Option<f64> {
        Some(allocations(self, Role::Client, 2))
    }
}

/// Allocations by `role` of one call, where `threads` work at once; what setting up costs is taken off.
pub fn allocations(runner: &(impl Runner + ?Sized), role: Role, threads: u64) -> f64 {
    const TIMES: u64 = 64;
    let calls = |times| {
        alloc::calls(role, || {
            runner.time(times);
        })
    };
    let (empty, full) = (calls(0), calls(TIMES));
    full.saturating_sub(empty) as f64 / (TIMES * threads) as f64
}

/// A runtime of one thread.
pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}
