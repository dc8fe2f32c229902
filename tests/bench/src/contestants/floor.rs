//! The floors: what one would write by hand for a single provider, with every constant known beforehand.

use super::{client_012, client_013, client_013_alone};
use crate::{
    case::{Awaited, Call, Case, FLOOR_012, TwoThreads, Work},
    config::{CONFIG, Config},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rand::RngCore;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    hint::black_box,
    rc::Rc,
    sync::{Arc, RwLock},
    time::{Duration, SystemTime},
};
use tokio::runtime::Runtime;

/// RFC 3986's unreserved characters pass, every other byte becomes `%XX`.
fn encode_into(out: &mut String, value: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut from = 0;
    for (at, byte) in value.bytes().enumerate() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            continue;
        }
        if from < at {
            // Between two reserved bytes is unreserved ASCII, so both ends are character boundaries.
            out.push_str(&value[from..at]);
        }
        out.push('%');
        out.push(HEX[usize::from(byte >> 4)] as char);
        out.push(HEX[usize::from(byte & 15)] as char);
        from = at + 1;
    }
    out.push_str(&value[from..]);
}

fn encoded(value: &str) -> String {
    let mut out = String::new();
    encode_into(&mut out, value);
    out
}

/// The constant part of the URL.
pub struct Prefix(String);

impl Prefix {
    /// All but state and challenge.
    pub fn with_scopes(config: &Config) -> Self {
        let scope = encoded(&config.scopes.join(" "));
        let Self(prefix) = Self::without_scopes(config);
        Self(format!("{prefix}&scope={scope}"))
    }

    fn without_scopes(config: &Config) -> Self {
        Self(format!(
            "{}?response_type=code&client_id={}&redirect_uri={}&code_challenge_method=S256",
            config.authorization_endpoint,
            encoded(config.client_id),
            encoded(config.redirect_uri),
        ))
    }

    pub fn url(&self, state: &str, challenge: &str) -> String {
        let mut url = String::with_capacity(self.0.len() + 7 + 16 + state.len() + challenge.len());
        url.push_str(&self.0);
        url.push_str("&state=");
        encode_into(&mut url, state);
        url.push_str("&code_challenge=");
        encode_into(&mut url, challenge);
        url
    }

    fn url_with_scopes(&self, scopes: &[&str], state: &str, challenge: &str) -> String {
        let scope_length: usize = scopes.iter().map(|scope| scope.len() * 3 + 3).sum();
        let length = self.0.len() + 30 + scope_length + state.len() + challenge.len();
        let mut url = String::with_capacity(length);
        url.push_str(&self.0);
        url.push_str("&scope=");
        for (index, scope) in scopes.iter().enumerate() {
            if index > 0 {
                url.push_str("%20");
            }
            encode_into(&mut url, scope);
        }
        url.push_str("&state=");
        encode_into(&mut url, state);
        url.push_str("&code_challenge=");
        encode_into(&mut url, challenge);
        url
    }
}

/// How long a user may take at the provider.
const LIFETIME: Duration = Duration::from_secs(600);

/// State and verifier of 256 random bits each, as texts because the caller keeps them, until when, and the challenge.
pub struct Pkce {
    pub state: String,
    pub verifier: String,
    pub until: SystemTime,
    challenge: [u8; 43],
}

impl Pkce {
    /// From a generator in the process, as oauth2 does it: `rand::thread_rng`.
    pub fn fresh() -> Self {
        let mut random = [0; 64];
        rand::thread_rng().fill_bytes(&mut random);
        Self::of(&random)
    }

    /// From the operating system, by one call.
    fn fresh_from_system() -> Self {
        let mut random = [0; 64];
        getrandom::fill(&mut random).expect("the system has randomness");
        Self::of(&random)
    }

    fn of(random: &[u8; 64]) -> Self {
        let state = BASE64_URL_SAFE_NO_PAD.encode(&random[..32]);
        let verifier = BASE64_URL_SAFE_NO_PAD.encode(&random[32..]);
        let challenge = challenge(&verifier);
        Self { state, verifier, until: SystemTime::now() + LIFETIME, challenge }
    }

