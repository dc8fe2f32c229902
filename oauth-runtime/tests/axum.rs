//! The axum integration: the cookie of the user agent that began, and the callback that it brings.

mod common;

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Request, Response, StatusCode, header},
    response::IntoResponse,
    routing::any,
};
use common::{ACME, Acme, REDIRECT_URI, Server, confidential, good, param, provider};
use oauth_runtime::{
    AuthCodeFlow, AuthorizationRequest, Callback, Entry, Error, PendingAuthorization, ReturnTo,
};
use tower::ServiceExt;

const LOOPBACK: &str = "http://127.0.0.1:8000/callback";

type Flow = AuthCodeFlow<Acme>;

async fn login(State(flow): State<Flow>) -> AuthorizationRequest<Acme> {
    flow.begin([])
}

async fn callback(State(flow): State<Flow>, callback: Callback<Acme>) -> Result<String, Error> {
    let tokens = flow.finish(callback).await?;
    Ok(format!("signed in with {}", tokens.access_token().expose()))
}

async fn wish(State(flow): State<Flow>, wanted: String) -> AuthorizationRequest<Acme> {
    flow.begin([]).return_to(wanted.parse().unwrap_or_default())
}

async fn back(State(flow): State<Flow>, callback: Callback<Acme>) -> Result<ReturnTo, Error> {
    let return_to = callback.return_to();
    flow.finish(callback).await.map(|_| return_to)
}

/// A handler that takes the error itself and makes a page of it.
async fn page(State(flow): State<Flow>, callback: Result<Callback<Acme>, Error>) -> impl IntoResponse {
    match async { flow.finish(callback?).await }.await {
        Ok(_) => (StatusCode::OK, "welcome".to_owned()),
        Err(error @ Error::Denied(_)) => {
            (StatusCode::OK, format!("you said no: {}", error.code().unwrap_or_default()))
        }
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()),
    }
}

struct App {
    router: Router,
    server: Server,
}

fn app_at(redirect_uri: &str) -> App {
    let server = Server::always(good());
    let flow = AuthCodeFlow::new(Acme, confidential(), redirect_uri).expect("a flow");
    let flow = flow.transport(server.transport());
    let router = Router::new()
        .route("/login", any(login))
        .route("/callback", axum::routing::get(callback))
        .route("/any", any(callback))
        .route("/page", any(page))
        .route("/wish", any(wish))
        .route("/back", any(back))
        .with_state(flow);
    App { router, server }
}

fn app() -> App {
    app_at(REDIRECT_URI)
}

/// What a browser remembers of a begun sign-in.
struct Begun {
    state: String,
    cookie: String,
    set_cookie: String,
}

impl App {
    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.expect("the router cannot fail")
    }

    async fn begin(&self) -> Begun {
        self.begin_at("/login", "").await
    }

    async fn begin_at(&self, path: &str, body: &str) -> Begun {
        let response = self.send(request(path).body(body.to_owned().into()).expect("a request")).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        let header = |name| response.headers()[name].to_str().expect("ASCII").to_owned();
        assert_eq!(
            (header(header::CACHE_CONTROL), header(header::REFERRER_POLICY)),
            ("no-store".to_owned(), "no-referrer".to_owned())
        );
        let set_cookie = header(header::SET_COOKIE);
        let cookie = set_cookie.split(';').next().expect("a cookie").to_owned();
        Begun { state: param(&header(header::LOCATION), "state"), cookie, set_cookie }
    }

    /// Brings back `query`, in which `{}` stands for the state, with these cookies.
    async fn bring(&self, path: &str, query: &str, state: &str, cookies: &[&str]) -> (StatusCode, String) {
        let mut request = request(&format!("{path}?{}", query.replace("{}", state)));
        for cookie in cookies {
            request = request.header(header::COOKIE, *cookie);
        }
        text_of(self.send(request.body(Body::empty()).expect("a request")).await).await
    }

    async fn finish(&self, state: &str, cookies: &[&str]) -> (StatusCode, String) {
        self.bring("/callback", "code=CODE&state={}", state, cookies).await
    }
}

