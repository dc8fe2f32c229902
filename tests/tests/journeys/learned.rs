//! Addresses that a sign-in tells: the callback names the data centre, the token answer the API's host, the userinfo
//! endpoint the account's.

use crate::user::{flow, signs_in, signs_in_with};
use oauth_runtime::{
    AnswerErrorKind, AuthCodeFlow, CallbackError, Error, LoginRequired, MemoryTokenStore, OAuthProvider,
    StoredTokens, TokenSet, provider::HasApi, transport::Response,
};
use oauth_test_provider::TestProvider;
use serde_json::{Value, json};

/// As Zoho: the data centre is known before, or told by the callback; the API's host by the token answer.
#[derive(OAuthProvider, Default)]
#[oauth(
    name = "Suite",
    authorization_endpoint = ["https://accounts.suite.{dc}/oauth/v2/auth", "https://accounts.suite.com/oauth/v2/auth"],
    token_endpoint = ["https://accounts.suite.{dc}/oauth/v2/token", "{accounts_server}/oauth/v2/token"],
    revocation_endpoint = ["https://accounts.suite.{dc}/oauth/v2/revoke", "{accounts_server}/oauth/v2/revoke"],
    token_endpoint_auth_methods = ["client_secret_post"],
    variables(
        dc(required = false, enum = ["com", "eu"]),
        accounts_server(
            from = "callback.accounts-server",
            enum = ["https://accounts.suite.com", "https://accounts.suite.eu"]
        ),
        api_domain(from = "token.api_domain", format = "https_url", example = "https://www.suiteapis.com")
    ),
    api(base_url = ["https://www.suiteapis.{dc}", "{api_domain}"], scheme = "Suite-oauthtoken")
)]
struct Suite {
    dc: Option<SuiteDc>,
}

/// As `QuickBooks`: the callback tells the company, which stands in every path; here the company's host too.
#[derive(OAuthProvider)]
#[oauth(
    name = "Books",
    authorization_endpoint = "https://books.example/connect",
    token_endpoint = "https://books.example/token",
    userinfo_endpoint = "https://books.example/company/{company}/me",
    token_endpoint_auth_methods = ["client_secret_basic"],
    variables(
        company(from = "callback.realmId", format = "digits"),
        shard(from = "callback.shard", format = "host_label", suffix = ".books.example", required = false)
    ),
    token(headers("X-Company" = "{company}")),
    refresh(params(company = "{company}")),
    api(
        base_url = ["https://{shard}.books.example/v3/company/{company}", "https://api.books.example/v3/company/{company}"]
    )
)]
struct Books;

/// As `DocuSign`: the userinfo endpoint tells the account and its host.
#[derive(OAuthProvider)]
#[oauth(
    name = "Sign",
    authorization_endpoint = "https://account.sign.example/auth",
    token_endpoint = "https://account.sign.example/token",
    userinfo_endpoint = "https://account.sign.example/userinfo",
    token_endpoint_auth_methods = ["client_secret_basic"],
    variables(
        base_uri(from = "userinfo.accounts.0.base_uri", format = "https_url", suffix = "/"),
        account(from = "userinfo.accounts.0.account_id", format = "uuid")
    ),
    api(base_url = "{base_uri}/restapi/v2.1/accounts/{account}")
)]
struct Sign;

const EU: &str = "https://accounts.suite.eu";
const EU_API: &str = "https://www.suiteapis.eu";

async fn suite() -> (TestProvider<Suite>, AuthCodeFlow<Suite>) {
    let test = TestProvider::<Suite>::start().await;
    test.tell("accounts_server", EU);
    test.tell("api_domain", EU_API);
    let flow = flow(Suite::default(), &test);
    (test, flow)
}

async fn get<P: HasApi>(flow: &AuthCodeFlow<P>, owner: &str, path: &str) -> Result<Value, Error> {
    flow.session(owner).get(path).json().await
}

fn success(body: &str) -> Response {
    Response::new(body.to_owned().into())
}

fn last_url<P: OAuthProvider>(test: &TestProvider<P>) -> String {
    test.requests().pop().unwrap().url
}

/// The stored form of tokens, changed as a store of another making could.
fn stored_otherwise<P: OAuthProvider>(tokens: &TokenSet<P>, change: impl FnOnce(&mut Value)) -> TokenSet<P> {
    let mut record = serde_json::to_value(tokens.expose()).unwrap();
    change(&mut record);
    serde_json::from_value::<StoredTokens>(record).unwrap().into()
}

#[tokio::test]
async fn code_and_secret_go_to_the_data_centre_of_the_callback_and_calls_to_the_one_of_the_answer() {
    let (test, flow) = suite().await;
    let tokens = signs_in(&test, &flow).await;
    assert_eq!(last_url(&test), format!("{EU}/oauth/v2/token"));
    assert_eq!((tokens.learned("accounts_server"), tokens.learned("api_domain")), (Some(EU), Some(EU_API)));
    let session = flow.session("ada");
    session.adopt(tokens).await.unwrap();
    get(&flow, "ada", "crm/v8/users").await.unwrap();
    assert_eq!(last_url(&test), format!("{EU_API}/crm/v8/users"));
    session.revoke().await.unwrap();
    assert_eq!(last_url(&test), format!("{EU}/oauth/v2/revoke"));
}

