//! A whole login over HTTP: an axum application on a thread of its own, a browser that follows it, and the CPU time
//! that the application's thread took.
//!
//! Every application has the same three pages: `/login` begins, `/callback` takes the user back and keeps the tokens,
//! `/me` looks at the session. Who the user is, the application knows beforehand, from a cookie `user`.

mod browser;
mod by_hand;
mod oauth2_rs;
mod ours;
mod peer;

use crate::{
    alloc::{self, Role},
    case::{self, Case, FLOOR_012, Runner, Work},
    contestants::{client_012, client_013},
};
use axum::Router;
use browser::Browser;
use http::{HeaderMap, header};
use peer::Peer;
use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    sync::mpsc,
    time::Duration,
};
use tokio::net::TcpListener;

/// All applications; those of other languages, which need Python, bash and the network once, if `with_peers`.
pub fn cases(with_peers: bool) -> Vec<Case> {
    let login =
        |contestant, make: fn() -> Router| Case::new(Work::Login, contestant, Login::at(Thread::start(make)));
    let mut cases = vec![
        login("floor", || by_hand::application(client_013())).note("axum and reqwest 0.13 by hand"),
        login("ours", ours::application),
        login(FLOOR_012, || by_hand::application(client_012()))
            .on_reqwest_012()
            .note("by hand on reqwest 0.12"),
        login("oauth2", oauth2_rs::application).on_reqwest_012().note("with axum"),
    ];
    for name in peer::NAMES.into_iter().filter(|_| with_peers) {
        let process = Login::at(Peer::start(name));
        cases.push(Case::new(Work::Login, name, process).note("a process of its own, all its threads"));
    }
    cases
}

/// An application that somebody logs in at.
trait App {
    /// Where it listens.
    fn port(&self) -> u16;

    /// What it has used of the processor so far.
    fn cpu_time(&self) -> Duration;

    /// Whether its allocations can be counted.
    fn is_counted(&self) -> bool;
}

/// One application, and a browser that stays connected.
struct Login<A> {
    application: A,
    browser: RefCell<Browser>,
}

impl<A: App> Login<A> {
    fn at(application: A) -> Self {
        let browser = RefCell::new(Browser::connect(application.port()));
        Self { application, browser }
    }
}

impl<A: App> Runner for Login<A> {
    fn once(&self) -> String {
        self.browser.borrow_mut().log_in()
    }

    fn time(&self, n: u64) -> Duration {
        let before = self.application.cpu_time();
        for _ in 0..n {
            self.browser.borrow_mut().log_in();
        }
        self.application.cpu_time() - before
    }

    fn allocations(&self) -> Option<f64> {
        self.application.is_counted().then(|| case::allocations(self, Role::Application, 1))
    }
}

/// An application on a thread of this process.
struct Thread {
    port: u16,
    clock: PathBuf,
}

impl Thread {
    fn start(make: fn() -> Router) -> Self {
        let (ready, is_ready) = mpsc::channel();
        std::thread::spawn(move || {
            alloc::act_as(Role::Application);
            case::runtime().block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                let port = listener.local_addr().expect("it is bound").port();
                let thread = std::fs::read_link("/proc/thread-self").expect("Linux names its threads");
                let clock = Path::new("/proc").join(thread).join("schedstat");
                ready.send(Self { port, clock }).expect("the main thread waits");
                axum::serve(listener, make()).await.expect("it serves");
            });
        });
        is_ready.recv().expect("the application starts")
    }
}

impl App for Thread {
    fn port(&self) -> u16 {
        self.port
    }

    fn cpu_time(&self) -> Duration {
        clock_of(&self.clock).expect("Linux counts it")
    }

    fn is_counted(&self) -> bool {
        true
    }
}

/// What a thread has used so far. The kernel counts it in nanoseconds and brings it up to date when the thread sleeps.
fn clock_of(schedstat: &Path) -> Option<Duration> {
    let counted = std::fs::read_to_string(schedstat).ok()?;
    counted.split_whitespace().next()?.parse().map(Duration::from_nanos).ok()
}

/// The value of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?.split(';');
    cookies
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The application's own: who it is.
fn user(headers: &HeaderMap) -> String {
    cookie(headers, "user").unwrap_or_default().to_owned()
}
