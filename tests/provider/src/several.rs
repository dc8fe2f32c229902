//! Several tokens in one answer, as the definition has them: each is a grant of its own.

use crate::{
    grants::{Grants, Issued},
    scopes::list_of,
};
use oauth_runtime::spec::{NamedToken, Spec};

/// A family for each further token of an answer. One that may be missing is there where a scope of its list was granted.
///
/// The first family keeps the other scopes.
pub(crate) fn split(
    spec: &'static Spec,
    grants: &mut Grants,
    (code, first): (&str, usize),
) -> impl Iterator<Item = (&'static str, usize)> + use<> {
    let granted = grants.scopes(first).to_vec();
    let mut named = Vec::new();
    let mut rest = granted.clone();
    for NamedToken { name, response, .. } in spec.response.tokens {
        let (own, others): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|scope| list_of(scope) == Some(name));
        rest = others;
        if !own.is_empty() || !response.optional {
            named.push((*name, grants.split(code, first, own)));
        }
    }
    if !named.is_empty() {
        grants.narrow(first, rest);
    }
    named.into_iter()
}

/// Whether the answer goes without the first token: nothing was granted that it would be good for.
pub(crate) fn is_first_missing(spec: &Spec, issued: &Issued) -> bool {
    spec.response.optional && !issued.named.is_empty() && issued.scopes.is_empty()
}
