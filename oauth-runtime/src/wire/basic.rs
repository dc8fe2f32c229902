//! HTTP Basic (RFC 6749 §2.3.1), with what the definition puts into it.

use super::encode::encode;
use crate::{
    authentication,
    client::Client,
    error::Error,
    secret::Secret,
    spec::{BuiltIn, Part, Template},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

/// The header of a client whose secret is the same for each request. Its text is wiped with its last copy.
pub(crate) fn constant(client: &Client) -> Option<HeaderValue> {
    if authentication::signs_its_secret(client.spec) || client.credentials.key().is_some() {
        return None;
    }
    header(client, client.credentials.client_secret()).ok()
}

/// The header.
pub(crate) fn header(client: &Client, secret: Option<&Secret>) -> Result<HeaderValue, Error> {
    let pair = pair(client, secret.map(Secret::expose).unwrap_or_default())?;
    let length = "Basic ".len() + pair.len().div_ceil(3) * 4;
    // In one place from the start: a text that grows leaves copies behind.
    let mut text = Zeroizing::new(String::with_capacity(length));
    text.push_str("Basic ");
    BASE64_STANDARD.encode_string(pair.as_bytes(), &mut text);
    let text = Bytes::from_owner(Wiped(text));
    let mut value = HeaderValue::from_maybe_shared(text).expect("base64 is visible ASCII");
    value.set_sensitive(true);
    Ok(value)
}

/// A text that is wiped when nobody has it any more.
struct Wiped(Zeroizing<String>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Both parts with the colon between them, as they are before base64.
pub(crate) fn pair(client: &Client, secret: &str) -> Result<Zeroizing<String>, Error> {
    let basic = &client.spec.client.basic;
    let (username, password) = (fill(client, basic.username, secret), fill(client, basic.password, secret));
    if basic.form_encode {
        return Ok(Zeroizing::new(format!("{}:{}", encode(&username), encode(&password))));
    }
    if username.contains(':') {
        // RFC 7617 §2: what stands behind the first colon is the password.
        let problem = "HTTP Basic, as this provider has it, cannot carry a user name with a colon";
        return Err(Error::Configuration(problem.to_owned()));
    }
    Ok(Zeroizing::new(format!("{}:{}", &*username, &*password)))
}

/// The compiler lets nothing else stand here.
fn fill(client: &Client, template: Template, secret: &str) -> Zeroizing<String> {
    let text = |part| {
        match part {
            Part::Text(text) => text,
            Part::BuiltIn(BuiltIn::ClientId) => client.credentials.client_id(),
            Part::BuiltIn(BuiltIn::ClientSecret) => secret,
            Part::BuiltIn(_) | Part::Variable(_) => "",
        }
        .to_owned()
    };
    Zeroizing::new(template.parts().map(text).collect())
}