#[tokio::test]
async fn a_data_centre_that_is_known_before_counts_first() {
    let test = TestProvider::<Suite>::start().await;
    let flow = flow(Suite { dc: Some(SuiteDc::EU) }, &test);
    test.tell("accounts_server", EU);
    signs_in(&test, &flow).await;
    assert_eq!(last_url(&test), format!("{EU}/oauth/v2/token"));
}

#[tokio::test]
async fn a_refresh_in_another_process_goes_to_the_same_data_centre() {
    let (test, first) = suite().await;
    let tokens = signs_in(&test, &first).await;
    let record = stored_otherwise(&tokens, |_| {});
    test.tell("accounts_server", "https://accounts.suite.com");

    let second = flow(Suite::default(), &test);
    second.session("ada").adopt(record).await.unwrap();
    second.session("ada").refresh().await.unwrap();
    assert_eq!(last_url(&test), format!("{EU}/oauth/v2/token"));
    get(&second, "ada", "users").await.unwrap();
    assert_eq!(last_url(&test), format!("{EU_API}/users"));
}

#[tokio::test]
async fn users_of_two_data_centres_share_a_flow_and_not_their_hosts() {
    let (test, flow) = suite().await;
    flow.session("ada").adopt(signs_in(&test, &flow).await).await.unwrap();
    test.tell("accounts_server", "https://accounts.suite.com");
    test.tell("api_domain", "https://www.suiteapis.com");
    flow.session("grace").adopt(signs_in(&test, &flow).await).await.unwrap();
    for (owner, host) in [("ada", EU_API), ("grace", "https://www.suiteapis.com")] {
        get(&flow, owner, "users").await.unwrap();
        assert_eq!(last_url(&test), format!("{host}/users"));
    }
    let calls = test.requests().len();
    let error = get(&flow, "grace", &format!("{EU_API}/users")).await.unwrap_err();
    assert!(matches!(&error, Error::ForeignOrigin(origin) if origin == EU_API), "{error}");
    assert_eq!(test.requests().len(), calls, "nothing was sent");
    get(&flow, "ada", &format!("{EU_API}/users")).await.unwrap();
}

#[tokio::test]
async fn a_data_centre_of_nobodys_list_gets_nothing() {
    let (test, flow) = suite().await;
    for (evil, expected) in [
        ("https%3A%2F%2Faccounts.evil.example", CallbackError::Invalid("accounts-server")),
        ("https%3A%2F%2Faccounts.suite.eu.evil.example", CallbackError::Invalid("accounts-server")),
        ("", CallbackError::Missing("accounts-server")),
    ] {
        let change = |query: String| query.replace("https%3A%2F%2Faccounts.suite.eu", evil);
        let error = signs_in_with(&test, &flow, change).await.unwrap_err();
        assert!(matches!(&error, Error::Callback(found) if *found == expected), "{evil}: {error}");
    }
    let twice = |query: String| format!("{query}&accounts-server=https%3A%2F%2Faccounts.suite.com");
    let error = signs_in_with(&test, &flow, twice).await.unwrap_err();
    assert!(matches!(error, Error::Callback(CallbackError::Duplicated("accounts-server"))), "{error}");
    assert_eq!(test.token_requests(), 0);
    signs_in_with(&test, &flow, |query| query).await.unwrap();
}

#[tokio::test]
async fn what_the_token_answer_must_tell_is_missed_at_the_exchange() {
    let (test, flow) = suite().await;
    let error = |told: Option<&'static str>| {
        test.tell("api_domain", told);
        async {
            let error = signs_in_with(&test, &flow, |query| query).await.unwrap_err();
            match error {
                Error::Answer(error) => error.kind(),
                other => panic!("{other}"),
            }
        }
    };
    assert_eq!(error(None).await, AnswerErrorKind::Missing("api_domain"));
    for bad in ["http://www.suiteapis.eu", "https://u@www.suiteapis.eu", "https://www.suiteapis.eu/?x=", "eu"]
    {
        assert_eq!(error(Some(bad)).await, AnswerErrorKind::Invalid("api_domain"), "{bad}");
    }
    let twice = json!({ "access_token": "x", "api_domain": EU_API }).to_string();
    test.answer_next(success(&twice.replacen('{', "{\"api_domain\":\"https://a.example\",", 1)));
    test.tell("api_domain", EU_API);
    let failed = signs_in_with(&test, &flow, |query| query).await.unwrap_err();
    let is_twice =
        matches!(&failed, Error::Answer(error) if error.kind() == AnswerErrorKind::Duplicated("api_domain"));
    assert!(is_twice, "{failed}");
}

