//! [`Naive`]: a client as one writes it in an afternoon. It believes everything, so the player has to see it fail.

use super::{
    definition::{ASKED, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI},
    ours::OLD,
    subject::{Answering, Client, Failure, Got, Play, Refreshed, Subject, Target},
};
use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// Even a naive client must not fill this machine's memory.
const LONGEST: u64 = 8 << 20;

/// Makes naive clients.
pub struct Naive;

impl Subject for Naive {
    fn client(&self, target: &Target) -> Result<Box<dyn Client>, String> {
        Ok(Box::new(One { port: target.port }))
    }
}

struct One {
    port: u16,
}

impl One {
    /// The code is whatever follows `code=`; the state is not looked at.
    fn exchange(&self, query: &str) -> Play {
        let code = query.split("code=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default();
        self.ask(&format!(
            "grant_type=authorization_code&code={code}&redirect_uri={REDIRECT_URI}&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}"
        ))
    }

    fn ask(&self, form: &str) -> Play {
        let (outcome, printed) = match post(self.port, "/token", form, 5) {
            Ok(answer) => match value(&answer, "access_token") {
                Some(token) => (Ok(got(token, &answer)), format!("{answer:.2000}")),
                None => (Err(Failure { classes: Vec::new() }), format!("{answer:.2000}")),
            },
            Err(error) => (Err(Failure { classes: Vec::new() }), format!("{error} for {form}")),
        };
        Play {
            display: printed.clone(),
            printed,
            secrets: vec![CLIENT_SECRET.to_owned(), OLD.1.to_owned()],
            outcome,
        }
    }
}

impl Client for One {
    fn login<'a>(&'a self, query: &'a str) -> Answering<'a, Play> {
        Box::pin(async move { self.exchange(query) })
    }

    fn refresh(&self, callers: usize) -> Answering<'_, Refreshed> {
        Box::pin(async move {
            let form = format!("grant_type=refresh_token&refresh_token={}", OLD.1);
            let plays: Vec<_> = (0..=callers).map(|_| self.ask(&form)).collect();
            let stored = plays.last().and_then(|play| play.outcome.clone().ok());
            Refreshed { plays, stored }
        })
    }

    fn revoke(&self) -> Answering<'_, Refreshed> {
        let outcome = post(self.port, "/revoke", &format!("token={}", OLD.1), 5);
        let outcome = outcome.map(|answer| got(OLD.0.to_owned(), &answer));
        let play = Play {
            outcome: outcome.map_err(|_| Failure { classes: Vec::new() }),
            display: String::new(),
            printed: String::new(),
            secrets: Vec::new(),
        };
        Box::pin(async move { Refreshed { plays: vec![play], stored: None } })
    }
}

fn got(access_token: String, answer: &str) -> Got {
    Got {
        access_token,
        refresh_token: value(answer, "refresh_token"),
        lifetime: value(answer, "expires_in").and_then(|text| text.parse().ok()).map(Duration::from_secs),
        scopes: ASKED.iter().map(ToString::to_string).collect(),
    }
}

/// What stands behind a name, whatever is around it: JSON, a form, half an answer.
fn value(answer: &str, name: &str) -> Option<String> {
    let rest = answer.split(name).nth(1)?.trim_start_matches(['"', ':', '=', ' ']);
    let end = rest.find(['"', '&', ',', '}']).unwrap_or(rest.len());
    Some(rest[..end].trim().to_owned())
}

/// Sends the form, and sends it again wherever a redirect points to.
fn post(port: u16, path: &str, form: &str, redirects: u32) -> io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(3)))?;
    let length = form.len();
    stream.write_all(
        format!("POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}")
            .as_bytes(),
    )?;
    let mut bytes = Vec::new();
    // What came before the end is good enough.
    let _ = stream.take(LONGEST).read_to_end(&mut bytes);
    let answer = String::from_utf8_lossy(&bytes).into_owned();
    let location = answer.split("Location: ").nth(1).and_then(|rest| rest.split("\r\n").next());
    let there = location.and_then(|location| location.strip_prefix("http://127.0.0.1:")?.split_once('/'));
    match there {
        Some((port, path)) if redirects > 0 => {
            post(port.parse().unwrap_or(0), &format!("/{path}"), form, redirects - 1)
        }
        _ => Ok(answer),
    }
}
