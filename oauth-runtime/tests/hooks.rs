//! Hooks: what a definition cannot say, at providers that need it.

mod common;

use base64::{Engine, prelude::BASE64_STANDARD};
use common::{Clock, Server, answer, confidential, flow, json_answer, sign_in};
use oauth_runtime::{
    AuthCodeFlow, Credentials, Error, OAuthProvider, Session,
    hook::{
        AfterConnect, BeforeDisconnect, Connection, HookError, Profile, SignTokenRequest, TokenResponse,
        UnsignedRequest,
    },
    spec::Stage,
    transport::Response,
};
use ring::{hmac, rand::SystemRandom, rsa, signature};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::{fmt::Write, time::UNIX_EPOCH};

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text takes everything");
        text
    })
}

/// `hash` stands for the secret: SHA-256 of the secret, a bar, and the code or the refresh token.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://app.smartsheet.com/b/authorize",
    token_endpoint = "https://api.smartsheet.com/2.0/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    hooks(sign_token_request = true)
)]
struct Smartsheet;

impl SignTokenRequest for Smartsheet {
    fn sign_token_request(request: &mut UnsignedRequest) -> Result<(), HookError> {
        let secret = request.client_secret().ok_or(HookError::new("a hash needs the client secret"))?;
        let name = if request.stage() == Stage::Token { "code" } else { "refresh_token" };
        let grant = request.parameter(name).ok_or(HookError::new("there is nothing to hash"))?;
        let hash = hex(Sha256::digest(format!("{}|{grant}", secret.expose())));
        request.set("hash", hash);
        request.remove("client_secret");
        Ok(())
    }
}

#[tokio::test]
async fn smartsheet_gets_a_hash_in_place_of_the_secret() {
    let server = Server::new(|sent, before| {
        let grant = sent.field(if before == 0 { "code" } else { "refresh_token" }).expect("a grant");
        assert_eq!(sent.field("hash"), Some(hex(Sha256::digest(format!("client-secret|{grant}")))));
        assert_eq!((sent.field("client_secret"), sent.field("client_id")), (None, Some("id".to_owned())));
        json_answer(200, &json!({"access_token": "AT", "refresh_token": "RT", "expires_in": 604_799}))
    });
    let flow = flow(Smartsheet, &server);
    let session = flow.session("ada");
    session.adopt(sign_in(&flow).await.expect("signed in")).await.expect("stored");
    session.refresh().await.expect("refreshed");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_hook_that_fails_sends_nothing_and_shows_no_secret() {
    let server = Server::always(json_answer(200, &json!({"access_token": "AT"})));
    let public =
        AuthCodeFlow::new(Smartsheet, Credentials::public("id"), common::REDIRECT_URI).expect("a flow");
    let error = sign_in(&public.transport(server.transport())).await.expect_err("there is no secret");
    assert!(matches!(error, Error::Hook { name: "sign_token_request", .. }), "{error:?}");
    assert_eq!(error.to_string(), "the hook `sign_token_request` failed: a hash needs the client secret");
    assert_eq!(server.count(), 0);
}

/// HMAC-SHA256 over the body and the time, in a header.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://open001.myshopline.com/admin/oauth-web",
    token_endpoint = "https://open001.myshopline.com/admin/oauth/token/create",
    token_endpoint_auth_methods = ["client_secret_post"],
    code_challenge_methods = [],
    token(
        encoding = "json",
        headers(appkey = "{client_id}"),
        omit = ["grant_type", "redirect_uri", "client_id"],
        response(root = "data", access_token = "accessToken"),
    ),
    hooks(sign_token_request = true)
)]
struct Shopline;

impl SignTokenRequest for Shopline {
    fn sign_token_request(request: &mut UnsignedRequest) -> Result<(), HookError> {
        request.remove("client_secret");
        let millis =
            request.now().duration_since(UNIX_EPOCH).map_err(|_| HookError::new("the clock is wrong"))?;
        let timestamp = millis.as_millis().to_string();
        let secret = request.client_secret().ok_or(HookError::new("a signature needs the client secret"))?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        let sign = hex(hmac::sign(&key, &[request.body().as_slice(), timestamp.as_bytes()].concat()));
        request.header("timestamp", &timestamp)?;
        request.header("sign", &sign)
    }
}

