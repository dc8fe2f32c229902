//! Clients that sign what they prove themselves by (RFC 7523, OpenID Connect Core §9).

mod common;

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use common::{
    ACME, Acme, REDIRECT_URI, Sent, Server, confidential, good, json_answer, provider, sign_in, time,
};
use oauth_runtime::{
    AuthCodeFlow, Credentials, Error, PrivateKey, SigningAlgorithm,
    spec::{Assertion, AssertionUse, AuthMethod, Param, Spec, Template},
};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
    },
};
use serde_json::{Value, json};
use std::time::Duration;

const NOW: u64 = 1_800_000_000;

provider!(Signer, Spec { token_endpoint_auth_methods: &[AuthMethod::PrivateKeyJwt], ..ACME });
provider!(
    Fruit,
    Spec {
        token_endpoint_auth_methods: &[AuthMethod::ClientSecretPost],
        assertion: Some(Assertion {
            used_as: AssertionUse::ClientSecret,
            algorithm: Some(SigningAlgorithm::Es256),
            header: &[Param { name: "kid", value: Template::new("KEY7") }],
            claims: &[
                Param { name: "iss", value: Template::new("TEAM9") },
                Param { name: "aud", value: Template::new("https://id.example") },
            ],
            ttl: Duration::from_secs(60),
        }),
        ..ACME
    }
);

/// A new key in PEM, and the public half of it.
fn key() -> (String, Vec<u8>) {
    let random = SystemRandom::new();
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    let pair =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref(), &random).expect("a key");
    (pem("PRIVATE KEY", der.as_ref()), pair.public_key().as_ref().to_vec())
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<_> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// The request of a sign-in, at the time [`NOW`].
async fn request_of<P>(provider: P, key: PrivateKey) -> Sent
where
    P: oauth_runtime::provider::HasAuthorizationEndpoint,
{
    let server = Server::always(good());
    let flow =
        AuthCodeFlow::new(provider, Credentials::private_key("id", key), REDIRECT_URI).expect("a flow");
    sign_in(&flow.transport(server.transport()).clock(|| time(NOW))).await.expect("a token");
    server.only()
}

/// The header and the claims of a token whose signature holds.
fn verified(token: &str, public: &[u8]) -> (Value, Value) {
    let (message, signature) = token.rsplit_once('.').expect("a signature");
    let (header, claims) = message.split_once('.').expect("a header");
    let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64url");
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)
        .verify(message.as_bytes(), &decode(signature))
        .expect("the signature holds");
    let json = |part: &str| serde_json::from_slice(&decode(part)).expect("JSON");
    (json(header), json(claims))
}

#[tokio::test]
async fn private_key_jwt_sends_a_token_that_the_key_signed_for_this_request() {
    let (pem, public) = key();
    let sent = request_of(Signer, PrivateKey::from_pem(&pem).expect("a key").with_id("k1")).await;
    assert_eq!(sent.field("client_id").as_deref(), Some("id"));
    assert_eq!(
        sent.field("client_assertion_type").as_deref(),
        Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
    );
    assert_eq!(sent.field("client_secret"), None);
    assert_eq!(sent.header("authorization"), None);
    let (header, mut claims) = verified(&sent.field("client_assertion").expect("it is there"), &public);
    assert_eq!(header, json!({ "alg": "ES256", "typ": "JWT", "kid": "k1" }));
    let id = claims.as_object_mut().expect("an object").remove("jti").expect("it counts once");
    assert_eq!(id.as_str().map(str::len), Some(43));
    assert_eq!(
        claims,
        json!({ "iss": "id", "sub": "id", "aud": "https://id.example/token", "iat": NOW, "exp": NOW + 300 })
    );
}

#[tokio::test]
async fn no_two_requests_have_the_same_token() {
    let key = PrivateKey::from_pem(&key().0).expect("a key");
    let first = request_of(Signer, key.clone()).await.field("client_assertion");
    assert_ne!(first, request_of(Signer, key).await.field("client_assertion"));
}

