//! Where a user goes on after signing in (RFC 9700 §4.11): a path of the application, never another origin.

mod common;

use common::{Acme, Server, flow, good, param};
use oauth_runtime::{Callback, CallbackError, Error, PendingAuthorization, ReturnTo};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What has led users of other libraries to another site, and its relatives.
const ELSEWHERE: &[&str] = &[
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "/%00",
    "/a%00b",
    "/%5cevil.example",
    "/%5C/evil.example",
    "/%2F%2Fevil.example",
    "/%2f/evil.example",
    "/%252F%252Fevil.example",
    "/%25252f%25252fevil.example",
    "/@evil.example",
    "/%40evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "http:/evil.example",
    "http:evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "javascript://app.invalid/%0aalert(1)",
    "data:text/html,x",
    "https://app.invalid/account",
    "//app.invalid/account",
    "/.//evil.example",
    "/..//evil.example",
    "/a/..//evil.example",
    "/%2e%2e//evil.example",
    "/./account",
    "/a/../account",
    "/a/%2e%2e/account",
    "/a//b",
    "evil.example",
    "@evil.example",
    "account",
    "./account",
    "?x=y",
    "#x",
    "",
    " ",
    " /account",
    "/account ",
    "/account\r\nSet-Cookie: x=y",
    "/é",
    "/\u{2044}evil.example",
    "/\u{ff0f}evil.example",
    "/a\"b",
    "/<script>",
    "\0/account",
    "/account?x=<script>",
];

/// What applications ask for.
const OURS: &[&str] = &[
    "/",
    "/account",
    "/account/",
    "/orders?page=2&sort=name#total",
    "/orders?next=https%3A%2F%2Fapp.example%2Fx",
    "/search?q=a%20b+c%2Bd",
    "/projects/group%2Fname",
    "/a%20b/%C3%A9",
    "/100%25",
    "/users/@ada",
    "/a:b;c=d,e!f$g'h(i)*j&k~l.m_n-o",
    "/#/hash/routes//too",
    "/.well-known/x",
];

#[test]
fn what_leads_elsewhere_is_no_return_to() {
    for text in ELSEWHERE {
        assert!(text.parse::<ReturnTo>().is_err(), "{text:?}");
        assert_eq!(text.parse::<ReturnTo>().unwrap_or_default().as_str(), "/");
    }
    for long in [format!("/{}", "a".repeat(1024)), format!("/{}", "a".repeat(1 << 20))] {
        assert!(long.parse::<ReturnTo>().is_err(), "{} bytes", long.len());
    }
}

#[test]
fn a_path_of_the_application_is_kept_as_it_is_written() {
    let longest = format!("/{}", "a".repeat(1023));
    for text in OURS.iter().copied().chain([&*longest]) {
        let path: ReturnTo = text.parse().unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!((path.as_str(), &*path.to_string()), (text, text));
        let behind = url::Url::parse(&format!("https://front.example{path}")).expect("a URL");
        assert_eq!(behind.host_str(), Some("front.example"), "{text}");
    }
}

#[tokio::test]
async fn what_was_begun_with_comes_back_with_the_callback_and_through_a_store() {
    let server = Server::always(good());
    let flow = flow(Acme, &server);
    for text in OURS {
        let request = flow.begin([]).return_to(text.parse().expect("a path"));
        assert!(!request.url().contains("return_to"), "it is nothing to the provider");
        let (url, pending) = request.into_parts();
        let query = format!("code=CODE&state={}&return_to=https://evil.example", param(&url, "state"));
        let kept = PendingAuthorization::<Acme>::parse(&pending.expose()).expect("ours");
        flow.store_pending("ada", kept).await.expect("stored");
        let taken = flow.take_pending("ada", &query).await.expect("ada's");
        let callback = Callback::new(query, pending);
        assert_eq!([callback.return_to().as_str(), taken.return_to().as_str()], [*text; 2]);
        flow.finish(callback).await.expect("signed in");
    }
}

#[test]
fn what_is_refused_is_told_what_would_not_be() {
    let error = "//evil.example".parse::<ReturnTo>().expect_err("another host");
    assert!(error.to_string().contains("begin with one `/`"), "{error}");
}

#[test]
fn nothing_asked_for_is_the_root() {
    let (_, pending) = flow(Acme, &Server::always(good())).begin([]).into_parts();
    assert_eq!(Callback::new("code=CODE", pending).return_to(), ReturnTo::default());
}

#[test]
fn a_remembered_text_that_was_changed_to_lead_elsewhere_is_not_ours() {
    let flow = flow(Acme, &Server::always(good()));
    let (_, pending) = flow.begin([]).return_to("/account".parse().expect("a path")).into_parts();
    let text = pending.expose();
    assert!(text.contains("!/account!"), "{text}");
    for elsewhere in ELSEWHERE.iter().filter(|text| !text.is_empty()) {
        let encoded = utf8_percent_encode(elsewhere, NON_ALPHANUMERIC);
        let forged = text.replace("!/account!", &format!("!{encoded}!"));
        let parsed = PendingAuthorization::<Acme>::parse(&forged);
        assert!(matches!(parsed, Err(Error::Callback(CallbackError::UnknownState))), "{elsewhere:?}");
    }
}

#[test]
fn a_text_that_leads_elsewhere_is_refused_with_what_a_path_looks_like() {
    let error = "//evil.example".parse::<ReturnTo>().expect_err("another host").to_string();
    assert!(error.contains("must begin with one `/`") && !error.contains("evil"), "{error}");
}