    pub fn challenge(&self) -> &str {
        std::str::from_utf8(&self.challenge).expect("base64url is ASCII")
    }
}

/// `BASE64URL(SHA256(verifier))`.
pub fn challenge(verifier: &str) -> [u8; 43] {
    let mut challenge = [0; 43];
    let digest = Sha256::digest(verifier.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode_slice(digest, &mut challenge).expect("32 bytes are 43 characters");
    challenge
}

/// What a plain serde struct makes of a token answer.
#[derive(Deserialize)]
pub struct Token {
    pub access_token: String,
    pub token_type: String,
    pub expires_in: Option<u64>,
    pub refresh_token: Option<String>,
    pub scope: Option<String>,
}

#[derive(Deserialize)]
struct BorrowedToken<'a> {
    access_token: &'a str,
    token_type: &'a str,
    expires_in: Option<u64>,
    refresh_token: Option<&'a str>,
    scope: Option<&'a str>,
}

pub fn cases(runtime: &Rc<Runtime>) -> Vec<Case> {
    let mut cases = urls();
    cases.extend(parses(Work::Parse, CONFIG.answer().leak()));
    cases.extend(parses(Work::ParseIdToken, CONFIG.answer_with_id_token().leak()));
    cases.extend(exchanges(runtime));
    cases.extend(tokens());
    cases
}

fn urls() -> Vec<Case> {
    let (constant, scoped) =
        (Rc::new(Prefix::with_scopes(&CONFIG)), Rc::new(Prefix::without_scopes(&CONFIG)));
    let with_scopes = move |state: &str, challenge: &str| {
        scoped.url_with_scopes(black_box(&CONFIG.scopes), state, challenge)
    };
    let (fresh, fresh_scoped, from_system) = (constant.clone(), with_scopes.clone(), constant.clone());
    vec![
        given("floor", move |state, challenge| constant.url(state, challenge))
            .note("one String from a constant prefix, the scopes among it"),
        given("floor-scopes", with_scopes).note("the scopes come with the call, as ours do"),
        drawn("floor", Pkce::fresh, move |state, challenge| fresh.url(state, challenge))
            .note("64 random bytes of rand::thread_rng, and until when"),
        drawn("floor-scopes", Pkce::fresh, fresh_scoped),
        drawn("floor-system-random", Pkce::fresh_from_system, move |state, challenge| {
            from_system.url(state, challenge)
        })
        .note("one getrandom of 64 bytes"),
    ]
}

fn given(name: &'static str, url: impl Fn(&str, &str) -> String + 'static) -> Case {
    let call = Call(move || url(black_box(CONFIG.state), black_box(CONFIG.challenge)), |url| url);
    Case::new(Work::UrlGiven, name, call)
}

fn drawn(name: &'static str, draw: fn() -> Pkce, url: impl Fn(&str, &str) -> String + 'static) -> Case {
    let call = move || {
        let pkce = draw();
        (url(&pkce.state, pkce.challenge()), pkce)
    };
    Case::new(Work::UrlFresh, name, Call(call, |(url, _)| url))
}

fn parses(work: Work, answer: &'static str) -> Vec<Case> {
    let read = move || -> Token { serde_json::from_slice(black_box(answer.as_bytes())).expect("an answer") };
    let borrow = move || -> BorrowedToken<'_> {
        serde_json::from_slice(black_box(answer.as_bytes())).expect("an answer")
    };
    let value = move || -> serde_json::Value { serde_json::from_str(black_box(answer)).expect("an answer") };
    let text =
        |value: serde_json::Value| value["access_token"].as_str().map(str::to_owned).unwrap_or_default();
    vec![
        Case::new(
            work,
            "floor",
            Call(read, |token: Token| {
                let _ = (token.token_type, token.expires_in, token.refresh_token, token.scope);
                token.access_token
            }),
        )
        .note("a serde struct, owned"),
        Case::new(
            work,
            "serde-borrowed",
            Call(borrow, |token: BorrowedToken<'_>| {
                let _ = (token.token_type, token.expires_in, token.refresh_token, token.scope);
                token.access_token.to_owned()
            }),
        ),
        Case::new(work, "serde-value", Call(value, text)).note("serde_json::Value"),
    ]
}

