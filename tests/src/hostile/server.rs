//! [`Server`]: answers requests on a loopback port exactly as it is told, and remembers them. It stops by itself.

use rustls::ServerConfig;
use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    runtime::Handle,
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

/// Longer requests than this are cut: no client here sends any.
const LONGEST_REQUEST: usize = 4 << 20;

/// A thing that a server does.
#[derive(Debug, Clone)]
pub enum Action {
    /// Writes bytes.
    Send(Vec<u8>),
    /// Writes the same bytes so many times.
    Repeat(Vec<u8>, u64),
    /// Writes a byte at a time.
    Trickle(Vec<u8>, Duration),
    /// Waits.
    Sleep(Duration),
    /// Does nothing more.
    Hang,
    /// Tears the connection: the client gets a RST.
    Reset,
    /// Ends the connection.
    Close,
}

/// What a server does for one request; without a [`Action::Close`] it waits for the next one.
pub type Answer = Vec<Action>;

/// A whole JSON answer.
pub fn json(status: u16, body: &str) -> Answer {
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    vec![Action::Send(head.into_bytes()), Action::Close]
}

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub struct Received {
    /// `POST`
    pub method: String,
    /// `/token?x=y`
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The bytes after the head.
    pub body: Vec<u8>,
}

impl Received {
    /// The values of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The values of a field of the form in the body.
    pub fn fields(&self, name: &str) -> Vec<String> {
        let pairs = url::form_urlencoded::parse(&self.body);
        pairs.filter(|(known, _)| known == name).map(|(_, value)| value.into_owned()).collect()
    }

    /// The only value of a field.
    pub fn field(&self, name: &str) -> Option<String> {
        let mut values = self.fields(name);
        if values.len() == 1 { values.pop() } else { None }
    }
}

/// What came to a server.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// How often somebody connected.
    pub connections: usize,
    /// What was read before it was understood, TLS or not.
    pub raw: Vec<u8>,
    /// The requests.
    pub requests: Vec<Received>,
}

type Answering = dyn Fn(usize, &Received) -> Answer + Send + Sync;

/// What stands between TCP and HTTP.
#[derive(Clone)]
pub enum Layer {
    /// Nothing.
    Plain,
    /// TLS with this certificate.
    Tls(Arc<ServerConfig>),
    /// No HTTP at all: the raw bytes that answer the first that come.
    Raw(Answer),
}

/// A server. It stops when it is dropped, and after `life` in any case.
pub struct Server {
    port: u16,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts one that answers by the number of the request and the request.
    ///
    /// # Errors
    /// No port is free.
    pub fn start(
        host: &Handle,
        life: Duration,
        layer: Layer,
        answering: impl Fn(usize, &Received) -> Answer + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let seen = Arc::<Mutex<Seen>>::default();
        let shared = Shared { seen: seen.clone(), layer, answering: Arc::new(answering) };
        let task = host.spawn(async move {
            // The time is up: that is what the limit is for.
            let _ = timeout(life, shared.accept(listener)).await;
        });
        Ok(Self { port, seen, task })
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What came so far.
    pub fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many requests came so far.
    pub fn count(&self) -> usize {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).requests.len()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Shared {
    seen: Arc<Mutex<Seen>>,
    layer: Layer,
    answering: Arc<Answering>,
}

/// Whether the connection stays for another request.
enum After {
    Stay,
    Close,
    Reset,
}

impl Shared {
    async fn accept(self, listener: TcpListener) {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            self.note(|seen| seen.connections += 1);
            connections.spawn(self.clone().serve(stream));
        }
    }

    fn note<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A client that goes away early is no failure of the server.
    async fn serve(self, mut stream: TcpStream) {
        // Small pieces are part of some behaviours.
        let _ = stream.set_nodelay(true);
        match self.layer.clone() {
            Layer::Plain => {
                if let After::Reset = self.speak(&mut stream).await {
                    let _ = stream.set_zero_linger();
                }
            }
            Layer::Tls(config) => {
                if let Ok(mut stream) = TlsAcceptor::from(config).accept(stream).await {
                    self.speak(&mut stream).await;
                }
            }
            Layer::Raw(answer) => {
                let mut buffer = vec![0; 16 << 10];
                let length = stream.read(&mut buffer).await.unwrap_or(0);
                self.note(|seen| seen.raw.extend(&buffer[..length]));
                perform(&mut stream, &answer).await;
            }
        }
    }

    async fn speak<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: &mut S) -> After {
        let mut buffer = Vec::new();
        while let Some(request) = self.read(stream, &mut buffer).await {
            let number = self.note(|seen| {
                seen.requests.push(request.clone());
                seen.requests.len() - 1
            });
            match perform(stream, &(self.answering)(number, &request)).await {
                After::Stay => {}
                end => return end,
            }
        }
        After::Close
    }

    async fn read<S: AsyncRead + Unpin>(&self, stream: &mut S, buffer: &mut Vec<u8>) -> Option<Received> {
        loop {
            if let Some((request, length)) = parse(buffer) {
                buffer.drain(..length);
                return Some(request);
            }
            let mut piece = [0; 8 << 10];
            let length = stream.read(&mut piece).await.ok().filter(|length| *length > 0)?;
            buffer.extend(&piece[..length]);
            self.note(|seen| seen.raw.extend(&piece[..length]));
            if buffer.len() > LONGEST_REQUEST {
                return None;
            }
        }
    }
}

async fn perform<S: AsyncWrite + Unpin>(stream: &mut S, answer: &[Action]) -> After {
    for action in answer {
        let done = match action {
            Action::Send(bytes) => write(stream, bytes).await,
            Action::Repeat(bytes, times) => repeat(stream, bytes, *times).await,
            Action::Trickle(bytes, every) => trickle(stream, bytes, *every).await,
            Action::Sleep(time) => {
                sleep(*time).await;
                Ok(())
            }
            Action::Hang => std::future::pending().await,
            Action::Reset => return After::Reset,
            Action::Close => {
                let _ = stream.shutdown().await;
                return After::Close;
            }
        };
        if done.is_err() {
            return After::Close;
        }
    }
    After::Stay
}

async fn write<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await
}

async fn repeat<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8], times: u64) -> io::Result<()> {
    for _ in 0..times {
        write(stream, bytes).await?;
        // A socket that always has room would keep the other servers of this thread waiting.
        tokio::task::yield_now().await;
    }
    Ok(())
}

async fn trickle<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8], every: Duration) -> io::Result<()> {
    for byte in bytes {
        write(stream, &[*byte]).await?;
        sleep(every).await;
    }
    Ok(())
}

/// The first request in `bytes` and its length, once it is whole.
fn parse(bytes: &[u8]) -> Option<(Received, usize)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut start = lines.next().unwrap_or_default().split(' ');
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse::<usize>().ok()).unwrap_or(0);
    let body = bytes.get(end + 4..(end + 4).checked_add(length)?)?.to_vec();
    let (method, target) = (start.next().unwrap_or_default(), start.next().unwrap_or_default());
    let request = Received { method: method.to_owned(), target: target.to_owned(), headers, body };
    Some((request, end + 4 + length))
}