fn request(uri: &str) -> axum::http::request::Builder {
    Request::builder().uri(uri)
}

async fn text_of(response: Response<Body>) -> (StatusCode, String) {
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    (status, String::from_utf8(bytes.to_vec()).expect("a text"))
}

const SIGNED_IN: (StatusCode, &str) = (StatusCode::OK, "signed in with AT-NEW");

fn assert_signed_in((status, text): (StatusCode, String)) {
    assert_eq!((status, &*text), SIGNED_IN);
}

#[tokio::test]
async fn the_cookie_is_bound_to_the_host_hidden_from_scripts_and_short_lived() {
    let begun = app().begin().await;
    let (pair, attributes) = begun.set_cookie.split_once("; ").expect("attributes");
    assert_eq!(attributes, "Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure");
    assert!(pair.starts_with("__Host-oauth-acme-"), "{pair}");
    assert!(
        !pair.split('=').next().expect("a name").contains(&begun.state),
        "the name does not give the state away"
    );
    let fits = |b: u8| b.is_ascii_graphic() && !b"\",;\\".contains(&b);
    assert!(pair.bytes().all(fits), "{pair}");
    for other in ["http://localhost:8000/callback", "http://[::1]:8000/callback", LOOPBACK] {
        let begun = app_at(other).begin().await;
        assert!(begun.cookie.starts_with("oauth-acme-"), "{}", begun.cookie);
        assert!(
            begun.set_cookie.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"),
            "{}",
            begun.set_cookie
        );
    }
    let begun = app_at("https://localhost:8000/callback").begin().await;
    assert!(begun.set_cookie.ends_with("; Secure"), "only plain http goes without");
}

#[tokio::test]
async fn the_browser_that_began_is_signed_in() {
    for app in [app(), app_at(LOOPBACK)] {
        let begun = app.begin().await;
        let cookies = ["theme=dark; x", &begun.cookie, "=; ;;oauth-acme-=x"];
        assert_signed_in(app.finish(&begun.state, &cookies).await);
        let begun = app.begin().await;
        let in_one = format!("a=b; {}; c=d", begun.cookie);
        assert_signed_in(app.finish(&begun.state, &[&in_one]).await);
        assert_eq!(app.server.count(), 2);
    }
}

#[tokio::test]
async fn a_user_goes_on_where_the_sign_in_was_begun_and_never_at_another_origin() {
    let app = app();
    for (wanted, expected) in [
        ("/orders?page=2#total", "/orders?page=2#total"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil", "/"),
    ] {
        let begun = app.begin_at("/wish", wanted).await;
        let request = request(&format!("/back?code=CODE&state={}&return_to=//evil.example", begun.state))
            .header(header::COOKIE, &begun.cookie);
        let response = app.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[header::LOCATION], expected, "{wanted:?}");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    }
    assert_eq!(app.server.count(), 4);
}

#[tokio::test]
async fn another_browser_is_not_signed_in() {
    let app = app();
    let (attackers, victims) = (app.begin().await, app.begin().await);
    for cookies in [&[][..], &[&*victims.cookie], &["theme=dark"]] {
        let (status, text) = app.finish(&attackers.state, cookies).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(text.contains("start again"), "{text}");
    }
    assert_eq!(app.server.count(), 0);
    assert_signed_in(app.finish(&attackers.state, &[&attackers.cookie]).await);
}

