//! [`Browser`]: as little of one as a login needs.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

/// A connection that is kept, the cookies of one login, and a user for each.
pub struct Browser {
    stream: TcpStream,
    buffer: Vec<u8>,
    logins: usize,
}

/// How many users there are, in turn.
const USERS: usize = 1000;

/// An application that is silent for longer has failed, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

impl Browser {
    pub fn connect(port: u16) -> Self {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the application listens");
        stream.set_nodelay(true).expect("a socket takes it");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket takes it");
        Self { stream, buffer: vec![0; 16 << 10], logins: 0 }
    }

    /// Logs the next user in, as the provider's page would send them back, and gives what `/me` says.
    pub fn log_in(&mut self) -> String {
        self.logins += 1;
        let user = format!("user=user{}", self.logins % USERS);
        let begun = self.get("/login", &user);
        assert!(begun.starts_with("HTTP/1.1 30"), "{begun}");
        let location = header(&begun, "location").expect("it sends the user away");
        let pending = header(&begun, "set-cookie").and_then(|cookie| cookie.split(';').next());
        let pending = pending.expect("something is remembered");
        let (_, rest) = location.split_once("&state=").expect("there is a state");
        let state = rest.split('&').next().unwrap_or_default();
        let callback = format!("/callback?code=4%2F0AeaYSHBexamplecode&state={state}");
        let cookies = format!("{user}; {pending}");
        let back = self.get(&callback, &cookies);
        assert!(back.starts_with("HTTP/1.1 30"), "{back}");
        let shown = self.get("/me", &cookies);
        assert!(shown.starts_with("HTTP/1.1 200"), "{shown}");
        shown.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()
    }

    fn get(&mut self, target: &str, cookies: &str) -> String {
        let request = format!("GET {target} HTTP/1.1\r\nhost: app.example.com\r\ncookie: {cookies}\r\n\r\n");
        self.stream.write_all(request.as_bytes()).expect("it is sent");
        let mut filled = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).expect("it answers");
            assert!(read > 0, "the application closed the connection");
            filled += read;
            let text = std::str::from_utf8(&self.buffer[..filled]).expect("ASCII");
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = header(head, "content-length").map_or(0, |length| length.parse().expect("a number"));
            if body.len() >= length {
                return text.to_owned();
            }
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}
