//! Nine kinds of secret, looked for in everything that can be printed.

mod common;

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE},
};
use common::{Acme, REDIRECT_URI, Sent, Server, answer, json_answer, param, stored};
use oauth_runtime::{
    AuthCodeFlow, AuthorizationOption, Callback, Credentials, Entry, Error, MemoryTokenStore, OAuthProvider,
    PrivateKey, Secret, SigningAlgorithm, StoredGrant, StoredTokens, TokenKey, TokenStore,
    spec::{Spec, Variable},
    transport::{Response, TransportError, TransportErrorKind},
};
use serde_json::{Value, json};
use std::{
    fmt::{self, Write},
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex},
};

const CLIENT_SECRET: &str = "client-secret:CANARY%+/=é?1";
const CODE: &str = "code:CANARY%+/=?&2";
const ACCESS_TOKEN: &str = "access-token.CANARY+/3==";
const REFRESH_TOKEN: &str = "refresh-token.CANARY+/4==";
const ID_TOKEN: &str = "eyJhbGciOiJub25lIn0.CANARY-id-token-5.x";
const API_KEY: &str = "api-key-CANARY-in-an-extra-member-6";

fn percent(text: &str, is_lower: bool) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        let _ = match byte {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => write!(out, "{}", b as char),
            b if is_lower => write!(out, "%{b:02x}"),
            b => write!(out, "%{b:02X}"),
        };
        out
    })
}

