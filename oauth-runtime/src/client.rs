//! [`Client`]: a definition with its variables bound, its addresses made and checked.

use crate::{
    address::{Address, parse_endpoint},
    authentication::auth_method,
    credentials::Credentials,
    error::{Error, LoginRequired},
    learned::{self, Learned},
    pending::Begun,
    provider::OAuthProvider,
    redirect,
    scopes::SharedLists,
    secret::Secret,
    spec::{Api, AuthMethod, BuiltIn, Endpoint, Exchange, Param, Part, Spec, Template, Variable},
    store::Place,
    wire::{basic, encode},
};
use http::HeaderValue;
use std::sync::Arc;
use url::{Origin, Url};

/// Everything about one client of one provider that does not change, or, where a sign-in tells variables, one grant's
/// view of it ([`of`](Client::of)).
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) spec: &'static Spec,
    pub(crate) credentials: Credentials,
    pub(crate) auth_method: AuthMethod,
    pub(crate) redirect_uri: Arc<str>,
    /// The provider and the bound variables: what tells one tenant from another in stores.
    pub(crate) place: Arc<Place>,
    /// What its sign-ins ask for.
    pub(crate) asked: SharedLists,
    /// What its pending authorizations share.
    pub(crate) begun: Arc<Begun>,
    pub(crate) issuer: Option<String>,
    pub(crate) authorization_endpoint: String,
    /// This and what follows is empty, or `None`, while a variable in it is not learned.
    pub(crate) token_endpoint: Address,
    pub(crate) refresh_endpoint: Address,
    /// The addresses of the exchanges, in their order.
    pub(crate) exchanges: Vec<Address>,
    pub(crate) revocation_endpoint: Address,
    userinfo_endpoint: Option<Url>,
    /// What HTTP Basic says of this client, where it is the same for each request.
    pub(crate) basic: Option<HeaderValue>,
    pub(crate) api_base: Option<Url>,
    pub(crate) api_origins: Vec<Origin>,
    /// Whether sign-ins tell variables.
    pub(crate) learns: bool,
    /// Some of them are secrets, which are wiped.
    values: Vec<Option<Secret>>,
}

impl Client {
    pub(crate) fn new<P: OAuthProvider>(
        provider: &P,
        credentials: Credentials,
        redirect_uri: &str,
    ) -> Result<Self, Error> {
        let spec = provider.spec();
        let given = (0..spec.variables.len()).map(|index| provider.variable(index).map(Secret::copy));
        Self::bind(spec, given.collect(), credentials, redirect_uri)
    }

    fn bind(
        spec: &'static Spec,
        given: Vec<Option<Secret>>,
        credentials: Credentials,
        redirect_uri: &str,
    ) -> Result<Self, Error> {
        redirect::check(spec, redirect_uri)?;
        let tells = |variable: &Variable| !variable.is_learned() && !variable.secret;
        let tenant = given
            .iter()
            .zip(spec.variables)
            .filter(|(_, variable)| tells(variable))
            .map(|(value, _)| encode::encode(value.as_ref().map_or("", Secret::expose)))
            .collect::<Vec<_>>();
        let defaults = spec.variables.iter().map(|variable| variable.default.map(Secret::copy));
        let tenant = tenant.join("/");
        let mut client = Self {
            spec,
            auth_method: auth_method(spec, &credentials)?,
            credentials,
            redirect_uri: redirect_uri.into(),
            begun: Arc::new(Begun::new(spec.id, &tenant, redirect_uri)),
            place: Place::new(spec.id, &tenant),
            asked: SharedLists::default(),
            values: given.into_iter().zip(defaults).map(|(given, default)| given.or(default)).collect(),
            learns: learned::variables(spec).next().is_some(),
            issuer: None,
            authorization_endpoint: String::new(),
            token_endpoint: Address::default(),
            refresh_endpoint: Address::default(),
            exchanges: Vec::new(),
            revocation_endpoint: Address::default(),
            userinfo_endpoint: None,
            basic: None,
            api_base: None,
            api_origins: Vec::new(),
        };
        client.issuer = if spec.authorization_response_iss_parameter {
            // Without it there would be nothing to compare the promised `iss` with.
            Some(client.address(spec.issuer, "issuer")?)
        } else {
            client.first_bound(spec.issuer)
        };
        client.authorization_endpoint =
            client.address(spec.endpoints.authorization, "authorization_endpoint")?;
        client.require_exchange_secret()?;
        client.bind_endpoints()?;
        client.bind_api()?;
        client.basic = basic::constant(&client);
        Ok(client)
    }

