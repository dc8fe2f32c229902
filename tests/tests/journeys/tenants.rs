//! Two tenants of one provider: the host differs, and neither tokens nor callbacks mix.

use crate::{
    token_table::TokenTable,
    user::{comes_back, flow, signs_in},
};
use oauth_runtime::{
    AuthCodeFlow, Callback, CallbackError, Error, LoginRequired, MemoryStateStore, OAuthProvider,
    PendingAuthorization, TokenSet, variable::HostLabel,
};
use oauth_test_provider::TestProvider;
use serde_json::Value;
use std::{collections::HashMap, time::Duration};

/// Books, kept for each company at an address of its own.
#[derive(OAuthProvider)]
#[oauth(
    name = "Ledger",
    authorization_endpoint = "https://{company}.ledger.example/authorize",
    token_endpoint = "https://{company}.ledger.example/token",
    token_endpoint_auth_methods = ["client_secret_basic"],
    variables(
        /// The company's name in the address.
        company(required = true, format = "host_label")
    ),
    scopes(default = ["invoices"], INVOICES = "invoices"),
    api(base_url = "https://{company}.ledger.example/api")
)]
struct Ledger {
    company: HostLabel,
}

/// An application that serves both companies from the same stores.
struct Scene {
    test: TestProvider<Ledger>,
    table: TokenTable,
    flows: HashMap<String, AuthCodeFlow<Ledger>>,
}

impl Scene {
    async fn start() -> Self {
        let test = TestProvider::<Ledger>::start().await;
        let (table, states) = (TokenTable::default(), MemoryStateStore::new());
        let flow = |company: &str| {
            let flow = flow(Ledger { company: company.parse().unwrap() }, &test);
            flow.token_store(table.clone()).state_store(states.clone())
        };
        let flows = ["acme", "globex"].map(|company| (company.to_owned(), flow(company)));
        Self { flows: flows.into(), test, table }
    }

    fn flow(&self, company: &str) -> &AuthCodeFlow<Ledger> {
        &self.flows[company]
    }

    /// A sign-in that was begun at a company: the query of its callback, and what was remembered.
    async fn begun(&self, company: &str) -> (String, PendingAuthorization<Ledger>) {
        let (url, pending) = self.flow(company).begin([Ledger::INVOICES]).into_parts();
        (comes_back(&self.test, &url).await, pending)
    }

    /// One address for the callbacks of all companies: the callback knows whose it is.
    async fn finish(&self, callback: Callback<Ledger>) -> Result<TokenSet<Ledger>, Error> {
        let company = callback.tenant().and_then(|company| self.flows.get(company));
        company.ok_or(CallbackError::UnknownState)?.finish(callback).await
    }

    /// Ada signs in at a company and keeps the tokens: the access token.
    async fn ada_signs_in(&self, company: &str) -> String {
        let flow = self.flow(company);
        let tokens = signs_in(&self.test, flow).await;
        flow.session("ada").adopt(tokens.clone()).await.unwrap();
        tokens.access_token().expose().to_owned()
    }

    /// Where each call went, and with which token.
    fn calls(&self) -> Vec<(String, String)> {
        let calls = self.test.requests().into_iter().filter(|request| request.url.contains("/api/"));
        calls
            .map(|call| {
                let token = call.headers["authorization"].to_str().unwrap().replace("Bearer ", "");
                (call.url, token)
            })
            .collect()
    }
}

#[tokio::test]
async fn each_company_has_its_own_addresses() {
    let scene = Scene::start().await;
    scene.ada_signs_in("globex").await;
    let urls: Vec<_> = scene.test.requests().into_iter().map(|request| request.url).collect();
    assert!(urls[0].starts_with("https://globex.ledger.example/authorize?"), "{}", urls[0]);
    assert_eq!(urls.last().unwrap(), "https://globex.ledger.example/token");
}

#[tokio::test]
async fn the_tokens_of_one_user_at_two_companies_do_not_mix() {
    let scene = Scene::start().await;
    let of_acme = scene.ada_signs_in("acme").await;
    let of_globex = scene.ada_signs_in("globex").await;
    assert_ne!(of_acme, of_globex);
    let keys: Vec<_> = scene.table.rows().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["ledger:acme:ada", "ledger:globex:ada"]);

    for company in ["acme", "globex"] {
        let _: Value = scene.flow(company).session("ada").get("invoices").json().await.unwrap();
    }
    let expected = [
        ("https://acme.ledger.example/api/invoices".to_owned(), of_acme),
        ("https://globex.ledger.example/api/invoices".to_owned(), of_globex),
    ];
    assert_eq!(scene.calls(), expected);
}

