//! A provider whose page posts the callback, as Sign in with Apple does: over HTTP, with a browser that keeps
//! `SameSite=Lax`.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    routing::get,
};
use oauth_runtime::{
    AuthCodeFlow, AuthorizationRequest, Callback, CallbackError, Error, OAuthProvider, Repost,
};
use oauth_test_provider::TestProvider;
use reqwest::{Client, redirect::Policy};
use serde_json::json;
use tokio::net::TcpListener;

/// A directory of people.
#[derive(OAuthProvider)]
#[oauth(
    name = "People",
    authorization_endpoint = "https://people.example/authorize",
    token_endpoint = "https://people.example/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    authorization(params(response_mode = "form_post")),
    callback(methods = ["POST"], capture = ["user"], json = ["user"])
)]
struct People;

type Flow = AuthCodeFlow<People>;

async fn login(State(flow): State<Flow>) -> AuthorizationRequest<People> {
    flow.begin([])
}

async fn callback(State(flow): State<Flow>, callback: Callback<People>) -> Result<String, Error> {
    let tokens = flow.finish(callback).await?;
    let email = tokens.captured("user").and_then(|user| user["email"].as_str());
    Ok(format!("Signed in as {}", email.unwrap_or("somebody")))
}

/// The application, its provider, and one browser.
struct Scene {
    test: TestProvider<People>,
    flow: Flow,
    origin: String,
    client: Client,
}

struct Page {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

/// Which page a form is posted from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Us,
    Another,
}

impl Scene {
    async fn start() -> Self {
        let test = TestProvider::<People>::start().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let flow = AuthCodeFlow::new(People, test.credentials(), &format!("{origin}/callback")).unwrap();
        let flow = flow.transport(test.transport());
        let app = Router::new().route("/login", get(login)).route("/callback", get(callback).post(callback));
        let app = app.with_state(flow.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        // Another test may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { test, flow, origin, client }
    }

    /// Goes to the provider and approves: the cookie that is kept, and the form that the provider's page posts.
    async fn until_form(&self) -> (String, String) {
        let login = self.client.get(format!("{}/login", self.origin)).send().await.unwrap();
        let cookie = login.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
        assert!(cookie.contains("SameSite=Lax"), "{cookie}");
        let back = self.test.approve(login.headers()[header::LOCATION].to_str().unwrap()).await;
        let form = back.strip_prefix(&format!("{}/callback?", self.origin)).unwrap().to_owned();
        (cookie.split(';').next().unwrap().to_owned(), form)
    }

    /// Posts a form as a browser does: a Lax cookie goes along only from a page of the application itself.
    async fn post(&self, from: From, cookie: &str, form: &str) -> Page {
        let request = self.client.post(format!("{}/callback", self.origin)).body(form.to_owned());
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = match from {
            From::Us => request
                .header(header::COOKIE, cookie)
                .header(header::ORIGIN, &self.origin)
                .header("sec-fetch-site", "same-origin"),
            From::Another => request
                .header(header::ORIGIN, "https://people.example")
                .header("sec-fetch-site", "cross-site"),
        };
        page(request.send().await.unwrap()).await
    }

    /// The whole way: the provider's form, and the form of the page that answers it.
    async fn bring(&self, cookie: &str, form: &str) -> Page {
        let first = self.post(From::Another, cookie, form).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.text);
        self.post(From::Us, cookie, &fields(&first.text)).await
    }
}

async fn page(response: reqwest::Response) -> Page {
    let (status, headers) = (response.status(), response.headers().clone());
    Page { status, headers, text: response.text().await.unwrap() }
}

/// What the form of a page posts.
fn fields(page: &str) -> String {
    let value = |tag: &str, name: &str| {
        let start = tag.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
        let text = tag[start..].split('"').next().unwrap();
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .into_iter()
            .fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
    };
    let inputs = page.split("<input ").skip(1);
    let pairs = inputs.map(|tag| (value(tag, "name"), value(tag, "value")));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[tokio::test]
async fn a_posted_callback_signs_in_with_a_lax_cookie() {
    let scene = Scene::start().await;
    let (cookie, form) = scene.until_form().await;
    let done = scene.bring(&cookie, &form).await;
    assert_eq!((done.status, &*done.text), (StatusCode::OK, "Signed in as ada@example.com"));
    assert_eq!(scene.test.token_requests(), 1);
    let again = scene.bring(&cookie, &form).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "used once: {}", again.text);
    assert_eq!(scene.test.token_requests(), 1);
}

#[tokio::test]
async fn the_page_in_between_is_kept_nowhere_and_runs_nothing_else() {
    let scene = Scene::start().await;
    let (cookie, form) = scene.until_form().await;
    let first = scene.post(From::Another, &cookie, &form).await;
    let header = |name| first.headers[name].to_str().unwrap();
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-frame-options"), "DENY");
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'sha256-"), "{policy}");
    assert!(first.text.contains("<button>"), "it works without scripts");
    assert_eq!(scene.test.token_requests(), 0);
}

#[tokio::test]
async fn without_its_cookie_a_form_comes_again_once_and_no_more() {
    let scene = Scene::start().await;
    let (_, form) = scene.until_form().await;
    let end = scene.bring("other=1", &form).await;
    assert_eq!(end.status, StatusCode::BAD_REQUEST);
    assert!(end.text.contains("no sign-in is pending"), "{}", end.text);
    assert_eq!(scene.test.token_requests(), 0);
}