fn form(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The ways in which a secret can turn up.
fn forms(secret: &str) -> Vec<String> {
    let bytes = format!("{:?}", secret.as_bytes());
    vec![
        secret.to_owned(),
        percent(secret, false),
        percent(secret, true),
        form(secret),
        BASE64_STANDARD.encode(secret).trim_end_matches('=').to_owned(),
        BASE64_URL_SAFE.encode(secret).trim_end_matches('=').to_owned(),
        bytes.trim_matches(['[', ']']).to_owned(),
        bytes.replace(' ', "").trim_matches(['[', ']']).to_owned(),
    ]
}

/// Finds no form of a secret in a text.
fn assert_clean(what: &str, text: &str, secrets: &[String]) {
    // A list of bytes has blanks where its printer likes them.
    let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for (number, secret) in secrets.iter().enumerate() {
        let bytes = format!("{:?}", secret.as_bytes()).replace(' ', "");
        assert!(
            !dense.contains(bytes.trim_matches(['[', ']'])),
            "secret {number} as bytes in {what}: {text}"
        );
        for (form_number, form) in forms(secret).iter().enumerate() {
            assert!(!text.contains(form), "secret {number} in form {form_number} in {what}: {text}");
        }
    }
}

/// Everything that an error can be made to say.
fn words(error: &Error) -> String {
    let mut text = format!("{error} {}", shown(error));
    match error {
        Error::Refused(refusal) | Error::Denied(refusal) => {
            let _ = write!(
                text,
                "{} {:?} {:?} {} {:?}",
                refusal.code(),
                refusal.description(),
                refusal.uri(),
                refusal.sent(),
                refusal.hint()
            );
        }
        Error::Answer(answer) => {
            let _ = write!(text, "{answer} {answer:?}");
        }
        _ => {}
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let _ = write!(text, " {cause} {cause:?} {cause:#?}");
        source = cause.source();
    }
    text
}

/// What a value shows of itself, also in the panic of a program that took it for granted.
fn shown(value: &impl fmt::Debug) -> String {
    format!("{value:?} {value:#?} {}", panicked(value))
}

/// The message of `expect`, which prints the value behind its text.
#[allow(clippy::unnecessary_literal_unwrap, reason = "its message is what is looked at")]
fn panicked(value: &impl fmt::Debug) -> String {
    let expect = AssertUnwindSafe(|| Err::<(), _>(value).expect("it was taken for granted"));
    let message = panic::catch_unwind(expect).expect_err("an error is not what was expected");
    message.downcast_ref::<String>().expect("`expect` writes a text").clone()
}

/// The secrets of one client, those that the flow made among them.
#[derive(Clone)]
struct Known(Arc<Mutex<Vec<String>>>);

impl Known {
    fn new() -> Self {
        let pair = |id: &str, secret: &str| {
            BASE64_STANDARD.encode(format!("{id}:{secret}")).trim_end_matches('=').to_owned()
        };
        let given = [CLIENT_SECRET, CODE, ACCESS_TOKEN, REFRESH_TOKEN, ID_TOKEN, API_KEY].map(str::to_owned);
        let known: Vec<_> = given
            .into_iter()
            .chain([pair("id", &percent(CLIENT_SECRET, false)), pair("id", CLIENT_SECRET)])
            .collect();
        Self(Arc::new(Mutex::new(known)))
    }

    fn add(&self, secret: String) {
        self.0.lock().expect("no panic").push(secret);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().expect("no panic").clone()
    }
}

/// A provider that wants a secret besides the client's.
struct Keyed;

impl OAuthProvider for Keyed {
    const SPEC: &'static Spec =
        &Spec { variables: &[Variable { name: "key", secret: true, ..Variable::PLAIN }], ..Spec::PLAIN };
}

fn flow(server: &Server) -> AuthCodeFlow<Acme> {
    let flow = AuthCodeFlow::new(Acme, Credentials::confidential("id", CLIENT_SECRET), REDIRECT_URI);
    flow.expect("a flow").transport(server.transport())
}

fn record() -> Value {
    json!({
        "access_token": ACCESS_TOKEN, "refresh_token": REFRESH_TOKEN, "id_token": ID_TOKEN,
        "obtained_at": 1, "expires_at": 2, "extra": {"api_key": API_KEY}
    })
}

/// What one sign-in and one refresh say when a server answers them like this.
async fn errors_of(known: &Known, server: &Server) -> Vec<(&'static str, Error)> {
    let heard = Arc::<Mutex<String>>::default();
    let listening = heard.clone();
    let flow = flow(server).observer(move |key, event| {
        let said = format!("{key} {event} {event:?} {event:#?}");
        listening.lock().expect("no panic").push_str(&said);
    });
    let (url, pending) = flow.begin([]).into_parts();
    let state = param(&url, "state");
    known.add(state.clone());
    let query = format!("code={}&state={state}", percent(CODE, false));
    let exchange = flow.finish(Callback::new(query, pending)).await.expect_err("the server refuses");
    let session = flow.session("ada");
    session.adopt(stored(record())).await.expect("stored");
    let refresh = session.access_token().await.expect_err("the server refuses");
    let seen = [("GrantEvent", heard.lock().expect("no panic").clone())];
    for (what, text) in seen {
        assert!(!text.is_empty(), "a failed refresh is an event");
        assert_clean(what, &text, &of_stage("refresh", known));
    }
    vec![("exchange", exchange), ("refresh", refresh)]
}

/// Answers that put a text where an error stands.
fn echoes(text: &str) -> Vec<Response> {
    vec![
        json_answer(400, &json!({"error": text})),
        json_answer(200, &json!({"error": {"type": text, "message": text}})),
        json_answer(
            401,
            &json!({"error": "invalid_request", "error_description": format!("you sent {text}, really")}),
        ),
        json_answer(
            400,
            &json!({"error": "invalid_grant", "error_description": text, "error_uri": format!("https://id.example/?x={text}")}),
        ),
        answer(400, "application/x-www-form-urlencoded", format!("error=x&error_description={}", form(text))),
    ]
}

#[tokio::test]
async fn no_error_repeats_a_secret_that_a_server_echoes() {
    let secrets = Known::new().all();
    let mut count = 0;
    for text in secrets.iter().flat_map(|secret| forms(secret)) {
        for response in echoes(&text) {
            let known = Known::new();
            for (what, error) in errors_of(&known, &Server::always(response)).await {
                assert_clean(what, &words(&error), &of_stage(what, &known));
                count += 1;
            }
        }
    }
    assert!(count > 500, "{count}");
}

/// What is known at this stage: at the exchange no token was given yet, and at a refresh the code is long gone.
fn of_stage(what: &str, known: &Known) -> Vec<String> {
    let unknown: &[&str] =
        if what == "exchange" { &[ACCESS_TOKEN, REFRESH_TOKEN, ID_TOKEN, API_KEY] } else { &[CODE] };
    known.all().into_iter().filter(|secret| !unknown.contains(&secret.as_str())).collect()
}

#[tokio::test]
async fn no_error_repeats_the_request_that_a_server_echoes() {
    let known = Known::new();
    let echo = |known: &Known, sent: &Sent| {
        known.0.lock().expect("no panic").extend(sent.field("code_verifier"));
        let headers: Vec<_> = sent.headers.values().map(|value| value.to_str().unwrap_or_default()).collect();
        format!("{} {} {headers:?} {:?}", sent.uri, sent.text(), sent.body)
    };
    for shape in 0..6 {
        let known_there = known.clone();
        let server = Server::new(move |sent, _| {
            let text = echo(&known_there, sent);
            match shape {
                0 => json_answer(400, &json!({"error": "invalid_request", "error_description": text})),
                1 => json_answer(200, &json!({"error": text})),
                2 => answer(200, "text/html", format!("<html>{text}</html>")),
                3 => answer(500, "text/plain", text),
                4 => answer(
                    200,
                    &format!(
                        "text/{}",
                        sent.field("code").or(sent.field("refresh_token")).unwrap_or_default()
                    ),
                    "x",
                ),
                _ => json_answer(200, &json!({"access_token": format!("{text}\n")})),
            }
        });
        for (what, error) in errors_of(&known, &server).await {
            assert_clean(what, &words(&error), &known.all());
        }
    }
}

#[tokio::test]
async fn no_denial_repeats_a_secret_that_came_back_with_it() {
    let known = Known::new();
    let flow = flow(&Server::always(answer(500, "", "")));
    for place in ["error", "error_description", "error_uri"] {
        for form_number in 0..8 {
            let (url, pending) = flow.begin([]).into_parts();
            let state = param(&url, "state");
            known.add(state.clone());
            for secret in [&*state, CODE, CLIENT_SECRET] {
                let text = form(&format!("https://x/{}", forms(secret)[form_number]));
                let other = if place == "error" { "" } else { "error=x&" };
                let query = format!("{other}{place}={text}&state={state}&code={}", percent(CODE, false));
                let pending = oauth_runtime::PendingAuthorization::parse(&pending.expose()).expect("ours");
                let fresh = self::flow(&Server::always(answer(500, "", "")));
                let error = fresh.finish(Callback::new(query, pending)).await.expect_err("denied");
                assert!(matches!(error, Error::Denied(_)), "{error:?}");
                assert_clean(place, &words(&error), &known.all());
            }
        }
    }
}

#[tokio::test]
async fn no_public_type_shows_a_secret() {
    let known = Known::new();
    let good = json!({
        "access_token": ACCESS_TOKEN, "refresh_token": REFRESH_TOKEN, "id_token": ID_TOKEN, "expires_in": 3600,
        "api_key": API_KEY
    });
    let verifiers = known.clone();
    let server = Server::new(move |sent, _| {
        verifiers.0.lock().expect("no panic").extend(sent.field("code_verifier"));
        json_answer(200, &good)
    });
    let store = MemoryTokenStore::new();
    let flow = flow(&server).token_store(store.clone());
    let credentials = Credentials::confidential("id", CLIENT_SECRET);
    let mut seen = vec![("AuthCodeFlow", shown(&flow)), ("Credentials", shown(&credentials))];
    let key = PrivateKey::new(SigningAlgorithm::Es256, |_| Ok(CLIENT_SECRET.into())).with_id("key-1");
    seen.push(("Credentials", shown(&Credentials::private_key("id", key.clone()))));
    seen.push(("PrivateKey", shown(&key)));
    let chosen = Entry::of::<Keyed>().bind([("key", API_KEY)]).expect("any text is a secret");
    seen.push(("Chosen", shown(&chosen)));
    let request = flow.begin([]).with(AuthorizationOption::given("login_hint", API_KEY));
    let state = param(request.url(), "state");
    known.add(state.clone());
    seen.push(("AuthorizationRequest", shown(&request)));
    seen.push(("AuthorizationOption", shown(&AuthorizationOption::<Acme>::given("hint", API_KEY))));
    let (_, pending) = request.into_parts();
    known.add(pending.expose());
    seen.push(("PendingAuthorization", shown(&pending)));
    let callback = Callback::new(format!("code={}&state={state}", percent(CODE, false)), pending);
    seen.push(("Callback", shown(&callback)));
    let tokens = flow.finish(callback).await.expect("a token");
    seen.push(("TokenSet", shown(&tokens)));
    seen.push(("StoredTokens", shown(&tokens.expose())));
    let session = flow.session("ada");
    session.adopt(tokens.clone()).await.expect("stored");
    let grant = store.load(&TokenKey::new("acme", "", "ada")).await.expect("loaded").expect("a grant");
    seen.push(("Session", shown(&session)));
    seen.push(("StoredGrant", shown(&grant)));
    seen.push(("StoredTokens", shown(&session.stored_tokens().await)));
    let call = session.get("user").query("api_key", API_KEY).header("x-key", API_KEY).json_body(&API_KEY);
    seen.push(("ApiRequest", shown(&call)));
    let response = call.send().await.expect("an answer");
    seen.push(("ApiResponse", shown(&response)));
    seen.push(("Error", words(&response.json::<Vec<u8>>().expect_err("it is an object"))));
    seen.push(("Secret", shown(&[Some(Secret::new(CLIENT_SECRET)), Some(Secret::from(CODE))])));

    // A panic prints what it is given, and so does a task that ended in one.
    let panicked = tokio::spawn(async move { panic!("a panic message: {tokens:?} {grant:?}") }).await;
    let payload = panicked.expect_err("it panicked");
    seen.push(("a task that panicked", format!("{payload} {payload:?}")));
    let message = payload.into_panic();
    let message = message.downcast_ref::<String>().expect("a message");
    assert!(message.contains("a panic message"), "{message}");
    seen.push(("a panic", message.clone()));
    assert_eq!(known.all().len(), 11, "nine kinds, and the verifier and the pending text among them");
    for (what, text) in &seen {
        assert_clean(what, text, &known.all());
    }
}

#[tokio::test]
async fn no_interrupted_refresh_and_no_failing_transport_tells_a_secret() {
    let known = Known::new();
    let panicking = Server::new(|sent, _| panic!("the transport panics over {} bytes", sent.body.len()));
    let failing =
        Server::failing(|_, _| Err(TransportError::new(TransportErrorKind::Other).caused_by("reset")));
    for server in [panicking, failing] {
        let flow = flow(&server);
        let session = flow.session("ada");
        session.adopt(stored(record())).await.expect("stored");
        let error = session.access_token().await.expect_err("no answer came");
        assert_clean("an interrupted refresh", &words(&error), &known.all());
    }
}

#[test]
fn a_record_that_cannot_be_read_is_not_quoted() {
    let known = Known::new();
    let grant = json!({"generation": 1, "tokens": record()});
    let spoiled = [
        Value::String(record().to_string()),
        json!([ACCESS_TOKEN]),
        json!({"access_token": ACCESS_TOKEN, "obtained_at": REFRESH_TOKEN}),
        json!({"access_token": [ID_TOKEN]}),
        json!({"generation": REFRESH_TOKEN, "tokens": record()}),
        json!({"generation": 1, "tokens": record().to_string()}),
        json!({"generation": 1, "tokens": record(), "dead": [API_KEY]}),
        Value::String(grant.to_string()),
        json!({ACCESS_TOKEN: 1}),
    ];
    for record in spoiled {
        let as_tokens = serde_json::from_value::<StoredTokens>(record.clone()).err();
        let as_grant = serde_json::from_str::<StoredGrant>(&record.to_string()).err();
        let text = format!("{as_tokens:?} {as_grant:?}");
        assert!(as_tokens.is_some() || as_grant.is_some());
        assert_clean("a serde error", &text, &known.all());
    }
    assert!(serde_json::from_value::<StoredGrant>(grant).is_ok());
}
