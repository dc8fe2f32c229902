//! Parts of the work that `tests/bench` measures by themselves. They are there only with `--cfg oauth_bench`: no
//! application may give a state, and none may read an answer that its flow did not ask for.

#![allow(missing_docs, reason = "nobody builds documentation with this flag")]

use crate::{
    code::AuthCodeFlow,
    error::Error,
    provider::OAuthProvider,
    scope::Scope,
    scopes::ScopeList,
    spec::Stage,
    tokens::TokenSet,
    transport::Response,
    wire::{answer, authorization, refused::Context},
};
use std::{borrow::Cow, sync::Arc, time::SystemTime};

/// A flow, and the scopes that are asked for.
pub struct Parts<P> {
    flow: AuthCodeFlow<P>,
    scopes: Vec<Cow<'static, str>>,
    asked: ScopeList,
}

impl<P: OAuthProvider> Parts<P> {
    pub fn new(flow: AuthCodeFlow<P>, scopes: impl IntoIterator<Item = Scope<P>>) -> Self {
        let scopes: Vec<_> = scopes.into_iter().map(Scope::into_held).collect();
        let asked = scopes.iter().collect();
        Self { flow, scopes, asked }
    }

    /// The address of an authorization whose state and challenge are given.
    pub fn url(&self, state: &str, challenge: &str) -> String {
        let core = &self.flow.core;
        let spec = core.client.spec;
        let (_, scopes) = core.client.asked.of(&self.scopes, |list| authorization::scopes(spec, list));
        authorization::written(&core.prefix, spec, &scopes, (state, Some(challenge)))
    }

    /// The tokens in an answer, with every check.
    pub fn parse(&self, response: &Response, now: SystemTime) -> Result<TokenSet<P>, Error> {
        let client = &self.flow.core.client;
        let spec = client.spec;
        let context = Context {
            client,
            stage: Stage::Token,
            shape: &spec.response,
            describe: &String::new,
            secrets: &Vec::new,
        };
        let tokens = answer::tokens(&context, response, &self.asked, now)?;
        Ok(TokenSet::new(spec, Arc::new(tokens)))
    }
}
