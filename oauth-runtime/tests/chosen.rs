//! Providers that are chosen at run time: entries as data, and flows made of texts.

mod common;

use common::{ENDPOINTS, REDIRECT_URI, Server, begin, confidential, good, param, provider, sign_in};
use oauth_runtime::{
    AuthCodeFlow, Callback, Chosen, Entry, Error, MemoryTokenStore, OAuthProvider, PendingAuthorization,
    provider::HasAuthorizationEndpoint,
    spec::{
        Endpoint, Endpoints, Format, Refresh, RefreshSupport, RequestOption, ScopeSet, ScopeText, Scopes,
        Source, Spec, Variable,
    },
    variable::HostLabel,
};

const SHOPS: Spec = Spec {
    id: "shops",
    name: "Shops",
    endpoints: Endpoints {
        authorization: Endpoint::new("https://{0}.shops.example/authorize?region={1}"),
        token: Endpoint::new("https://{0}.shops.example/token"),
        ..Endpoints::NONE
    },
    variables: &[
        Variable {
            name: "shop",
            format: Format::HostLabel,
            required: true,
            prefix: "https://",
            suffix: ".shops.example",
            ..Variable::PLAIN
        },
        Variable {
            name: "region",
            format: Format::Enum,
            choices: &["eu", "us"],
            default: Some("eu"),
            ..Variable::PLAIN
        },
        Variable { name: "host", source: Source::Callback("host"), ..Variable::PLAIN },
        Variable { name: "developer_key", secret: true, ..Variable::PLAIN },
    ],
    scopes: Scopes {
        prefix: "https://shops.example/",
        catalog: &[ScopeText { value: "https://shops.example/orders", description: "Read orders" }],
        added_by_server: &["openid"],
        sets: &[ScopeSet {
            name: "user",
            parameter: "user_scope",
            catalog: &[ScopeText { value: "search", description: "Search" }],
            ..ScopeSet::PLAIN
        }],
        ..Scopes::PLAIN
    },
    authorization: oauth_runtime::spec::Authorization {
        options: &[
            RequestOption { name: "prompt", choices: &["none", "consent"], default: None },
            RequestOption { name: "login_hint", choices: &[], default: None },
        ],
        ..oauth_runtime::spec::Authorization::PLAIN
    },
    ..Spec::PLAIN
};

/// The same as a type.
struct Shops {
    shop: HostLabel,
}

impl OAuthProvider for Shops {
    const SPEC: &'static Spec = &SHOPS;

    fn variable(&self, index: usize) -> Option<&str> {
        (index == 0).then(|| self.shop.as_ref())
    }
}

impl HasAuthorizationEndpoint for Shops {}

const ENTRY: Entry = Entry::of::<Shops>();

