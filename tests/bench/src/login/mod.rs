//! A whole login over HTTP: an axum application on a thread of its own, a browser that follows it, and the CPU time
//! that the application's thread took.
//!
//! Every application has the same three pages: `/login` begins, `/callback` takes the user back and keeps the tokens,
//! `/me` looks at the session. Who the user is, the application knows beforehand, from a cookie `user`.

mod browser;
mod by_hand;
mod oauth2_rs;
mod ours;

use crate::{
    alloc::{self, Role},
    case::{self, Case, FLOOR_012, Runner, Work},
    contestants::{client_012, client_013},
};
use axum::Router;
use browser::Browser;
use http::{HeaderMap, header};
use std::{cell::RefCell, net::SocketAddr, sync::mpsc, time::Duration};
use tokio::net::TcpListener;

pub fn cases() -> Vec<Case> {
    let login = |contestant, make: fn() -> Router| Case::new(Work::Login, contestant, Login::start(make));
    vec![
        login("floor", || by_hand::application(client_013())).note("axum and reqwest 0.13 by hand"),
        login("ours", ours::application),
        login(FLOOR_012, || by_hand::application(client_012())).on_reqwest_012().note("by hand on reqwest 0.12"),
        login("oauth2", oauth2_rs::application).on_reqwest_012().note("with axum"),
    ]
}

/// One application, and a browser that stays connected.
struct Login {
    application: Application,
    browser: RefCell<Browser>,
}

/// Where it listens, and where Linux counts its thread's time.
struct Application {
    address: SocketAddr,
    clock: String,
}

impl Login {
    fn start(make: fn() -> Router) -> Self {
        let (ready, is_ready) = mpsc::channel();
        std::thread::spawn(move || {
            alloc::act_as(Role::Application);
            case::runtime().block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                let address = listener.local_addr().expect("it is bound");
                ready.send(Application { address, clock: thread_clock() }).expect("the main thread waits");
                axum::serve(listener, make()).await.expect("it serves");
            });
        });
        let application = is_ready.recv().expect("the application starts");
        let browser = RefCell::new(Browser::connect(application.address));
        Self { application, browser }
    }
}

impl Runner for Login {
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

    fn allocations(&self) -> f64 {
        case::allocations(self, Role::Application, 1)
    }
}

impl Application {
    /// What its thread has used so far. The kernel counts it in nanoseconds and brings it up to date when the thread sleeps.
    fn cpu_time(&self) -> Duration {
        let counted = std::fs::read_to_string(&self.clock).expect("Linux counts it");
        let nanoseconds = counted.split_whitespace().next().and_then(|count| count.parse().ok());
        Duration::from_nanos(nanoseconds.expect("the first number is the time"))
    }
}

fn thread_clock() -> String {
    let thread = std::fs::read_link("/proc/thread-self").expect("Linux names its threads");
    format!("/proc/{}/schedstat", thread.display())
}

/// The value of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?.split(';');
    cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The application's own: who it is.
fn user(headers: &HeaderMap) -> String {
    cookie(headers, "user").unwrap_or_default().to_owned()
}
