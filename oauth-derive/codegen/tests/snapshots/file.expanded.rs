/// Acme.
///
/// [Documentation](<https://docs.acme.example/oauth>); [Where a client is registered](<https://console.acme.example>); last checked on 2026-11-21.
///
/// # Endpoints
///
/// - Authorization: `https://{region}.acme.example/{tenant}/authorize?display=page`
/// - Token: `https://{region}.acme.example/token`
/// - Token: `https://acme.example/token`
/// - API: `https://api.acme.example`
///
/// # Scopes
///
/// - [`READ_USER`](Self::READ_USER): `read:user`. Read the profile.
/// - [`EVERYTHING`](Self::EVERYTHING): `https://acme.example/`. Do everything.
/// - others by `Scope::open`
///
/// # Variables
///
/// - `tenant`: The workspace.
/// - `region`: The variable `region`. `None`: `eu`.
///
/// # Notes
///
/// - a refresh token is good once: the answer has the next
/// - no PKCE: the provider refuses it
#[derive(Clone, Debug)]
pub struct File {
    /// The workspace.
    pub tenant: ::oauth_runtime::variable::PathSegment,
    /// The variable `region`. `None`: `eu`.
    pub region: ::core::option::Option<FileRegion>,
}
#[automatically_derived]
impl ::oauth_runtime::OAuthProvider for File {
    const SPEC: &'static ::oauth_runtime::spec::Spec = &::oauth_runtime::spec::Spec {
        id: "acme",
        name: "Acme",
        service_documentation: ::core::option::Option::Some(
            "https://docs.acme.example/oauth",
        ),
        verified: ::core::option::Option::Some("2026-11-21"),
        console: ::core::option::Option::Some("https://console.acme.example"),
        endpoints: ::oauth_runtime::spec::Endpoints {
            authorization: &[
                &[
                    ::oauth_runtime::spec::Part::Text("https://"),
                    ::oauth_runtime::spec::Part::Variable(1usize),
                    ::oauth_runtime::spec::Part::Text(".acme.example/"),
                    ::oauth_runtime::spec::Part::Variable(0usize),
                    ::oauth_runtime::spec::Part::Text("/authorize?display=page"),
                ],
            ],
            token: &[
                &[
                    ::oauth_runtime::spec::Part::Text("https://"),
                    ::oauth_runtime::spec::Part::Variable(1usize),
                    ::oauth_runtime::spec::Part::Text(".acme.example/token"),
                ],
                &[::oauth_runtime::spec::Part::Text("https://acme.example/token")],
            ],
            ..::oauth_runtime::spec::Endpoints::NONE
        },
        token_endpoint_auth_methods: &[
            ::oauth_runtime::spec::AuthMethod::ClientSecretPost,
            ::oauth_runtime::spec::AuthMethod::None,
        ],
        pkce: ::oauth_runtime::spec::Pkce::Refused,
        variables: &[
            ::oauth_runtime::spec::Variable {
                name: "tenant",
                description: ::core::option::Option::Some("The workspace"),
                format: ::oauth_runtime::spec::Format::PathSegment,
                ..::oauth_runtime::spec::Variable::PLAIN
            },
            ::oauth_runtime::spec::Variable {
                name: "region",
                format: ::oauth_runtime::spec::Format::Enum,
                default: ::core::option::Option::Some("eu"),
                choices: &["eu", "us-1"],
                ..::oauth_runtime::spec::Variable::PLAIN
            },
        ],
        scopes: ::oauth_runtime::spec::Scopes {
            separator: ",",
            open: true,
            catalog: &[
                ::oauth_runtime::spec::ScopeText {
                    value: "read:user",
                    description: "Read the profile",
                },
                ::oauth_runtime::spec::ScopeText {
                    value: "https://acme.example/",
                    description: "Do everything",
                },
            ],
            ..::oauth_runtime::spec::Scopes::PLAIN
        },
        authorization_params: &[
            ::oauth_runtime::spec::Param {
                name: "access_type",
                value: &[::oauth_runtime::spec::Part::Text("offline")],
            },
        ],
        token: ::oauth_runtime::spec::TokenRequest {
            encoding: ::oauth_runtime::spec::Encoding::Json,
            headers: &[
                ::oauth_runtime::spec::Param {
                    name: "Acme-Version",
                    value: &[::oauth_runtime::spec::Part::Text("2")],
                },
            ],
            ..::oauth_runtime::spec::TokenRequest::PLAIN
        },
        response: ::oauth_runtime::spec::TokenResponse {
            root: &["data", "token"],
            success: &[
                ::oauth_runtime::spec::Condition {
                    path: &["ok"],
                    value: ::oauth_runtime::spec::Scalar::Bool(true),
                },
            ],
            error_code: &["error", "type"],
            default_expires_in: ::core::option::Option::Some(
                ::core::time::Duration::from_secs(3600u64),
            ),
            plain: false,
            ..::oauth_runtime::spec::TokenResponse::PLAIN
        },
        refresh: ::oauth_runtime::spec::Refresh {
            support: ::oauth_runtime::spec::RefreshSupport::Rotating,
            ..::oauth_runtime::spec::Refresh::PLAIN
        },
        api: ::core::option::Option::Some(::oauth_runtime::spec::Api {
            base_url: &[
                &[::oauth_runtime::spec::Part::Text("https://api.acme.example")],
            ],
            headers: &[
                ::oauth_runtime::spec::Param {
                    name: "Acme-Client",
                    value: &[
                        ::oauth_runtime::spec::Part::BuiltIn(
                            ::oauth_runtime::spec::BuiltIn::ClientId,
                        ),
                    ],
                },
            ],
            ..::oauth_runtime::spec::Api::PLAIN
        }),
        errors: &[
            ::oauth_runtime::spec::ErrorHint {
                code: "expired",
                stage: ::core::option::Option::Some(
                    ::oauth_runtime::spec::Stage::Refresh,
                ),
                means: ::core::option::Option::Some("invalid_grant"),
                hint: &[
                    ::oauth_runtime::spec::Part::Text("Sign in again; the callback is "),
                    ::oauth_runtime::spec::Part::BuiltIn(
                        ::oauth_runtime::spec::BuiltIn::RedirectUri,
                    ),
                    ::oauth_runtime::spec::Part::Text("."),
                ],
                reauthorize: true,
                ..::oauth_runtime::spec::ErrorHint::PLAIN
            },
        ],
        ..::oauth_runtime::spec::Spec::PLAIN
    };
    const EXAMPLES: &'static [::oauth_runtime::spec::Example] = &[
        ::oauth_runtime::spec::Example {
            stage: ::oauth_runtime::spec::Stage::Token,
            title: "success",
            status: 200u16,
            content_type: "application/json",
            body: "{\"ok\":true,\"data\":{\"token\":{\"access_token\":\"x\"}}}",
            expect: "{\"access_token\":\"x\"}",
        },
    ];
    fn variable(&self, index: usize) -> ::core::option::Option<&str> {
        match index {
            0usize => {
                ::oauth_runtime::variable::value::<
                    ::oauth_runtime::variable::PathSegment,
                >(&self.tenant)
            }
            1usize => ::oauth_runtime::variable::value::<FileRegion>(&self.region),
            _ => ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::oauth_runtime::provider::HasAuthorizationEndpoint for File {}
#[automatically_derived]
impl ::oauth_runtime::provider::HasRefresh for File {}
#[automatically_derived]
impl ::oauth_runtime::provider::HasApi for File {}
#[automatically_derived]
impl ::oauth_runtime::provider::HasOpenScopes for File {}
#[allow(dead_code)]
impl File {
    /// `read:user`: Read the profile.
    pub const READ_USER: ::oauth_runtime::Scope<Self> = ::oauth_runtime::Scope::known(
        "read:user",
    );
    /// `https://acme.example/`: Do everything.
    pub const EVERYTHING: ::oauth_runtime::Scope<Self> = ::oauth_runtime::Scope::known(
        "https://acme.example/",
    );
    /// Reads `tenant` as people type it: `<tenant>.acme.example`, or without its surroundings.
    ///
    /// # Errors
    /// The text does not have the format of the variable.
    pub fn parse_tenant(
        text: &str,
    ) -> ::core::result::Result<
        ::oauth_runtime::variable::PathSegment,
        ::oauth_runtime::variable::InvalidVariable,
    > {
        ::oauth_runtime::variable::parse_trimmed(text, "", ".acme.example")
    }
}
/// A value of the variable `region`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileRegion(&'static str);
#[allow(dead_code)]
impl FileRegion {
    /// `eu`
    pub const EU: Self = Self("eu");
    /// `us-1`
    pub const US_1: Self = Self("us-1");
}
impl ::core::str::FromStr for FileRegion {
    type Err = ::oauth_runtime::variable::InvalidVariable;
    fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
        let known = ["eu", "us-1"].into_iter().find(|value| *value == text);
        known
            .map(Self)
            .ok_or(
                ::oauth_runtime::variable::InvalidVariable::expected("one of eu, us-1"),
            )
    }
}
impl ::core::convert::AsRef<str> for FileRegion {
    fn as_ref(&self) -> &str {
        self.0
    }
}
impl ::core::fmt::Display for FileRegion {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.write_str(self.0)
    }
}
