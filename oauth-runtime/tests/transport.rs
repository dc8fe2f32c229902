//! The transport over reqwest, against a server that does what it should not.

mod common;

use common::{ACME, REDIRECT_URI, begin, confidential, sign_in, store::Log};
use oauth_runtime::{
    AnswerErrorKind, AuthCodeFlow, Callback, Error, OAuthProvider, TokenSet,
    provider::HasAuthorizationEndpoint,
    spec::{Endpoint, Endpoints, Format, Spec, Variable},
    transport::{ReqwestTransport, TransportErrorKind},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A provider on a port of this machine.
struct Local(String);

const LOCAL: Spec = Spec {
    id: "local",
    variables: &[Variable { name: "origin", format: Format::Text, ..Variable::PLAIN }],
    endpoints: Endpoints {
        authorization: Endpoint::new("{0}/authorize"),
        token: Endpoint::new("{0}/token"),
        ..Endpoints::NONE
    },
    api: None,
    ..ACME
};

impl OAuthProvider for Local {
    const SPEC: &'static Spec = &LOCAL;

    fn variable(&self, _: usize) -> Option<&str> {
        Some(&self.0)
    }
}
impl HasAuthorizationEndpoint for Local {}

/// What a server does with a request.
#[derive(Clone)]
enum Step {
    Send(Vec<u8>),
    /// The same bytes, so many times.
    Repeat(Vec<u8>, usize),
    /// One byte at a time, with a pause before each.
    Trickle(Vec<u8>, Duration),
    Wait,
    Close,
}

struct Server {
    port: u16,
    connections: Arc<AtomicUsize>,
    sent: Arc<AtomicUsize>,
    requests: Log,
}

impl Server {
    /// A server that does these steps for each request; without a `Close` the connection is kept for the next one.
    async fn start(steps: Vec<Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let server = Self {
            port: listener.local_addr().expect("an address").port(),
            connections: Arc::default(),
            sent: Arc::default(),
            requests: Log::default(),
        };
        let (connections, sent, requests) =
            (server.connections.clone(), server.sent.clone(), server.requests.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, steps.clone(), sent.clone(), requests.clone()));
            }
        });
        server
    }

    fn flow_over(&self, scheme: &str) -> AuthCodeFlow<Local> {
        let origin = format!("{scheme}://127.0.0.1:{}", self.port);
        let flow = AuthCodeFlow::new(Local(origin), confidential(), REDIRECT_URI).expect("a flow");
        flow.transport(ReqwestTransport::new()).deadline(Duration::from_secs(3))
    }

    fn flow(&self) -> AuthCodeFlow<Local> {
        self.flow_over("http")
    }
}

async fn serve(mut stream: TcpStream, steps: Vec<Step>, sent: Arc<AtomicUsize>, requests: Log) {
    while let Some(request) = read_request(&mut stream).await {
        requests.note(request);
        for step in &steps {
            let (bytes, times) = match step {
                Step::Send(bytes) => (bytes, 1),
                Step::Repeat(bytes, times) => (bytes, *times),
                Step::Trickle(bytes, pause) => {
                    for byte in bytes {
                        tokio::time::sleep(*pause).await;
                        if stream.write_all(&[*byte]).await.is_err() {
                            return;
                        }
                    }
                    continue;
                }
                Step::Wait => std::future::pending().await,
                Step::Close => return,
            };
            for _ in 0..times {
                if stream.write_all(bytes).await.is_err() {
                    return;
                }
                sent.fetch_add(bytes.len(), Ordering::SeqCst);
            }
        }
    }
}

/// A request with its body; what came so far, if the other side says no more.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer).await.ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        // Not HTTP at all: the beginning of a TLS handshake.
        if bytes[0] == 0x16 {
            return Some(text);
        }
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let expected = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        if body.len() >= expected.unwrap_or(0) {
            return Some(text);
        }
    }
}

const TOKEN: &str = r#"{"access_token":"AT","token_type":"Bearer"}"#;

fn http(status: &str, headers: &str, body: &str) -> Step {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    Step::Send(format!("{head}{body}").into_bytes())
}

fn raw(text: &str) -> Step {
    Step::Send(text.as_bytes().to_vec())
}