#[tokio::test]
async fn a_client_secret_can_be_a_token_that_the_client_signs() {
    let (pem, public) = key();
    let sent = request_of(Fruit, PrivateKey::from_pem(&pem).expect("a key")).await;
    assert_eq!(sent.field("client_assertion"), None);
    let (header, claims) = verified(&sent.field("client_secret").expect("it is there"), &public);
    assert_eq!(header, json!({ "alg": "ES256", "typ": "JWT", "kid": "KEY7" }));
    assert_eq!(
        claims,
        json!({ "iss": "TEAM9", "sub": "id", "aud": "https://id.example", "iat": NOW, "exp": NOW + 60 })
    );
}

#[test]
fn credentials_that_a_provider_does_not_take_are_a_mistake_of_the_configuration() {
    let key = || PrivateKey::from_pem(&key().0).expect("a key");
    let other = PrivateKey::new(SigningAlgorithm::Rs256, |_| Ok(Vec::new()));
    let wrong = [
        AuthCodeFlow::new(Acme, Credentials::private_key("id", key()), REDIRECT_URI).err(),
        AuthCodeFlow::new(Signer, confidential(), REDIRECT_URI).err(),
        AuthCodeFlow::new(Fruit, confidential(), REDIRECT_URI).err(),
        AuthCodeFlow::new(Fruit, Credentials::private_key("id", other), REDIRECT_URI).err(),
    ];
    for error in wrong {
        assert!(matches!(error, Some(Error::Configuration(_))), "{error:?}");
    }
    assert!(AuthCodeFlow::new(Fruit, Credentials::private_key("id", key()), REDIRECT_URI).is_ok());
}

#[tokio::test]
async fn a_key_that_cannot_sign_sends_nothing() {
    let broken = PrivateKey::new(SigningAlgorithm::Es256, |_| Err("the module is offline".into()));
    let server = Server::always(good());
    let flow =
        AuthCodeFlow::new(Signer, Credentials::private_key("id", broken), REDIRECT_URI).expect("a flow");
    let error = sign_in(&flow.transport(server.transport())).await.expect_err("no signature");
    assert!(error.to_string().contains("the module is offline"), "{error}");
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_signed_token_that_the_server_echoes_is_not_shown() {
    let server = Server::new(|sent, _| {
        let echo = sent.field("client_assertion").expect("it is there");
        json_answer(
            400,
            &json!({ "error": "invalid_client", "error_description": format!("bad: {echo}, sorry") }),
        )
    });
    let key = PrivateKey::from_pem(&key().0).expect("a key");
    let flow = AuthCodeFlow::new(Signer, Credentials::private_key("id", key), REDIRECT_URI).expect("a flow");
    let error = sign_in(&flow.transport(server.transport())).await.expect_err("refused");
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("bad: [secret], sorry") && !shown.contains("eyJ"), "{shown}");
}

#[test]
fn a_text_that_is_no_key_is_refused_and_not_shown() {
    let (pem, _) = key();
    let half = &pem[..pem.len() / 2];
    for text in ["", "secret", half, &self::pem("EC PRIVATE KEY", b"x"), &self::pem("PRIVATE KEY", b"secret")]
    {
        let error = PrivateKey::from_pem(text).expect_err("no key");
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("PKCS #8") && !shown.contains("secret"), "{shown}");
    }
    let key = PrivateKey::from_pem(&pem).expect("a key").with_id("k1");
    assert_eq!(format!("{key:?}"), "PrivateKey { algorithm: Es256, id: Some(\"k1\"), .. }");
}

#[test]
fn an_rsa_key_signs_by_either_padding() {
    let pem = include_str!("rsa.pem");
    assert_eq!(PrivateKey::from_pem(pem).expect("a key").algorithm(), SigningAlgorithm::Rs256);
    assert_eq!(PrivateKey::from_rsa_pss_pem(pem).expect("a key").algorithm(), SigningAlgorithm::Ps256);
    assert!(PrivateKey::from_rsa_pss_pem(&key().0).is_err(), "an EC key has no padding");
}