#[tokio::test]
async fn a_sign_in_at_one_company_is_none_at_the_other() {
    let scene = Scene::start().await;
    scene.ada_signs_in("acme").await;
    let error = scene.flow("globex").session("ada").get("invoices").send().await.unwrap_err();
    assert!(matches!(error, Error::LoginRequired(LoginRequired::NoTokens)));
    assert!(scene.calls().is_empty());
}

#[tokio::test]
async fn the_token_of_one_company_does_not_go_to_the_host_of_the_other() {
    let scene = Scene::start().await;
    scene.ada_signs_in("acme").await;
    let call = scene.flow("acme").session("ada").get("https://globex.ledger.example/api/invoices");
    let error = call.send().await.unwrap_err();
    assert!(matches!(&error, Error::ForeignOrigin(origin) if origin == "https://globex.ledger.example"));
    assert!(scene.calls().is_empty());
}

#[tokio::test]
async fn a_refresh_at_one_company_leaves_the_other_alone() {
    let scene = Scene::start().await;
    scene.ada_signs_in("acme").await;
    scene.ada_signs_in("globex").await;
    let before = scene.table.rows();
    scene.test.clock().advance(Duration::from_secs(7200));
    scene.flow("acme").session("ada").get("invoices").send().await.unwrap();

    let refresh =
        scene.test.requests().into_iter().find(|request| request.parameter("refresh_token").is_some());
    assert_eq!(refresh.unwrap().url, "https://acme.ledger.example/token");
    let after = scene.table.rows();
    assert_ne!(before[0], after[0]);
    assert_eq!(before[1], after[1]);
}

#[tokio::test]
async fn a_callback_is_finished_by_the_company_where_it_began() {
    let scene = Scene::start().await;
    let (of_acme, acme) = scene.begun("acme").await;
    let (of_globex, globex) = scene.begun("globex").await;
    assert_eq!((acme.tenant(), globex.tenant()), ("acme", "globex"));
    scene.finish(Callback::new(of_globex, globex)).await.unwrap();
    scene.finish(Callback::new(of_acme, acme)).await.unwrap();

    let requests = scene.test.requests().into_iter();
    let exchanges: Vec<_> =
        requests.map(|request| request.url).filter(|url| url.ends_with("/token")).collect();
    assert_eq!(exchanges, ["https://globex.ledger.example/token", "https://acme.ledger.example/token"]);
}

#[tokio::test]
async fn a_callback_of_one_company_is_refused_by_the_other() {
    let scene = Scene::start().await;
    let (query, pending) = scene.begun("acme").await;
    let error = scene.flow("globex").finish(Callback::new(query, pending)).await.unwrap_err();
    assert!(matches!(error, Error::Callback(CallbackError::Mismatch)), "{error:?}");
    assert!(error.to_string().contains("another provider, tenant or user"));

    let (_, pending) = scene.begun("acme").await;
    let (query, _) = scene.begun("globex").await;
    let error = scene.finish(Callback::new(query, pending)).await.unwrap_err();
    assert!(matches!(error, Error::Callback(CallbackError::UnknownState)), "{error:?}");
    assert_eq!(scene.test.token_requests(), 0);
}

#[tokio::test]
async fn a_pending_sign_in_in_the_shared_store_stays_with_its_company() {
    let scene = Scene::start().await;
    let (query, pending) = scene.begun("acme").await;
    scene.flow("acme").store_pending("ada", pending).await.unwrap();
    let callback = scene.flow("globex").take_pending("ada", &query).await.unwrap();
    let error = scene.flow("globex").finish(callback).await.unwrap_err();
    assert!(matches!(error, Error::Callback(CallbackError::Mismatch)), "{error:?}");
    assert_eq!(scene.test.token_requests(), 0);
}

#[tokio::test]
async fn a_pending_sign_in_keeps_its_company_through_a_cookie() {
    let scene = Scene::start().await;
    let (query, pending) = scene.begun("globex").await;
    let text = pending.expose();
    let pending = PendingAuthorization::<Ledger>::parse(&text).unwrap();
    scene.finish(Callback::new(query.clone(), pending)).await.unwrap();

    let (query, pending) = scene.begun("globex").await;
    let forged = pending.expose().replace("globex", "acme");
    let pending = PendingAuthorization::<Ledger>::parse(&forged).unwrap();
    let error = scene.flow("globex").finish(Callback::new(query, pending)).await.unwrap_err();
    assert!(matches!(error, Error::Callback(CallbackError::Mismatch)), "{error:?}");
}

#[test]
fn a_company_is_one_label_and_nothing_that_leads_elsewhere() {
    for text in
        ["evil.example/", "acme.evil.example", "acme@evil", "acme:443", "acme/..", "acme?", "xn--acme", ""]
    {
        assert!(text.parse::<HostLabel>().is_err(), "{text}");
    }
}
