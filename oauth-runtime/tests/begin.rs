//! The authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3).

mod common;

use common::{
    ACME, Acme, ENDPOINTS, REDIRECT_URI, Server, confidential, flow, good, param, provider, query_of,
};
use oauth_runtime::{
    AuthCodeFlow, Credentials, Error, Scope,
    spec::{AuthMethod, Endpoint, Endpoints, Param, Pkce, Scopes, Spec, Template},
};
use std::collections::HashSet;

fn server() -> Server {
    Server::always(good())
}

#[test]
fn the_url_has_what_the_standard_asks_for_in_a_stable_order() {
    let request = flow(Acme, &server()).begin([scope("read"), scope("write:all")]);
    let names: Vec<_> = query_of(request.url()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "code_challenge",
            "code_challenge_method"
        ]
    );
    let url = request.url();
    assert!(url.starts_with("https://id.example/authorize?response_type=code&client_id=id&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&scope=read%20write%3Aall&state="), "{url}");
    assert!(url.ends_with("&code_challenge_method=S256"), "{url}");
    assert_eq!(param(url, "redirect_uri"), REDIRECT_URI);
    assert_eq!(param(url, "code_challenge").len(), 43);
}

fn scope(value: &str) -> Scope<Acme> {
    Scope::open(value).expect("a scope")
}

#[test]
fn every_value_is_percent_encoded() {
    let credentials = Credentials::confidential("id &=#+%é\u{0}", "secret");
    let flow =
        AuthCodeFlow::new(Acme, credentials, "https://app.example/callback?a=b&c=%20").expect("a flow");
    let request = flow.begin([]);
    assert!(request.url().contains("client_id=id%20%26%3D%23%2B%25%C3%A9%00&"), "{}", request.url());
    assert_eq!(param(request.url(), "client_id"), "id &=#+%é\u{0}");
    assert_eq!(param(request.url(), "redirect_uri"), "https://app.example/callback?a=b&c=%20");
}

provider!(
    WithQuery,
    Spec {
        endpoints: Endpoints {
            authorization: Endpoint::new("https://id.example/authorize?tenant=a%20b&x"),
            ..ENDPOINTS
        },
        authorization: oauth_runtime::spec::Authorization {
            params: &[
                Param { name: "audience", value: Template::new("https://api.example/?a&b") },
                Param { name: "app", value: Template::new("app:{client_id}") },
                Param { name: "unbound", value: Template::new("{client_secret}") },
            ],
            ..oauth_runtime::spec::Authorization::PLAIN
        },
        ..ACME
    }
);

#[test]
fn the_query_of_the_endpoint_is_kept_and_declared_parameters_are_added() {
    let request = flow(WithQuery, &server()).begin([]);
    assert!(request.url().starts_with("https://id.example/authorize?tenant=a%20b&x&response_type=code&"));
    assert_eq!(param(request.url(), "audience"), "https://api.example/?a&b");
    assert_eq!(param(request.url(), "app"), "app:id");
    assert!(!request.url().contains("unbound") && !request.url().contains("client-secret"));
}

provider!(
    WithScopes,
    Spec {
        scopes: Scopes {
            parameter: "user_scope",
            separator: ",",
            default: &["basic"],
            required: &["offline"],
            ..Scopes::PLAIN
        },
        ..ACME
    }
);
provider!(RequiresScope, Spec { scopes: Scopes { required: &["offline"], ..Scopes::PLAIN }, ..ACME });

#[test]
fn default_scopes_are_asked_for_when_none_is_named_and_required_ones_always() {
    let flow_of = flow(WithScopes, &server());
    let known = Scope::<WithScopes>::known;
    for (asked, sent) in [
        (vec![], "basic,offline"),
        (vec![known("repo")], "repo,offline"),
        (vec![known("offline"), known("repo")], "offline,repo"),
    ] {
        assert_eq!(param(flow_of.begin(asked).url(), "user_scope"), sent);
    }
    assert!(flow_of.begin([]).url().contains("user_scope=basic%2Coffline&"));
    assert_eq!(param(flow(RequiresScope, &server()).begin([]).url(), "scope"), "offline");
    let none = flow(Acme, &server()).begin([]);
    assert!(!none.url().contains("scope="), "no scope, no parameter: {}", none.url());
}

#[test]
fn an_open_scope_is_visible_ascii_without_the_separator() {
    for good in ["read", "https://www.example/auth/drive", "a,b", "a:b/c"] {
        assert!(Scope::<Acme>::open(good).is_ok(), "{good}");
    }
    for bad in ["", "a b", "a\"b", "a\\b", "é", "a\nb", "a\u{0}"] {
        assert!(Scope::<Acme>::open(bad).is_err(), "{bad:?}");
    }
    assert!(Scope::<WithScopes>::open("a,b").is_err());
}

provider!(NoPkce, Spec { pkce: Pkce::Refused, ..ACME });

#[test]
fn no_challenge_goes_to_a_provider_that_refuses_it() {
    let request = flow(NoPkce, &server()).begin([]);
    assert!(!request.url().contains("code_challenge"), "{}", request.url());
    assert_eq!(param(request.url(), "state").len(), 43);
}

#[test]
fn a_public_client_is_refused_where_pkce_is() {
    let public = || oauth_runtime::Credentials::public("id");
    assert!(AuthCodeFlow::new(NoPkce, public(), REDIRECT_URI).is_err());
    assert!(AuthCodeFlow::new(Acme, public(), REDIRECT_URI).is_ok());
}

