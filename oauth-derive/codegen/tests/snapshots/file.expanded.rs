/** Acme as an OAuth 2.0 provider.

 [Documentation](<https://docs.acme.example/oauth>); [Where a client is registered](<https://console.acme.example>); last checked on 2026-11-21.

 Its clients: `Credentials::confidential` or `Credentials::public`.

 # Endpoints

 - Authorization: `https://{region}.acme.example/{tenant}/authorize?display=page`
 - Token: `https://{region}.acme.example/token` or `https://acme.example/token`
 - Revocation: `https://acme.example/apps/{client_id}/grant`
 - User: `https://api.acme.example/me`
 - API: `https://api.acme.example/{account}`
 - Exchange: `https://id.acme.example/trade`

 # Scopes

 - [`READ_USER`](Self::READ_USER): `read:user`. Read the profile.
 - [`EVERYTHING`](Self::EVERYTHING): `https://acme.example/`. Do everything.
 - others, by their names: `Scope::open`

 # Options

 What a single sign-in may set, by `AuthorizationRequest::with`:

 - `prompt`: [`PROMPT_NONE`](Self::PROMPT_NONE), [`PROMPT_CONSENT`](Self::PROMPT_CONSENT); otherwise `consent` is sent
 - `login_hint`: [`login_hint`](Self::login_hint)

 # Variables

 - `tenant`: The workspace.
 - `region`: The variable `region`. `None`: `eu`.
 - `account`: The variable `account`. Learned from the token answer's `account.id`.
 - `signing_key`: The variable `signing_key`.

 # Notes

 Where it goes other ways than the standard. All of this is done by the library:

 - A refresh token is good once: the answer has the next.
 - A token is renewed 30 days before it lapses.
 - The answer to a refresh is not as that to a code.
 - No PKCE: the provider refuses it.
 - The authorization request has `client_id` under the name `client_key`.
 - The authorization request goes without `response_type`.
 - The authorization request has the parameter `access_type=offline`.
 - The provider's page posts the callback: its route takes POST.
 - The callback has `code` under the name `auth_code`.
 - The callback's `user` is kept as `who`: `TokenSet::captured`.
 - A sign-in may begin at the provider: its callback has no state and is `CallbackError::Restart`.
 - The callback is signed: `sign`, with the client secret.
 - The token request is a POST of a JSON object.
 - The token request has `client_id` under the name `client_key`.
 - The token request goes without `redirect_uri`.
 - The token request has the headers `Acme-Version: 2` and `Acme-Key: {signing_key}`.
 - The token request has the `state` too.
 - A token answer is a success where its `ok` is `true`.
 - The code of an error stands at `error.type`.
 - The token stands at `data.token` in the answer.
 - A token whose answer names no lifetime is good for 1 hour.
 - After a code and a refresh the token is exchanged for another at `https://id.acme.example/trade`; where that fails, the first one is kept.
 - The exchange has the access token and the client secret in the query of its address: the provider takes it nowhere else.
 - The refresh is a POST of a JSON object.
 - The refresh has the parameter `v=2`.
 - The refresh has the headers `Acme-Version: 2` and `Acme-Key: {signing_key}`.
 - The refresh has the `grant_type` `renew`.
 - The refresh is authenticated by the `client_id` alone.
 - The revocation is a DELETE of a JSON object.
 - The revocation has `token` under the name `access_token`.
 - The revocation goes without `token_type_hint`.
 - The revocation is authenticated by the token itself.
 - The access token is revoked: no refresh token is taken.
 - API calls have the header `Acme-Client: {client_id}`.
 - The user stands at `items.0`.
 - The user's `sub` is called `id`.
 - The user's `email` is asked for at `https://api.acme.example/emails`, with the scope `read:user`.

 # Errors

 What the provider's codes mean. The hint is part of the error:

 - `expired` means `invalid_grant`. Sign in again; the callback is `{redirect_uri}`.

 # Examples

 Answers that are read in tests. `TestProvider::answers` plays one by its title:

 - answer to a code, status 200: success*/
