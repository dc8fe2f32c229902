//! Whether a code comes from the client that it was given to, with what belongs to it.

use super::record::{Approved, Redemption};
use crate::refusal::Refusal;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// RFC 6749 §4.1.3 and RFC 7636 §4.6: client, redirect URI, verifier; and the state, where the provider wants it again.
pub(super) fn check(approved: &Approved, presented: &Redemption<'_>) -> Result<(), Refusal> {
    let message = presented.message;
    if approved.client_id != presented.client_id {
        return Err(Refusal::invalid_grant("the code belongs to another client"));
    }
    let redirect_uri = message.get("redirect_uri");
    if !message.omits("redirect_uri") && redirect_uri != Some(approved.redirect_uri.as_str()) {
        let was = &approved.redirect_uri;
        let is = redirect_uri.unwrap_or("missing");
        return Err(Refusal::redirect_uri(format!("the redirect_uri is {is} here and was {was} before")));
    }
    if message.shape.send_state
        && !message.omits("state")
        && message.get("state") != approved.state.as_deref()
    {
        return Err(Refusal::invalid_grant("the state is not the one of the authorization request"));
    }
    if message.omits("code_verifier") {
        return Ok(());
    }
    match (&approved.challenge, message.get("code_verifier")) {
        (None, None) => Ok(()),
        (None, Some(_)) => {
            Err(Refusal::invalid_request("a code_verifier came without a code_challenge before it"))
        }
        (Some(_), None) => Err(Refusal::invalid_grant("the code_verifier is missing")),
        (Some(challenge), Some(verifier)) => check_verifier(challenge, verifier),
    }
}

/// RFC 7636 §4.1 and §4.6, `S256`.
fn check_verifier(challenge: &str, verifier: &str) -> Result<(), Refusal> {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        return Err(Refusal::invalid_grant("the code_verifier is not 43 to 128 unreserved characters"));
    }
    if BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != challenge {
        return Err(Refusal::invalid_grant("the code_verifier is not the one of the code_challenge"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verifier_of_rfc_7636_appendix_b_fits_its_challenge() {
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert_eq!(check_verifier(challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), Ok(()));
        for wrong in ["dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl", "short", ""] {
            assert!(check_verifier(challenge, wrong).is_err(), "{wrong}");
        }
    }
}
