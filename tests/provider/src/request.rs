//! [`Request`]: an authorization request whose client and way back are known, so that its errors can go there.

use crate::{
    parameters::Parameters,
    refusal::Refusal,
    rules::{Rules, declares},
    scopes,
    told::Told,
};
use oauth_runtime::spec::{Method, Pkce, Spec};

/// A secret in a URL is a secret told; a request in a parameter (RFC 9101) would count in place of the others.
const NEVER_SENT: &[&str] = &["client_secret", "request", "request_uri"];

/// The parameters of an authorization request (RFC 6749 §4.1.1), under the standard's names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) spec: &'static Spec,
    pub(crate) query: &'a Parameters,
}

impl<'a> Request<'a> {
    /// The value of a standard parameter, under the definition's name for it.
    pub(crate) fn get(&self, name: &'static str) -> Option<&'a str> {
        self.query.get(self.spec.authorization.name(name)?)
    }

    /// How many times a standard parameter comes.
    pub(crate) fn count(&self, name: &'static str) -> usize {
        let name = self.spec.authorization.name(name);
        self.query.0.iter().filter(|(sent, _)| Some(sent.as_str()) == name).count()
    }

    /// The scopes and the challenge, when every rule holds.
    pub(crate) fn check(&self) -> Result<(Vec<String>, Option<String>), Refusal> {
        if let Some(name) = self.query.repeated() {
            return Err(Refusal::invalid_request(format!("the parameter {name} comes more than once")));
        }
        // BambooHR has a parameter of this name with a constant of its own.
        let mut never = NEVER_SENT.iter().filter(|name| !declares(self.spec.authorization.params, name));
        if let Some(name) = never.find(|name| self.query.has(name)) {
            return Err(Refusal::invalid_request(format!(
                "this provider takes no {name} in an authorization request"
            )));
        }
        self.names()?;
        self.empty()?;
        self.response()?;
        Rules { spec: self.spec, told: &Told::default() }
            .parameters(self.spec.authorization.params, self.query)?;
        self.options()?;
        let challenge = self.challenge()?;
        Ok((scopes::asked(&self.spec.scopes, self.query)?, challenge))
    }

    /// A value is there, where the definition says that the provider wants none without.
    fn empty(&self) -> Result<(), Refusal> {
        let empty = self.query.0.iter().find(|(_, value)| value.is_empty());
        match empty.filter(|_| self.spec.authorization.skip_empty) {
            Some((name, _)) => Err(Refusal::invalid_request(format!("the parameter {name} has no value"))),
            None => Ok(()),
        }
    }

    /// What is renamed comes under its new name only, and what is left out does not come.
    fn names(&self) -> Result<(), Refusal> {
        let authorization = &self.spec.authorization;
        let renamed = authorization.rename.iter().map(|(name, _)| name);
        let mut gone = renamed.chain(authorization.omit).filter(|name| !declares(authorization.params, name));
        match gone.find(|name| self.query.has(name)) {
            Some(name) => Err(Refusal::invalid_request(format!("the definition has no parameter {name}"))),
            None => Ok(()),
        }
    }

    fn response(&self) -> Result<(), Refusal> {
        let is_omitted = self.spec.authorization.name("response_type").is_none();
        match self.get("response_type") {
            Some("code") => {}
            None if is_omitted => {}
            Some(_) => return Err(Refusal::unsupported_response_type("the response_type must be code")),
            None => return Err(Refusal::invalid_request("the response_type is missing")),
        }
        let methods = self.spec.callback.methods;
        let fits = match self.query.get("response_mode") {
            None => true,
            Some("query") => methods.contains(&Method::Get),
            Some("form_post") => methods.contains(&Method::Post),
            Some(_) => false,
        };
        if !fits {
            return Err(Refusal::invalid_request("the response_mode is not as the definition has it"));
        }
        Ok(())
    }

    /// An option has one of its values, and one with a default is always sent.
    fn options(&self) -> Result<(), Refusal> {
        for option in self.spec.authorization.options {
            let sent = self.query.get(option.name);
            let fits = sent.map_or(option.default.is_none(), |value| {
                option.choices.is_empty() || option.choices.contains(&value)
            });
            if !fits {
                let name = option.name;
                return Err(Refusal::invalid_request(format!(
                    "the option {name} is not as the definition has it"
                )));
            }
        }
        Ok(())
    }

    /// RFC 7636 §4.3: there is no `plain` here.
    fn challenge(&self) -> Result<Option<String>, Refusal> {
        let (challenge, method) = (self.query.get("code_challenge"), self.query.get("code_challenge_method"));
        if self.spec.pkce == Pkce::Refused {
            let absent = !self.query.has("code_challenge") && !self.query.has("code_challenge_method");
            let refusal = || Refusal::invalid_request("this provider refuses a code_challenge");
            return absent.then_some(None).ok_or_else(refusal);
        }
        let challenge = challenge.ok_or_else(|| Refusal::invalid_request("the code_challenge is missing"))?;
        if method != Some("S256") {
            return Err(Refusal::invalid_request("the code_challenge_method must be S256"));
        }
        let base64url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if challenge.len() != 43 || !challenge.bytes().all(base64url) {
            return Err(Refusal::invalid_request("the code_challenge is not a SHA-256 hash in base64url"));
        }
        Ok(Some(challenge.to_owned()))
    }
}