    /// The client as a grant sees it, with what its sign-in told. Without such variables it is the client itself.
    pub(crate) fn of(self: &Arc<Self>, learned: &Learned) -> Result<Arc<Self>, Error> {
        if !self.learns {
            return Ok(self.clone());
        }
        let mut client = Self::clone(self);
        for (value, variable) in client.values.iter_mut().zip(self.spec.variables) {
            if let Some(kept) = learned::kept(variable, learned) {
                *value = Some(Secret::copy(kept));
            }
        }
        client.api_origins.clear();
        client.bind_endpoints()?;
        client.bind_api()?;
        Ok(Arc::new(client))
    }

    /// An exchange with the client secret needs one.
    fn require_exchange_secret(&self) -> Result<(), Error> {
        let is_secret = |part| part == Part::BuiltIn(BuiltIn::ClientSecret);
        let params = self.spec.exchanges.iter().flat_map(|exchange| exchange.params);
        if self.credentials.client_secret().is_some()
            || !params.flat_map(|param| param.value.parts()).any(is_secret)
        {
            return Ok(());
        }
        let name = self.spec.name;
        Err(Error::Configuration(format!(
            "{name} exchanges its tokens with the client secret: use `Credentials::confidential`"
        )))
    }

    fn bind_endpoints(&mut self) -> Result<(), Error> {
        let spec = self.spec;
        let address = |endpoint, name| match self.learned_address(endpoint, name)? {
            unlearned if unlearned.is_empty() => Ok(Address::default()),
            text => Address::parse(&text),
        };
        let token = address(spec.endpoints.token, "token_endpoint")?;
        let refresh = match spec.refresh.endpoint {
            Endpoint::NONE => token.clone(),
            endpoint => address(endpoint, "endpoint` of `[refresh]")?,
        };
        let bind = |exchange: &Exchange| address(exchange.url, "url` of `[[exchange]]");
        let exchanges = spec.exchanges.iter().map(bind).collect::<Result<_, Error>>()?;
        let revocation = match spec.endpoints.revocation {
            Endpoint::NONE => Address::default(),
            endpoint => address(endpoint, "revocation_endpoint")?,
        };
        (self.token_endpoint, self.refresh_endpoint) = (token, refresh);
        (self.exchanges, self.revocation_endpoint) = (exchanges, revocation);
        Ok(())
    }

    fn bind_api(&mut self) -> Result<(), Error> {
        if !self.spec.endpoints.userinfo.is_none() {
            let url = self.learned_address(self.spec.endpoints.userinfo, "userinfo_endpoint")?;
            self.userinfo_endpoint = if url.is_empty() { None } else { Some(parse_endpoint(&url)?) };
            self.api_origins.extend(self.userinfo_endpoint.as_ref().map(Url::origin));
        }
        let Some(api) = &self.spec.api else { return Ok(()) };
        let base = self.learned_address(api.base_url, "base_url` of `[api]")?;
        if base.is_empty() {
            return Ok(());
        }
        let mut base = parse_endpoint(&base)?;
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        self.api_origins.push(base.origin());
        for origin in api.origins.templates() {
            if let Some(origin) = self.render(origin, true) {
                self.api_origins.push(parse_endpoint(&origin)?.origin());
            }
        }
        self.api_base = Some(base);
        Ok(())
    }

    /// The first of an endpoint's templates that is bound, checked once more as an address.
    fn address(&self, endpoint: Endpoint, name: &str) -> Result<String, Error> {
        if endpoint.is_none() {
            return Err(self.undeclared(&format!("the key `{name}`")));
        }
        let address = self.first_bound(endpoint).ok_or_else(|| {
            Error::Configuration(format!(
                "no value is given for a variable in `{name}` of {}",
                self.spec.name
            ))
        })?;
        parse_endpoint(&address)?;
        Ok(address)
    }

    /// The same, or nothing while a sign-in may still tell what stands in it.
    fn learned_address(&self, endpoint: Endpoint, name: &str) -> Result<String, Error> {
        match self.address(endpoint, name) {
            Err(_) if self.first_bound(endpoint).is_none() && self.unlearned(endpoint).is_some() => {
                Ok(String::new())
            }
            outcome => outcome,
        }
    }

