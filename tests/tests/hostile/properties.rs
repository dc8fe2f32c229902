//! Properties of state, PKCE, callbacks, authorization URLs and variables.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use oauth_runtime::{
    Callback, CallbackError, Credentials, Error, PendingAuthorization,
    variable::{Digits, Host, HostLabel, HttpsUrl, PathSegment, Text, Uuid},
};
use oauth_tests::hostile::{
    in_process::{InProcess, Standard},
    reference::Answer,
};
use proptest::{collection::vec, prelude::*};
use sha2::{Digest, Sha256};
use std::{collections::HashSet, str::FromStr};
use tokio::runtime::{Builder, Runtime};
use url::{Host as UrlHost, Url, form_urlencoded};

const GOOD: Answer<'static> =
    Answer { status: 200, content_type: Some("application/json"), body: br#"{"access_token":"AT-1"}"# };

fn client() -> InProcess<Standard> {
    let client = InProcess::new(Standard).unwrap();
    client.answers(&GOOD);
    client
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

/// The values of a parameter, all of them.
fn all(url: &str, name: &str) -> Vec<String> {
    let url = Url::parse(url).unwrap();
    url.query_pairs().filter(|(known, _)| known == name).map(|(_, value)| value.into_owned()).collect()
}

fn one(url: &str, name: &str) -> String {
    let mut values = all(url, name);
    assert_eq!(values.len(), 1, "{name} in {url}");
    values.remove(0)
}

fn fields(body: &[u8], name: &str) -> Vec<String> {
    let pairs = form_urlencoded::parse(body);
    pairs.filter(|(known, _)| known == name).map(|(_, value)| value.into_owned()).collect()
}

#[test]
fn states_and_challenges_are_256_bits_and_never_the_same() {
    let client = client();
    let mut seen = HashSet::new();
    for _ in 0..10_000 {
        let (url, _) = client.flow.begin([]).into_parts();
        for name in ["state", "code_challenge"] {
            let value = one(&url, name);
            assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(&value).map(|bytes| bytes.len()), Ok(32), "{name}");
            assert!(seen.insert(value), "{name} came twice");
        }
        assert_eq!(one(&url, "code_challenge_method"), "S256");
    }
}

#[test]
fn the_verifier_at_the_token_endpoint_is_the_one_of_the_challenge_and_was_nowhere_before() {
    let (client, runtime) = (client(), runtime());
    for _ in 0..100 {
        let (url, pending) = client.flow.begin([]).into_parts();
        let callback = Callback::new(format!("code=C&state={}", one(&url, "state")), pending);
        runtime.block_on(client.flow.finish(callback)).unwrap();
        let request = client.sent().remove(0);
        let verifier = fields(request.body(), "code_verifier").remove(0);
        assert_eq!(BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier)), one(&url, "code_challenge"));
        assert!(!url.contains(&verifier));
    }
}

/// Names and values of callbacks, honest and not; `{STATE}` is the right state.
fn query() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("code".to_owned()),
        Just("state".to_owned()),
        Just("iss".to_owned()),
        Just("error".to_owned()),
        Just("error_description".to_owned()),
        Just("c%6fde".to_owned()),
        Just("CODE".to_owned()),
        "[a-z%=&;+]{0,6}",
    ];
    let value = prop_oneof![
        Just("{STATE}".to_owned()),
        Just("CODE-1".to_owned()),
        Just(String::new()),
        "[!-~]{0,20}",
        "(%[0-9a-fA-F]{2}){0,6}",
        ".{0,20}",
    ];
    let pairs = vec((name, value), 0..6);
    prop_oneof![
        4 => pairs.prop_map(|pairs| {
            pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
        }),
        2 => vec("[ -~]{0,20}", 0..3).prop_map(|more| format!("code=CODE-1&state={{STATE}}&{}", more.join("&"))),
        1 => ".{0,80}",
    ]
}