#[tokio::test]
async fn a_refresh_may_move_the_api_and_rubbish_in_it_moves_nothing() {
    let (test, flow) = suite().await;
    let session = flow.session("ada");
    session.adopt(signs_in(&test, &flow).await).await.unwrap();
    let answer = |api_domain: &str| json!({ "access_token": "next", "api_domain": api_domain }).to_string();
    test.answer_next(success(&answer("https://eu2.suiteapis.eu")));
    let tokens = session.refresh().await.unwrap();
    assert_eq!(tokens.learned("api_domain"), Some("https://eu2.suiteapis.eu"));
    test.answer_next(success(&answer("file:///etc")));
    let tokens = session.refresh().await.unwrap();
    assert_eq!(tokens.learned("api_domain"), Some("https://eu2.suiteapis.eu"));
    assert_eq!(tokens.learned("accounts_server"), Some(EU));
}

#[tokio::test]
async fn a_record_that_tells_nothing_or_something_else_asks_for_a_sign_in() {
    let (test, flow) = suite().await;
    let tokens = signs_in(&test, &flow).await;
    let session = flow.session("ada");
    let sent = test.requests().len();
    for changed in [
        stored_otherwise(&tokens, |record| {
            record.as_object_mut().unwrap().remove("learned");
        }),
        stored_otherwise(&tokens, |record| record["learned"]["api_domain"] = "https://a.example/../b".into()),
    ] {
        session.adopt(changed).await.unwrap();
        let error = get(&flow, "ada", "users").await.unwrap_err();
        let is_told = matches!(error, Error::LoginRequired(LoginRequired::NotLearned("api_domain")));
        assert!(is_told && error.needs_login(), "{error}");
    }
    let elsewhere = stored_otherwise(&tokens, |record| {
        record["learned"]["accounts_server"] = "https://accounts.evil.example".into();
    });
    session.adopt(elsewhere).await.unwrap();
    let error = session.refresh().await.unwrap_err();
    assert!(matches!(error, Error::LoginRequired(LoginRequired::NotLearned("accounts_server"))), "{error}");
    assert_eq!(test.requests().len(), sent, "nothing was sent");
    session.adopt(tokens).await.unwrap();
    get(&flow, "ada", "users").await.unwrap();
}

#[tokio::test]
async fn the_company_of_the_callback_stands_in_every_path_header_and_parameter() {
    let test = TestProvider::<Books>::start().await;
    test.tell("company", "4620816365");
    test.tell("shard", None);
    let flow = flow(Books, &test).token_store(MemoryTokenStore::new());
    flow.session("ada").adopt(signs_in(&test, &flow).await).await.unwrap();
    let exchange = test.requests().pop().unwrap();
    assert_eq!(exchange.headers["x-company"], "4620816365");
    let path = "/v3/company/4620816365/invoice";
    get(&flow, "ada", "invoice").await.unwrap();
    assert_eq!(last_url(&test), format!("https://api.books.example{path}"));
    flow.session("ada").userinfo().await.unwrap();
    assert_eq!(last_url(&test), "https://books.example/company/4620816365/me");
    flow.session("ada").refresh().await.unwrap();
    assert_eq!(test.requests().pop().unwrap().parameter("company"), Some("4620816365"));

    test.tell("shard", "eu-1");
    flow.session("ada").adopt(signs_in(&test, &flow).await).await.unwrap();
    get(&flow, "ada", "invoice").await.unwrap();
    assert_eq!(last_url(&test), format!("https://eu-1.books.example{path}"));
}

#[tokio::test]
async fn a_host_or_a_path_cannot_be_smuggled_in_by_the_callback() {
    let test = TestProvider::<Books>::start().await;
    let flow = flow(Books, &test);
    for (from, to) in [
        ("realmId=1815", "realmId=1%2F..%2F2"),
        ("shard=eu", "shard=evil.example%2F"),
        ("shard=eu", "shard=a.b"),
    ] {
        let error = signs_in_with(&test, &flow, |query| query.replace(from, to)).await.unwrap_err();
        assert!(matches!(error, Error::Callback(CallbackError::Invalid(_))), "{to}: {error}");
    }
    assert_eq!(test.token_requests(), 0);
    signs_in_with(&test, &flow, |query| query).await.unwrap();
}

#[tokio::test]
async fn the_account_of_the_userinfo_answer_stands_in_the_calls_that_follow() {
    let test = TestProvider::<Sign>::start().await;
    test.tell("base_uri", "https://eu.sign.example");
    test.tell("account", "fe0b61a3-3b9b-4cb7-9d05-36a5f5c0a6a3");
    let flow = flow(Sign, &test);
    flow.session("ada").adopt(signs_in(&test, &flow).await).await.unwrap();
    assert_eq!(last_url(&test), "https://account.sign.example/userinfo");
    get(&flow, "ada", "envelopes").await.unwrap();
    let base = "https://eu.sign.example/restapi/v2.1/accounts/fe0b61a3-3b9b-4cb7-9d05-36a5f5c0a6a3";
    assert_eq!(last_url(&test), format!("{base}/envelopes"));

    test.tell("account", "1815");
    let error = signs_in_with(&test, &flow, |query| query).await.unwrap_err();
    let is_invalid =
        matches!(&error, Error::Answer(error) if error.kind() == AnswerErrorKind::Invalid("account"));
    assert!(is_invalid, "{error}");
}
