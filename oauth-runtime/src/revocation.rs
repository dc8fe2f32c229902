//! Revocation: giving a grant back to the provider, by the standard's call or by its own.

use crate::{
    core::Core,
    error::{Error, LoginRequired},
    provider::HasRevocation,
    session::Session,
    spec::{Revokes, Stage},
    store::TokenKey,
    wire::{
        answer,
        refused::Context,
        request::{self, Grant},
    },
};
use std::{future::Future, sync::Arc};

impl<P: HasRevocation> Session<P> {
    /// Revokes this owner's grant at the provider (RFC 7009), and forgets its tokens here once that is done.
    ///
    /// # Errors
    /// After an error the tokens are still here, and the provider may still honour them: try again later, or
    /// [`remove`](Self::remove) them all the same. [`Error::LoginRequired`] if there are none.
    pub fn revoke(&self) -> impl Future<Output = Result<(), Error>> + Send + use<P> {
        let session = self.clone();
        async move {
            session.core.revoke(&session.key).await?;
            session.remove().await
        }
    }
}

impl Core {
    async fn revoke(self: &Arc<Self>, key: &TokenKey) -> Result<(), Error> {
        let client = &self.client;
        let stored = self.tokens.load(key).await.map_err(Error::store)?.ok_or(LoginRequired::NoTokens)?;
        let tokens = &stored.tokens.0;
        let grant = match (&tokens.refresh_token, client.spec.revocation.revokes) {
            (Some(token), Revokes::RefreshToken) => Grant::Revocation { token, hint: "refresh_token" },
            _ => Grant::Revocation { token: &tokens.access_token, hint: "access_token" },
        };
        let request = request::token_request(client, grant, self.token_limits)?;
        let describe = || request::describe(client, grant);
        let response =
            self.send(request, self.token_limits).await.map_err(|error| error.sending(describe()))?;
        let context =
            Context { client, stage: Stage::Revocation, describe: &describe, secrets: grant.secrets() };
        answer::done(&context, &response, self.now())
    }
}
