//! Definitions as the compiler writes them, each with its quirks.

use oauth_runtime::{
    OAuthProvider,
    provider::{HasApi, HasAuthorizationEndpoint, HasRefresh, HasRevocation, HasUserinfo},
    spec::{
        Also, Api, AuthMethod, Authorization, Claim, Condition, Encoding, Endpoint, Endpoints, ErrorHint,
        Example, Format, Method, Param, Pkce, Placement, Refresh, RefreshSupport, RequestOption, Revocation,
        Revokes, Scalar, ScopeText, Scopes, Spec, Stage, Template, TokenRequest, TokenResponse, Userinfo,
        Variable,
    },
};
use std::time::Duration;

macro_rules! provider {
    ($(#[$doc:meta])* $name:ident, $spec:expr) => {
        provider!($(#[$doc])* $name, $spec, &[]);
    };
    ($(#[$doc:meta])* $name:ident, $spec:expr, $examples:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub(crate) struct $name;

        impl OAuthProvider for $name {
            const SPEC: &'static Spec = &$spec;
            const EXAMPLES: &'static [Example] = $examples;
        }
        impl HasAuthorizationEndpoint for $name {}
        impl HasRefresh for $name {}
        impl HasApi for $name {}
        impl HasRevocation for $name {}
        impl HasUserinfo for $name {}
    };
}

const API: Api = Api { base_url: Endpoint::new("https://api.example/v1"), ..Api::PLAIN };
const TOKEN: Endpoint = Endpoint::new("https://id.example/token");

/// What the others differ from: the standard in full.
pub(crate) const STANDARD: Spec = Spec {
    id: "standard",
    name: "Standard <Inc>",
    endpoints: Endpoints {
        authorization: Endpoint::new("https://id.example/authorize"),
        token: TOKEN,
        revocation: Endpoint::new("https://id.example/revoke"),
        userinfo: Endpoint::new("https://id.example/userinfo"),
        device_authorization: Endpoint::new("https://id.example/device"),
        ..Endpoints::NONE
    },
    scopes: Scopes {
        default: &["read"],
        catalog: &[
            ScopeText { value: "read", description: "Read <everything>" },
            ScopeText { value: "write", description: "Write everything" },
        ],
        ..Scopes::PLAIN
    },
    refresh: Refresh { support: RefreshSupport::Rotating, ..Refresh::PLAIN },
    api: Some(API),
    ..Spec::PLAIN
};

provider!(Standard, STANDARD);
provider!(Post, Spec { token_endpoint_auth_methods: &[AuthMethod::ClientSecretPost], ..STANDARD });
provider!(Public, Spec { token_endpoint_auth_methods: &[AuthMethod::None], ..STANDARD });
provider!(NoPkce, Spec { pkce: Pkce::Refused, ..STANDARD });
provider!(Reusable, Spec { refresh: Refresh::PLAIN, ..STANDARD });
provider!(
    NoRefresh,
    Spec { refresh: Refresh { support: RefreshSupport::None, ..Refresh::PLAIN }, ..STANDARD }
);
provider!(Json, Spec { token: TokenRequest { encoding: Encoding::Json, ..TokenRequest::PLAIN }, ..STANDARD });
provider!(
    Query,
    Spec {
        token: TokenRequest { method: Method::Get, encoding: Encoding::Query, ..TokenRequest::PLAIN },
        ..STANDARD
    }
);
provider!(
    Declared,
    Spec {
        authorization: Authorization {
            params: &[Param { name: "access_type", value: Template::new("offline") }],
            ..Authorization::PLAIN
        },
        token: TokenRequest {
            params: &[Param { name: "expiring", value: Template::new("1") }],
            query: &[Param { name: "version", value: Template::new("2") }],
            headers: &[Param { name: "X-Token", value: Template::new("yes") }],
            ..TokenRequest::PLAIN
        },
        api: Some(Api {
            headers: &[Param { name: "X-Api-Version", value: Template::new("7") }],
            query: &[Param { name: "site", value: Template::new("main") }],
            ..API
        }),
        ..STANDARD
    }
);
provider!(
    Renamed,
    Spec {
        token_endpoint_auth_methods: &[AuthMethod::ClientSecretPost],
        token: TokenRequest {
            rename: &[("client_id", "client_key"), ("code", "auth_code")],
            omit: &["redirect_uri"],
            grant_type: Some("code"),
            send_state: true,
            ..TokenRequest::PLAIN
        },
        refresh: Refresh {
            support: RefreshSupport::Rotating,
            endpoint: Endpoint::new("https://id.example/refresh"),
            request: Some(TokenRequest {
                method: Method::Get,
                encoding: Encoding::Query,
                grant_type: Some("renew"),
                rename: &[("refresh_token", "renewal")],
                ..TokenRequest::PLAIN
            }),
            ..Refresh::PLAIN
        },
        ..STANDARD
    }
);
provider!(
    ScopeList,
    Spec {
        scopes: Scopes { parameter: "permissions", separator: ",", required: &["write"], ..STANDARD.scopes },
        response: TokenResponse { plain: false, scope_separator: ",", ..TokenResponse::PLAIN },
        ..STANDARD
    }
);
provider!(Open, Spec { scopes: Scopes { open: true, ..STANDARD.scopes }, ..STANDARD });
provider!(
    Shaped,
    Spec {
        response: TokenResponse {
            plain: false,
            root: &["data"],
            access_token: &["token"],
            refresh_token: &["renewal", "token"],
            expires_in: &["expires"],
            scope: &["permissions"],
            scope_separator: ";",
            token_types: &["bot"],
            success: &[Condition { path: &["ok"], value: Scalar::Bool(true) }],
            error_code: &["failure", "code"],
            error_description: &["failure", "text"],
            ..TokenResponse::PLAIN
        },
        ..STANDARD
    }
);
provider!(
    Coded,
    Spec {
        response: TokenResponse {
            plain: false,
            success: &[Condition { path: &["errcode"], value: Scalar::Integer(0) }],
            error_code: &["errcode"],
            error_description: &["errmsg"],
            ..TokenResponse::PLAIN
        },
        errors: &[ErrorHint { code: "40029", means: Some("invalid_grant"), ..ErrorHint::PLAIN }],
        ..STANDARD
    }
);
provider!(
    Unsaid,
    Spec {
        response: TokenResponse {
            plain: false,
            default_expires_in: Some(Duration::from_secs(600)),
            ..TokenResponse::PLAIN
        },
        ..STANDARD
    }
);
provider!(Key, Spec { api: Some(Api { header: "X-Key", scheme: "", ..API }), ..STANDARD });
provider!(InQuery, Spec { api: Some(Api { placement: Placement::Query, ..API }), ..STANDARD });
provider!(
    Issuer,
    Spec {
        issuer: Endpoint::new("https://id.example"),
        authorization_response_iss_parameter: true,
        ..STANDARD
    }
);

/// A provider with an address for each of its customers.
#[derive(Clone)]
pub(crate) struct Tenants(pub(crate) &'static str);

impl OAuthProvider for Tenants {
    const SPEC: &'static Spec = &Spec {
        issuer: Endpoint::new("https://{0}.example/id"),
        authorization_response_iss_parameter: true,
        endpoints: Endpoints {
            authorization: Endpoint::new("https://{0}.example/authorize"),
            token: Endpoint::new("https://{0}.example/token"),
            ..Endpoints::NONE
        },
        variables: &[Variable { name: "tenant", format: Format::HostLabel, ..Variable::PLAIN }],
        api: Some(Api {
            base_url: Endpoint::new("https://{0}.api.example"),
            origins: Endpoint::new("https://files.example"),
            ..Api::PLAIN
        }),
        ..STANDARD
    };

    fn variable(&self, _: usize) -> Option<&str> {
        Some(self.0)
    }
}
impl HasAuthorizationEndpoint for Tenants {}
impl HasRefresh for Tenants {}
impl HasApi for Tenants {}
impl HasRevocation for Tenants {}
impl HasUserinfo for Tenants {}

const fn example(
    stage: Stage,
    title: &'static str,
    status: u16,
    body: &'static str,
    expect: &'static str,
) -> Example {
    Example { stage, title, status, content_type: "application/json", body, expect }
}

provider!(
    /// Answers are taken from its examples.
    WithExamples,
    Spec {
        errors: &[
            ErrorHint {
                code: "bad_code",
                stage: Some(Stage::Token),
                means: Some("invalid_grant"),
                ..ErrorHint::PLAIN
            },
            ErrorHint { code: "uri_mismatch", means: Some("redirect_uri"), ..ErrorHint::PLAIN },
            ErrorHint {
                code: "user_cancelled",
                stage: Some(Stage::Callback),
                means: Some("access_denied"),
                ..ErrorHint::PLAIN
            },
        ],
        ..STANDARD
    },
    &[
        example(
            Stage::Token,
            "a used code",
            200,
            r#"{"error":"bad_code","error_description":"the documented text"}"#,
            r#"{"error":"bad_code"}"#
        ),
        example(
            Stage::Token,
            "success",
            200,
            r#"{"access_token":"x","refresh_token":"y","id_token":"z","token_type":"bearer","team":{"id":"T1"}}"#,
            r#"{"access_token":"x"}"#
        ),
        example(Stage::Userinfo, "profile", 200, r#"{"login":"ada-example"}"#, "{}"),
        example(Stage::Api, "GET /v1/albums", 200, r#"["an album"]"#, "{}"),
    ]
);
provider!(
    /// An error on its own page.
    Explained,
    Spec {
        console: Some("https://console.example"),
        errors: &[ErrorHint {
            code: "redirect_uri_mismatch",
            stage: Some(Stage::Authorize),
            means: Some("redirect_uri"),
            hint: Template::new("Register {redirect_uri} at {client.console}"),
            docs: Some("https://docs.example"),
            ..ErrorHint::PLAIN
        }],
        ..STANDARD
    }
);
provider!(
    /// A token answer that is a form.
    FormAnswer,
    STANDARD,
    &[Example {
        stage: Stage::Token,
        title: "success",
        status: 200,
        content_type: "application/x-www-form-urlencoded",
        body: "access_token=x&expires_in=1&token_type=bearer&team=T1",
        expect: r#"{"access_token":"x"}"#,
    }]
);
provider!(
    Renewing,
    Spec {
        refresh: Refresh {
            support: RefreshSupport::Rotating,
            endpoint: Endpoint::new("https://id.example/refresh"),
            ..Refresh::PLAIN
        },
        ..STANDARD
    }
);
provider!(
    /// Its own call instead of RFC 7009, as GitHub has it.
    OwnRevocation,
    Spec {
        endpoints: Endpoints {
            revocation: Endpoint::new("https://api.example/applications/{client_id}/grant"),
            ..STANDARD.endpoints
        },
        revocation: Revocation {
            request: Some(TokenRequest {
                method: Method::Delete,
                encoding: Encoding::Json,
                rename: &[("token", "access_token")],
                omit: &["token_type_hint"],
                auth: &[AuthMethod::ClientSecretBasic],
                ..TokenRequest::PLAIN
            }),
            revokes: Revokes::AccessToken,
        },
        ..STANDARD
    }
);
provider!(
    /// The token proves itself, as at Slack.
    BearerRevocation,
    Spec {
        response: TokenResponse {
            plain: false,
            success: &[Condition { path: &["ok"], value: Scalar::Bool(true) }],
            ..TokenResponse::PLAIN
        },
        revocation: Revocation {
            request: Some(TokenRequest {
                omit: &["token", "token_type_hint"],
                auth: &[AuthMethod::Bearer],
                ..TokenRequest::PLAIN
            }),
            revokes: Revokes::AccessToken,
        },
        ..STANDARD
    }
);
provider!(
    /// Claims in a list, under other names, and one more by another call.
    OtherClaims,
    Spec {
        userinfo: Userinfo {
            query: &[Param { name: "fields", value: Template::new("all") }],
            headers: &[Param { name: "X-Claims", value: Template::new("yes") }],
            root: &["items", "0"],
            subject: &["user", "id"],
            name: &[&["display_name"]],
            also: &[Also {
                claim: Claim::Email,
                url: Endpoint::new("https://api.example/v1/emails"),
                pick: Some("primary"),
                field: &["address"],
                scope: Some("write"),
            }],
            ..Userinfo::PLAIN
        },
        ..STANDARD
    }
);
provider!(
    /// Other names in the authorization request, and options.
    OtherRequest,
    Spec {
        authorization: Authorization {
            rename: &[("client_id", "client_key")],
            omit: &["response_type"],
            options: &[
                RequestOption { name: "prompt", choices: &["login", "none"], default: None },
                RequestOption { name: "duration", choices: &[], default: Some("permanent") },
            ],
            ..Authorization::PLAIN
        },
        ..STANDARD
    }
);
provider!(
    /// The access token itself is renewed, as at Instagram.
    InPlace,
    Spec {
        token_endpoint_auth_methods: &[AuthMethod::ClientSecretPost],
        refresh: Refresh {
            support: RefreshSupport::InPlace,
            endpoint: Endpoint::new("https://id.example/renew"),
            request: Some(TokenRequest {
                method: Method::Get,
                encoding: Encoding::Query,
                rename: &[("refresh_token", "access_token")],
                omit: &["client_id"],
                auth: &[AuthMethod::None],
                grant_type: Some("renew"),
                ..TokenRequest::PLAIN
            }),
            leeway: Some(Duration::from_secs(1000)),
            response: None,
        },
        ..STANDARD
    }
);
provider!(
    /// A refresh is answered in another shape than a code.
    ShapedRefresh,
    Spec {
        refresh: Refresh {
            response: Some(TokenResponse {
                plain: false,
                root: &["data"],
                access_token: &["token"],
                success: &[Condition { path: &["ok"], value: Scalar::Bool(true) }],
                error_code: &["failure"],
                ..TokenResponse::PLAIN
            }),
            ..STANDARD.refresh
        },
        ..STANDARD
    }
);