#[tokio::test]
async fn a_form_that_another_site_made_up_signs_nobody_in() {
    let scene = Scene::start().await;
    let (cookie, form) = scene.until_form().await;
    let marked = format!("{form}&oauth.reposted=1");
    let request = scene.client.post(format!("{}/callback", scene.origin)).body(marked.clone());
    let request = request
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, &cookie);
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")]
    {
        let request = request.try_clone().unwrap().header(name, value);
        let refused = page(request.send().await.unwrap()).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{name}: {value}");
        assert!(refused.text.contains("another site"), "{}", refused.text);
    }
    let forged = scene.bring(&cookie, "code=stolen&state=made-up").await;
    assert!(forged.text.contains("no sign-in is pending"), "{}", forged.text);
    assert_eq!(scene.test.token_requests(), 0);
    let honest = scene.post(From::Us, &cookie, &marked).await;
    assert_eq!(honest.text, "Signed in as ada@example.com");
}

#[tokio::test]
async fn a_query_is_no_callback_here_and_neither_is_another_body() {
    let scene = Scene::start().await;
    let (cookie, form) = scene.until_form().await;
    let url = format!("{}/callback?{form}", scene.origin);
    let get = scene.client.get(url).header(header::COOKIE, &cookie).send().await.unwrap();
    assert_eq!(
        (get.status(), get.headers()[header::ALLOW].to_str().unwrap()),
        (StatusCode::METHOD_NOT_ALLOWED, "POST")
    );
    let post = |label: &'static str, body: String| {
        let request = scene.client.post(format!("{}/callback", scene.origin));
        request.header(header::CONTENT_TYPE, label).header(header::COOKIE, &cookie).body(body).send()
    };
    let labelled = post("text/plain", form.clone()).await.unwrap();
    assert_eq!(labelled.status(), StatusCode::BAD_REQUEST);
    let long = format!("{form}&x={}", "a".repeat(20_000));
    let long = post("application/x-www-form-urlencoded", long).await.unwrap();
    assert_eq!(long.status(), StatusCode::BAD_REQUEST);
    assert_eq!(scene.test.token_requests(), 0);
}

#[tokio::test]
async fn the_json_of_a_callback_is_read_strictly() {
    let scene = Scene::start().await;
    for bad in ["no json", "[]", r#"{"email":"a","email":"b"}"#, r#"{"a":1} {}"#] {
        scene.test.brings("user", bad);
        let (url, pending) = scene.flow.begin([]).into_parts();
        let back = scene.test.approve(&url).await;
        let error = scene.flow.finish(scene.test.callback(&back, pending)).await.unwrap_err();
        assert!(matches!(error, Error::Callback(CallbackError::Invalid("user"))), "{bad}: {error}");
    }
    assert_eq!(scene.test.token_requests(), 0);
    scene.test.brings("user", None);
    let (url, pending) = scene.flow.begin([]).into_parts();
    let back = scene.test.approve(&url).await;
    let tokens = scene.flow.finish(scene.test.callback(&back, pending)).await.unwrap();
    assert_eq!(tokens.captured("user"), None, "it comes with the first consent only");
}

#[tokio::test]
async fn another_framework_reads_a_form_by_hand() {
    let scene = Scene::start().await;
    let (url, pending) = scene.flow.begin([]).into_parts();
    let back = scene.test.approve(&url).await;
    let form = back.split_once('?').unwrap().1;
    assert!(Repost::is_needed(form));
    let again = fields(Repost::of(form).unwrap().html());
    assert!(!Repost::is_needed(&again));
    let tokens = scene.flow.finish(Callback::from_form(again, pending)).await.unwrap();
    assert_eq!(tokens.captured("user").map(|user| &user["name"]["firstName"]), Some(&json!("Ada")));

    let (url, pending) = scene.flow.begin([]).into_parts();
    let back = scene.test.approve(&url).await;
    let query = back.split_once('?').unwrap().1;
    let error = scene.flow.finish(Callback::new(query, pending)).await.unwrap_err();
    assert!(matches!(error, Error::Callback(CallbackError::NotPosted)), "{error}");
}

#[tokio::test]
async fn a_form_is_joined_with_what_the_server_keeps_for_its_user_and_for_nobody_else() {
    let scene = Scene::start().await;
    let form = async || {
        let (url, pending) = scene.flow.begin([]).into_parts();
        scene.flow.store_pending("ada", pending).await.unwrap();
        scene.test.approve(&url).await.split_once('?').unwrap().1.to_owned()
    };
    let stolen = scene.flow.take_pending_for_form("eve", &form().await).await.unwrap_err();
    assert!(matches!(stolen, Error::Callback(CallbackError::Mismatch)), "{stolen}");
    assert_eq!(scene.test.token_requests(), 0);

    let form = form().await;
    let callback = scene.flow.take_pending_for_form("ada", &form).await.unwrap();
    scene.flow.finish(callback).await.unwrap();
    let again = scene.flow.take_pending_for_form("ada", &form).await.unwrap_err();
    assert!(matches!(again, Error::Callback(CallbackError::AlreadyUsed)), "{again}");
}
