//! [`Entry`]: a provider as data, for programs that choose at run time.

use crate::{
    authorization::AuthorizationOption,
    chosen::Chosen,
    error::Error,
    provider::OAuthProvider,
    scope::{self, InvalidScope, Scope},
    spec::{AuthMethod, ClaimsSource, RefreshSupport, RequestOption, ScopeSet, ScopeText, Spec, Variable},
};
use std::fmt;

/// A provider as data: what a page of sign-in buttons shows, and what a program reads that learns from its database which
/// provider it is to use.
///
/// `oauth_codegen::build` writes a function `all` that lists every provider of a folder, and `named` that finds one. A program
/// with a list of its own makes it of types, and has only these in its binary:
///
/// ```
/// use oauth_runtime::{AuthCodeFlow, Chosen, Credentials, Entry, Error, OAuthProvider};
/// # #[derive(OAuthProvider)]
/// # #[oauth(
/// #     id = "acme", name = "Acme", authorization_endpoint = "https://{shop}.acme.example/authorize",
/// #     token_endpoint = "https://{shop}.acme.example/token", token_endpoint_auth_methods = ["client_secret_post"],
/// #     variables(shop(format = "host_label")), scopes(READ = "read")
/// # )]
/// # struct Acme { shop: oauth_runtime::variable::HostLabel }
/// const BUTTONS: [Entry; 1] = [Entry::of::<Acme>()];
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// for entry in BUTTONS {
///     println!("<a href=\"/login/{}\">Sign in with {}</a>", entry.id(), entry.name());
/// }
///
/// // What the database has: the provider, its variables, the client.
/// let (id, shop) = ("acme", "bobs");
/// let entry = BUTTONS.iter().find(|entry| entry.id() == id).ok_or("no such provider")?;
/// let credentials = Credentials::confidential("id", "secret");
/// let flow: AuthCodeFlow<Chosen> =
///     AuthCodeFlow::new(entry.bind([("shop", shop)])?, credentials, "https://app.example/callback/acme")?;
///
/// let request = flow.begin([entry.scope("read")?]);
/// assert!(request.url().starts_with("https://bobs.acme.example/authorize?"));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
pub struct Entry {
    spec: &'static Spec,
}

/// # What people see
impl Entry {
    /// The entry of the provider `P`.
    pub const fn of<P: OAuthProvider>() -> Self {
        Self { spec: P::SPEC }
    }

    /// The provider's key in stores, cookies and logs: what a database of the application's own has for it.
    pub const fn id(&self) -> &'static str {
        self.spec.id
    }

    /// The name that people know.
    pub const fn name(&self) -> &'static str {
        self.spec.name
    }

    /// The provider's own documentation.
    pub const fn service_documentation(&self) -> Option<&'static str> {
        self.spec.service_documentation
    }

    /// Where a client is registered.
    pub const fn console(&self) -> Option<&'static str> {
        self.spec.console
    }

    /// The day on which the definition was last checked, `YYYY-MM-DD`.
    pub const fn verified(&self) -> Option<&'static str> {
        self.spec.verified
    }

    /// What it was checked against.
    pub const fn sources(&self) -> &'static [&'static str] {
        self.spec.sources
    }

    /// The scopes that the definition names, each with a text for people.
    pub const fn scopes(&self) -> &'static [ScopeText] {
        self.spec.scopes.catalog
    }

    /// Further lists of scopes, which have parameters of their own, such as Slack's `user_scope`.
    pub const fn scope_lists(&self) -> &'static [ScopeSet] {
        self.spec.scopes.sets
    }

    /// What is asked for where a request names no scope.
    pub const fn default_scopes(&self) -> &'static [&'static str] {
        self.spec.scopes.default
    }

    /// What a single authorization request may set, such as `prompt`.
    pub const fn options(&self) -> &'static [RequestOption] {
        self.spec.authorization.options
    }

    /// What an application has to say before a flow can be made: the fields of a settings page. The first ones to ask for
    /// are those that are `required`.
    pub fn variables(&self) -> impl Iterator<Item = &'static Variable> {
        self.spec.variables.iter().filter(|variable| !variable.is_learned())
    }

    /// Everything that the definition says.
    pub const fn spec(&self) -> &'static Spec {
        self.spec
    }
}

/// # Finding one
impl Entry {
    /// Of a list in the order of its ids, the entry with this id, or with this name, whatever its letter case.
    #[doc(hidden)]
    pub fn named(all: &[Self], text: &str) -> Option<Self> {
        let by_id = all.binary_search_by_key(&text, |entry| entry.id()).ok().map(|index| all[index]);
        let is_meant = |entry: &&Self| entry.name().eq_ignore_ascii_case(text);
        by_id.or_else(|| all.iter().find(is_meant).copied())
    }
}

