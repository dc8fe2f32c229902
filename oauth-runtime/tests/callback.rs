//! The authorization response (RFC 6749 §4.1.2, RFC 9207, RFC 9700 §4.4 and §4.7).

mod common;

use common::{ACME, Acme, Clock, ENDPOINTS, REDIRECT_URI, Server, begin, confidential, flow, good, provider};
use oauth_runtime::{
    AuthCodeFlow, BoxError, Callback, CallbackError, Error, MemoryStateStore, OAuthProvider,
    PendingAuthorization, StateStore, TokenSet,
    provider::HasAuthorizationEndpoint,
    spec::{Endpoint, Endpoints, Format, Spec, Variable},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

/// What comes of an honest browser that brings back `query`, in which `{state}` stands for the state.
async fn callback<P>(provider: P, query: &str) -> (Result<TokenSet<P>, Error>, usize)
where
    P: HasAuthorizationEndpoint,
{
    let server = Server::always(good());
    let flow = flow(provider, &server);
    let (state, pending) = begin(&flow);
    let outcome = flow.finish(Callback::new(query.replace("{state}", &state), pending)).await;
    (outcome, server.count())
}

fn error_of<P>(outcome: Result<TokenSet<P>, Error>) -> CallbackError {
    match outcome {
        Err(Error::Callback(error)) => error,
        other => panic!("no callback error: {other:?}"),
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_callback_is_said_and_nothing_is_sent() {
    use CallbackError as E;
    for (query, expected) in [
        ("", E::MissingState),
        ("?code=CODE&state={state}", E::MissingCode),
        ("code=CODE", E::MissingState),
        ("code=CODE&state=", E::MissingState),
        ("CODE=CODE&STATE={state}", E::MissingState),
        ("error=access_denied", E::ErrorWithoutState),
        ("code=CODE&state=evil", E::UnknownState),
        ("code=CODE&state={state}x", E::UnknownState),
        ("code=CODE&state=%00{state}", E::UnknownState),
        ("error=access_denied&state=evil", E::UnknownState),
        ("state={state}", E::MissingCode),
        ("code=&state={state}", E::MissingCode),
        ("code[]=CODE&state={state}", E::MissingCode),
        ("response=eyJhbGciOiJub25lIn0.e30.&state={state}", E::MissingCode),
        ("code=CODE&code=CODE&state={state}", E::Duplicated("code")),
        ("code=CODE&state={state}&state={state}", E::Duplicated("state")),
        ("code=CODE&state=evil&state={state}", E::Duplicated("state")),
        ("code=CODE&stat%65=evil&state={state}", E::Duplicated("state")),
        ("code=CODE&state={state}&iss=a&iss=b", E::Duplicated("iss")),
        ("error=a&error=b&state={state}", E::Duplicated("error")),
        ("error=a&error_description=&error_description=&state={state}", E::Duplicated("error_description")),
        ("error=a&error_uri=&error_uri=&state={state}", E::Duplicated("error_uri")),
        ("code=A%0D%0AX-Evil:1&state={state}", E::Invalid("code")),
        ("code=A%00&state={state}", E::Invalid("code")),
        ("code=A%FF&state={state}", E::Invalid("code")),
        ("code=a%2Bb%20c&state={state}", E::Invalid("code")),
        ("code=%C3%A9&state={state}", E::Invalid("code")),
    ] {
        let (outcome, sent) = callback(Acme, query).await;
        assert_eq!(error_of(outcome), expected, "{query}");
        assert_eq!(sent, 0, "{query}");
    }
}

#[tokio::test]
async fn a_callback_of_a_megabyte_is_refused_before_it_is_read() {
    let long = "A".repeat(1_000_000);
    for query in [
        format!("code={long}&state={{state}}"),
        format!("code=CODE&state={long}"),
        format!("code=CODE&state={{state}}&x={long}"),
        "&".repeat(1_000_000),
    ] {
        let (outcome, sent) = callback(Acme, &query).await;
        assert_eq!((error_of(outcome), sent), (CallbackError::TooLong, 0));
    }
    let flow = flow(Acme, &Server::always(good()));
    let taken = flow.take_pending("ada", &format!("state={long}")).await;
    assert!(matches!(taken, Err(Error::Callback(CallbackError::TooLong))));
    assert!(PendingAuthorization::<Acme>::parse(&long).is_err());
}

#[tokio::test]
async fn an_honest_callback_is_exchanged_and_what_the_standard_does_not_name_is_left_alone() {
    for query in [
        "code=CODE&state={state}",
        "state={state}&code=CODE&session_state=x&hd=y",
        "code=CODE&state={state}&access_token=EVIL&token_type=bearer&id_token=a.b.c",
        "code=CODE&state={state}&iss=https%3A%2F%2Fnot.declared.example",
        "co%64e=CODE&state={state}&&",
        "code=CODE&state={state}&x=%zz%",
    ] {
        let (outcome, sent) = callback(Acme, query).await;
        let tokens = outcome.unwrap_or_else(|error| panic!("{query}: {error}"));
        assert_eq!((tokens.access_token().expose(), sent), ("AT-NEW", 1), "{query}");
    }
    let server = Server::always(good());
    let flow = flow(Acme, &server);
    let (state, pending) = begin(&flow);
    flow.finish(Callback::new(format!("code=a%2Bb%2F~&state={state}"), pending)).await.expect("a token");
    assert_eq!(server.only().field("code").as_deref(), Some("a+b/~"), "decoded once");
}

#[tokio::test]
async fn an_error_comes_before_a_code_and_is_not_exchanged() {
    for query in [
        "error=access_denied&state={state}",
        "code=CODE&error=access_denied&state={state}",
        "error=access_denied&state={state}&code=CODE&error_description=no%0D%0A%1B[2Jway&error_uri=javascript:alert(1)",
    ] {
        let (outcome, sent) = callback(Acme, query).await;
        let Err(Error::Denied(refusal)) = outcome else { panic!("{query}: not denied") };
        assert_eq!((refusal.code(), refusal.status(), sent), ("access_denied", None, 0), "{query}");
        assert!(refusal.uri().is_none());
        let text = refusal.to_string();
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
    // Without the code, which is not shown, it is no address any more.
    let query = "error=access_denied&state={state}&code=/i&error_uri=https://id.example";
    let Err(Error::Denied(refusal)) = callback(Acme, query).await.0 else { panic!("not denied") };
    assert_eq!(refusal.uri(), None);
    let (outcome, _) = callback(Acme, "error=my_own%3Cb%3E&state={state}").await;
    let error = outcome.expect_err("it was denied");
    assert_eq!(
        (error.code(), error.needs_login()),
        (Some("my_own<b>"), true),
        "an unknown code is tolerated"
    );
    let (outcome, _) = callback(Acme, "error=access_denied&state={state}").await;
    let text = outcome.expect_err("it was denied").to_string();
    assert!(text.contains("Acme") && text.contains("access_denied") && text.contains(REDIRECT_URI), "{text}");
}

const ISSUED: Spec = Spec { issuer: Endpoint::new("https://id.example"), ..ACME };
provider!(Issued, ISSUED);
provider!(Promises, Spec { authorization_response_iss_parameter: true, ..ISSUED });

#[tokio::test]
async fn the_issuer_is_compared_as_text_and_required_where_it_is_promised() {
    const RIGHT: &str = "code=CODE&state={state}&iss=https%3A%2F%2Fid.example";
    assert!(callback(Issued, RIGHT).await.0.is_ok());
    assert!(callback(Promises, RIGHT).await.0.is_ok());
    assert!(callback(Issued, "code=CODE&state={state}").await.0.is_ok(), "it need not be there");
    for wrong in
        ["https://evil.example", "https://id.example/", "https://ID.example", "https://id.example:443", ""]
    {
        for query in ["code=CODE", "error=access_denied"] {
            let (outcome, sent) = callback(Issued, &format!("{query}&state={{state}}&iss={wrong}")).await;
            assert_eq!((error_of(outcome), sent), (CallbackError::Issuer, 0), "{query} {wrong}");
        }
    }
    for query in ["code=CODE&state={state}", "error=access_denied&state={state}"] {
        let (outcome, sent) = callback(Promises, query).await;
        assert_eq!((error_of(outcome), sent), (CallbackError::Issuer, 0), "{query}");
    }
}

provider!(
    Unbound,
    Spec {
        authorization_response_iss_parameter: true,
        variables: &[Variable { name: "tenant", ..Variable::PLAIN }],
        issuer: Endpoint::new("https://id.example/{0}"),
        ..ACME
    }
);

#[test]
fn a_promised_issuer_that_cannot_be_known_is_a_mistake_from_the_start() {
    let made = AuthCodeFlow::new(Unbound, confidential(), REDIRECT_URI);
    assert!(matches!(made, Err(Error::Configuration(text)) if text.contains("issuer")));
}

provider!(Other, Spec { id: "other", ..ACME });

#[tokio::test]
async fn a_pending_authorization_of_another_provider_is_not_read() {
    let (_, pending) = begin(&flow(Acme, &Server::always(good())));
    let read = PendingAuthorization::<Other>::parse(&pending.expose());
    assert!(matches!(read, Err(Error::Callback(CallbackError::Mismatch))));
    for text in ["", "x", "e30", "{}", "bnVsbA", &pending.expose()[1..]] {
        let read = PendingAuthorization::<Acme>::parse(text);
        assert!(matches!(read, Err(Error::Callback(CallbackError::UnknownState))), "{text}");
    }
}

const TENANTS: Spec = Spec {
    id: "tenants",
    variables: &[Variable { name: "tenant", format: Format::PathSegment, ..Variable::PLAIN }],
    endpoints: Endpoints { token: Endpoint::new("https://id.example/{0}/token"), ..ENDPOINTS },
    ..ACME
};

struct Tenant(&'static str);

impl OAuthProvider for Tenant {
    const SPEC: &'static Spec = &TENANTS;

    fn variable(&self, _: usize) -> Option<&str> {
        Some(self.0)
    }
}
impl HasAuthorizationEndpoint for Tenant {}

#[tokio::test]
async fn a_callback_of_another_tenant_is_refused_and_says_which_flow_is_the_right_one() {
    let server = Server::always(good());
    let (ours, theirs) = (flow(Tenant("ours"), &server), flow(Tenant("theirs"), &server));
    let (state, pending) = begin(&theirs);
    assert_eq!(pending.tenant(), "theirs");
    let callback = Callback::new(format!("code=CODE&state={state}"), pending);
    assert_eq!(callback.tenant(), Some("theirs"));
    let outcome = ours.finish(callback).await;
    assert_eq!((error_of(outcome), server.count()), (CallbackError::Mismatch, 0));

    let (state, pending) = begin(&theirs);
    theirs.finish(Callback::new(format!("code=CODE&state={state}"), pending)).await.expect("a token");
    assert_eq!(server.only().uri, "https://id.example/theirs/token");
}

#[tokio::test]
async fn a_pending_authorization_with_another_redirect_uri_is_not_this_flows() {
    let server = Server::always(good());
    let forged = AuthCodeFlow::new(Acme, confidential(), "http://127.0.0.1/").expect("a flow");
    let (state, pending) = begin(&forged);
    let outcome =
        flow(Acme, &server).finish(Callback::new(format!("code=EVIL&state={state}"), pending)).await;
    assert_eq!((error_of(outcome), server.count()), (CallbackError::Mismatch, 0));
}

#[tokio::test]
async fn a_callback_in_another_browser_is_refused() {
    let server = Server::always(good());
    let flow = flow(Acme, &server);
    let ((attackers_state, _), (_, victims_pending)) = (begin(&flow), begin(&flow));
    let query = format!("code=ATTACKERS&state={attackers_state}");
    let outcome = flow.finish(Callback::new(query, victims_pending)).await;
    assert_eq!((error_of(outcome), server.count()), (CallbackError::UnknownState, 0));
}

#[tokio::test]
async fn two_tabs_are_finished_in_any_order() {
    let flow = flow(Acme, &Server::always(good()));
    let ((state_a, pending_a), (state_b, pending_b)) = (begin(&flow), begin(&flow));
    for (state, pending) in [(state_b, pending_b), (state_a, pending_a)] {
        flow.finish(Callback::new(format!("code=CODE&state={state}"), pending)).await.expect("a token");
    }
}

#[tokio::test]
async fn a_pending_authorization_lapses_after_ten_minutes() {
    for (later, is_fine) in [(0, true), (600, true), (601, false), (86_400, false)] {
        let server = Server::always(good());
        let clock = Clock::at(1_000_000);
        let flow = flow(Acme, &server).clock(clock.reading());
        let (state, pending) = begin(&flow);
        clock.set(1_000_000 + later);
        let outcome = flow.finish(Callback::new(format!("code=CODE&state={state}"), pending)).await;
        assert_eq!(outcome.is_ok(), is_fine, "{later} s");
        if !is_fine {
            assert_eq!((error_of(outcome), server.count()), (CallbackError::Expired, 0));
        }
    }
}

#[tokio::test]
async fn a_callback_is_used_once_whatever_became_of_it_the_first_time() {
    for first in ["code=CODE", "error=access_denied", "code=", "code=%00", "x=y"] {
        let server = Server::always(good());
        let flow = flow(Acme, &server);
        let (state, pending) = begin(&flow);
        let text = pending.expose();
        let _ = flow.finish(Callback::new(format!("{first}&state={state}"), pending)).await;
        let sent = server.count();
        let again = PendingAuthorization::parse(&text).expect("it is ours");
        let outcome = flow.finish(Callback::new(format!("code=CODE&state={state}"), again)).await;
        assert_eq!(error_of(outcome), CallbackError::AlreadyUsed, "after {first}");
        assert_eq!(server.count(), sent, "after {first}");
    }
}

#[tokio::test]
async fn a_callback_that_is_used_in_one_instance_is_used_in_all_that_share_a_store() {
    let (store, server) = (MemoryStateStore::new(), Server::always(good()));
    let flows = [0, 1].map(|_| flow(Acme, &server).state_store(store.clone()));
    let (state, pending) = begin(&flows[0]);
    let query = format!("code=CODE&state={state}");
    let text = pending.expose();
    flows[0].finish(Callback::new(&*query, pending)).await.expect("a token");
    let again = PendingAuthorization::parse(&text).expect("it is ours");
    let outcome = flows[1].finish(Callback::new(query, again)).await;
    assert_eq!((error_of(outcome), server.count()), (CallbackError::AlreadyUsed, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_callbacks_at_once_one_is_exchanged() {
    let server = Server::always(good());
    let flow = flow(Acme, &server);
    let (state, pending) = begin(&flow);
    let text = pending.expose();
    let finishing = (0..100).map(|_| {
        let (flow, query) = (flow.clone(), format!("code=CODE&state={state}"));
        let pending = PendingAuthorization::parse(&text).expect("it is ours");
        tokio::spawn(async move { flow.finish(Callback::new(query, pending)).await.is_ok() })
    });
    let mut finished = 0;
    for task in finishing.collect::<Vec<_>>() {
        finished += usize::from(task.await.expect("no panic"));
    }
    assert_eq!((finished, server.count()), (1, 1));
}

#[tokio::test]
async fn what_is_stored_for_a_user_is_taken_by_that_user_once() {
    let server = Server::always(good());
    let flow = flow(Acme, &server);
    for user in ["ada", "", "ada.lovelace@example.com", ".", "a:b/c é"] {
        let (state, pending) = begin(&flow);
        let query = format!("code=CODE&state={state}");
        flow.store_pending(user, pending).await.expect("stored");
        let callback = flow.take_pending(user, &query).await.expect("it is this user's");
        flow.finish(callback).await.expect("a token");
        let again = flow.take_pending(user, &query).await;
        assert!(matches!(again, Err(Error::Callback(CallbackError::AlreadyUsed))), "{user}: {again:?}");
    }
    assert_eq!(server.count(), 5);
}

/// A state store that remembers every text it was given.
#[derive(Clone, Default)]
struct Reading(MemoryStateStore, Arc<Mutex<Vec<String>>>);

impl StateStore for Reading {
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, BoxError> {
        self.1.lock().expect("no panic").extend([key.to_owned(), value.to_owned()]);
        self.0.put(key, value, ttl).await
    }

    async fn take(&self, key: &str) -> Result<Option<String>, BoxError> {
        self.1.lock().expect("no panic").push(key.to_owned());
        self.0.take(key).await
    }
}

#[tokio::test]
async fn a_store_is_given_the_hash_of_a_state_and_never_the_state() {
    let store = Reading::default();
    let flow = flow(Acme, &Server::always(good())).state_store(store.clone());
    let (state, pending) = begin(&flow);
    let query = format!("code=CODE&state={state}");
    flow.store_pending("ada", pending).await.expect("stored");
    flow.finish(flow.take_pending("ada", &query).await.expect("ours")).await.expect("tokens");
    flow.take_pending("ada", &query).await.expect_err("it was used");
    let given = store.1.lock().expect("no panic");
    assert!(given.len() >= 6, "{given:?}");
    for text in given.iter() {
        assert!(!text.contains(&state), "{text}");
    }
}

#[tokio::test]
async fn what_is_stored_for_a_user_is_lost_when_another_one_asks_for_it() {
    let flow = flow(Acme, &Server::always(good()));
    for thief in ["eve", "", "ad", "ada ", "x.ada"] {
        let (state, pending) = begin(&flow);
        let query = format!("code=CODE&state={state}");
        flow.store_pending("ada", pending).await.expect("stored");
        let stolen = flow.take_pending(thief, &query).await;
        assert!(matches!(stolen, Err(Error::Callback(CallbackError::Mismatch))), "{thief}: {stolen:?}");
        let late = flow.take_pending("ada", &query).await;
        assert!(matches!(late, Err(Error::Callback(CallbackError::UnknownState))), "{late:?}");
    }
    for (query, expected) in [
        ("code=CODE", CallbackError::MissingState),
        ("error=access_denied", CallbackError::ErrorWithoutState),
        ("code=CODE&state=evil", CallbackError::UnknownState),
        ("state=a&state=b", CallbackError::Duplicated("state")),
    ] {
        let taken = flow.take_pending("ada", query).await.map(|_| ());
        assert!(matches!(taken, Err(Error::Callback(error)) if error == expected), "{query}");
    }
}
