//! The signature of a callback.

use hmac::{Hmac, KeyInit, Mac};
use oauth_runtime::spec::Spec;
use sha2::Sha256;
use std::fmt::Write;

/// Whether the parameter holds the signature.
pub(crate) fn holds(spec: &Spec, parameter: &str) -> bool {
    spec.callback.verify.is_some_and(|verify| verify.parameter == parameter)
}

/// Signs the parameters, where the definition says so.
pub(crate) fn sign(spec: &Spec, secret: Option<&str>, pairs: &mut Vec<(String, String)>) {
    let (Some(verify), Some(secret)) = (spec.callback.verify, secret) else { return };
    let mut sorted = pairs.clone();
    sorted.sort();
    let escape = |text: &str| text.replace('%', "%25").replace('&', "%26");
    let pair =
        |(name, value): &(String, String)| format!("{}={}", escape(name).replace('=', "%3D"), escape(value));
    let message = sorted.iter().map(pair).collect::<Vec<_>>().join("&");
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length fits");
    mac.update(message.as_bytes());
    let digits = mac.finalize().into_bytes().iter().fold(String::new(), |mut digits, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    });
    pairs.push((verify.parameter.to_owned(), digits));
}