#[test]
fn a_caller_can_add_parameters_but_not_change_what_is_set() {
    let request =
        flow(WithQuery, &server()).begin([]).param("login_hint", "ada@example.com & co").expect("it is free");
    assert_eq!(param(request.url(), "login_hint"), "ada@example.com & co");
    for taken in [
        "state",
        "client_id",
        "client_secret",
        "redirect_uri",
        "response_type",
        "code_challenge",
        "code_challenge_method",
        "scope",
        "request",
        "request_uri",
        "audience",
        "tenant",
        "x",
    ] {
        let refused = flow(WithQuery, &server()).begin([]).param(taken, "evil");
        assert!(matches!(refused, Err(Error::Configuration(_))), "{taken}");
    }
    let twice = request.param("login_hint", "eve");
    assert!(matches!(twice, Err(Error::Configuration(_))));
    assert!(flow(NoPkce, &server()).begin([]).param("code_challenge", "x").is_err());
}

#[test]
fn a_hundred_thousand_states_are_all_different_and_43_characters_long() {
    let flow = flow(Acme, &server());
    let (mut states, mut challenges) = (HashSet::new(), HashSet::new());
    for _ in 0..100_000 {
        let request = flow.begin([]);
        let (_, rest) = request.url().split_once("&state=").expect("a state");
        let (state, rest) = rest.split_once("&code_challenge=").expect("a challenge");
        assert!(state.len() == 43 && state.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
        assert!(states.insert(state.to_owned()), "a state twice");
        assert!(challenges.insert(rest[..43].to_owned()), "a challenge twice");
    }
}

#[test]
fn a_redirect_uri_is_https_or_loopback_or_of_the_applications_own_scheme() {
    for good in [
        "https://app.example/callback",
        "https://app.example:8443/callback?tab=1",
        "http://127.0.0.1:1234/callback",
        "http://127.9.9.9/",
        "http://[::1]:1234/callback",
        "http://localhost:8000/callback",
        "com.example.app:/callback",
    ] {
        let made = AuthCodeFlow::new(Acme, confidential(), good);
        assert!(made.is_ok(), "{good}: {:?}", made.err());
    }
    for bad in [
        "",
        "/callback",
        "app.example/callback",
        "http://app.example/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://localhost.evil.example/callback",
        "https://app.example/callback#fragment",
        "https://app.example/callback#",
        "https://user@app.example/callback",
        "https://user:word@app.example/callback",
        "https://",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "myapp:/callback",
        " https://app.example/callback",
        "https://app.example/callback\n",
        "https://app.example/call\tback",
        "https://app.exämple/callback",
        "https:app.example/callback",
        "https:/app.example/callback",
        "https:///app.example/callback",
        "https:\\\\app.example\\callback",
    ] {
        let made = AuthCodeFlow::new(Acme, confidential(), bad);
        assert!(matches!(made, Err(Error::Configuration(_))), "{bad:?} is taken");
    }
}

macro_rules! endpoint_at {
    ($name:ident, $authorization:literal, $token:literal) => {
        provider!(
            $name,
            Spec {
                endpoints: Endpoints {
                    authorization: Endpoint::new($authorization),
                    token: Endpoint::new($token),
                    ..Endpoints::NONE
                },
                ..ACME
            }
        );
    };
}
endpoint_at!(PlainHttp, "https://id.example/a", "http://id.example/t");
endpoint_at!(PlainHttpPage, "http://id.example/a", "https://id.example/t");
endpoint_at!(WithUser, "https://id.example/a", "https://id.example@evil.example/t");
endpoint_at!(WithFragment, "https://id.example/a#x", "https://id.example/t");
endpoint_at!(Script, "javascript:alert(1)", "https://id.example/t");
endpoint_at!(LineEnd, "https://id.example/a\r\nX: y", "https://id.example/t");
endpoint_at!(Loopback, "http://127.0.0.1:9/a", "http://localhost:9/t");

#[test]
fn an_endpoint_is_https_or_loopback_without_user_or_fragment() {
    assert!(AuthCodeFlow::new(Loopback, confidential(), REDIRECT_URI).is_ok());
    let failures = [
        AuthCodeFlow::new(PlainHttp, confidential(), REDIRECT_URI).err(),
        AuthCodeFlow::new(PlainHttpPage, confidential(), REDIRECT_URI).err(),
        AuthCodeFlow::new(WithUser, confidential(), REDIRECT_URI).err(),
        AuthCodeFlow::new(WithFragment, confidential(), REDIRECT_URI).err(),
        AuthCodeFlow::new(Script, confidential(), REDIRECT_URI).err(),
        AuthCodeFlow::new(LineEnd, confidential(), REDIRECT_URI).err(),
    ];
    for (index, failure) in failures.iter().enumerate() {
        assert!(matches!(failure, Some(Error::Configuration(_))), "number {index}: {failure:?}");
    }
}

provider!(OnlyPublic, Spec { token_endpoint_auth_methods: &[AuthMethod::None], ..ACME });

#[test]
fn a_client_secret_for_a_provider_that_takes_none_is_a_mistake() {
    let made = AuthCodeFlow::new(OnlyPublic, confidential(), REDIRECT_URI);
    let error = made.expect_err("it takes no secret").to_string();
    assert!(error.contains("Credentials::public") && !error.contains("client-secret"), "{error}");
    assert!(AuthCodeFlow::new(OnlyPublic, Credentials::public("id"), REDIRECT_URI).is_ok());
}