fn kind_of(outcome: Result<TokenSet<Local>, Error>, what: &str) -> TransportErrorKind {
    match outcome {
        Err(Error::Transport(error)) => error.kind(),
        other => panic!("{what}: {other:?}"),
    }
}

#[tokio::test]
async fn each_token_comes_over_a_connection_of_its_own() {
    let server = Server::start(vec![raw("HTTP/1.1 100 Continue\r\n\r\n"), http("200 OK", "", TOKEN)]).await;
    for _ in 0..5 {
        let tokens = sign_in(&server.flow()).await.expect("a token");
        assert_eq!(tokens.access_token().expose(), "AT");
    }
    assert_eq!((server.requests.all().len(), server.connections.load(Ordering::SeqCst)), (5, 5));
    let request = &server.requests.all()[0].to_ascii_lowercase();
    assert!(request.starts_with("post /token http/1.1\r\n"), "{request}");
    for absent in ["accept-encoding", "referer", "cookie"] {
        assert!(!request.contains(absent), "{request}");
    }
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let elsewhere = Server::start(vec![http("200 OK", "", TOKEN)]).await;
    for status in ["301 X", "302 X", "303 X", "307 X", "308 X"] {
        let location = format!("Location: http://127.0.0.1:{}/token\r\n", elsewhere.port);
        let server = Server::start(vec![http(status, &location, TOKEN)]).await;
        let Err(Error::Answer(error)) = sign_in(&server.flow()).await else { panic!("{status}") };
        assert_eq!((error.kind(), server.requests.all().len()), (AnswerErrorKind::Redirect, 1));
    }
    assert_eq!(elsewhere.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_body_is_read_up_to_the_limit_and_no_further() {
    let chunk = [b"10000\r\n".to_vec(), vec![b' '; 0x1_0000], b"\r\n".to_vec()].concat();
    let endless =
        vec![raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), Step::Repeat(chunk, 100_000)];
    let unmeasured = vec![
        raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"),
        Step::Repeat(vec![b' '; 0x1_0000], 100_000),
    ];
    let announced = vec![raw("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n"), Step::Wait];
    for (what, steps) in [("endless", endless), ("unmeasured", unmeasured), ("announced", announced)] {
        let server = Server::start(steps).await;
        let start = Instant::now();
        assert_eq!(kind_of(sign_in(&server.flow()).await, what), TransportErrorKind::BodyTooLarge, "{what}");
        assert!(start.elapsed() < Duration::from_secs(2), "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
        // What lies in the buffers of two sockets is sent and not read.
        let sent = server.sent.load(Ordering::SeqCst);
        assert!(sent < 24 << 20, "{what}: {sent} bytes were taken");
    }
    let just_fits = format!("{TOKEN}{}", " ".repeat((1 << 20) - TOKEN.len()));
    let server = Server::start(vec![http("200 OK", "", &just_fits)]).await;
    assert!(sign_in(&server.flow()).await.is_ok());
}

#[tokio::test]
async fn an_answer_that_is_cut_off_or_no_http_is_an_error_even_where_its_json_is_whole() {
    let length = TOKEN.len();
    let cut = |text: String| vec![Step::Send(text.into_bytes()), Step::Close];
    for (what, steps) in [
        ("cut off", cut(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{TOKEN}", length + 1))),
        (
            "no last chunk",
            cut(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{TOKEN}\r\n")),
        ),
        (
            "no chunk size",
            cut(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{TOKEN}\r\n0\r\n\r\n")),
        ),
        (
            "two lengths",
            cut(format!("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: {length}\r\n\r\n{TOKEN}")),
        ),
        ("no status line", cut(TOKEN.to_owned())),
        ("another protocol", cut(format!("HTP/9.9 200 OK\r\n\r\n{TOKEN}"))),
        (
            "a NUL in a header",
            cut(format!("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: {length}\r\n\r\n{TOKEN}")),
        ),
        ("half a head", cut("HTTP/1.1 200 OK\r\nContent-Le".to_owned())),
        ("nothing", vec![Step::Close]),
    ] {
        let server = Server::start(steps).await;
        let kind = kind_of(sign_in(&server.flow()).await, what);
        assert!(matches!(kind, TransportErrorKind::Protocol | TransportErrorKind::Other), "{what}: {kind:?}");
        assert_eq!(server.requests.all().len(), 1, "{what}: the code is not sent again");
    }
    let cut_by_length = cut(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{TOKEN}", length - 1));
    let outcome = sign_in(&Server::start(cut_by_length).await.flow()).await;
    assert!(matches!(outcome, Err(Error::Answer(error)) if error.kind() == AnswerErrorKind::NotJson));
}

#[tokio::test]
async fn nothing_is_decompressed() {
    for encoding in ["gzip", "deflate", "br", "zstd"] {
        let server =
            Server::start(vec![http("200 OK", &format!("Content-Encoding: {encoding}\r\n"), TOKEN)]).await;
        assert!(sign_in(&server.flow()).await.is_ok(), "the bytes are taken as they are: {encoding}");
    }
}

#[tokio::test]
async fn the_deadline_is_for_the_whole_exchange() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    for (what, steps) in [
        ("no answer", vec![Step::Wait]),
        ("headers and then nothing", vec![raw(head), Step::Wait]),
        ("slow headers", vec![Step::Trickle(head.into(), Duration::from_millis(50))]),
        ("a slow body", vec![raw(head), Step::Trickle(vec![b' '; 1000], Duration::from_millis(50))]),
    ] {
        let server = Server::start(steps).await;
        let flow = server.flow().deadline(Duration::from_millis(400));
        let start = Instant::now();
        assert_eq!(kind_of(sign_in(&flow).await, what), TransportErrorKind::Timeout);
        let waited = start.elapsed();
        assert!(
            waited >= Duration::from_millis(400) && waited < Duration::from_secs(2),
            "{what}: {waited:?}"
        );
    }
}

#[tokio::test]
async fn what_comes_after_an_answer_is_not_the_next_answer() {
    let poison = http("200 OK", "", r#"{"access_token":"AT-POISON"}"#);
    let server = Server::start(vec![http("200 OK", "", TOKEN), poison]).await;
    assert_eq!(sign_in(&server.flow()).await.expect("a token").access_token().expose(), "AT");
    tokio::time::sleep(Duration::from_millis(50)).await;
    if let Ok(tokens) = sign_in(&server.flow()).await {
        assert_eq!(tokens.access_token().expose(), "AT");
    }
}

#[tokio::test]
async fn a_connection_that_the_server_gave_up_is_not_the_end_and_sends_no_code_twice() {
    let server = Server::start(vec![http("200 OK", "", TOKEN), Step::Close]).await;
    for number in 1..=10 {
        let flow = server.flow();
        let (state, pending) = begin(&flow);
        let outcome = flow.finish(Callback::new(format!("code=CODE-{number}&state={state}"), pending)).await;
        let marker = format!("code=CODE-{number}&");
        let sent = server.requests.all().iter().filter(|request| request.contains(&marker)).count();
        assert!(sent <= 1, "sent {sent} times");
        assert!(outcome.is_ok() || number > 1, "{outcome:?}");
    }
}

#[tokio::test]
async fn no_connection_is_told_from_a_broken_one() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let flow = AuthCodeFlow::new(Local(origin), confidential(), REDIRECT_URI).expect("a flow");
    let error = sign_in(&flow).await.expect_err("nobody listens");
    assert!(error.is_transient());
    let text = format!("{error} {error:?} {:?}", std::error::Error::source(&error).map(ToString::to_string));
    assert!(!text.contains("CODE") && !text.contains("client-secret"), "{text}");
    assert_eq!(kind_of(Err(error), "closed port"), TransportErrorKind::Connect);
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_sent_nothing() {
    let server = Server::start(vec![http("200 OK", "", TOKEN), Step::Close]).await;
    let kind = kind_of(sign_in(&server.flow_over("https")).await, "plain text on the TLS port");
    assert!(matches!(kind, TransportErrorKind::Tls | TransportErrorKind::Connect), "{kind:?}");
    let requests = server.requests.all();
    assert!(requests.iter().all(|request| !request.contains("CODE") && !request.contains("/token")));
}
