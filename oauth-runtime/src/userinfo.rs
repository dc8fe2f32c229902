//! [`Userinfo`]: who the user is, under the names of OpenID Connect whatever the provider calls them.

use crate::{
    address::parse_endpoint,
    api::{ApiRequest, Call},
    client::Client,
    core::Core,
    error::{AnswerError, AnswerErrorKind, Error},
    learned,
    spec::{self, Also, Claim, ClaimsSource, Method, Path, Source, Stage},
    store::TokenKey,
    tokens::Tokens,
    wire::json::{Object, descend},
};
use serde_json::Value;
use std::sync::Arc;
use url::Url;

/// Who the user is, as the provider says (OpenID Connect Core §5.1).
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Userinfo {
    /// The identifier at this provider that stays, as a text: what an application stores.
    pub subject: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the provider checked the e-mail address; `None` if it does not say. An address that was not checked proves nothing.
    pub email_verified: Option<bool>,
    /// The name, as people write it.
    pub name: Option<String>,
    /// The name at the provider, which may change.
    pub preferred_username: Option<String>,
    /// The address of a picture.
    pub picture: Option<String>,
    /// Everything that the provider said.
    pub claims: Value,
}

impl Core {
    pub(crate) async fn userinfo(self: Arc<Self>, key: TokenKey) -> Result<Userinfo, Error> {
        let spec = &self.client.spec.userinfo;
        let mut user = match spec.source {
            ClaimsSource::Endpoint => {
                let client = self.client_of(&key).await?;
                let call = (spec.method, client.userinfo_endpoint());
                let response = self.declared_call(&key, &client, call).send().await?;
                let answer = self.profile(response.json()?)?;
                read(spec, &answer).ok_or_else(|| response.missing("sub"))?
            }
            ClaimsSource::Token | ClaimsSource::Callback => self.kept(&key).await?,
        };
        for also in spec.also {
            self.ask_also(&key, also, &mut user).await?;
        }
        Ok(user)
    }

    /// What the definition's hook makes of an answer, if there is one.
    fn profile(&self, answer: Value) -> Result<Value, Error> {
        match self.client.spec.hooks.profile {
            Some(hook) => hook(answer).map_err(Error::hook("profile")),
            None => Ok(answer),
        }
    }

    /// What the token answer, or the callback, told of the user.
    async fn kept(&self, key: &TokenKey) -> Result<Userinfo, Error> {
        let grant = self.living(key).await?;
        let missing = || {
            Error::Answer(Box::new(AnswerError {
                provider: self.client.spec.name,
                stage: Stage::Token,
                status: 200,
                content_type: None,
                length: 0,
                kind: AnswerErrorKind::Missing("sub"),
                sent: "a sign-in, whose answer is kept with its tokens".to_owned(),
            }))
        };
        let spec = &self.client.spec.userinfo;
        let tokens = &grant.tokens.0;
        let told =
            if spec.source == ClaimsSource::Callback { &tokens.rare.captured } else { &tokens.rare.extra };
        let told = self.profile(Value::Object(told.clone()))?;
        read(spec, &told).ok_or_else(missing)
    }

    /// A call of a declared address, with the parameters and headers of `[userinfo]`.
    fn declared_call(
        self: &Arc<Self>,
        key: &TokenKey,
        client: &Client,
        (method, url): (Method, Result<Url, Error>),
    ) -> ApiRequest {
        let call = url.and_then(|url| Call::declared(client, method, url));
        ApiRequest::declared(self.clone(), key.clone(), call)
    }

    /// The client as the owner's grant sees it.
    async fn client_of(&self, key: &TokenKey) -> Result<Arc<Client>, Error> {
        if !self.client.learns {
            return Ok(self.client.clone());
        }
        let grant = self.living(key).await?;
        self.client.of(&grant.tokens.0.rare.learned)
    }

    /// Asks for the variables that the userinfo endpoint tells, with tokens that nobody has seen yet.
    pub(crate) async fn learn_from_userinfo(self: &Arc<Self>, tokens: &mut Tokens) -> Result<(), Error> {
        let client = self.client.of(&tokens.rare.learned)?;
        let call = Call::declared(&client, client.spec.userinfo.method, client.userinfo_endpoint()?)?;
        let response = self.clone().api_response(&call, self.call(&call, tokens).await?);
        let object =
            Object::parse(response.success()?).map_err(|_| response.error(AnswerErrorKind::NotJson))?;
        for variable in learned::variables(client.spec) {
            if let Source::Userinfo(path) = variable.source {
                learned::take_from(variable, &object, path, &mut tokens.rare.to_mut().learned)
                    .map_err(|kind| response.error(kind))?;
            }
        }
        Ok(())
    }

    /// Fills in a claim that another call gives, where its scope was granted.
    async fn ask_also(
        self: &Arc<Self>,
        key: &TokenKey,
        also: &Also,
        user: &mut Userinfo,
    ) -> Result<(), Error> {
        let granted = self.living(key).await?;
        if also.scope.is_some_and(|scope| !granted.tokens.0.scopes.contains(scope)) {
            return Ok(());
        }
        let client = self.client.of(&granted.tokens.0.rare.learned)?;
        let url = client.first_bound(also.url).ok_or_else(|| client.not_learned(also.url));
        let url = url.and_then(|url| parse_endpoint(&url));
        let answer: Value = self.declared_call(key, &client, (Method::Get, url)).json().await?;
        let is_meant = |item: &&Value| also.pick.is_none_or(|pick| item[pick] == Value::Bool(true));
        let meant = match &answer {
            Value::Array(items) => items.iter().find(is_meant),
            object => Some(object),
        };
        let claim = text(meant.and_then(|item| descend(item, also.field)));
        if claim.is_some() && also.claim == Claim::Email {
            // What was said of another address does not hold for this one.
            let verified = meant.and_then(|item| item.get("verified").or_else(|| item.get("email_verified")));
            user.email_verified = verified.and_then(Value::as_bool);
        }
        let place = match also.claim {
            Claim::Email => &mut user.email,
            Claim::Name => &mut user.name,
            Claim::PreferredUsername => &mut user.preferred_username,
            Claim::Picture => &mut user.picture,
        };
        if claim.is_some() {
            *place = claim;
        }
        Ok(())
    }
}

/// The claims under the standard's names; `None`: they do not say who it is.
fn read(spec: &spec::Userinfo, answer: &Value) -> Option<Userinfo> {
    let claims = descend(answer, spec.root).cloned().unwrap_or_default();
    let text = |path: Path| text(descend(&claims, path));
    Some(Userinfo {
        subject: text(spec.subject)?,
        email: text(spec.email),
        email_verified: descend(&claims, spec.email_verified).and_then(Value::as_bool),
        name: joined(spec.name.iter().filter_map(|path| text(path))),
        preferred_username: text(spec.preferred_username),
        picture: text(spec.picture),
        claims,
    })
}

/// The parts of a name, as far as they are there.
fn joined(parts: impl Iterator<Item = String>) -> Option<String> {
    Some(parts.collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
}

/// A text, or a number as its text: some providers count their users.
fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
