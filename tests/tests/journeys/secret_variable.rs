//! A key of the application besides its client secret: it reaches the provider, and nobody else sees it.

use crate::user::{flow, signs_in};
use oauth_runtime::{AuthCodeFlow, OAuthProvider, Secret, transport::Response};
use oauth_test_provider::TestProvider;
use serde_json::{Value, json};

/// Weather, for applications with a key.
#[derive(OAuthProvider, Clone, Debug)]
#[oauth(
    name = "Weather",
    authorization_endpoint = "https://{region}.weather.example/authorize",
    token_endpoint = "https://{region}.weather.example/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    variables(region(enum = ["eu", "us"]), api_key(secret = true), trace_key(secret = true, required = false)),
    token(params(api_key = "{api_key}"), headers("X-Trace" = "{trace_key}")),
    refresh(params(api_key = "{api_key}")),
    api(base_url = "https://api.weather.example", headers("X-API-Key" = "{api_key}"))
)]
struct Weather {
    region: WeatherRegion,
    api_key: Secret,
    trace_key: Option<Secret>,
}

const KEY: &str = "key-CANARY+/of=the&application";

struct Scene {
    test: TestProvider<Weather>,
    flow: AuthCodeFlow<Weather>,
    weather: Weather,
}

impl Scene {
    async fn start() -> Self {
        let test = TestProvider::<Weather>::start().await;
        let weather = Weather { region: WeatherRegion::EU, api_key: KEY.into(), trace_key: None };
        let flow = flow(weather.clone(), &test);
        flow.session("ada").adopt(signs_in(&test, &flow).await).await.unwrap();
        Self { test, flow, weather }
    }
}

#[tokio::test]
async fn a_secret_variable_reaches_bodies_and_headers() {
    let Scene { test, flow, .. } = Scene::start().await;
    let exchange = test.requests().pop().unwrap();
    assert_eq!(exchange.parameter("api_key"), Some(KEY));
    assert!(!exchange.headers.contains_key("x-trace"), "it has no value");
    let _: Value = flow.session("ada").get("today").json().await.unwrap();
    assert_eq!(test.requests().pop().unwrap().headers["x-api-key"], KEY);
    flow.session("ada").refresh().await.unwrap();
    assert_eq!(test.requests().pop().unwrap().parameter("api_key"), Some(KEY));
}

#[tokio::test]
async fn a_secret_variable_is_in_no_address_no_key_of_a_store_and_nothing_printed() {
    let Scene { test, flow, weather } = Scene::start().await;
    let echo = json!({ "error": "invalid_request", "error_description": format!("{KEY} is unknown") });
    test.answer_next(Response::new(echo.to_string().into()));
    let session = flow.session("ada");
    let error = session.refresh().await.unwrap_err();
    let (url, pending) = flow.begin([]).into_parts();
    let printed = format!("{weather:?} {flow:?} {session:?} {error} {error:?} {url} {pending:?}");
    let urls: Vec<_> = test.requests().into_iter().map(|request| request.url).collect();
    for text in [&printed, &urls.join(" "), &pending.expose()] {
        assert!(!text.contains("CANARY"), "{text}");
    }
    assert_eq!(pending.tenant(), "eu");
    assert!(error.to_string().contains("[secret] is unknown"), "{error}");
}
