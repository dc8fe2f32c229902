//! Exchanges: one access token for another, as the definition has it, each sent once.

use crate::{
    core::Core,
    error::Error,
    spec::{Exchange, OnFailure, Stage},
    tokens::{Exchanged, Tokens},
    wire::request::{self, Grant},
};

impl Core {
    /// Whether a token that comes from a code, or from a refresh, is exchanged.
    pub(crate) fn exchanges_after(&self, stage: Stage) -> bool {
        self.client.spec.exchanges.iter().any(|exchange| exchange.after.contains(&stage))
    }

    /// The tokens that the exchanges after `stage` lead to. The first that fails ends them.
    pub(crate) async fn traded(&self, stage: Stage, first: Tokens) -> Result<Tokens, Error> {
        let mut tokens = first;
        tokens.rare.settle(Exchanged::Done, None);
        let exchanges = self.client.spec.exchanges.iter().enumerate();
        for (at, exchange) in exchanges.filter(|(_, exchange)| exchange.after.contains(&stage)) {
            match self.trade(at, &tokens).await {
                Ok(newer) => tokens = newer,
                Err(error) => return kept(exchange, tokens, error),
            }
        }
        Ok(tokens)
    }

    async fn trade(&self, at: usize, before: &Tokens) -> Result<Tokens, Error> {
        let client = &*self.client.of(&before.rare.learned)?;
        let grant = Grant::Exchange { at, before };
        let request = request::token_request(client, grant, self.token_limits, self.now())?;
        let newer = self.exchange(client, grant, request, &before.scopes).await?;
        Ok(newer.succeeding(before))
    }
}

fn kept(exchange: &Exchange, mut tokens: Tokens, error: Error) -> Result<Tokens, Error> {
    match exchange.on_failure {
        OnFailure::Keep => {
            tokens.rare.settle(Exchanged::Failed, Some(error));
            Ok(tokens)
        }
        OnFailure::Fail => Err(error),
    }
}
