//! [`Clients`]: who may ask for tokens, and how they prove it (RFC 6749 §2.3).

use crate::{
    message::Message,
    refusal::Refusal,
    signing::{self, Signing},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::header;
use oauth_runtime::{
    Credentials,
    spec::{AuthMethod, Basic, BuiltIn, ClientSecret, Part, Spec, Template},
};
use std::time::SystemTime;
use url::form_urlencoded;

/// The registered clients: one that keeps a secret and one that cannot, each where the definition has a method for it.
#[derive(Debug)]
pub(crate) struct Clients {
    pub(crate) confidential: Option<Confidential>,
    pub(crate) public: Option<String>,
    pub(crate) signing: Option<Signing>,
    basic: Basic,
    /// A client without a secret is taken though no method says so.
    is_secret_optional: bool,
}

/// A client with a secret.
#[derive(Debug, Clone)]
pub(crate) struct Confidential {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Clients {
    pub(crate) fn new(spec: &Spec) -> Self {
        let methods = spec.token_endpoint_auth_methods;
        let signing = Signing::of(spec);
        let is_secret = |method: &AuthMethod| {
            matches!(method, AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost)
        };
        let signs_its_secret = signing.as_ref().is_some_and(Signing::is_secret);
        let rule = spec.client.secret;
        let keeps_a_secret = methods.iter().any(is_secret) && !signs_its_secret && rule != ClientSecret::None;
        let basic = spec.client.basic;
        let basic_alone = methods.contains(&AuthMethod::ClientSecretBasic) && !basic.holds_secret();
        let is_secret_optional = rule == ClientSecret::Optional;
        let is_public_known = methods.contains(&AuthMethod::None) || is_secret_optional || basic_alone;
        let is_public_known = is_public_known && rule != ClientSecret::Required;
        // A secret that no request carries by accident: every reserved character must have been encoded.
        let secret = "test+secret/100%: &=?".to_owned();
        let confidential = Confidential { id: "test-client".to_owned(), secret };
        Self {
            confidential: keeps_a_secret.then_some(confidential),
            public: is_public_known.then(|| "test-public-client".to_owned()),
            signing,
            basic,
            is_secret_optional,
        }
    }

    /// The credentials of the client with a secret, or else of the other one.
    pub(crate) fn credentials(&self) -> Option<Credentials> {
        let confidential = self.confidential.clone();
        confidential
            .map(|client| Credentials::confidential(client.id, client.secret))
            .or_else(|| self.public_credentials())
    }

    /// The credentials of the client without a secret.
    pub(crate) fn public_credentials(&self) -> Option<Credentials> {
        self.public.clone().map(Credentials::public)
    }

    /// Whether a client of this name is registered.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.confidential.as_ref().is_some_and(|client| client.id == id)
            || self.public.as_deref() == Some(id)
            || self.signing.is_some() && id == signing::CLIENT_ID
    }

    /// The client that sent a request, proved by exactly one of the declared methods.
    pub(crate) fn authenticate(
        &mut self,
        methods: &[AuthMethod],
        message: &Message<'_>,
        now: SystemTime,
    ) -> Result<String, Refusal> {
        let presented = self.presented(message)?;
        let is_taken = methods.contains(&presented.method)
            || (presented.method == AuthMethod::None && self.is_secret_optional);
        if !is_taken {
            let (is, declared) = (name(presented.method), methods.iter().map(|method| name(*method)));
            let declared = declared.collect::<Vec<_>>().join(" or ");
            return Err(Refusal::invalid_client(format!(
                "the client came with {is}; declared is {declared}"
            )));
        }
        let (known, what) = match presented.secret {
            // Where a message of its own takes no secret, it takes none of a confidential client either.
            None if !message.shape.auth.is_empty() => (self.knows(&presented.id), "the client_id is unknown"),
            None => (self.public.as_ref() == Some(&presented.id), "no public client has this client_id"),
            Some(signed) if self.is_signed(presented.method) => {
                let signing = self.signing.as_mut().expect("a signed proof is of a client that signs");
                signing.check(&signed, &presented.id, now)?;
                (presented.id == signing::CLIENT_ID, "the client_id is unknown")
            }
            Some(secret) => {
                let right = |client: &Confidential| client.id == presented.id && client.secret == secret;
                (self.confidential.as_ref().is_some_and(right), "the client_id or the client_secret is wrong")
            }
        };
        if known { Ok(presented.id) } else { Err(Refusal::invalid_client(what)) }
    }

    /// What a request says of its client: two proofs at once are refused (RFC 6749 §2.3).
    fn presented(&self, message: &Message<'_>) -> Result<Presented, Refusal> {
        let id = message.get("client_id").map(str::to_owned);
        let secret = message.get("client_secret").map(str::to_owned);
        if let Some(assertion) = message.get("client_assertion") {
            return presented_assertion(message, id, secret.as_deref(), assertion);
        }
        let Some(authorization) = message.headers.get(header::AUTHORIZATION) else {
            let left_out = || message.omits("client_id").then(|| self.only()).flatten();
            let id = id.or_else(left_out).ok_or_else(|| Refusal::invalid_client("there is no client_id"))?;
            let method = if secret.is_some() { AuthMethod::ClientSecretPost } else { AuthMethod::None };
            return Ok(Presented { method, id, secret });
        };
        if secret.is_some() {
            return Err(Refusal::invalid_request(
                "the client_secret came twice: in the header and in the parameters",
            ));
        }
        let (basic_id, basic_secret) =
            authorization.to_str().ok().and_then(|header| self.read_basic(header)).ok_or_else(|| {
                Refusal::invalid_client("the Authorization header is not HTTP Basic as it is here")
            })?;
        if id.is_some_and(|id| id != basic_id) {
            return Err(Refusal::invalid_request(
                "the client_id in the parameters is another than in the header",
            ));
        }
        Ok(Presented { method: AuthMethod::ClientSecretBasic, id: basic_id, secret: basic_secret })
    }

    /// The client and its secret, from HTTP Basic as the definition has it.
    fn read_basic(&self, header: &str) -> Option<(String, Option<String>)> {
        let (username, password) = basic(header)?;
        let read = |part: &str| if self.basic.form_encode { decode(part) } else { part.to_owned() };
        let (username, password) = (read(&username), read(&password));
        if self.basic.username == Basic::PLAIN.username && self.basic.password == Basic::PLAIN.password {
            return Some((username, Some(password)));
        }
        let confidential = self.confidential.iter().map(|client| (&client.id, Some(&client.secret)));
        let mut known = confidential.chain(self.public.iter().map(|id| (id, None)));
        let (id, secret) = known.find(|(id, secret)| {
            let filled = |template| fill(template, id, secret.map_or("", String::as_str));
            filled(self.basic.username) == username && filled(self.basic.password) == password
        })?;
        Some((id.clone(), secret.cloned()))
    }

    /// Whether the proof is a token that the client signed.
    fn is_signed(&self, method: AuthMethod) -> bool {
        let signs_its_secret = self.signing.as_ref().is_some_and(Signing::is_secret);
        method == AuthMethod::PrivateKeyJwt || signs_its_secret && method != AuthMethod::None
    }

    /// The client of a message that leaves `client_id` out.
    fn only(&self) -> Option<String> {
        self.confidential.as_ref().map(|client| client.id.clone()).or_else(|| self.public.clone())
    }
}

struct Presented {
    method: AuthMethod,
    id: String,
    secret: Option<String>,
}

/// RFC 7523 §2.2.
fn presented_assertion(
    message: &Message<'_>,
    id: Option<String>,
    secret: Option<&str>,
    assertion: &str,
) -> Result<Presented, Refusal> {
    if secret.is_some() || message.headers.contains_key(header::AUTHORIZATION) {
        return Err(Refusal::invalid_request("the client came with two proofs"));
    }
    if message.get("client_assertion_type") != Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
    {
        return Err(Refusal::invalid_client("the client_assertion_type is not that of a JWT"));
    }
    let id = id.unwrap_or_else(|| signing::CLIENT_ID.to_owned());
    Ok(Presented { method: AuthMethod::PrivateKeyJwt, id, secret: Some(assertion.to_owned()) })
}

/// A part of HTTP Basic, as a client with these has to send it.
fn fill(template: Template, id: &str, secret: &str) -> String {
    let text = |part| {
        match part {
            Part::Text(text) => text,
            Part::BuiltIn(BuiltIn::ClientSecret) => secret,
            Part::BuiltIn(_) | Part::Variable(_) => id,
        }
        .to_owned()
    };
    template.parts().map(text).collect()
}

/// Both parts of HTTP Basic, as they stand.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn decode(part: &str) -> String {
    // As the name of a pair without a value. What would end a name was encoded, or is refused by not being equal.
    form_urlencoded::parse(part.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

fn name(method: AuthMethod) -> &'static str {
    match method {
        AuthMethod::ClientSecretBasic => "client_secret_basic",
        AuthMethod::ClientSecretPost => "client_secret_post",
        AuthMethod::PrivateKeyJwt => "private_key_jwt",
        AuthMethod::None => "no client secret",
        AuthMethod::Bearer => "the token itself",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::Parameters;
    use http::HeaderMap;
    use oauth_runtime::spec::TokenRequest;

    const BASIC: &[AuthMethod] = &[AuthMethod::ClientSecretBasic];
    const POST: &[AuthMethod] = &[AuthMethod::ClientSecretPost];

    fn authenticate(
        methods: &'static [AuthMethod],
        headers: &HeaderMap,
        form: &[u8],
    ) -> Result<String, Refusal> {
        let spec = Spec { token_endpoint_auth_methods: methods, ..Spec::PLAIN };
        let parameters = &Parameters::from_form(form);
        let message = Message { shape: TokenRequest::PLAIN, headers, parameters };
        Clients::new(&spec).authenticate(methods, &message, SystemTime::UNIX_EPOCH)
    }

    fn with_basic(pair: &str) -> HeaderMap {
        let value = format!("Basic {}", BASE64_STANDARD.encode(pair));
        [(header::AUTHORIZATION, value.parse().expect("visible ASCII"))].into_iter().collect()
    }

    #[test]
    fn basic_is_taken_when_both_parts_are_form_urlencoded() {
        for encoded in ["test%2Bsecret%2F100%25%3A%20%26%3D%3F", "test%2Bsecret%2F100%25%3A+%26%3D%3F"] {
            let headers = with_basic(&format!("test-client:{encoded}"));
            assert_eq!(authenticate(BASIC, &headers, b"").as_deref(), Ok("test-client"), "{encoded}");
        }
    }

    #[test]
    fn basic_is_refused_when_the_parts_are_raw() {
        let headers = with_basic("test-client:test+secret/100%: &=?");
        assert_eq!(authenticate(BASIC, &headers, b"").expect_err("raw").code, "invalid_client");
    }

    #[test]
    fn two_client_authentications_at_once_are_refused() {
        let headers = with_basic("test-client:test%2Bsecret%2F100%25%3A%20%26%3D%3F");
        let refusal = authenticate(BASIC, &headers, b"client_secret=x").expect_err("two");
        assert_eq!(refusal.code, "invalid_request");
    }

    #[test]
    fn a_method_that_is_not_declared_is_refused() {
        let form = b"client_id=test-client&client_secret=test%2Bsecret%2F100%25%3A+%26%3D%3F";
        assert!(authenticate(POST, &HeaderMap::new(), form).is_ok());
        let refusal = authenticate(BASIC, &HeaderMap::new(), form).expect_err("post");
        assert_eq!(refusal.status, http::StatusCode::UNAUTHORIZED);
    }

    #[test]
    fn a_confidential_client_is_not_taken_without_its_secret() {
        const BOTH: &[AuthMethod] = &[AuthMethod::ClientSecretPost, AuthMethod::None];
        let take = |form: &[u8]| authenticate(BOTH, &HeaderMap::new(), form);
        assert!(take(b"client_id=test-public-client").is_ok());
        assert!(take(b"client_id=test-client").is_err());
        assert!(take(b"client_id=test-public-client&client_secret=x").is_err());
    }
}
