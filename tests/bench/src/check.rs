//! A contestant that does not do the work must not be measured.

use crate::{
    case::{Case, Work},
    config::CONFIG,
};
use url::Url;

/// Does it once, and looks at what came out.
pub fn check(case: &Case) {
    let made = case.runner.once();
    let who = format!("{} at {}", case.contestant, case.work.name());
    match case.work {
        Work::UrlGiven => {
            let of = url(&made, &who);
            assert_eq!(of("state"), CONFIG.state, "{who}");
            assert_eq!(of("code_challenge"), CONFIG.challenge, "{who}");
        }
        Work::UrlFresh => {
            let of = url(&made, &who);
            assert!(of("state").len() >= 22, "{who}");
            assert_ne!(of("state"), url(&case.runner.once(), &who)("state"), "{who}");
        }
        Work::Parse | Work::ParseIdToken | Work::Exchange | Work::ExchangeAlone | Work::Token => {
            assert_eq!(made, CONFIG.access_token, "{who}");
        }
        Work::Login => assert_eq!(made, CONFIG.access_token.len().to_string(), "{who}"),
        Work::TokenTwoThreads | Work::TokenTwoThreadsOneOwner | Work::Parts => {}
    }
}

/// The parameters of an authorization URL, those that are always the same checked.
fn url(text: &str, who: &str) -> impl Fn(&str) -> String {
    assert!(text.starts_with(CONFIG.authorization_endpoint), "{who}: {text}");
    let url = Url::parse(text).expect("a URL");
    let who = who.to_owned();
    let of = move |name: &str| {
        let value = url.query_pairs().find(|(set, _)| set == name).map(|(_, value)| value.into_owned());
        value.unwrap_or_else(|| panic!("{who}: no {name}"))
    };
    assert_eq!(of("response_type"), "code");
    assert_eq!(of("client_id"), CONFIG.client_id);
    assert_eq!(of("redirect_uri"), CONFIG.redirect_uri);
    assert_eq!(of("scope"), CONFIG.scopes.join(" "));
    assert_eq!(of("code_challenge_method"), "S256");
    assert_eq!(of("code_challenge").len(), 43);
    of
}