#[tokio::test]
async fn shopline_gets_a_signature_of_the_very_body_that_is_sent() {
    let server = Server::new(|sent, _| {
        let timestamp = sent.header("timestamp").expect("a time");
        assert_eq!((timestamp, sent.header("appkey")), ("5000000", Some("id")));
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"client-secret");
        let expected = hex(hmac::sign(&key, &[&sent.body[..], timestamp.as_bytes()].concat()));
        assert_eq!(sent.header("sign"), Some(expected.as_str()));
        assert_eq!(sent.text(), r#"{"code":"CODE"}"#);
        json_answer(200, &json!({"code": 200, "data": {"accessToken": "AT"}}))
    });
    let tokens = sign_in(&flow(Shopline, &server).clock(Clock::at(5000).reading())).await.expect("signed");
    assert_eq!((tokens.access_token().expose(), server.count()), ("AT", 1));
}

/// RSA2: `SHA256withRSA` over the sorted parameters; the client secret is the private key.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://openauth.alipay.com/oauth2/publicAppAuthorize.htm",
    token_endpoint = "https://openapi.alipay.com/gateway.do",
    token_endpoint_auth_methods = ["client_secret_post"],
    token(
        rename(client_id = "app_id"),
        omit = ["redirect_uri"],
        params(method = "alipay.system.oauth.token", sign_type = "RSA2", charset = "utf-8", version = "1.0"),
        response(root = "alipay_system_oauth_token_response"),
    ),
    hooks(sign_token_request = true)
)]
struct Alipay;

/// `a=1&b=2`, sorted by name.
fn sorted<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut pairs: Vec<_> = parameters.map(|(name, value)| format!("{name}={value}")).collect();
    pairs.sort();
    pairs.join("&")
}

fn key(pem: &str) -> Option<rsa::KeyPair> {
    let (_, rest) = pem.split_once("-----BEGIN PRIVATE KEY-----")?;
    let body: String = rest.lines().take_while(|line| !line.starts_with("-----")).collect();
    rsa::KeyPair::from_pkcs8(&BASE64_STANDARD.decode(body).ok()?).ok()
}

impl SignTokenRequest for Alipay {
    fn sign_token_request(request: &mut UnsignedRequest) -> Result<(), HookError> {
        request.remove("client_secret");
        request.set("timestamp", "2026-11-21 20:00:00");
        let secret = request.client_secret().ok_or(HookError::new("a signature needs a key"))?;
        let key = key(secret.expose()).ok_or(HookError::new("the client secret is no RSA key"))?;
        let mut signed = vec![0; key.public().modulus_len()];
        key.sign(
            &signature::RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            sorted(request.parameters()).as_bytes(),
            &mut signed,
        )
        .map_err(|_| HookError::new("the key does not sign"))?;
        request.set("sign", BASE64_STANDARD.encode(signed));
        Ok(())
    }
}

#[tokio::test]
async fn alipay_gets_a_signature_over_its_sorted_parameters() {
    let pem = include_str!("rsa.pem");
    let public = key(pem).expect("a key").public().as_ref().to_vec();
    let server = Server::new(move |sent, _| {
        let form = sent.form();
        let pairs = form.iter().filter(|(name, _)| name != "sign");
        let text = sorted(pairs.map(|(name, value)| (name.as_str(), value.as_str())));
        let sign = BASE64_STANDARD.decode(sent.field("sign").expect("a signature")).expect("base64");
        let key = signature::UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, &public);
        key.verify(text.as_bytes(), &sign).expect("the signature is of these parameters");
        assert_eq!(sent.field("client_secret"), None, "the key stays here");
        json_answer(200, &json!({"alipay_system_oauth_token_response": {"access_token": "AT"}, "sign": "x"}))
    });
    let flow = AuthCodeFlow::new(Alipay, Credentials::confidential("2021", pem), common::REDIRECT_URI);
    let flow = flow.expect("a flow").transport(server.transport());
    assert_eq!(sign_in(&flow).await.expect("signed").access_token().expose(), "AT");
}

/// Answers that are no JSON: a form under another label, and errors in a call of a script.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://graph.qq.com/oauth2.0/authorize",
    token_endpoint = "https://graph.qq.com/oauth2.0/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    token(method = "GET", encoding = "query"),
    hooks(token_response = true)
)]
struct Qq;

