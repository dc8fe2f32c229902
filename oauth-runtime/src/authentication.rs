//! How a client proves itself at the token endpoint (RFC 6749 §2.3): which of the declared methods its credentials can do.

use crate::{
    credentials::Credentials,
    error::Error,
    private_key::PrivateKey,
    spec::{AssertionUse, AuthMethod, ClientSecret, Pkce, Spec},
};

/// The first declared method that these credentials can do.
pub(crate) fn auth_method(spec: &Spec, credentials: &Credentials) -> Result<AuthMethod, Error> {
    let public = credentials.is_public();
    #[cfg(feature = "hmac")]
    if public && spec.callback.verify.is_some() {
        let problem = format!("{} signs its callbacks with the client secret, and there is none", spec.name);
        return Err(Error::Configuration(problem));
    }
    if public && spec.pkce == Pkce::Refused {
        // RFC 8252 §8.1: without a secret and without PKCE, whoever sees the code can use it.
        let problem = format!("{} refuses PKCE, and a public client is not safe without it", spec.name);
        return Err(Error::Configuration(problem));
    }
    check_secret(spec, credentials)?;
    check_key(spec, credentials)?;
    spec.token_endpoint_auth_methods
        .iter()
        .find(|method| can(spec, credentials, **method))
        .copied()
        .or(public.then_some(AuthMethod::None))
        .ok_or_else(|| {
            let advice = match (credentials.key(), signs_its_secret(spec)) {
                (Some(_), _) => "no client that signs: use `Credentials::confidential`",
                (None, true) => "a secret that the client signs: use `Credentials::private_key`",
                (None, false) => "no client secret: use `Credentials::public`",
            };
            Error::Configuration(format!("{} takes {advice}", spec.name))
        })
}

/// The credentials are of a kind that the provider gives.
fn check_secret(spec: &Spec, credentials: &Credentials) -> Result<(), Error> {
    let problem = match spec.client.secret {
        ClientSecret::Required if credentials.is_public() => {
            "gives every client a secret: use `Credentials::confidential`"
        }
        ClientSecret::None if credentials.client_secret().is_some() => {
            "gives no client a secret: use `Credentials::public`"
        }
        _ => return Ok(()),
    };
    Err(Error::Configuration(format!("{} {problem}", spec.name)))
}

/// Whether a client can prove itself by this method.
pub(crate) fn can(spec: &Spec, credentials: &Credentials, method: AuthMethod) -> bool {
    let by_key = credentials.key().is_some();
    match method {
        AuthMethod::None => credentials.is_public(),
        AuthMethod::PrivateKeyJwt => by_key,
        AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost if signs_its_secret(spec) => by_key,
        // Some providers want HTTP Basic of a client that has no secret.
        AuthMethod::ClientSecretBasic if credentials.is_public() => !spec.client.basic.holds_secret(),
        AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost => credentials.client_secret().is_some(),
        AuthMethod::Bearer => false,
    }
}

/// Whether the client secret is a token that the client signs.
pub(crate) fn signs_its_secret(spec: &Spec) -> bool {
    spec.assertion.is_some_and(|assertion| assertion.used_as == AssertionUse::ClientSecret)
}

/// A provider that names its algorithm takes no other.
fn check_key(spec: &Spec, credentials: &Credentials) -> Result<(), Error> {
    let wanted = spec.assertion.and_then(|assertion| assertion.algorithm);
    match (wanted, credentials.key().map(PrivateKey::algorithm)) {
        (Some(wanted), Some(has)) if wanted != has => {
            let (name, wanted, has) = (spec.name, wanted.name(), has.name());
            Err(Error::Configuration(format!("{name} wants a key for {wanted}, and this one is for {has}")))
        }
        _ => Ok(()),
    }
}