    /// The first variable without a value in the last template whose other variables have one or can be learned.
    fn unlearned(&self, endpoint: Endpoint) -> Option<&'static Variable> {
        let missing = |template: Template| -> Vec<&'static Variable> {
            let indices = template.parts().filter_map(|part| match part {
                Part::Variable(index) => Some(index),
                _ => None,
            });
            let unbound = indices.filter(|index| self.values.get(*index).is_none_or(Option::is_none));
            unbound.filter_map(|index| self.spec.variables.get(index)).collect()
        };
        let templates = endpoint.templates().rev().map(missing);
        let learnable = |missing: &Vec<&Variable>| missing.iter().all(|variable| variable.is_learned());
        templates.filter(learnable).find_map(|missing| missing.first().copied())
    }

    /// The userinfo endpoint, where it is declared and known.
    pub(crate) fn userinfo_endpoint(&self) -> Result<Url, Error> {
        self.userinfo_endpoint.clone().ok_or_else(|| match self.spec.endpoints.userinfo {
            Endpoint::NONE => self.undeclared("a userinfo endpoint"),
            endpoint => self.not_learned(endpoint),
        })
    }

    /// The error for what a provider that is chosen at run time does not have; elsewhere its type says it.
    pub(crate) fn undeclared(&self, what: &str) -> Error {
        Error::Configuration(format!("{} does not declare {what}", self.spec.name))
    }

    /// The error for an address that a grant cannot have, because its sign-in did not tell what stands in it.
    pub(crate) fn not_learned(&self, endpoint: Endpoint) -> Error {
        let name = self.unlearned(endpoint).map_or("", |variable| variable.name);
        LoginRequired::NotLearned(name).into()
    }

    pub(crate) fn first_bound(&self, endpoint: Endpoint) -> Option<String> {
        endpoint.templates().find_map(|template| self.render(template, true))
    }

    /// The text of a template; `None` while one of its variables has no value.
    pub(crate) fn fill(&self, template: Template) -> Option<String> {
        self.render(template, false)
    }

    fn render(&self, template: Template, is_address: bool) -> Option<String> {
        let mut text = String::new();
        for part in template.parts() {
            let value = self.part(part)?;
            let is_encoded = match part {
                Part::Text(_) => false,
                Part::BuiltIn(_) => is_address,
                Part::Variable(_) => is_address && text.contains('?'),
            };
            if is_encoded {
                encode::encode_into(&mut text, value);
            } else {
                text.push_str(value);
            }
        }
        Some(text)
    }

    /// The text of a part; `None`: it has no value.
    pub(crate) fn part(&self, part: Part) -> Option<&str> {
        match part {
            Part::Text(text) => Some(text),
            Part::BuiltIn(name) => self.built_in(name),
            Part::Variable(index) => Some(self.values.get(index)?.as_ref()?.expose()),
        }
    }

    fn built_in(&self, name: BuiltIn) -> Option<&str> {
        match name {
            BuiltIn::ClientId => Some(self.credentials.client_id()),
            BuiltIn::RedirectUri => Some(&self.redirect_uri),
            BuiltIn::Console => self.spec.console,
            _ => None,
        }
    }

    /// How the API is called.
    pub(crate) fn api(&self) -> &'static Api {
        self.spec.api.as_ref().unwrap_or(&Api::PLAIN)
    }

    /// What the application gave as secrets, besides the client's own.
    pub(crate) fn secret_variables(&self) -> impl Iterator<Item = &str> {
        let secret = self.spec.variables.iter().zip(&self.values).filter(|(variable, _)| variable.secret);
        secret.filter_map(|(_, value)| value.as_ref().map(Secret::expose))
    }

    /// Whether a secret variable stands in a template.
    pub(crate) fn holds_secret(&self, template: Template) -> bool {
        let is_secret = |index: usize| self.spec.variables.get(index).is_some_and(|of| of.secret);
        template.parts().any(|part| matches!(part, Part::Variable(index) if is_secret(index)))
    }

    /// The declared parameters that are bound.
    pub(crate) fn params<'a>(
        &'a self,
        params: &'a [Param],
    ) -> impl Iterator<Item = (&'static str, String)> + 'a {
        params.iter().filter_map(|param| Some((param.name, self.fill(param.value)?)))
    }
}
