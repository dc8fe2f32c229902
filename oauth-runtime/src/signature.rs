//! The signature of a callback: HMAC over its parameters, with the client secret as the key.

use crate::{error::CallbackError, secret::Secret, spec::Verify};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::borrow::Cow;

/// Refuses parameters that the provider did not sign.
pub(crate) fn check(verify: Verify, secret: &Secret, text: &str) -> Result<(), CallbackError> {
    let mut signature = None;
    let mut pairs = Vec::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        if name != verify.parameter {
            pairs.push((name, value));
        } else if signature.replace(value).is_some() {
            return Err(CallbackError::Duplicated(verify.parameter));
        }
    }
    let signature = signature.as_deref().and_then(from_hex).ok_or(CallbackError::Signature)?;
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("a key of any length fits");
    mac.update(message(pairs).as_bytes());
    // Compares in constant time.
    mac.verify_slice(&signature).map_err(|_| CallbackError::Signature)
}

/// The parameters sorted by their names, joined so that no other parameters give the same text.
fn message(mut pairs: Vec<(Cow<'_, str>, Cow<'_, str>)>) -> String {
    pairs.sort();
    let escape = |text: &str| text.replace('%', "%25").replace('&', "%26");
    let pair = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| {
        format!("{}={}", escape(name).replace('=', "%3D"), escape(value))
    };
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// The 32 bytes of 64 hexadecimal digits.
fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits: [u8; 64] = text.as_bytes().try_into().ok()?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(0)? << 4 | digit(1)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFY: Verify = Verify { parameter: "hmac" };

    /// The example of Shopify's documentation of the authorization code grant.
    const SHOPIFY: &str = "code=0907a61c0c8d55e99db179b68161bc00&hmac=700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf&shop=some-shop.myshopify.com&state=0.6784241404160823&timestamp=1337178173";

    fn checked(text: &str) -> Result<(), CallbackError> {
        check(VERIFY, &Secret::new("hush"), text)
    }

    #[test]
    fn what_the_provider_signed_passes_in_whatever_order_it_comes() {
        assert_eq!(checked(SHOPIFY), Ok(()));
        let mut pairs: Vec<_> = SHOPIFY.split('&').collect();
        pairs.reverse();
        assert_eq!(checked(&pairs.join("&")), Ok(()));
        assert_eq!(
            checked(&SHOPIFY.replace("700e2dad", "700E2DAD")),
            Ok(()),
            "hexadecimal digits of either case"
        );
    }

    #[test]
    fn what_was_changed_or_not_signed_is_refused() {
        for changed in [
            SHOPIFY.replace("some-shop", "evil-shop"),
            SHOPIFY.replace("code=0", "code=1"),
            SHOPIFY.replace("hmac=7", "hmac=8"),
            SHOPIFY.replace("hmac=", "hmac=0"),
            SHOPIFY.replace("hmac=", "mac="),
            SHOPIFY.replace("&timestamp=1337178173", ""),
            format!("{SHOPIFY}&shop=evil-shop.myshopify.com"),
            format!("{SHOPIFY}&x"),
            String::new(),
        ] {
            assert_eq!(checked(&changed), Err(CallbackError::Signature), "{changed}");
        }
        let twice = format!("{SHOPIFY}&hmac=0");
        assert_eq!(checked(&twice), Err(CallbackError::Duplicated("hmac")));
        let other = check(VERIFY, &Secret::new("hush!"), SHOPIFY);
        assert_eq!(other, Err(CallbackError::Signature), "of another client");
    }

    #[test]
    fn no_value_can_pass_for_another_parameter() {
        let pairs = |text: &'static str| url::form_urlencoded::parse(text.as_bytes()).collect();
        assert_ne!(message(pairs("a=1%26b%3D2")), message(pairs("a=1&b=2")));
        assert_eq!(message(pairs("protocol=https%3A%2F%2F&a%3D=%25")), "a%3D=%25&protocol=https://");
    }
}
