//! [`Browser`]: a user agent with cookies, down to the bytes, that sends what no library would.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A user agent of one application.
#[derive(Debug, Clone)]
pub struct Browser {
    address: SocketAddr,
    /// The cookies by name.
    pub cookies: BTreeMap<String, String>,
    /// Every `Set-Cookie` as it came.
    pub set_cookies: Vec<String>,
}

/// An answer of the application.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The status; 0 if the connection ended without one.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Reply {
    /// The value of a header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Where it leads to.
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }
}

impl Browser {
    /// One without cookies.
    #[must_use]
    pub fn new(port: u16) -> Self {
        let address = (Ipv4Addr::LOCALHOST, port).into();
        Self { address, cookies: BTreeMap::new(), set_cookies: Vec::new() }
    }

    /// The same one at another instance of the application.
    #[must_use]
    pub fn at(&self, port: u16) -> Self {
        Self { address: (Ipv4Addr::LOCALHOST, port).into(), ..self.clone() }
    }

    /// Goes to an address of the application.
    pub async fn get(&mut self, target: &str) -> Reply {
        self.send("GET", target, &[], "").await
    }

    /// Sends any request with the cookies, and keeps those of the answer.
    pub async fn send(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let reply = self.ask(method, target, headers, body).await;
        for (_, cookie) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.set_cookies.push(cookie.clone());
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }

    async fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut lines =
            vec![format!("{method} {} HTTP/1.1", sendable(target)), "Connection: close".to_owned()];
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            lines.push("Host: app.example".to_owned());
        }
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
        if !self.cookies.is_empty() {
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            lines.push(format!("Cookie: {}", cookies.join("; ")));
        }
        if !body.is_empty() {
            lines.push("Content-Type: application/x-www-form-urlencoded".to_owned());
            lines.push(format!("Content-Length: {}", body.len()));
        }
        let request = format!("{}\r\n\r\n{body}", lines.join("\r\n"));
        let answer = timeout(Duration::from_secs(20), exchange(self.address, request.as_bytes())).await;
        parse(&answer.unwrap_or_default())
    }
}

/// Writes and reads at the same time: a server may answer before it has read everything.
async fn exchange(address: SocketAddr, request: &[u8]) -> Vec<u8> {
    let mut answer = Vec::new();
    if let Ok(mut stream) = TcpStream::connect(address).await {
        let (mut reader, mut writer) = stream.split();
        // Either half may fail when the server has had enough; what it said counts.
        let _ = tokio::join!(writer.write_all(request), reader.read_to_end(&mut answer));
    }
    answer
}

/// Browsers encode what may not stand in a request line.
fn sendable(target: &str) -> String {
    const UNFIT: &AsciiSet = &CONTROLS.add(b'"').add(b'<').add(b'>').add(b'#').add(b' ');
    utf8_percent_encode(target, UNFIT).to_string()
}

fn parse(answer: &[u8]) -> Reply {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    Reply { status, headers, body: body.to_owned() }
}