/// The same lines over both versions of reqwest.
macro_rules! exchange {
    ($http:expr) => {{
        let http = $http;
        async move || {
            let response = http
                .post(CONFIG.token_endpoint)
                .basic_auth(CONFIG.client_id, Some(CONFIG.client_secret))
                .header("accept", "application/json")
                .timeout(Duration::from_secs(10))
                .form(&[
                    ("grant_type", "authorization_code"),
                    ("code", CONFIG.code),
                    ("redirect_uri", CONFIG.redirect_uri),
                    ("code_verifier", CONFIG.verifier),
                ])
                .send()
                .await
                .expect("an answer")
                .error_for_status()
                .expect("a good one");
            let body = response.bytes().await.expect("a body");
            let token: Token = serde_json::from_slice(&body).expect("a token answer");
            token
        }
    }};
}

fn exchanges(runtime: &Rc<Runtime>) -> Vec<Case> {
    let shown = |token: Token| token.access_token;
    vec![
        Case::new(Work::Exchange, "floor", Awaited(runtime.clone(), exchange!(client_013()), shown))
            .note("raw reqwest 0.13 form POST with a deadline, a serde struct"),
        Case::new(
            Work::ExchangeAlone,
            "floor",
            Awaited(runtime.clone(), exchange!(client_013_alone()), shown),
        ),
        Case::new(Work::Exchange, FLOOR_012, Awaited(runtime.clone(), exchange!(client_012()), shown))
            .on_reqwest_012()
            .note("the same on reqwest 0.12"),
    ]
}

/// What a cache by hand holds for a user.
struct Cached {
    access_token: Arc<str>,
    expires_at: SystemTime,
}

/// A map in cache lines of its own.
#[repr(align(128))]
struct Padded(Cache);

type Cache = RwLock<HashMap<String, Cached>>;

fn look_up(cache: &Cache, owner: &str) -> Option<Arc<str>> {
    let cache = cache.read().expect("no panic");
    let cached = cache.get(owner)?;
    let is_fresh = cached.expires_at > SystemTime::now() + Duration::from_secs(60);
    is_fresh.then(|| cached.access_token.clone())
}

fn tokens() -> Vec<Case> {
    let cached = || Cached {
        access_token: CONFIG.access_token.into(),
        expires_at: SystemTime::now() + Duration::from_secs(3600),
    };
    let cache: Cache = RwLock::new(["ada", "grace"].map(|owner| (owner.to_owned(), cached())).into());
    let cache = Arc::new(cache);
    let (one, two) = (cache.clone(), cache.clone());
    let own = [(), ()].map(|()| Padded(RwLock::new(HashMap::from([("ada".to_owned(), cached())]))));
    let shown = |token: Option<Arc<str>>| token.as_deref().unwrap_or_default().to_owned();
    vec![
        Case::new(Work::Token, "floor", Call(move || look_up(&cache, black_box("ada")), shown))
            .note("a read lock, a map, a look at the clock, a clone"),
        Case::new(
            Work::TokenTwoThreads,
            "floor",
            TwoThreads(async move |thread: usize| look_up(&one, ["ada", "grace"][thread])),
        ),
        Case::new(
            Work::TokenTwoThreads,
            "floor-own-map",
            TwoThreads(async move |thread: usize| look_up(&own[thread].0, black_box("ada"))),
        )
        .note("each thread has a map of its own: as much as the machine grows"),
        Case::new(
            Work::TokenTwoThreadsOneOwner,
            "floor",
            TwoThreads(async move |_| look_up(&two, black_box("ada"))),
        ),
    ]
}
