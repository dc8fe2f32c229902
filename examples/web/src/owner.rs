//! Who a browser is: a random name in a cookie, new at each sign-in, under which the tokens are kept.

use axum::{extract::FromRequestParts, http::request::Parts};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use oauth_runtime::{Error, LoginRequired, OAuthProvider};
use pages::Failure;
use std::marker::PhantomData;

use crate::pages;

/// The browser's name at the provider `P`.
pub(crate) struct Owner<P> {
    id: String,
    of: PhantomData<fn() -> P>,
}

impl<P: OAuthProvider> Owner<P> {
    /// A name that nobody can guess and nobody had before.
    pub(crate) fn new() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system has randomness");
        Self { id: format!("{:032x}", u128::from_ne_bytes(bytes)), of: PhantomData }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The cookie that says it. An application behind https adds `Secure` and the prefix `__Host-`.
    pub(crate) fn cookie(&self) -> CookieJar {
        let cookie =
            Cookie::build((Self::name(), self.id.clone())).path("/").http_only(true).same_site(SameSite::Lax);
        CookieJar::new().add(cookie)
    }

    fn name() -> String {
        format!("owner-{}", P::SPEC.id)
    }
}

impl<P: OAuthProvider, S: Sync> FromRequestParts<S> for Owner<P> {
    type Rejection = Failure<P>;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure<P>> {
        let jar = CookieJar::from_headers(&parts.headers);
        let id = jar.get(&Self::name()).map(|cookie| cookie.value().to_owned());
        let id = id.ok_or(Error::LoginRequired(LoginRequired::NoTokens))?;
        Ok(Self { id, of: PhantomData })
    }
}
