//! The `yup-oauth2` crate: the tokens of an installed application, out of its memory.

use crate::{
    case::{Awaited, Case, TwoThreads, Work},
    config::CONFIG,
};
use std::{future::Future, pin::Pin, rc::Rc, sync::Arc};
use tokio::runtime::Runtime;
use yup_oauth2::{
    AccessToken, ApplicationSecret, InstalledFlowAuthenticator, InstalledFlowReturnMethod,
    authenticator_delegate::InstalledFlowDelegate,
};

const NAME: &str = "yup-oauth2";

/// A user who types a code.
struct User;

impl InstalledFlowDelegate for User {
    fn present_user_url<'a>(
        &'a self,
        _: &'a str,
        _: bool,
    ) -> Pin<Box<dyn Future<Output = Result<String, String>> + Send + 'a>> {
        Box::pin(async { Ok(CONFIG.code.to_owned()) })
    }
}

pub fn cases(runtime: &Rc<Runtime>) -> Vec<Case> {
    let secret = ApplicationSecret {
        client_id: CONFIG.client_id.to_owned(),
        client_secret: CONFIG.client_secret.to_owned(),
        auth_uri: CONFIG.authorization_endpoint.to_owned(),
        token_uri: CONFIG.token_endpoint.to_owned(),
        redirect_uris: vec![CONFIG.redirect_uri.to_owned()],
        ..ApplicationSecret::default()
    };
    let authenticator = runtime.block_on(async {
        InstalledFlowAuthenticator::builder(secret, InstalledFlowReturnMethod::Interactive)
            .flow_delegate(Box::new(User))
            .build()
            .await
            .expect("an authenticator")
    });
    let authenticator = Arc::new(authenticator);
    let one = authenticator.clone();
    let shown = |token: AccessToken| token.token().unwrap_or_default().to_owned();
    vec![
        Case::new(
            Work::Token,
            NAME,
            Awaited(
                runtime.clone(),
                async move || authenticator.token(&CONFIG.scopes).await.expect("a fresh token"),
                shown,
            ),
        )
        .note("one user's tokens, by their scopes"),
        Case::new(
            Work::TokenTwoThreadsOneOwner,
            NAME,
            TwoThreads(async move |_| one.token(&CONFIG.scopes).await.expect("a fresh token")),
        ),
    ]
}