impl TokenResponse for Qq {
    fn token_response(body: &[u8]) -> Result<Vec<u8>, HookError> {
        let text = std::str::from_utf8(body).map_err(|_| HookError::new("this is no text"))?.trim();
        if let Some(inner) = text.strip_prefix("callback(").and_then(|rest| rest.strip_suffix(");")) {
            return Ok(inner.trim().as_bytes().to_vec());
        }
        let members: Map<_, _> = url::form_urlencoded::parse(text.as_bytes())
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect();
        if members.contains_key("access_token") {
            Ok(Value::Object(members).to_string().into_bytes())
        } else {
            Err(HookError::new("this is neither a form nor a script"))
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_made_one_and_read_by_the_same_rules() {
    let answered = |body: &'static str| Server::always(answer(200, "text/html", body));
    let good = answered("access_token=AT&expires_in=7776000&refresh_token=RT");
    let tokens = sign_in(&flow(Qq, &good)).await.expect("a form");
    assert_eq!(tokens.access_token().expose(), "AT");
    assert!(tokens.refresh_token().is_some() && tokens.expires_at().is_some());

    let refused = answered(r#"callback( {"error":100020,"error_description":"code is reused error"} );"#);
    let error = sign_in(&flow(Qq, &refused)).await.expect_err("a script");
    assert_eq!(error.code(), Some("100020"));

    let unusable = answered("access_token=A T");
    let error = sign_in(&flow(Qq, &unusable)).await.expect_err("no token has a blank");
    assert!(matches!(error, Error::Answer(_)), "{error}");

    let other = answered("<html>client-secret</html>");
    let error = sign_in(&flow(Qq, &other)).await.expect_err("a page");
    assert!(matches!(error, Error::Hook { name: "token_response", .. }), "{error}");
    assert!(!format!("{error:?} {error}").contains("client-secret"));

    let gateway = Server::always(answer(502, "text/html", "<html>"));
    let error = sign_in(&flow(Qq, &gateway)).await.expect_err("a gateway");
    assert!(error.is_transient(), "{error}");
}

/// Makes an answer as long as it is told to.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://id.padded.example/authorize",
    token_endpoint = "https://id.padded.example/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    hooks(token_response = true)
)]
struct Padded;

impl TokenResponse for Padded {
    fn token_response(body: &[u8]) -> Result<Vec<u8>, HookError> {
        let length = std::str::from_utf8(body).ok().and_then(|text| text.parse().ok());
        let mut made = br#"{"access_token":"AT"}"#.to_vec();
        made.resize(length.ok_or(HookError::new("this is no number"))?, b' ');
        Ok(made)
    }
}

#[tokio::test]
async fn what_a_hook_makes_of_an_answer_is_as_long_as_an_answer_may_be_and_no_longer() {
    let limit = oauth_runtime::transport::Limits::TOKEN.body;
    let made = |length: usize| Server::always(answer(200, "text/plain", length.to_string()));
    let tokens = sign_in(&flow(Padded, &made(limit))).await.expect("it just fits");
    assert_eq!(tokens.access_token().expose(), "AT");
    for length in [limit + 1, 2 * limit] {
        let error = sign_in(&flow(Padded, &made(length))).await.expect_err("too long");
        assert!(matches!(error, Error::Hook { name: "token_response", .. }), "{error}");
    }
}

/// A provider with an API, whose account has to be looked up, and cleaned up.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://id.acme.example/authorize",
    token_endpoint = "https://id.acme.example/token",
    revocation_endpoint = "https://id.acme.example/revoke",
    userinfo_endpoint = "https://api.acme.example/me",
    token_endpoint_auth_methods = ["client_secret_post"],
    userinfo(subject = "id"),
    api(base_url = "https://api.acme.example"),
    hooks(after_connect = true, before_disconnect = true, profile = true)
)]
struct Acme;

impl AfterConnect for Acme {
    async fn after_connect(connection: Connection) -> Result<Map<String, Value>, HookError> {
        let sites: Value = connection.get("accessible-resources").json().await?;
        let cloud = sites.pointer("/0/id").cloned().ok_or(HookError::new("this user has no site"))?;
        Ok(Map::from_iter([("cloud_id".to_owned(), cloud)]))
    }
}

impl BeforeDisconnect for Acme {
    async fn before_disconnect(connection: Connection) -> Result<(), HookError> {
        let cloud = connection.captured("cloud_id").and_then(Value::as_str).unwrap_or_default();
        connection.post(&format!("{cloud}/webhooks/remove")).send().await?.json::<Value>()?;
        Ok(())
    }
}

impl Profile for Acme {
    fn profile(mut answer: Value) -> Result<Value, HookError> {
        let part = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        answer["name"] = format!("{} {}", part("first_name"), part("last_name")).into();
        Ok(answer)
    }
}

