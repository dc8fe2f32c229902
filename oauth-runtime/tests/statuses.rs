//! What the axum integration says to a browser, and what it does not even read.

mod common;

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Request, StatusCode},
    routing::{get, post},
};
use common::{ACME, Acme, REDIRECT_URI, Server, answer, begin, confidential, good, provider};
use oauth_runtime::{
    AuthCodeFlow, AuthorizationRequest, Callback, Error, OAuthProvider,
    spec::{self, Method, Spec},
    transport::Response,
};
use tower::ServiceExt;

provider!(
    Posting,
    Spec { callback: spec::Callback { methods: &[Method::Post], ..spec::Callback::PLAIN }, ..ACME }
);

async fn login(State(flow): State<AuthCodeFlow<Acme>>) -> AuthorizationRequest<Acme> {
    flow.begin([])
}

async fn finish<P: OAuthProvider>(
    State(flow): State<AuthCodeFlow<P>>,
    callback: Callback<P>,
) -> Result<String, Error> {
    flow.finish(callback).await.map(|_| "welcome".to_owned())
}

/// What the browser sees when the token endpoint answers like this.
async fn shown(response: Response) -> StatusCode {
    let flow = AuthCodeFlow::new(Acme, confidential(), REDIRECT_URI).expect("a flow");
    let flow = flow.transport(Server::always(response).transport());
    let router =
        Router::new().route("/login", get(login)).route("/callback", get(finish::<Acme>)).with_state(flow);
    let begun = Request::get("/login").body(Body::empty()).expect("a request");
    let begun = router.clone().oneshot(begun).await.expect("an answer");
    let header = |name: &str| begun.headers()[name].to_str().expect("ASCII").to_owned();
    let state = common::param(&header("location"), "state");
    let cookie = header("set-cookie");
    let callback = Request::get(format!("/callback?code=CODE&state={state}"))
        .header("cookie", cookie.split(';').next().unwrap_or_default())
        .body(Body::empty())
        .expect("a request");
    router.oneshot(callback).await.expect("an answer").status()
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_from_one_that_is_broken() {
    assert_eq!(shown(good()).await, StatusCode::OK);
    assert_eq!(shown(answer(503, "", "")).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(shown(answer(500, "", "")).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(shown(answer(200, "text/html", "<p>")).await, StatusCode::BAD_GATEWAY);
    assert_eq!(shown(answer(404, "", "")).await, StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn a_form_that_announces_more_than_the_limit_is_not_read() {
    let flow = AuthCodeFlow::new(Posting, confidential(), REDIRECT_URI).expect("a flow");
    let flow = flow.transport(Server::always(good()).transport());
    let form = format!("code=CODE&state={}", begin(&flow).0);
    let router = Router::new().route("/callback", post(finish::<Posting>)).with_state(flow);
    for (announced, expected) in [
        (1, StatusCode::OK),
        (16 << 10, StatusCode::OK),
        ((16 << 10) + 1, StatusCode::BAD_REQUEST),
        (1_u64 << 40, StatusCode::BAD_REQUEST),
    ] {
        let request = Request::post("/callback")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("content-length", announced.to_string())
            .body(Body::from(form.clone()))
            .expect("a request");
        let status = router.clone().oneshot(request).await.expect("an answer").status();
        assert_eq!(status, expected, "{announced}: the page in between, or a refusal");
    }
}
