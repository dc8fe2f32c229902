//! Revocation: giving a grant back to the provider, by the standard's call or by its own.

use crate::{
    core::Core,
    error::{Error, LoginRequired},
    spec::{Revokes, Stage},
    store::TokenKey,
    wire::{
        answer,
        refused::Context,
        request::{self, Grant},
    },
};
use std::sync::Arc;

impl Core {
    /// Revokes what is stored for a key and what goes with it, and forgets each once that is done. The first token is
    /// the last, so that after an error the whole can be tried again.
    pub(crate) async fn revoke_each(self: &Arc<Self>, key: &TokenKey) -> Result<(), Error> {
        let mut outcome = Err(LoginRequired::NoTokens.into());
        let further = self.further(key).iter().map(|token| key.named(token.key));
        for key in further.chain([key.clone()]) {
            match self.revoke(&key).await {
                Ok(()) => outcome = Ok(self.remove(&key).await?),
                Err(Error::LoginRequired(LoginRequired::NoTokens)) => {}
                Err(error) => return Err(error),
            }
        }
        outcome
    }

    pub(crate) async fn revoke(self: &Arc<Self>, key: &TokenKey) -> Result<(), Error> {
        if self.client.spec.endpoints.revocation.is_none() {
            return Err(self.client.undeclared("a revocation endpoint"));
        }
        let stored = self.tokens.load(key).await.map_err(Error::store)?.ok_or(LoginRequired::NoTokens)?;
        let tokens = &stored.tokens.0;
        let client = &*self.client.of(&tokens.rare.learned)?;
        let grant = match (&tokens.refresh_token, client.spec.revocation.revokes) {
            (Some(token), Revokes::RefreshToken) => Grant::Revocation { token, hint: "refresh_token" },
            _ => Grant::Revocation { token: &tokens.access_token, hint: "access_token" },
        };
        let request = request::token_request(client, grant, self.token_limits, self.now())?;
        let describe = || request::describe(client, grant);
        let response =
            self.send(request, self.token_limits).await.map_err(|error| error.sending(describe()))?;
        let context = Context {
            client,
            stage: Stage::Revocation,
            shape: grant.answer(client),
            describe: &describe,
            secrets: &|| grant.secrets(),
        };
        answer::done(&context, &response, self.now())
    }
}
