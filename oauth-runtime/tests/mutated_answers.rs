//! Answers that were damaged at random: no panic, no token that a strict reader would not see, and the quick reader of
//! plain answers says the same as the careful one.

mod common;

use common::{ACME, Server, answer, flow, provider, sign_in, time};
use oauth_runtime::{
    AuthCodeFlow, Error, TokenSet,
    provider::HasAuthorizationEndpoint,
    spec::{Spec, TokenResponse},
    transport::Response,
};
use serde_json::Value;
use std::sync::{Arc, Mutex};

provider!(Plain, ACME);
provider!(Careful, Spec { response: TokenResponse { plain: false, ..TokenResponse::PLAIN }, ..ACME });

const SEEDS: &[&str] = &[
    r#"{"access_token":"AT","token_type":"Bearer","expires_in":3600,"refresh_token":"RT","scope":"read write"}"#,
    r#"{"access_token":"AT","token_type":null,"expires_in":"3600.5","id_token":"a.b.c","extra":{"a":[1,{"b":null}]}}"#,
    r#"{"access\u005ftoken":"A\u0054","scope":["read","write"],"refresh_token_expires_in":1e9,"error":null}"#,
    r#"{"error":"invalid_grant","error_description":"no","error_uri":"https://id.example/e","access_token":"AT"}"#,
    r#"{"access_token":"AT","x":"\ud83d\ude00 é","y":-0.0,"z":[true,false],"expires_in":-1}"#,
];

/// What is cut in: parts of answers, and what readers stumble over.
const PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b",",
    b":",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b" ",
    b"\n",
    b"null",
    b"true",
    b"0",
    b"-",
    b"1e400",
    b"99999999999999999999",
    b"\"access_token\":\"EVIL\",",
    b"\"error\":\"x\",",
    b"\"error\":{},",
    b"\"error\":\"\",",
    b"\"expires_in\":{},",
    b"\"scope\":7,",
    b"\"token_type\":\"mac\",",
    b"{}{}",
];

/// A small generator of numbers (`SplitMix64`), so that each run is the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).expect("it is below a usize")
    }

    fn mutant(&mut self) -> Vec<u8> {
        let mut bytes = SEEDS[self.below(SEEDS.len())].as_bytes().to_vec();
        for _ in 0..=self.below(3) {
            let start = self.below(bytes.len() + 1);
            let end = start + self.below(4).min(bytes.len() - start);
            match self.below(5) {
                0 => bytes.truncate(start),
                1 => drop(bytes.drain(start..end)),
                2 if start < bytes.len() => bytes[start] ^= 1 << self.below(8),
                _ => drop(bytes.splice(start..end, PIECES[self.below(PIECES.len())].iter().copied())),
            }
        }
        bytes
    }
}

/// A flow whose server answers what it is told to.
struct Reader<P> {
    flow: AuthCodeFlow<P>,
    next: Arc<Mutex<Response>>,
}

impl<P: HasAuthorizationEndpoint> Reader<P> {
    fn new(provider: P) -> Self {
        let next = Arc::new(Mutex::new(Response::default()));
        let answering = next.clone();
        let server = Server::new(move |_, _| answering.lock().expect("no panic").clone());
        Self { flow: flow(provider, &server).clock(|| time(1_000_000)), next }
    }

    async fn read(&self, response: Response) -> Result<TokenSet<P>, Error> {
        *self.next.lock().expect("no panic") = response;
        sign_in(&self.flow).await
    }
}

/// What can be seen of an outcome.
fn told<P: HasAuthorizationEndpoint>(outcome: Result<TokenSet<P>, Error>) -> Result<Value, String> {
    match outcome {
        Ok(tokens) => Ok(serde_json::to_value(tokens.expose()).expect("a record")),
        Err(error) => Err(error.to_string()),
    }
}

#[tokio::test]
async fn a_damaged_answer_is_read_alike_by_both_readers_and_never_better_than_it_is() {
    let mut dice = Dice(20_261_121);
    let (mut taken, mut refused) = (0, 0);
    let (plain, careful) = (Reader::new(Plain), Reader::new(Careful));
    for _ in 0..6_000 {
        let body = dice.mutant();
        let status = [200, 200, 200, 201, 400][dice.below(5)];
        let text = String::from_utf8_lossy(&body);
        let response = answer(status, "application/json", body.clone());
        let quick = told(plain.read(response.clone()).await);
        assert_eq!(quick, told(careful.read(response).await), "{status} {text}");
        let Ok(record) = quick else {
            refused += 1;
            continue;
        };
        taken += 1;
        let strict: Value =
            serde_json::from_slice(&body).unwrap_or_else(|_| panic!("a strict reader refuses {text}"));
        assert_eq!(record["access_token"], strict["access_token"], "{text}");
        assert!(
            matches!(&strict["error"], Value::Null | Value::Bool(false))
                || strict["error"] == ""
                || strict["error"] == 0,
            "{text}"
        );
        assert!(status < 300, "{text}");
    }
    assert!(taken > 300 && refused > 3_000, "{taken} taken, {refused} refused");
}
