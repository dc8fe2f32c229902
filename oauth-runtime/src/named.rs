//! [`TokenName`]: a further token of the same answer, which is a grant of its own.

use crate::{
    core::Core,
    rare::Details,
    scope::{in_list, list_of},
    scopes::ScopeList,
    spec::{NamedToken, Spec},
    store::TokenKey,
    tokens::Tokens,
};
use std::{fmt, marker::PhantomData, mem};

/// The name of a further token in the answer of the provider `P`, such as `Slack::USER`.
///
/// The compiler makes a constant of each `[token.response.tokens.X]`.
pub struct TokenName<P> {
    name: &'static str,
    of: PhantomData<fn() -> P>,
}

impl<P> TokenName<P> {
    /// For generated code.
    #[doc(hidden)]
    pub const fn known(name: &'static str) -> Self {
        Self { name, of: PhantomData }
    }

    /// The name in the definition.
    pub const fn as_str(self) -> &'static str {
        self.name
    }
}

impl<P> Clone for TokenName<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for TokenName<P> {}

impl<P> fmt::Debug for TokenName<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TokenName").field(&self.name).finish()
    }
}

impl Core {
    /// The tokens that come and go with those of this key: all further ones with the first, none with a further one.
    pub(crate) fn further(&self, key: &TokenKey) -> &'static [NamedToken] {
        let spec = self.client.spec;
        if key.provider() == spec.id { spec.response.tokens } else { &[] }
    }

    /// Names the scopes of a further token by their list again, after a refresh whose answer did not.
    pub(crate) fn name_scopes(&self, key: &TokenKey, tokens: &mut Tokens) {
        let known = self.client.spec.response.tokens.iter().find(|token| token.key == key.provider());
        let Some(list) = known.and_then(|token| list(self.client.spec, token.name)) else { return };
        let plain: Vec<_> = tokens.scopes.iter().filter(|scope| list_of(scope).is_none()).collect();
        if !plain.is_empty() {
            tokens.scopes = plain.into_iter().map(|scope| in_list(list, scope)).collect();
        }
    }
}

/// The list of scopes that a further token answers for: that of the same name.
pub(crate) fn list(spec: &Spec, token: &str) -> Option<&'static str> {
    spec.scopes.sets.iter().map(|set| set.name).find(|name| *name == token)
}

/// The scopes that were asked for of the token's list.
pub(crate) fn asked(asked: &ScopeList, list: Option<&str>) -> ScopeList {
    asked.iter().filter(|scope| list_of(scope) == list && list.is_some()).collect()
}

/// The scopes of the first token, and those of the further ones: as the same answer has them, or as they were before.
pub(crate) fn join(spec: &Spec, tokens: &mut Tokens, before: Option<&Tokens>) {
    let is_theirs = |scope: &&str| {
        list_of(scope).is_some_and(|list| spec.response.tokens.iter().any(|token| token.name == list))
    };
    let own = tokens.scopes.iter().filter(|scope| !is_theirs(scope));
    let named = tokens.rare.named.iter().flat_map(|(_, named)| named.scopes.iter()).filter(is_theirs);
    let before = before.into_iter().flat_map(|before| before.scopes.iter()).filter(is_theirs);
    tokens.scopes = own.chain(named).chain(before).collect();
}

impl Tokens {
    /// What a sign-in told beside the answer holds for each of its tokens.
    pub(crate) fn share_learned(&mut self) {
        if self.rare.named.is_empty() || self.rare.learned.is_empty() {
            return;
        }
        let Details { named, learned, .. } = self.rare.to_mut();
        for (_, named) in named {
            named.rare.to_mut().learned.clone_from(learned);
        }
    }

    /// The further tokens, which are stored by themselves.
    pub(crate) fn take_named(&mut self) -> Vec<(&'static str, Self)> {
        mem::take(&mut self.rare.to_mut().named)
    }
}
