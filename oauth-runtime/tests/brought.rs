//! What a callback may bring: by which method, how much of it, and what the definition keeps.

mod common;

use common::{ACME, Acme, REDIRECT_URI, Server, begin, confidential, flow, good, provider};
use oauth_runtime::{
    AuthCodeFlow, Callback, CallbackError, Error, PendingAuthorization, TokenSet,
    provider::HasAuthorizationEndpoint,
    spec::{self, Format, Method, Source, Spec, Variable},
};
use serde_json::json;

fn error_of<P>(outcome: Result<TokenSet<P>, Error>) -> CallbackError {
    match outcome {
        Err(Error::Callback(error)) => error,
        other => panic!("no callback error: {other:?}"),
    }
}

/// What comes of the query `code=CODE&state=..` with `more` behind it, brought by an honest browser.
async fn finish<P: HasAuthorizationEndpoint>(provider: P, more: &str) -> Result<TokenSet<P>, Error> {
    let flow = flow(provider, &Server::always(good()));
    let (state, pending) = begin(&flow);
    flow.finish(Callback::new(format!("code=CODE&state={state}{more}"), pending)).await
}

provider!(
    /// Posts its callbacks, and nothing else.
    Posting,
    Spec { callback: spec::Callback { methods: &[Method::Post], ..spec::Callback::PLAIN }, ..ACME }
);
provider!(
    /// Brings them either way.
    Either,
    Spec { callback: spec::Callback { methods: &[Method::Get, Method::Post], ..spec::Callback::PLAIN }, ..ACME }
);

/// What comes of a query, and of the same as a form.
async fn by_both<P: HasAuthorizationEndpoint + Copy>(provider: P) -> [Result<TokenSet<P>, Error>; 2] {
    let server = Server::always(good());
    let flow = flow(provider, &server);
    let (state, pending) = begin(&flow);
    let query = flow.finish(Callback::new(format!("code=CODE&state={state}"), pending)).await;
    let (state, pending) = begin(&flow);
    let form = flow.finish(Callback::from_form(format!("code=CODE&state={state}"), pending)).await;
    let honest = [&query, &form].into_iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(server.count(), honest, "what is refused sends nothing");
    [query, form]
}

#[tokio::test]
async fn a_callback_comes_by_a_method_that_the_definition_names() {
    let [query, form] = by_both(Acme).await;
    assert!(query.is_ok());
    assert_eq!(error_of(form), CallbackError::Method);
    let [query, form] = by_both(Posting).await;
    assert_eq!(error_of(query), CallbackError::NotPosted);
    assert!(form.is_ok());
    assert!(by_both(Either).await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn a_callback_as_long_as_the_limit_is_read_and_one_byte_more_is_not() {
    let limit = 16 << 10;
    let padded = |length: usize| format!("&x={}", "A".repeat(length - "code=CODE&state=&x=".len() - 43));
    assert!(finish(Acme, &padded(limit)).await.is_ok());
    assert_eq!(error_of(finish(Acme, &padded(limit + 1)).await), CallbackError::TooLong);
}

#[test]
fn what_is_remembered_is_read_up_to_its_limit_and_no_further() {
    let flow = flow(Acme, &Server::always(good()));
    let text = begin(&flow).1.expose();
    let padded = |length: usize| format!("{text}!{}", "a".repeat(length - text.len() - 1));
    assert!(PendingAuthorization::<Acme>::parse(&padded(8 << 10)).is_ok());
    assert!(PendingAuthorization::<Acme>::parse(&padded((8 << 10) + 1)).is_err());
}

provider!(
    Keeping,
    Spec {
        callback: spec::Callback {
            capture: &[("shop", "shop_id"), ("user", "user")],
            json: &["user"],
            ..spec::Callback::PLAIN
        },
        ..ACME
    }
);

#[tokio::test]
async fn what_the_definition_keeps_of_a_callback_is_kept_as_it_came() {
    let tokens = finish(Keeping, "&shop_id=a%26b&user=%7B%22name%22%3A1%7D&other=x").await.expect("a token");
    assert_eq!(tokens.captured("shop"), Some(&json!("a&b")));
    assert_eq!(tokens.captured("user"), Some(&json!({"name": 1})));
    assert_eq!(tokens.captured("other"), None);
    let tokens = finish(Keeping, "&shop_id=&user=").await.expect("a token");
    assert_eq!((tokens.captured("shop"), tokens.captured("user")), (None, None), "an empty text is nothing");
}

#[tokio::test]
async fn what_a_callback_says_twice_or_in_broken_json_is_not_kept() {
    for (more, expected) in [
        ("&shop_id=1&shop_id=1", CallbackError::Duplicated("shop_id")),
        ("&user=%7B", CallbackError::Invalid("user")),
        ("&user=%5B1%5D", CallbackError::Invalid("user")),
        ("&user=%7B%22a%22%3A1%2C%22a%22%3A2%7D", CallbackError::Invalid("user")),
    ] {
        assert_eq!(error_of(finish(Keeping, more).await), expected, "{more}");
    }
}

provider!(
    Regional,
    Spec {
        variables: &[Variable {
            name: "region",
            source: Source::Callback("region"),
            format: Format::HostLabel,
            required: true,
            prefix: "https://",
            suffix: ".acme.example",
            ..Variable::PLAIN
        }],
        ..ACME
    }
);

#[tokio::test]
async fn a_variable_that_a_callback_tells_is_learned_if_it_fits() {
    for told in ["eu", "https://eu.acme.example", "eu.acme.example"] {
        let tokens = finish(Regional, &format!("&region={told}")).await.expect("a token");
        assert_eq!(tokens.learned("region"), Some("eu"), "{told}");
    }
    for (more, expected) in [
        ("", CallbackError::Missing("region")),
        ("&region=", CallbackError::Missing("region")),
        ("&region=evil.example", CallbackError::Invalid("region")),
        ("&region=eu%2F", CallbackError::Invalid("region")),
        ("&region=eu&region=us", CallbackError::Duplicated("region")),
    ] {
        assert_eq!(error_of(finish(Regional, more).await), expected, "{more}");
    }
}

provider!(
    Strict,
    Spec {
        client: spec::Client {
            redirect: spec::Redirect {
                https: false,
                localhost_http: true,
                loopback: spec::Loopback::ExactPort,
                custom_scheme: true,
            },
            ..ACME.client
        },
        ..ACME
    }
);

#[test]
fn a_redirect_uri_that_is_refused_is_told_what_its_provider_takes() {
    let refused = AuthCodeFlow::new(Strict, confidential(), REDIRECT_URI).expect_err("it takes no https");
    let text = refused.to_string();
    for kind in
        ["http on localhost", "http on 127.0.0.1 or [::1] with the registered port", "a private scheme"]
    {
        assert!(text.contains(kind), "{text}");
    }
    assert!(!text.contains("https,"), "{text}");
    for taken in ["http://localhost:1/x", "http://127.0.0.1:1/x", "http://[::1]/x", "com.example.app:/x"] {
        assert!(AuthCodeFlow::new(Strict, confidential(), taken).is_ok(), "{taken}");
    }
}
