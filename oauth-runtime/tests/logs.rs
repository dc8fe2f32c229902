//! What libraries below us log and trace, at their most talkative, while a user signs in, calls an API and refreshes:
//! none of our secrets is in it.

mod common;

use base64::{
    Engine,
    prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};
use common::{ACME, REDIRECT_URI, begin};
use oauth_runtime::{
    AuthCodeFlow, Callback, Credentials, OAuthProvider,
    provider::{HasApi, HasAuthorizationEndpoint, HasRefresh},
    spec::{Api, Endpoint, Endpoints, Format, Placement, Spec, Variable},
};
use std::{
    fmt::{self, Write},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

const CLIENT_SECRET: &str = "client-secret:CANARY%+/=1";
const CODE: &str = "code-CANARY-2";
const ACCESS_TOKEN: &str = "access-token.CANARY+/3==";
const REFRESH_TOKEN: &str = "refresh-token.CANARY+/4==";
const ID_TOKEN: &str = "eyJhbGciOiJub25lIn0.CANARY-id-token-5.x";

/// A provider on a port of this machine, whose API takes the token in the query too: where it is seen most easily.
struct Local(String);

const LOCAL: Spec = Spec {
    id: "local",
    variables: &[Variable { name: "origin", format: Format::Text, ..Variable::PLAIN }],
    endpoints: Endpoints {
        authorization: Endpoint::new("{0}/authorize"),
        token: Endpoint::new("{0}/token"),
        ..Endpoints::NONE
    },
    api: Some(Api {
        base_url: Endpoint::new("{0}/api"),
        placement: Placement::Query,
        parameter: "access_token",
        ..Api::PLAIN
    }),
    ..ACME
};

impl OAuthProvider for Local {
    const SPEC: &'static Spec = &LOCAL;

    fn variable(&self, _: usize) -> Option<&str> {
        Some(&self.0)
    }
}
impl HasAuthorizationEndpoint for Local {}
impl HasApi for Local {}
impl HasRefresh for Local {}

/// Everything that was logged or traced.
static SEEN: Mutex<String> = Mutex::new(String::new());

fn seen() -> MutexGuard<'static, String> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Everything;

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(seen(), "log {} {}", record.target(), record.args());
    }

    fn flush(&self) {}
}

struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {}={value:?} {value:#?}", field.name());
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let mut words = Words(String::new());
        attributes.record(&mut words);
        let _ = writeln!(seen(), "span {}{}", attributes.metadata().name(), words.0);
        span::Id::from_u64(LAST.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        let mut words = Words(String::new());
        values.record(&mut words);
        let _ = writeln!(seen(), "record{}", words.0);
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut words = Words(String::new());
        event.record(&mut words);
        let _ = writeln!(seen(), "event {}{}", event.metadata().target(), words.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// A provider that answers well, but for `/api/broken`, in the middle of which it hangs up.
async fn provider() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    port
}

async fn serve(mut stream: TcpStream) {
    let mut head = Vec::new();
    while let Ok(byte) = stream.read_u8().await {
        head.push(byte);
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
        let length =
            text.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next()?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        let _ = stream.read_exact(&mut body).await;
        let tokens = format!(
            "{{\"access_token\":\"{ACCESS_TOKEN}\",\"refresh_token\":\"{REFRESH_TOKEN}\",\"id_token\":\"{ID_TOKEN}\"}}"
        );
        let answer = if text.starts_with("get /api/broken") {
            format!("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{tokens}")
        } else {
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{tokens}", tokens.len())
        };
        let _ = stream.write_all(answer.as_bytes()).await;
        if text.starts_with("get /api/broken") {
            return;
        }
        head.clear();
    }
}

#[tokio::test]
async fn no_library_below_logs_a_secret_at_its_most_talkative() {
    log::set_logger(&Everything).expect("no other logger");
    log::set_max_level(log::LevelFilter::Trace);
    tracing::subscriber::set_global_default(Everything).expect("no other subscriber");

    let port = provider().await;
    let flow = |port: u16| {
        let credentials = Credentials::confidential("id", CLIENT_SECRET);
        AuthCodeFlow::new(Local(format!("http://127.0.0.1:{port}")), credentials, REDIRECT_URI)
            .expect("a flow")
    };
    let here = flow(port);
    let (state, pending) = begin(&here);
    let remembered = pending.expose();
    let tokens = here.finish(Callback::new(format!("code={CODE}&state={state}"), pending)).await;
    let session = here.session("ada");
    session.adopt(tokens.expect("a token")).await.expect("stored");
    session.get("user").send().await.expect("an answer");
    session.refresh().await.expect("a token");
    let mut errors = vec![session.get("broken").send().await.expect_err("half an answer")];

    // The same at a port where nobody listens: what failed is said, but not what it carried.
    let nobody = flow(1);
    let session = nobody.session("ada");
    session
        .adopt(common::stored(serde_json::json!({"access_token": ACCESS_TOKEN, "obtained_at": 1})))
        .await
        .expect("stored");
    errors.push(session.get("user").query("api_key", CODE).send().await.expect_err("nobody is there"));

    let said = errors.iter().fold(seen().clone(), |said, error| {
        let mut said = said + &format!("{error} {error:?}");
        let mut cause = std::error::Error::source(error);
        while let Some(source) = cause {
            let _ = write!(said, "{source} {source:?}");
            cause = source.source();
        }
        said
    });
    assert!(said.contains("log reqwest") && said.contains("event hyper_util"), "nothing was logged: {said}");
    let verifier = &remembered[state.len()..2 * state.len()];
    for secret in [CLIENT_SECRET, CODE, ACCESS_TOKEN, REFRESH_TOKEN, ID_TOKEN, &state, verifier] {
        for form in forms(secret) {
            assert!(!said.contains(&form), "{form} in {said}");
        }
    }
}

/// The ways in which a secret can turn up.
fn forms(secret: &str) -> Vec<String> {
    let bytes = format!("{:?}", secret.as_bytes());
    let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    vec![
        secret.to_owned(),
        BASE64_STANDARD_NO_PAD.encode(secret),
        BASE64_URL_SAFE_NO_PAD.encode(secret),
        BASE64_STANDARD_NO_PAD.encode(format!("id:{encoded}")),
        encoded,
        bytes.trim_matches(['[', ']']).to_owned(),
        format!("{:#?}", secret.as_bytes()).trim_matches(['[', ']']).to_owned(),
    ]
}