proptest! {
    // What it finds is in its message: no file is left.
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_callback_is_used_only_with_one_right_state_one_visible_code_and_no_error(query in query()) {
        let (client, runtime) = (client(), runtime());
        let (url, pending) = client.flow.begin([]).into_parts();
        let state = one(&url, "state");
        let query = query.replace("{STATE}", &state);
        let outcome = runtime.block_on(client.flow.finish(Callback::new(query.clone(), pending)));
        let sent = client.sent();
        let [states, codes, errors] =
            ["state", "code", "error"].map(|name| fields(query.as_bytes(), name));
        let is_honest = states == [state]
            && codes.len() == 1
            && !codes[0].is_empty()
            && codes[0].bytes().all(|byte| byte.is_ascii_graphic())
            && errors.is_empty();
        if outcome.is_ok() {
            prop_assert!(is_honest, "{}", query);
            prop_assert_eq!(fields(sent[0].body(), "code"), codes);
        } else {
            prop_assert!(sent.is_empty(), "{}", query);
        }
    }

    #[test]
    fn what_is_remembered_survives_its_text_and_no_other_text_is_taken_for_it(junk in ".{0,200}", at in 0_usize..200) {
        let client = client();
        let (_, pending) = client.flow.begin([]).into_parts();
        let text = pending.expose();
        let again = PendingAuthorization::<Standard>::parse(&text).map(|pending| pending.expose());
        prop_assert_eq!(again.ok(), Some(text.clone()));
        // Not a panic, whatever it is.
        let _ = PendingAuthorization::<Standard>::parse(&junk);
        let mut changed = text.clone();
        changed.truncate(at.min(text.len()));
        changed.push_str(&junk);
        let _ = PendingAuthorization::<Standard>::parse(&changed);
    }

    #[test]
    fn an_authorization_url_says_exactly_what_was_put_in(
        client_id in "[ -~é€]{1,30}",
        path in "[a-zA-Z0-9._~%/-]{0,20}",
        name in "[a-z_]{1,20}",
        value in ".{0,30}",
    ) {
        let redirect_uri = format!("https://app.example/{path}");
        let client = InProcess::with(Standard, Credentials::confidential(&*client_id, "secret"), &redirect_uri);
        prop_assume!(client.is_ok());
        let request = client.unwrap().flow.begin([]);
        let plain = request.url().to_owned();
        prop_assert_eq!(one(&plain, "client_id"), client_id);
        prop_assert_eq!(one(&plain, "redirect_uri"), redirect_uri);
        prop_assert_eq!(one(&plain, "response_type"), "code");
        prop_assert_eq!(one(&plain, "scope"), "read write");
        prop_assert!(plain.starts_with("https://id.example/authorize?") && plain.is_ascii());
        let is_free = all(&plain, &name).is_empty();
        match request.param(&name, &value) {
            Ok(request) => {
                prop_assert!(is_free);
                prop_assert_eq!(one(request.url(), &name), value);
                prop_assert!(request.url().starts_with(&plain));
            }
            Err(Error::Configuration(_)) => {}
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn a_redirect_uri_that_is_taken_is_absolute_protected_and_plain(text in prop_oneof![
        "[ -~]{0,40}",
        "(https?|ftp|javascript|com\\.a)(:|:/|://|:///)[a-z@.\\[\\]:0-9\\\\/?#%]{0,30}",
        ".{0,30}",
    ]) {
        let client = InProcess::with(Standard, Credentials::public("id"), &text);
        if client.is_ok() {
            let url = Url::parse(&text).unwrap();
            let is_local = match url.host() {
                Some(UrlHost::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
                Some(UrlHost::Ipv4(address)) => address.is_loopback(),
                Some(UrlHost::Ipv6(address)) => address.is_loopback(),
                None => false,
            };
            let is_fit = url.scheme() == "https" || (url.scheme() == "http" && is_local) || url.scheme().contains('.');
            prop_assert!(is_fit, "{}", text);
            prop_assert!(url.fragment().is_none() && url.username().is_empty() && url.password().is_none(), "{}", text);
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{}", text);
        }
    }

    #[test]
    fn no_variable_can_change_where_a_secret_goes(text in prop_oneof![
        ".{0,40}",
        "[a-zA-Z0-9.@:/?#%\\\\_~-]{0,40}",
        "(https://)?[a-zA-Z0-9.-]{1,20}(:[0-9]{1,5})?(/[a-zA-Z0-9._~-]{0,9}){0,3}",
    ]) {
        if HostLabel::from_str(&text).is_ok() {
            let url = Url::parse(&format!("https://{text}.shop.example/token")).unwrap();
            prop_assert_eq!(url.host_str(), Some(&*format!("{}.shop.example", text.to_ascii_lowercase())));
            prop_assert_eq!(url.path(), "/token");
        }
        if Host::from_str(&text).is_ok() {
            let url = Url::parse(&format!("https://{text}/token")).unwrap();
            prop_assert_eq!(url.host_str(), Some(&*text.to_ascii_lowercase()));
            prop_assert!(matches!(url.host(), Some(UrlHost::Domain(_))) && url.port().is_none());
        }
        if PathSegment::from_str(&text).is_ok() {
            let url = Url::parse(&format!("https://a.example/x/{text}/token")).unwrap();
            prop_assert_eq!(url.path(), format!("/x/{text}/token"));
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
        if HttpsUrl::from_str(&text).is_ok() {
            let url = Url::parse(&format!("{text}/token")).unwrap();
            prop_assert!(url.scheme() == "https" && url.path().ends_with("/token"));
            prop_assert!(url.username().is_empty() && url.query().is_none() && url.fragment().is_none());
        }
        prop_assert!(Digits::from_str(&text).is_err() || text.bytes().all(|byte| byte.is_ascii_digit()));
        prop_assert!(Uuid::from_str(&text).is_err() || text.len() == 36);
        prop_assert!(Text::from_str(&text).is_err() || !text.chars().any(char::is_control));
    }
}

#[test]
fn a_state_of_another_length_or_case_is_another_state() {
    let (client, runtime) = (client(), runtime());
    let changes: [fn(&str) -> String; 7] = [
        |state| state[..state.len() - 1].to_owned(),
        |state| format!("{state}A"),
        |state| format!("{state}%00"),
        |state| format!("%20{state}"),
        |state| {
            state
                .chars()
                .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
                .collect()
        },
        |state| format!("{state}="),
        |state| state.chars().rev().collect(),
    ];
    for change in changes {
        let (url, pending) = client.flow.begin([]).into_parts();
        let query = format!("code=C&state={}", change(&one(&url, "state")));
        let error = runtime.block_on(client.flow.finish(Callback::new(query, pending))).unwrap_err();
        assert!(matches!(error, Error::Callback(CallbackError::UnknownState)), "{error}");
    }
    assert!(client.sent().is_empty());
}
