//! Certificates and the servers of the rows about TLS, and a client that believes in our root.

use super::server::{Action, Layer};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use std::{net::Ipv4Addr, sync::Arc};

/// What a TLS server does wrong, or right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing: the control.
    None,
    /// The certificate is its own issuer.
    SelfSigned,
    /// The certificate is of another host.
    OtherName,
    /// The certificate lapsed.
    Expired,
    /// The certificate is of tomorrow.
    NotYetValid,
    /// The certificate is of an issuer that nobody knows.
    UnknownIssuer,
    /// HTTP in clear.
    Clear,
    /// TLS 1.0.
    OldProtocol,
    /// The handshake does not go on.
    Stalled,
    /// The name leads to this machine, whose certificate is of another name.
    Rebound,
}

impl Fault {
    /// Reads the words of a row.
    pub(crate) fn parse(words: &str) -> Option<Self> {
        let words = words.to_ascii_lowercase();
        let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
        let table: [(&[&str], Self); 10] = [
            (&["rebind", "dns "], Self::Rebound),
            (&["self-signed", "self signed"], Self::SelfSigned),
            (&["another host", "other host", "wrong host", "wrong name", "mismatch"], Self::OtherName),
            (&["not yet", "future"], Self::NotYetValid),
            (&["expired", "lapsed"], Self::Expired),
            (&["unknown ca", "unknown issuer", "untrusted", "private ca"], Self::UnknownIssuer),
            (&["plain http", "cleartext", "in clear"], Self::Clear),
            (&["tls 1.0", "tls 1.1", "ssl"], Self::OldProtocol),
            (&["never finishes", "never completes", "stall", "hang", "silent"], Self::Stalled),
            (&["control", "valid certificate", "honest"], Self::None),
        ];
        table.iter().find(|(parts, _)| says(parts)).map(|(_, fault)| *fault)
    }

    /// Whether the platform's roots refuse it too. A name that nobody answers for cannot be looked up.
    pub(crate) fn is_for_the_default_client(self) -> bool {
        !matches!(self, Self::None | Self::Rebound)
    }
}

/// A server's side, and the root that a client may believe in.
pub(crate) struct Side {
    /// What stands between TCP and HTTP.
    pub(crate) layer: Layer,
    /// The root, as DER.
    pub(crate) root: Vec<u8>,
}

/// Makes the server's side of a fault.
///
/// # Errors
/// A certificate cannot be made.
pub(crate) fn side(fault: Fault) -> Result<Side, String> {
    let root = issuer("Root of the tests")?;
    let stranger = issuer("Root of a stranger")?;
    let key = KeyPair::generate().map_err(text)?;
    let name = match fault {
        Fault::OtherName => "elsewhere.example",
        _ => "localhost",
    };
    let mut params = CertificateParams::new(vec![name.to_owned()]).map_err(text)?;
    match fault {
        Fault::Expired => {
            params.not_before = rcgen::date_time_ymd(2020, 1, 1);
            params.not_after = rcgen::date_time_ymd(2020, 6, 1);
        }
        Fault::NotYetValid => params.not_before = rcgen::date_time_ymd(2090, 1, 1),
        _ => {}
    }
    let certificate = match fault {
        Fault::SelfSigned => params.self_signed(&key),
        Fault::UnknownIssuer => params.signed_by(&key, &stranger),
        _ => params.signed_by(&key, &root),
    };
    let certificate = certificate.map_err(text)?.der().clone();
    let layer = match fault {
        Fault::Clear => Layer::Raw(clear()),
        Fault::OldProtocol => Layer::Raw(old_protocol()),
        Fault::Stalled => Layer::Raw(vec![Action::Hang]),
        _ => Layer::Tls(server_config(certificate, &key)?),
    };
    Ok(Side { layer, root: root.der().to_vec() })
}

fn issuer(name: &str) -> Result<CertifiedIssuer<'static, KeyPair>, String> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().map_err(text)?).map_err(text)
}

fn server_config(certificate: CertificateDer<'static>, key: &KeyPair) -> Result<Arc<ServerConfig>, String> {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(text)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .map_err(text)?;
    Ok(Arc::new(config))
}

/// A token in clear where TLS is spoken.
fn clear() -> Vec<Action> {
    super::server::json(200, r#"{"access_token":"AT-EVIL","token_type":"Bearer"}"#)
}

/// A `ServerHello` of TLS 1.0 with `TLS_RSA_WITH_AES_128_CBC_SHA` (RFC 2246 §7.4.1.3).
fn old_protocol() -> Vec<Action> {
    let mut hello = vec![3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    let length = u8::try_from(hello.len()).expect("the message is short");
    let mut record = vec![22, 3, 1, 0, length + 4, 2, 0, 0, length];
    record.extend(hello);
    vec![Action::Send(record), Action::Hang]
}

/// A client of the user's own that believes in `root` alone, and for which the names of the rows lead to this machine.
///
/// # Errors
/// It cannot be made.
pub(crate) fn believing_in(root: &[u8], port: u16) -> Result<reqwest::Client, String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(root.to_vec())).map_err(text)?;
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(text)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let here = (Ipv4Addr::LOCALHOST, port).into();
    reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(reqwest::redirect::Policy::none())
        .resolve("localhost", here)
        .resolve("idp.example", here)
        .build()
        .map_err(text)
}

#[allow(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn text(error: impl ToString) -> String {
    error.to_string()
}
