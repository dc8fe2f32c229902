//! TLS: a certificate that nobody vouches for gets nothing to see.

mod common;

use base64::{Engine, prelude::BASE64_STANDARD};
use common::{ACME, REDIRECT_URI, confidential, sign_in, store::Log};
use oauth_runtime::{
    AuthCodeFlow, Error, OAuthProvider,
    provider::HasAuthorizationEndpoint,
    spec::{Endpoint, Endpoints, Spec, Variable},
    transport::{ReqwestTransport, TransportErrorKind},
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
};

/// A certificate for 127.0.0.1 and localhost that signs itself, and its key: both are known to everybody.
const CERTIFICATE: &str = "\
    MIIBdzCCAR2gAwIBAgIUYvX2kUXwhy5jXNP/wVSjco0GDV8wCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0\
    MCAXDTI2MTEyMTE3MDYwNVoYDzIxMjYxMDI4MTcwNjA1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIB\
    BggqhkjOPQMBBwNCAATAbJC7c9uls4KunyfrXTmrcOXDbB/PE21KWhSiSx6gAMXNP9jjrwiAXUfXEfQLyF62t1QFVxWc\
    GgPUt9Nt7Sh0o0swSTAMBgNVHRMBAf8EAjAAMBoGA1UdEQQTMBGHBH8AAAGCCWxvY2FsaG9zdDAdBgNVHQ4EFgQULLhC\
    fEijb9AIEiRg2FdgHEuwrNQwCgYIKoZIzj0EAwIDSAAwRQIgJbcnSlzsuhCkbbAwFvxAVEoWZ262DlZvbciYDN3gb2IC\
    IQD9XhDvcO+jAanVxrfhDsSKhb9ZiEVjvT24nII8QevmMA==";
const KEY: &str = "\
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9ClKKdqD5OLB7tvYCSLEKNCwjRhHyghr5N3//nbv+2Kh\
    RANCAATAbJC7c9uls4KunyfrXTmrcOXDbB/PE21KWhSiSx6gAMXNP9jjrwiAXUfXEfQLyF62t1QFVxWcGgPUt9Nt7Sh0";

struct Local(String);

const LOCAL: Spec = Spec {
    id: "local",
    api: None,
    variables: &[Variable { name: "origin", ..Variable::PLAIN }],
    endpoints: Endpoints {
        authorization: Endpoint::new("{0}/authorize"),
        token: Endpoint::new("{0}/token"),
        ..Endpoints::NONE
    },
    ..ACME
};

impl OAuthProvider for Local {
    const SPEC: &'static Spec = &LOCAL;

    fn variable(&self, _: usize) -> Option<&str> {
        Some(&self.0)
    }
}
impl HasAuthorizationEndpoint for Local {}

fn certificate() -> CertificateDer<'static> {
    BASE64_STANDARD.decode(CERTIFICATE).expect("base64").into()
}

fn ring() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// A server with that certificate; what it could read goes to `seen`.
fn serve(seen: Log) -> u16 {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(BASE64_STANDARD.decode(KEY).expect("base64")));
    let config = rustls::ServerConfig::builder_with_provider(ring())
        .with_safe_default_protocol_versions()
        .expect("ring knows them")
        .with_no_client_auth()
        .with_single_cert(vec![certificate()], key)
        .expect("the key fits");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(config.clone(), stream, &seen);
        }
    });
    port
}

fn answer(config: Arc<rustls::ServerConfig>, stream: TcpStream, seen: &Log) {
    const BODY: &str = r#"{"access_token":"AT"}"#;
    let connection = rustls::ServerConnection::new(config).expect("the settings are good");
    let mut stream = rustls::StreamOwned::new(connection, stream);
    let mut bytes = vec![0; 4096];
    let mut request = String::new();
    while !request.contains("code_verifier=") {
        let Ok(length @ 1..) = stream.read(&mut bytes) else { return };
        request.push_str(&String::from_utf8_lossy(&bytes[..length]));
    }
    seen.note(request);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", BODY.len());
    let _ = stream.write_all(format!("{head}{BODY}").as_bytes());
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

fn flow(port: u16, host: &str) -> AuthCodeFlow<Local> {
    let origin = format!("https://{host}:{port}");
    AuthCodeFlow::new(Local(origin), confidential(), REDIRECT_URI).expect("a flow")
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_and_nothing_is_sent() {
    let seen = Log::default();
    let port = serve(seen.clone());
    for host in ["127.0.0.1", "localhost"] {
        let outcome = sign_in(&flow(port, host)).await;
        assert!(
            matches!(&outcome, Err(Error::Transport(error)) if error.kind() == TransportErrorKind::Tls),
            "{outcome:?}"
        );
        assert!(outcome.is_err_and(|error| !error.is_transient()), "trying again does not help");
    }
    assert!(seen.all().is_empty());
}

/// A transport that trusts that certificate.
fn trusting() -> ReqwestTransport {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate()).expect("a certificate");
    let config = rustls::ClientConfig::builder_with_provider(ring())
        .with_safe_default_protocol_versions()
        .expect("ring knows them")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(config).build();
    ReqwestTransport::from(client.expect("a client"))
}

#[tokio::test]
async fn a_certificate_that_is_vouched_for_is_taken_under_its_own_name_only() {
    let seen = Log::default();
    let port = serve(seen.clone());
    let tokens = sign_in(&flow(port, "127.0.0.1").transport(trusting())).await.expect("a token");
    assert_eq!((tokens.access_token().expose(), seen.all().len()), ("AT", 1));
    let outcome = sign_in(&flow(port, "127.0.0.2").transport(trusting())).await;
    // Where a system has no second loopback address, there is no connection at all.
    assert!(matches!(outcome, Err(Error::Transport(_))), "{outcome:?}");
    assert_eq!(seen.all().len(), 1);
}
