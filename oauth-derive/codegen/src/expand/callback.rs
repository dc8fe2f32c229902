//! The callback.

use super::part::{Assignments, flag, pairs, texts, unless_empty, variants};
use crate::model::{Callback, Method, Rename};
use quote::quote;

pub(super) fn callback(callback: &Callback, table: &mut Assignments) {
    let verify = callback.verify.as_ref().map(|parameter| {
        quote!(::core::option::Option::Some(::oauth_runtime::spec::Verify { parameter: #parameter }))
    });
    table
        .set("methods", unless_empty(&callback.methods, |methods| variants("Method", methods)))
        .set("code", callback.code.as_ref())
        .set("state", callback.state.as_ref())
        .set("error", callback.error.as_ref())
        .set("capture", unless_empty(&callback.capture, pairs))
        .set("json", unless_empty(&callback.json, texts))
        .set(
            "without_state",
            flag(callback.is_restart).map(|_| quote!(::oauth_runtime::spec::WithoutState::Restart)),
        )
        .set("verify", verify);
}

/// What is not as the standard has it, in words.
pub(super) fn notes(callback: &Callback) -> Vec<String> {
    let is_posted = callback.methods.contains(&Method::Post);
    let posted = is_posted.then(|| "the provider's page posts the callback: its route takes POST".to_owned());
    let names = [("code", &callback.code), ("state", &callback.state), ("error", &callback.error)];
    let named = names.into_iter().filter_map(|(standard, theirs)| {
        theirs.as_ref().map(|theirs| format!("the callback has `{standard}` under the name `{theirs}`"))
    });
    let kept = callback.capture.iter().map(|Rename { standard, theirs }| {
        let as_name = if standard == theirs { String::new() } else { format!(" as `{standard}`") };
        format!("the callback's `{theirs}` is kept{as_name}: `TokenSet::captured`")
    });
    let restart = callback.is_restart.then(|| {
        "a sign-in may begin at the provider: its callback has no state and is `CallbackError::Restart`"
            .to_owned()
    });
    let signed = callback
        .verify
        .as_ref()
        .map(|name| format!("the callback is signed: `{name}`, with the client secret"));
    posted.into_iter().chain(named).chain(kept).chain(restart).chain(signed).collect()
}