/// Acme, whose API answers these to the two hooks.
fn acme(sites: Value, cleaned: u16) -> Server {
    Server::new(move |sent, _| -> Response {
        let path = sent.url().path().to_owned();
        if path != "/token" && path != "/revoke" {
            assert_eq!(sent.header("authorization"), Some("Bearer AT"), "{path}");
        }
        match &*path {
            "/token" => json_answer(200, &json!({"access_token": "AT", "expires_in": 3600})),
            "/accessible-resources" => json_answer(200, &sites),
            "/me" => json_answer(200, &json!({"id": 7, "first_name": "Ada", "last_name": "Lovelace"})),
            "/c1/webhooks/remove" => json_answer(cleaned, &json!({})),
            "/revoke" => answer(200, "", ""),
            other => panic!("nothing is at {other}"),
        }
    })
}

async fn connected(server: &Server) -> Result<Session<Acme>, Error> {
    let flow = AuthCodeFlow::new(Acme, confidential(), common::REDIRECT_URI)?.transport(server.transport());
    let session = flow.session("ada");
    session.adopt(sign_in(&flow).await?).await?;
    Ok(session)
}

#[tokio::test]
async fn what_is_found_after_a_sign_in_is_kept_with_its_tokens() {
    let server = acme(json!([{"id": "c1"}]), 200);
    let session = connected(&server).await.expect("connected");
    let tokens = session.tokens().await.expect("tokens");
    assert_eq!(tokens.captured("cloud_id"), Some(&json!("c1")));
    let user = session.userinfo().await.expect("a user");
    assert_eq!((user.subject.as_str(), user.name.as_deref()), ("7", Some("Ada Lovelace")));
}

#[tokio::test]
async fn a_sign_in_whose_hook_fails_is_not_stored() {
    let server = acme(json!([]), 200);
    let flow = AuthCodeFlow::new(Acme, confidential(), common::REDIRECT_URI).expect("a flow");
    let flow = flow.transport(server.transport());
    let session = flow.session("ada");
    let error = session.adopt(sign_in(&flow).await.expect("tokens")).await.expect_err("no site");
    assert!(matches!(error, Error::Hook { name: "after_connect", .. }), "{error}");
    assert!(session.stored_tokens().await.expect("loaded").is_none());
}

#[tokio::test]
async fn a_grant_ends_after_its_hook_and_stays_when_the_hook_fails() {
    let server = acme(json!([{"id": "c1"}]), 200);
    let session = connected(&server).await.expect("connected");
    session.disconnect().await.expect("cleaned up, revoked, forgotten");
    let paths: Vec<_> = server.seen().iter().map(|sent| sent.url().path().to_owned()).collect();
    assert_eq!(paths, ["/token", "/accessible-resources", "/c1/webhooks/remove", "/revoke"]);
    assert!(session.stored_tokens().await.expect("loaded").is_none());

    let server = acme(json!([{"id": "c1"}]), 500);
    let session = connected(&server).await.expect("connected");
    for error in
        [session.disconnect().await, session.revoke().await].map(|end| end.expect_err("not cleaned up"))
    {
        assert!(matches!(error, Error::Hook { name: "before_disconnect", .. }), "{error}");
    }
    assert!(server.seen().iter().all(|sent| sent.url().path() != "/revoke"));
    assert!(session.stored_tokens().await.expect("loaded").is_some());
}

/// A hook that tries to set what the client writes itself.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://id.acme.example/authorize",
    token_endpoint = "https://id.acme.example/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    hooks(sign_token_request = true)
)]
struct Meddler;

impl SignTokenRequest for Meddler {
    fn sign_token_request(request: &mut UnsignedRequest) -> Result<(), HookError> {
        for (name, value) in
            [("Host", "evil.example"), ("content-length", "1"), ("x", "a\r\nb: c"), ("a b", "c")]
        {
            assert!(request.header(name, value).is_err(), "{name}");
        }
        assert!(!format!("{request:?}").contains("client-secret"));
        request.set("a b", "1");
        Ok(())
    }
}

#[tokio::test]
async fn what_a_hook_makes_of_a_request_is_checked() {
    let server = Server::always(json_answer(200, &json!({"access_token": "AT"})));
    let error = sign_in(&flow(Meddler, &server)).await.expect_err("a name with a blank");
    assert!(matches!(error, Error::Hook { .. }), "{error}");
    assert_eq!(server.count(), 0);
}