fn flow_of(chosen: Chosen, server: &Server) -> AuthCodeFlow<Chosen> {
    let flow = AuthCodeFlow::new(chosen, confidential(), REDIRECT_URI).expect("every variable has a value");
    flow.transport(server.transport())
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> String {
    match outcome.expect_err("it is refused") {
        Error::Configuration(text) => text,
        other => panic!("another error: {other}"),
    }
}

#[tokio::test]
async fn a_provider_of_texts_signs_in_and_shares_its_tokens_with_its_type() {
    let (server, store) = (Server::always(good()), MemoryTokenStore::new());
    let chosen =
        flow_of(ENTRY.bind([("shop", "bobs")]).expect("a label"), &server).token_store(store.clone());
    let tokens = sign_in(&chosen).await.expect("an honest callback");
    assert_eq!(server.only().uri, "https://bobs.shops.example/token");
    chosen.session("ada").adopt(tokens).await.expect("memory takes it");

    let typed =
        AuthCodeFlow::new(Shops { shop: "bobs".parse().expect("a label") }, confidential(), REDIRECT_URI);
    let typed = typed.expect("a flow").transport(server.transport()).token_store(store);
    let token = typed.session("ada").access_token().await.expect("the key is the same");
    assert_eq!(token.expose(), "AT-NEW");
}

#[test]
fn a_value_may_be_typed_with_its_surroundings_and_an_empty_one_is_none() {
    for text in ["bobs", "https://bobs.shops.example"] {
        let chosen = ENTRY.bind([("shop", text), ("region", "")]).expect("a label");
        let (url, _) = flow_of(chosen, &Server::always(good())).begin([]).into_parts();
        assert!(url.starts_with("https://bobs.shops.example/authorize?region=eu&"), "{url}");
    }
}

#[test]
fn a_text_that_is_no_value_is_refused_by_its_name_and_not_shown() {
    for (name, text, said) in [
        (
            "shop",
            "evil.example/",
            "the variable `shop` of Shops is not one label of a host name: letters, digits and hyphens",
        ),
        ("region", "moon", "the variable `region` of Shops is not one of eu, us"),
        ("shpo", "bobs", "Shops has no variable `shpo`"),
        ("host", "evil", "Shops has no variable `host`"),
    ] {
        assert_eq!(refusal(ENTRY.bind([(name, text)])), said);
    }
}

#[test]
fn a_required_variable_cannot_be_left_out() {
    assert_eq!(refusal(ENTRY.bind([])), "the variable `shop` of Shops needs a value");
    assert_eq!(refusal(ENTRY.bind([("shop", "")])), "the variable `shop` of Shops needs a value");
}

#[test]
fn a_secret_variable_is_not_shown() {
    let chosen = ENTRY.bind([("shop", "bobs"), ("developer_key", "hush")]).expect("a label");
    assert_eq!(chosen.variable(3), Some("hush"));
    assert_eq!(format!("{chosen:?}"), "Chosen { provider: \"shops\", .. }");
}

#[test]
fn an_application_is_asked_for_what_it_has_to_say_and_no_more() {
    let asked: Vec<_> = ENTRY.variables().map(|variable| (variable.name, variable.required)).collect();
    assert_eq!(asked, [("shop", true), ("region", false), ("developer_key", false)]);
}

#[test]
fn a_scope_of_a_text_is_one_that_the_definition_knows() {
    for text in ["orders", "https://shops.example/orders"] {
        assert_eq!(ENTRY.scope(text).expect("known").as_str(), "https://shops.example/orders");
    }
    assert!(ENTRY.scope("refunds").is_err(), "the list is whole");
    assert!(ENTRY.scope_in("user", "search").is_ok());
    assert!(ENTRY.scope_in("user", "write").is_err() && ENTRY.scope_in("bot", "search").is_err());

    provider!(
        Open,
        Spec {
            id: "open",
            endpoints: ENDPOINTS,
            scopes: Scopes { open: true, ..Scopes::PLAIN },
            ..Spec::PLAIN
        }
    );
    let open = Entry::of::<Open>();
    assert!(open.has_open_scopes() && open.scope("anything").is_ok());
    assert!(open.scope("two words").is_err() && open.scope("").is_err());
}

#[test]
fn an_option_of_texts_is_one_that_the_definition_declares() {
    let flow = flow_of(ENTRY.bind([("shop", "bobs")]).expect("a label"), &Server::always(good()));
    let option = |name, value| ENTRY.option(name, value).expect("declared");
    let request = flow.begin([]).with(option("prompt", "consent")).with(option("login_hint", "ada"));
    assert_eq!(
        (param(request.url(), "prompt"), param(request.url(), "login_hint")),
        ("consent".into(), "ada".into())
    );
    assert_eq!(
        refusal(ENTRY.option("prompt", "maybe")),
        "the option `prompt` of Shops is one of none, consent"
    );
    assert_eq!(refusal(ENTRY.option("state", "fixed")), "Shops has no option `state`");
    assert!(request.param("user_scope", "search").is_err(), "a parameter of scopes is not to be set");
}

#[tokio::test]
async fn scopes_that_a_server_adds_are_expected_of_a_chosen_provider_too() {
    let body = serde_json::json!({"access_token": "AT", "scope": "openid more"});
    let server = Server::always(common::json_answer(200, &body));
    let flow = flow_of(ENTRY.bind([("shop", "bobs")]).expect("a label"), &server);
    let tokens = sign_in(&flow).await.expect("an honest callback");
    assert_eq!(tokens.unasked_scopes().collect::<Vec<_>>(), ["https://shops.example/more"]);
}

#[tokio::test]
async fn what_a_definition_does_not_declare_is_an_error_when_it_is_called() {
    provider!(
        Bare,
        Spec {
            id: "bare",
            name: "Bare",
            endpoints: ENDPOINTS,
            refresh: Refresh { support: RefreshSupport::None, ..Refresh::PLAIN },
            ..Spec::PLAIN
        }
    );
    let entry = Entry::of::<Bare>();
    assert!(entry.has_authorization_endpoint());
    assert!(!(entry.has_refresh() || entry.has_revocation() || entry.has_userinfo() || entry.has_api()));
    let flow = flow_of(entry.bind([]).expect("there are no variables"), &Server::always(good()));
    let session = flow.session("ada");
    session.adopt(sign_in(&flow).await.expect("an honest callback")).await.expect("memory takes it");
    assert_eq!(
        refusal(session.refresh().await.map(|_| ())),
        "Bare does not declare that its tokens can be refreshed"
    );
    assert_eq!(refusal(session.revoke().await), "Bare does not declare a revocation endpoint");
    assert_eq!(refusal(session.userinfo().await), "Bare does not declare a userinfo endpoint");
    assert_eq!(refusal(session.get("x").send().await.map(|_| ())), "Bare does not declare an API");
}

#[tokio::test]
async fn a_sign_in_of_one_provider_is_not_finished_by_another() {
    let server = Server::always(good());
    let shops = flow_of(ENTRY.bind([("shop", "bobs")]).expect("a label"), &server);
    let acme = flow_of(Entry::of::<common::Acme>().bind([]).expect("no variables"), &server);
    let (state, pending) = begin(&shops);
    let pending = PendingAuthorization::parse(&pending.expose()).expect("a text of ours");
    let outcome = acme.finish(Callback::new(format!("code=CODE&state={state}"), pending)).await;
    assert!(matches!(outcome, Err(Error::Callback(_))), "{outcome:?}");
    assert_eq!(server.count(), 0, "nothing is sent");
}

#[test]
fn an_entry_is_found_by_its_id_or_its_name() {
    let all = [Entry::of::<common::Acme>(), ENTRY];
    let found = |text| Entry::named(&all, text).map(|entry| entry.id());
    assert_eq!([found("acme"), found("shops"), found("SHOPS")], [Some("acme"), Some("shops"), Some("shops")]);
    assert_eq!(found("shop"), None);
}

#[test]
fn an_entry_says_which_clients_there_are() {
    assert!(ENTRY.takes_client_secret() && !ENTRY.takes_public_client() && !ENTRY.takes_private_key());
}
