//! [`Userinfo`]: who the user is, under the names of OpenID Connect whatever the provider calls them.

use crate::{
    api::ApiRequest,
    client::parse_endpoint,
    core::Core,
    error::Error,
    spec::{Also, Claim, Path},
    store::TokenKey,
    wire::json::descend,
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
        let response = self.declared_call(&key, self.client.userinfo_endpoint.clone()).send().await?;
        let answer: Value = response.json()?;
        let claims = descend(&answer, spec.root).cloned().unwrap_or_default();
        let text = |path: Path| text(descend(&claims, path));
        let mut user = Userinfo {
            subject: text(spec.subject).ok_or_else(|| response.missing("sub"))?,
            email: text(spec.email),
            email_verified: descend(&claims, spec.email_verified).and_then(Value::as_bool),
            name: text(spec.name),
            preferred_username: text(spec.preferred_username),
            picture: text(spec.picture),
            claims,
        };
        for also in spec.also {
            self.ask_also(&key, also, &mut user).await?;
        }
        Ok(user)
    }

    /// A GET of a declared address, with the parameters and headers of `[userinfo]`.
    fn declared_call(self: &Arc<Self>, key: &TokenKey, url: Option<Url>) -> ApiRequest {
        let url = url.ok_or_else(|| Error::Configuration("no userinfo endpoint is declared".to_owned()));
        let mut request = ApiRequest::declared(self.clone(), key.clone(), url);
        for (name, value) in self.client.params(self.client.spec.userinfo.query) {
            request = request.query(name, &value);
        }
        for (name, value) in self.client.params(self.client.spec.userinfo.headers) {
            request = request.header(name, &value);
        }
        request
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
        let url = self.client.first_bound(also.url).and_then(|url| parse_endpoint(&url).ok());
        let answer: Value = self.declared_call(key, url).json().await?;
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

/// A text, or a number as its text: some providers count their users.
fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
