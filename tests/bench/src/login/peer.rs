//! [`Peer`]: an application of another language in a process of its own, started by `peers/run`.

use super::{App, clock_of};
use crate::config::CONFIG;
use serde_json::json;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

pub const NAMES: [&str; 3] = ["openid-client", "grant", "authlib"];

/// The process. It ends when its input does, which is when this is dropped.
pub struct Peer {
    child: Child,
    port: u16,
}

impl Peer {
    /// Starts it, and waits until it listens: minutes, if its packages have to be fetched first.
    pub fn start(name: &str) -> Self {
        let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/run");
        let config = json!({
            "authorization_endpoint": CONFIG.authorization_endpoint,
            "token_endpoint": CONFIG.token_endpoint,
            "client_id": CONFIG.client_id,
            "client_secret": CONFIG.client_secret,
            "redirect_uri": CONFIG.redirect_uri,
            "scopes": CONFIG.scopes,
        });
        let mut command = Command::new(run);
        command.arg(name).env("CONFIG", config.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("peers/run is there, and so is bash");
        let mut said = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
        output.read_line(&mut said).expect("it says something");
        let port = said.trim().strip_prefix("ready ").and_then(|port| port.parse().ok());
        Self { child, port: port.unwrap_or_else(|| panic!("{name} does not start: {said}")) }
    }
}

impl App for Peer {
    fn port(&self) -> u16 {
        self.port
    }

    /// Of all its threads.
    fn cpu_time(&self) -> Duration {
        let tasks = format!("/proc/{}/task", self.child.id());
        let threads = std::fs::read_dir(tasks).expect("Linux lists its threads").flatten();
        threads.filter_map(|thread| clock_of(&thread.path().join("schedstat"))).sum()
    }

    fn is_counted(&self) -> bool {
        false
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // It ends by itself; whether it ended well is nobody's business any more.
        let _ = self.child.wait();
    }
}
