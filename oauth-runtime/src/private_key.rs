//! [`PrivateKey`]: what a client signs its assertions with, in place of a secret (RFC 7523 §2.2).

use crate::{
    client::Client,
    error::{BoxError, Error},
    secret::Secret,
    spec::SigningAlgorithm,
    wire::assertion,
};
use std::{fmt, sync::Arc, time::SystemTime};

type Assert = fn(&Client, &PrivateKey, SystemTime) -> Result<Secret, Error>;
type Sign = Arc<dyn Fn(&[u8]) -> Result<Vec<u8>, BoxError> + Send + Sync>;

/// A private key of the client, for `private_key_jwt` and for providers whose secret is a token that the client signs itself.
///
/// [`from_pem`](Self::from_pem) reads one (feature `private-key`). A key that must not leave its place, in a key
/// management service or a hardware module, signs by a function of yours: [`new`](Self::new). `Debug` shows no key.
#[derive(Clone)]
pub struct PrivateKey {
    algorithm: SigningAlgorithm,
    id: Option<Arc<str>>,
    sign: Sign,
    /// [`assertion::sign`]. Through a pointer, so that only a program with a key has what makes tokens.
    assert: Assert,
}

impl PrivateKey {
    /// A key that signs by `sign`: it takes the bytes to sign, and gives the signature as RFC 7518 §3 has it.
    ///
    /// It is called for each token request, on the task that makes it. What it fails with is the error of that request.
    pub fn new(
        algorithm: SigningAlgorithm,
        sign: impl Fn(&[u8]) -> Result<Vec<u8>, BoxError> + Send + Sync + 'static,
    ) -> Self {
        Self { algorithm, id: None, sign: Arc::new(sign), assert: assertion::sign }
    }

    /// Names the key (`kid`), where the provider knows several of this client.
    #[must_use]
    pub fn with_id(self, id: impl Into<Arc<str>>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// How it signs.
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// What the client proves itself by at `now`.
    pub(crate) fn assertion(&self, client: &Client, now: SystemTime) -> Result<Secret, Error> {
        (self.assert)(client, self, now)
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, BoxError> {
        (self.sign)(message)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("algorithm", &self.algorithm)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "private-key")]
mod pem {
    use super::{PrivateKey, SigningAlgorithm};
    use ring::{
        rand::SystemRandom,
        signature::{
            ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
            EcdsaSigningAlgorithm, Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
        },
    };
    use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
    use std::fmt;

    impl PrivateKey {
        /// Reads a key from a PKCS #8 file in PEM, the one with `-----BEGIN PRIVATE KEY-----`. Its kind decides how it signs: P-256
        /// by ES256, P-384 by ES384, RSA of at least 2048 bits by RS256, Ed25519 by `EdDSA`.
        ///
        /// # Errors
        /// [`InvalidPrivateKey`]: the text is no such file, or the key is of another kind.
        pub fn from_pem(pem: &str) -> Result<Self, InvalidPrivateKey> {
            let der =
                PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| InvalidPrivateKey(()))?;
            let der = der.secret_pkcs8_der();
            ecdsa(der, SigningAlgorithm::Es256, &ECDSA_P256_SHA256_FIXED_SIGNING)
                .or_else(|| ecdsa(der, SigningAlgorithm::Es384, &ECDSA_P384_SHA384_FIXED_SIGNING))
                .or_else(|| rsa(der, SigningAlgorithm::Rs256))
                .or_else(|| ed25519(der))
                .ok_or(InvalidPrivateKey(()))
        }

        /// The same for an RSA key that signs by PSS: PS256.
        ///
        /// # Errors
        /// [`InvalidPrivateKey`]: the text is no such file, or the key is none of RSA.
        pub fn from_rsa_pss_pem(pem: &str) -> Result<Self, InvalidPrivateKey> {
            let der =
                PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| InvalidPrivateKey(()))?;
            rsa(der.secret_pkcs8_der(), SigningAlgorithm::Ps256).ok_or(InvalidPrivateKey(()))
        }
    }

    fn ecdsa(der: &[u8], name: SigningAlgorithm, of: &'static EcdsaSigningAlgorithm) -> Option<PrivateKey> {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(of, der, &random).ok()?;
        let sign = move |message: &[u8]| {
            let signature = pair.sign(&random, message).map_err(|_| "the key cannot sign")?;
            Ok(signature.as_ref().to_vec())
        };
        Some(PrivateKey::new(name, sign))
    }

    fn rsa(der: &[u8], name: SigningAlgorithm) -> Option<PrivateKey> {
        let pair = RsaKeyPair::from_pkcs8(der).ok()?;
        let padding: &dyn RsaEncoding =
            if name == SigningAlgorithm::Ps256 { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
        let sign = move |message: &[u8]| {
            let mut signature = vec![0; pair.public().modulus_len()];
            pair.sign(padding, &SystemRandom::new(), message, &mut signature)
                .map_err(|_| "the key cannot sign")?;
            Ok(signature)
        };
        Some(PrivateKey::new(name, sign))
    }

    fn ed25519(der: &[u8]) -> Option<PrivateKey> {
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).ok()?;
        Some(PrivateKey::new(SigningAlgorithm::EdDsa, move |message| {
            Ok(pair.sign(message).as_ref().to_vec())
        }))
    }

    /// A text that is no private key which can be used. It does not say what the text was.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct InvalidPrivateKey(());

    impl fmt::Display for InvalidPrivateKey {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(
                "not a private key in PKCS #8 PEM for ES256, ES384, RS256 or EdDSA; `openssl pkcs8 -topk8 -nocrypt` makes one of other PEM files",
            )
        }
    }

    impl std::error::Error for InvalidPrivateKey {}
}

#[cfg(feature = "private-key")]
pub use self::pem::InvalidPrivateKey;