#[tokio::test]
async fn a_cookie_that_a_neighbouring_site_could_set_does_not_count() {
    let app = app();
    let begun = app.begin().await;
    let (name, value) = begun.cookie.split_once('=').expect("a pair");
    let unprefixed = format!("{}={value}", name.trim_start_matches("__Host-"));
    assert_eq!(app.finish(&begun.state, &[&unprefixed]).await.0, StatusCode::BAD_REQUEST);

    // The same with a record that claims to be of a program on the attacker's own machine.
    let forged = app_at(LOOPBACK).begin().await;
    assert_eq!(app.finish(&forged.state, &[&forged.cookie]).await.0, StatusCode::BAD_REQUEST);
    let prefixed = format!("__Host-{}", forged.cookie);
    assert_eq!(app.finish(&forged.state, &[&prefixed]).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(app.server.count(), 0);
}

#[tokio::test]
async fn a_forged_cookie_is_no_cookie() {
    let app = app();
    let begun = app.begin().await;
    let (name, value) = begun.cookie.split_once('=').expect("a pair");
    let huge = "A".repeat(100_000);
    for forged in ["", "x", "{}", "%", "!!!!", "é", &value[1..], &value[..60], &huge] {
        let (status, _) = app.finish(&begun.state, &[&format!("{name}={forged}")]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{forged}");
    }
    assert_eq!(app.server.count(), 0);
}

#[tokio::test]
async fn two_tabs_of_one_browser_do_not_disturb_each_other() {
    let app = app();
    let (first, second) = (app.begin().await, app.begin().await);
    assert_ne!(first.cookie.split('=').next(), second.cookie.split('=').next());
    let jar = format!("{}; {}", first.cookie, second.cookie);
    assert_signed_in(app.finish(&second.state, &[&jar]).await);
    assert_signed_in(app.finish(&first.state, &[&jar]).await);
    assert_eq!(app.server.count(), 2);
}

#[tokio::test]
async fn a_reload_of_the_callback_is_told_so_and_sends_nothing() {
    let app = app();
    let begun = app.begin().await;
    assert_signed_in(app.finish(&begun.state, &[&begun.cookie]).await);
    for _ in 0..3 {
        let (status, text) = app.finish(&begun.state, &[&begun.cookie]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(text.contains("used already"), "{text}");
    }
    assert_eq!(app.server.count(), 1);
}

#[tokio::test]
async fn what_no_user_asked_for_is_refused_and_uses_nothing_up() {
    let app = app();
    let begun = app.begin().await;
    let uri = |path: &str| format!("{path}?code=CODE&state={}", begun.state);
    let ahead = [
        ("GET", "Sec-Purpose", "prefetch"),
        ("GET", "Sec-Purpose", "prefetch;prerender"),
        ("GET", "Purpose", "prefetch"),
        ("GET", "X-Moz", "prefetch"),
        ("HEAD", "Accept", "*/*"),
        ("POST", "Origin", "https://id.example"),
        ("PUT", "Accept", "*/*"),
        ("OPTIONS", "Accept", "*/*"),
    ];
    for (method, name, value) in ahead {
        for path in ["/callback", "/any"] {
            let request =
                request(&uri(path)).method(method).header(name, value).header(header::COOKIE, &begun.cookie);
            let response = app.send(request.body(Body::empty()).expect("a request")).await;
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path} {value}");
            assert!(
                response.headers()[header::ALLOW].to_str().expect("ASCII").contains("GET"),
                "{method} {path}"
            );
        }
    }
    assert_eq!(app.server.count(), 0);
    assert_signed_in(app.finish(&begun.state, &[&begun.cookie]).await);
}

#[tokio::test]
async fn a_denied_consent_is_an_error_that_a_handler_can_turn_into_a_page() {
    const DENIED: &str = "error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E&state={}";
    let app = app();
    let begun = app.begin().await;
    let (status, text) = app.bring("/page", DENIED, &begun.state, &[&begun.cookie]).await;
    assert_eq!((status, &*text), (StatusCode::OK, "you said no: access_denied"));

    let begun = app.begin().await;
    let request = request(&format!("/callback?{}", DENIED.replace("{}", &begun.state)))
        .header(header::COOKIE, &begun.cookie);
    let response = app.send(request.body(Body::empty()).expect("a request")).await;
    let header = |name| response.headers()[name].to_str().expect("ASCII").to_owned();
    assert_eq!(header(header::CONTENT_TYPE), "text/plain; charset=utf-8", "what a server says is no HTML");
    assert_eq!(
        (header(header::X_CONTENT_TYPE_OPTIONS), header(header::CACHE_CONTROL)),
        ("nosniff".to_owned(), "no-store".to_owned())
    );
    assert_eq!(text_of(response).await.0, StatusCode::FORBIDDEN);
    assert_eq!(app.server.count(), 0);
}

#[tokio::test]
async fn a_bad_callback_reaches_the_handler_as_an_error() {
    let app = app();
    for (query, is_said) in [
        ("", "no `state`"),
        ("error=access_denied", "left out `state`"),
        ("code=CODE&code=EVIL&state={}", "`code` twice"),
        ("state={}&state={}", "`state` twice"),
        ("state={}", "neither `code` nor `error`"),
        ("code=CODE&state=evil", "no sign-in is pending"),
    ] {
        let begun = app.begin().await;
        let (status, text) = app.bring("/page", query, &begun.state, &[&begun.cookie]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(text.contains(is_said), "{query}: {text}");
    }
    let (status, _) = app.bring("/page", &"a=b&".repeat(15_000), "", &[]).await;
    assert!(status.is_client_error());
    assert_eq!(app.server.count(), 0);
}

provider!(Other, common_other());

const fn common_other() -> oauth_runtime::spec::Spec {
    oauth_runtime::spec::Spec { id: "other", ..ACME }
}

#[tokio::test]
async fn a_callback_of_one_provider_is_not_taken_by_another() {
    let server = Server::always(good());
    let other = common::flow(Other, &server);
    let (url, pending) = other.begin([]).into_parts();
    let app = app();
    let begun = app.begin().await;
    let name = begun.cookie.split('=').next().expect("a name");
    let own_name =
        other.begin([]).into_response().headers()[header::SET_COOKIE].to_str().expect("ASCII").to_owned();
    assert!(own_name.starts_with("__Host-oauth-other-"), "{own_name}");
    let state = param(&url, "state");
    let stolen = format!("{name}={}", pending.expose());
    assert_eq!(app.finish(&state, &[&stolen]).await.0, StatusCode::BAD_REQUEST);
    assert!(PendingAuthorization::<Acme>::parse(&pending.expose()).is_err());
    assert_eq!((app.server.count(), server.count()), (0, 0));
}

/// An application that knows its providers at run time only.
fn chosen_app() -> App {
    type Chosen = AuthCodeFlow<oauth_runtime::Chosen>;
    async fn login(State(flow): State<Chosen>) -> AuthorizationRequest<oauth_runtime::Chosen> {
        flow.begin([])
    }
    async fn callback(State(flow): State<Chosen>, request: Request<Body>) -> Result<String, Error> {
        let tokens = flow.finish(flow.callback(request).await?).await?;
        Ok(format!("signed in with {}", tokens.access_token().expose()))
    }
    async fn extracted(callback: Callback<oauth_runtime::Chosen>) -> String {
        format!("{callback:?}")
    }
    let server = Server::always(good());
    let provider = Entry::of::<Acme>().bind([]).expect("Acme has no variables");
    let flow = AuthCodeFlow::new(provider, confidential(), REDIRECT_URI).expect("a flow");
    let router = Router::new()
        .route("/login", any(login))
        .route("/callback", any(callback))
        .route("/extracted", any(extracted))
        .with_state(flow.transport(server.transport()));
    App { router, server }
}

#[tokio::test]
async fn a_flow_takes_the_callback_of_a_provider_that_is_chosen_at_run_time() {
    let app = chosen_app();
    let begun = app.begin().await;
    assert!(begun.cookie.starts_with("__Host-oauth-acme-"), "{}", begun.cookie);
    assert_signed_in(app.finish(&begun.state, &[&begun.cookie]).await);
    let other = app.begin().await;
    let (status, _) = app.finish(&other.state, &[]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "a browser that did not begin cannot finish");
    assert_eq!(app.server.count(), 1);
}

#[tokio::test]
async fn the_extractor_says_that_it_cannot_know_a_provider_that_is_chosen_at_run_time() {
    let (status, text) = chosen_app().bring("/extracted", "code=CODE&state={}", "x", &[]).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(text.contains("take its callback by `AuthCodeFlow::callback`"), "{text}");
}