#[derive(Clone, Debug)]
pub struct File {
    /// The workspace.
    pub tenant: ::oauth_runtime::variable::PathSegment,
    /// The variable `region`. `None`: `eu`.
    pub region: ::core::option::Option<FileRegion>,
    /// The variable `signing_key`.
    pub signing_key: ::core::option::Option<::oauth_runtime::Secret>,
}
#[automatically_derived]
impl ::oauth_runtime::OAuthProvider for File {
    const SPEC: &'static ::oauth_runtime::spec::Spec = &{
        let mut spec = ::oauth_runtime::spec::Spec::PLAIN;
        spec.id = "acme";
        spec.name = "Acme";
        spec.service_documentation = ::core::option::Option::Some(
            "https://docs.acme.example/oauth",
        );
        spec.verified = ::core::option::Option::Some("2026-11-21");
        spec.console = ::core::option::Option::Some("https://console.acme.example");
        spec.endpoints.authorization.text = "https://{1}.acme.example/{0}/authorize?display=page";
        spec.endpoints.token.text = "https://{1}.acme.example/token\nhttps://acme.example/token";
        spec.endpoints.revocation.text = "https://acme.example/apps/{client_id}/grant";
        spec.endpoints.userinfo.text = "https://api.acme.example/me";
        spec.token_endpoint_auth_methods = &[
            ::oauth_runtime::spec::AuthMethod::ClientSecretPost,
            ::oauth_runtime::spec::AuthMethod::None,
        ];
        spec.pkce = ::oauth_runtime::spec::Pkce::Refused;
        spec.variables = &[
            ::oauth_runtime::spec::Variable {
                name: "tenant",
                description: ::core::option::Option::Some("The workspace"),
                format: ::oauth_runtime::spec::Format::PathSegment,
                required: true,
                suffix: ".acme.example",
                ..::oauth_runtime::spec::Variable::PLAIN
            },
            ::oauth_runtime::spec::Variable {
                name: "region",
                format: ::oauth_runtime::spec::Format::Enum,
                default: ::core::option::Option::Some("eu"),
                choices: &["eu", "us-1"],
                ..::oauth_runtime::spec::Variable::PLAIN
            },
            ::oauth_runtime::spec::Variable {
                name: "account",
                format: ::oauth_runtime::spec::Format::Digits,
                required: true,
                suffix: "/",
                source: ::oauth_runtime::spec::Source::Token(&["account", "id"]),
                ..::oauth_runtime::spec::Variable::PLAIN
            },
            ::oauth_runtime::spec::Variable {
                name: "signing_key",
                secret: true,
                ..::oauth_runtime::spec::Variable::PLAIN
            },
        ];
        spec.scopes.separator = ",";
        spec.scopes.open = true;
        spec.scopes.catalog = &[
            ::oauth_runtime::spec::ScopeText {
                value: "read:user",
                description: "Read the profile",
            },
            ::oauth_runtime::spec::ScopeText {
                value: "https://acme.example/",
                description: "Do everything",
            },
        ];
        spec.authorization.params = &[
            ::oauth_runtime::spec::Param {
                name: "access_type",
                value: ::oauth_runtime::spec::Template {
                    text: "offline",
                },
            },
        ];
        spec.authorization.rename = &[("client_id", "client_key")];
        spec.authorization.omit = &["response_type"];
        spec.authorization.options = &[
            ::oauth_runtime::spec::RequestOption {
                name: "prompt",
                choices: &["none", "consent"],
                default: ::core::option::Option::Some("consent"),
            },
            ::oauth_runtime::spec::RequestOption {
                name: "login_hint",
                choices: &[],
                default: ::core::option::Option::None,
            },
        ];
        spec.callback.methods = &[
            ::oauth_runtime::spec::Method::Get,
            ::oauth_runtime::spec::Method::Post,
        ];
        spec.callback.code = "auth_code";
        spec.callback.capture = &[("who", "user")];
        spec.callback.json = &["user"];
        spec.callback.without_state = ::oauth_runtime::spec::WithoutState::Restart;
        spec.callback.verify = ::core::option::Option::Some(::oauth_runtime::spec::Verify {
            parameter: "sign",
        });
        spec.token.encoding = ::oauth_runtime::spec::Encoding::Json;
        spec.token.headers = &[
            ::oauth_runtime::spec::Param {
                name: "Acme-Version",
                value: ::oauth_runtime::spec::Template {
                    text: "2",
                },
            },
            ::oauth_runtime::spec::Param {
                name: "Acme-Key",
                value: ::oauth_runtime::spec::Template {
                    text: "{3}",
                },
            },
        ];
        spec.token.rename = &[("client_id", "client_key")];
        spec.token.omit = &["redirect_uri"];
        spec.token.send_state = true;
        spec.response.root = &["data", "token"];
        spec.response.success = &[
            ::oauth_runtime::spec::Condition {
                path: &["ok"],
                value: ::oauth_runtime::spec::Scalar::Bool(true),
            },
        ];
        spec.response.error_code = &["error", "type"];
        spec.response.default_expires_in = ::core::option::Option::Some(
            ::core::time::Duration::from_secs(3600u64),
        );
        spec.response.plain = false;
        spec.exchanges = const {
            &[
                {
                    let mut exchange = ::oauth_runtime::spec::Exchange::PLAIN;
                    exchange.after = &[
                        ::oauth_runtime::spec::Stage::Token,
                        ::oauth_runtime::spec::Stage::Refresh,
                    ];
                    exchange.url.text = "https://id.acme.example/trade";
                    exchange.method = ::oauth_runtime::spec::Method::Get;
                    exchange.encoding = ::oauth_runtime::spec::Encoding::Query;
                    exchange.params = &[
                        ::oauth_runtime::spec::Param {
                            name: "grant_type",
                            value: ::oauth_runtime::spec::Template {
                                text: "trade",
                            },
                        },
                        ::oauth_runtime::spec::Param {
                            name: "access_token",
                            value: ::oauth_runtime::spec::Template {
                                text: "{access_token}",
                            },
                        },
                        ::oauth_runtime::spec::Param {
                            name: "client_secret",
                            value: ::oauth_runtime::spec::Template {
                                text: "{client_secret}",
                            },
                        },
                    ];
                    exchange.response = ::core::option::Option::Some({
                        let mut response = ::oauth_runtime::spec::TokenResponse::PLAIN;
                        response.access_token = &["long", "token"];
                        response.plain = false;
                        response
                    });
                    exchange.on_failure = ::oauth_runtime::spec::OnFailure::Keep;
                    exchange
                },
            ]
        };
        spec.refresh.support = ::oauth_runtime::spec::RefreshSupport::Rotating;
        spec.refresh.request = ::core::option::Option::Some({
            let mut request = ::oauth_runtime::spec::TokenRequest::PLAIN;
            request.encoding = ::oauth_runtime::spec::Encoding::Json;
            request.query = &[
                ::oauth_runtime::spec::Param {
                    name: "v",
                    value: ::oauth_runtime::spec::Template {
                        text: "2",
                    },
                },
            ];
            request.headers = &[
                ::oauth_runtime::spec::Param {
                    name: "Acme-Version",
                    value: ::oauth_runtime::spec::Template {
                        text: "2",
                    },
                },
                ::oauth_runtime::spec::Param {
                    name: "Acme-Key",
                    value: ::oauth_runtime::spec::Template {
                        text: "{3}",
                    },
                },
            ];
            request.grant_type = ::core::option::Option::Some("renew");
            request.auth = &[::oauth_runtime::spec::AuthMethod::None];
            request
        });
        spec.refresh.leeway = ::core::option::Option::Some(
            ::core::time::Duration::from_secs(2592000u64),
        );
        spec.refresh.response = ::core::option::Option::Some({
            let mut response = ::oauth_runtime::spec::TokenResponse::PLAIN;
            response.root = &["data"];
            response.plain = false;
            response
        });
        spec.revocation.request = ::core::option::Option::Some({
            let mut request = ::oauth_runtime::spec::TokenRequest::PLAIN;
            request.method = ::oauth_runtime::spec::Method::Delete;
            request.encoding = ::oauth_runtime::spec::Encoding::Json;
            request.rename = &[("token", "access_token")];
            request.omit = &["token_type_hint"];
            request.auth = &[::oauth_runtime::spec::AuthMethod::Bearer];
            request
        });
        spec.revocation.revokes = ::oauth_runtime::spec::Revokes::AccessToken;
        spec.userinfo.query = &[
            ::oauth_runtime::spec::Param {
                name: "fields",
                value: ::oauth_runtime::spec::Template {
                    text: "id",
                },
            },
        ];
        spec.userinfo.root = &["items", "0"];
        spec.userinfo.subject = &["id"];
        spec.userinfo.also = &[
            ::oauth_runtime::spec::Also {
                claim: ::oauth_runtime::spec::Claim::Email,
                url: ::oauth_runtime::spec::Endpoint {
                    text: "https://api.acme.example/emails",
                },
                pick: ::core::option::Option::Some("primary"),
                field: &["address"],
                scope: ::core::option::Option::Some("read:user"),
            },
        ];
        spec.api = ::core::option::Option::Some({
            let mut api = ::oauth_runtime::spec::Api::PLAIN;
            api.base_url.text = "https://api.acme.example/{2}";
            api.headers = &[
                ::oauth_runtime::spec::Param {
                    name: "Acme-Client",
                    value: ::oauth_runtime::spec::Template {
                        text: "{client_id}",
                    },
                },
            ];
            api
        });
        spec.errors = &[
            ::oauth_runtime::spec::ErrorHint {
                code: "expired",
                stage: ::core::option::Option::Some(
                    ::oauth_runtime::spec::Stage::Refresh,
                ),
                means: ::core::option::Option::Some("invalid_grant"),
                hint: ::oauth_runtime::spec::Template {
                    text: "Sign in again; the callback is {redirect_uri}.",
                },
                reauthorize: true,
                ..::oauth_runtime::spec::ErrorHint::PLAIN
            },
        ];
        spec
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
    #[inline]
    fn variable(&self, index: usize) -> ::core::option::Option<&str> {
        match index {
            0usize => {
                ::oauth_runtime::variable::required::<
                    ::oauth_runtime::variable::PathSegment,
                >(&self.tenant)
            }
            1usize => ::oauth_runtime::variable::value::<FileRegion>(&self.region),
            3usize => ::oauth_runtime::variable::optional_secret(&self.signing_key),
            _ => ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::oauth_runtime::provider::HasAuthorizationEndpoint for File {}
#[automatically_derived]
impl ::oauth_runtime::provider::HasRefresh for File {}
#[automatically_derived]
impl ::oauth_runtime::provider::HasRevocation for File {}
#[automatically_derived]
impl ::oauth_runtime::provider::HasUserinfo for File {}
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
    /** Reads `tenant` as people type it: `<tenant>.acme.example`, or without its surroundings.

 # Errors
 The text does not have the format of the variable.*/
    #[inline]
    pub fn parse_tenant(
        text: &str,
    ) -> ::core::result::Result<
        ::oauth_runtime::variable::PathSegment,
        ::oauth_runtime::variable::InvalidVariable,
    > {
        ::oauth_runtime::variable::parse_trimmed(text, "", ".acme.example")
    }
    /// `prompt=none` in a single authorization request.
    pub const PROMPT_NONE: ::oauth_runtime::AuthorizationOption<Self> = ::oauth_runtime::AuthorizationOption::known(
        "prompt",
        "none",
    );
    /// `prompt=consent` in a single authorization request.
    pub const PROMPT_CONSENT: ::oauth_runtime::AuthorizationOption<Self> = ::oauth_runtime::AuthorizationOption::known(
        "prompt",
        "consent",
    );
    /// Sets `login_hint` in a single authorization request.
    pub fn login_hint(
        value: impl ::core::convert::Into<::std::string::String>,
    ) -> ::oauth_runtime::AuthorizationOption<Self> {
        ::oauth_runtime::AuthorizationOption::given("login_hint", value)
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
    #[inline]
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
    #[inline]
    fn as_ref(&self) -> &str {
        self.0
    }
}
impl ::core::fmt::Display for FileRegion {
    #[inline]
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.write_str(self.0)
    }
}
