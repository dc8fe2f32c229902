//! What compiles: without a mistake there is no message.

use oauth_runtime::{
    AnswerError, AnswerErrorKind, ApiRequest, ApiResponse, AuthCodeFlow, AuthorizationRequest, BoxError,
    Callback, CallbackError, Claim, Credentials, Error, Failure, InvalidScope, Lease, LoginRequired,
    MemoryStateStore, MemoryTokenStore, OAuthProvider, PendingAuthorization, Refusal, Scope, Secret, Session,
    StateStore, StoredGrant, StoredTokens, TokenKey, TokenSet, TokenStore,
    provider::{HasApi, HasAuthorizationEndpoint, HasOpenScopes, HasRefresh},
    transport::{Limits, Request, Response, TransportError, TransportErrorKind},
    variable::{Digits, Host, HostLabel, HttpsUrl, PathSegment, Text, Uuid},
};
use std::{sync::Arc, time::Duration};

/// From a file.
#[derive(OAuthProvider)]
#[oauth(file = "tests/ui/file/good.toml")]
struct Good;

/// A variable of every format, required and not.
#[derive(OAuthProvider, Clone, Debug)]
#[oauth(
    name = "Formats",
    authorization_endpoint = "https://{label}.eu.example/{segment}/authorize",
    token_endpoint = "{base}/token",
    revocation_endpoint = "https://{host}/revoke",
    userinfo_endpoint = "https://api.example.{region}/user",
    authorization(params(team = "{digits}", tenant = "{uuid}", note = "{text}")),
    variables(
        /// Stands in a host.
        label(format = "host_label", suffix = ".eu.example"),
        host(format = "host"),
        segment(format = "path_segment", default = "common"),
        base(format = "https_url"),
        digits(format = "digits", required = false),
        uuid(format = "uuid"),
        text(description = "Any text"),
        region(enum = ["com", "eu", "com.cn"], default = "com"),
    ),
    scopes(
        separator = ",",
        default = ["read"],
        open = true,
        /// Reads.
        READ = "read",
        "write:all" = "Writes",
    ),
    api(base_url = "https://{host}/api"),
)]
struct Formats {
    label: HostLabel,
    host: Host,
    segment: Option<PathSegment>,
    base: HttpsUrl,
    digits: Option<Digits>,
    uuid: Uuid,
    text: Text,
    region: Option<FormatsRegion>,
}

#[test]
fn a_value_of_every_format_comes_to_its_place() -> Result<(), Box<dyn std::error::Error>> {
    let formats = Formats {
        label: Formats::parse_label("acme.eu.example")?,
        host: "acme.example".parse()?,
        segment: None,
        base: "https://login.acme.example/oauth".parse()?,
        digits: Some("42".parse()?),
        uuid: "00000000-0000-4000-8000-000000000000".parse()?,
        text: "a & b".parse()?,
        region: Some(FormatsRegion::COM_CN),
    };
    let flow = AuthCodeFlow::new(formats, Credentials::public("id"), "https://app.example/callback")?;
    let request = flow.begin([Formats::READ, Formats::WRITE_ALL, Scope::open("further")?]);
    let url = request.url();
    assert!(url.starts_with("https://acme.eu.example/common/authorize?"), "{url}");
    for pair in ["team=42", "tenant=00000000-", "note=a%20%26%20b", "scope=read%2Cwrite%3Aall%2Cfurther"] {
        assert!(url.contains(pair), "{pair}: {url}");
    }
    Ok(())
}

/// A database of an application, as its author writes it: plain `async fn`.
#[derive(Default, Clone)]
struct Database {
    states: Arc<MemoryStateStore>,
    tokens: MemoryTokenStore,
}

impl StateStore for Database {
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, BoxError> {
        self.states.put(key, value, ttl).await
    }

    async fn take(&self, key: &str) -> Result<Option<String>, BoxError> {
        self.states.take(key).await
    }
}

impl TokenStore for Database {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        self.tokens.load(key).await
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        self.tokens.save(key, grant).await
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.tokens.remove(key).await
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        self.tokens.claim(key, generation, lease).await
    }

    async fn renew(&self, key: &TokenKey, lease: &Lease, length: Duration) -> Result<bool, BoxError> {
        self.tokens.renew(key, lease, length).await
    }

    async fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> Result<bool, BoxError> {
        self.tokens.mark_sent(key, lease).await
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        self.tokens.commit(key, lease, grant).await
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        self.tokens.fail(key, lease, failure).await
    }
}

/// A provider in a function: the code becomes a token.
async fn answer(request: Request) -> Result<Response, TransportError> {
    let limits = request.extensions().get::<Limits>();
    if limits.is_none() || request.uri().path() != "/access_token" {
        return Err(TransportError::new(TransportErrorKind::Connect));
    }
    Ok(Response::new(r#"{"access_token":"token","token_type":"bearer"}"#.into()))
}

#[tokio::test]
async fn a_login_with_own_stores_and_an_own_transport() -> Result<(), Box<dyn std::error::Error>> {
    let database = Database::default();
    let credentials = Credentials::confidential("id", Secret::new("secret"));
    let flow: AuthCodeFlow<Good> = AuthCodeFlow::new(Good, credentials, "https://app.example/callback")?
        .state_store(database.clone())
        .token_store(database)
        .transport(answer);

    let request: AuthorizationRequest<Good> = flow.begin([]).param("login_hint", "ada")?;
    let (url, pending) = request.into_parts();
    let pending: PendingAuthorization<Good> = PendingAuthorization::parse(&pending.expose())?;
    let url = url::Url::parse(&url)?;
    let (_, state) = url.query_pairs().find(|(name, _)| name == "state").expect("there is a state");
    let callback: Callback<Good> = Callback::new(format!("code=code&state={state}"), pending);
    let tokens: TokenSet<Good> = flow.finish(callback).await?;
    let stored: StoredTokens = tokens.expose();

    let session: Session<Good> = flow.session("ada");
    session.adopt(stored.into()).await?;
    assert_eq!(session.access_token().await?.expose(), "token");
    Ok(())
}

/// What only has to compile: the other names, and what can be told by them.
#[allow(dead_code, reason = "it is compiled, not called")]
mod names {
    use super::*;

    fn has_everything<P: HasApi + HasAuthorizationEndpoint + HasOpenScopes + HasRefresh>() {}

    fn formats() {
        has_everything::<Formats>();
        let _: Result<Scope<Formats>, InvalidScope> = Scope::open("further");
    }

    async fn call(session: &Session<Formats>) -> Result<ApiResponse, Error> {
        let request: ApiRequest = session.get("user").query("page", "1");
        request.send().await
    }

    fn tell(error: &Error) -> Option<&str> {
        let refusal: &Refusal = match error {
            Error::Denied(refusal) | Error::Refused(refusal) => refusal,
            Error::Callback(CallbackError::AlreadyUsed) => return Some("reloaded"),
            Error::LoginRequired(LoginRequired::NoTokens) => return Some("nobody"),
            Error::Answer(answer) => return is_down(answer).then_some("down"),
            _ => return None,
        };
        refusal.hint()
    }

    fn is_down(answer: &AnswerError) -> bool {
        matches!(answer.kind(), AnswerErrorKind::Unavailable { .. })
    }
}