/// # What it can do
impl Entry {
    /// Users can sign in.
    pub const fn has_authorization_endpoint(&self) -> bool {
        !self.spec.endpoints.authorization.is_none()
    }

    /// Tokens can be renewed.
    pub fn has_refresh(&self) -> bool {
        self.spec.refresh.support != RefreshSupport::None
    }

    /// Tokens can be revoked.
    pub const fn has_revocation(&self) -> bool {
        !self.spec.endpoints.revocation.is_none()
    }

    /// It says who the user is.
    pub fn has_userinfo(&self) -> bool {
        self.spec.userinfo.source != ClaimsSource::Endpoint || !self.spec.endpoints.userinfo.is_none()
    }

    /// It is known where its API is.
    pub const fn has_api(&self) -> bool {
        self.spec.api.is_some()
    }

    /// There are scopes besides those that the definition names.
    pub fn has_open_scopes(&self) -> bool {
        self.spec.scopes.open || self.spec.scopes.sets.iter().any(|set| set.open)
    }

    /// A client can have a secret: [`Credentials::confidential`](crate::Credentials::confidential).
    pub fn takes_client_secret(&self) -> bool {
        let by_secret = [AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost];
        !crate::authentication::signs_its_secret(self.spec) && self.takes(&by_secret)
    }

    /// A client can go without one: [`Credentials::public`](crate::Credentials::public).
    pub fn takes_public_client(&self) -> bool {
        self.takes(&[AuthMethod::None])
    }

    /// A client can sign in place of sending a secret: [`Credentials::private_key`](crate::Credentials::private_key).
    pub fn takes_private_key(&self) -> bool {
        crate::authentication::signs_its_secret(self.spec) || self.takes(&[AuthMethod::PrivateKeyJwt])
    }

    fn takes(self, any_of: &[AuthMethod]) -> bool {
        self.spec.token_endpoint_auth_methods.iter().any(|method| any_of.contains(method))
    }
}

/// # From texts to a flow
impl Entry {
    /// The provider with values for its [`variables`](Self::variables), by their names; `bind([])` where there are none.
    ///
    /// A value may have around it what people type with it, as in `https://bobs.myshopify.com`, where the definition says so. An empty one
    /// counts as none. Each is checked by the variable's format, so texts from a database or a form are safe here.
    ///
    /// # Errors
    /// [`Error::Configuration`]: there is no such variable, a value does not have its format, or a required one is missing.
    pub fn bind<'a>(&self, values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Chosen, Error> {
        Chosen::new(self.spec, &mut values.into_iter())
    }

    /// A scope from a text: one that the definition names, or another one where there may be others.
    ///
    /// # Errors
    /// The definition names no such scope, and there are no others; or the text can be none.
    pub fn scope(&self, text: &str) -> Result<Scope<Chosen>, InvalidScope> {
        let scopes = &self.spec.scopes;
        let sent = scope::prefixed(text, scopes.prefix);
        match scopes.catalog.iter().find(|known| known.value == text || known.value == sent) {
            Some(known) => Ok(Scope::known(known.value)),
            None => Scope::checked(scopes, text, scopes.open),
        }
    }

    /// The same for a further list of scopes, by its name in the definition.
    ///
    /// # Errors
    /// As of [`scope`](Self::scope); or there is no such list.
    pub fn scope_in(&self, list: &str, text: &str) -> Result<Scope<Chosen>, InvalidScope> {
        Scope::checked_in(&self.spec.scopes, list, text)
    }

    /// A parameter of a single authorization request, by its name and value in texts: for
    /// [`AuthorizationRequest::with`](crate::AuthorizationRequest::with).
    ///
    /// # Errors
    /// [`Error::Configuration`]: the definition declares no such option, or no such value of it.
    pub fn option(&self, name: &str, value: &str) -> Result<AuthorizationOption<Chosen>, Error> {
        let of = self.spec.name;
        let option = self.options().iter().find(|option| option.name == name);
        let option = option.ok_or_else(|| Error::Configuration(format!("{of} has no option `{name}`")))?;
        if option.choices.is_empty() || option.choices.contains(&value) {
            return Ok(AuthorizationOption::given(option.name, value));
        }
        let choices = option.choices.join(", ");
        Err(Error::Configuration(format!("the option `{name}` of {of} is one of {choices}")))
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("id", &self.id()).field("name", &self.name()).finish_non_exhaustive()
    }
}
