#[automatically_derived]
impl ::oauth_runtime::OAuthProvider for StackExchange {
    const SPEC: &'static ::oauth_runtime::spec::Spec = &::oauth_runtime::spec::Spec {
        id: "stack_exchange",
        name: "StackExchange",
        endpoints: ::oauth_runtime::spec::Endpoints {
            authorization: &[
                &[::oauth_runtime::spec::Part::Text("https://stackoverflow.com/oauth")],
            ],
            token: &[
                &[
                    ::oauth_runtime::spec::Part::Text(
                        "https://stackoverflow.com/oauth/access_token/json",
                    ),
                ],
            ],
            ..::oauth_runtime::spec::Endpoints::NONE
        },
        token_endpoint_auth_methods: &[
            ::oauth_runtime::spec::AuthMethod::ClientSecretPost,
        ],
        scopes: ::oauth_runtime::spec::Scopes {
            separator: ",",
            catalog: &[
                ::oauth_runtime::spec::ScopeText {
                    value: "no_expiry",
                    description: "The token does not lapse.",
                },
            ],
            ..::oauth_runtime::spec::Scopes::PLAIN
        },
        refresh: ::oauth_runtime::spec::Refresh {
            support: ::oauth_runtime::spec::RefreshSupport::None,
            ..::oauth_runtime::spec::Refresh::PLAIN
        },
        ..::oauth_runtime::spec::Spec::PLAIN
    };
}
#[automatically_derived]
impl ::oauth_runtime::provider::HasAuthorizationEndpoint for StackExchange {}
#[allow(dead_code)]
impl StackExchange {
    /// `no_expiry`: The token does not lapse.
    pub const NO_EXPIRY: ::oauth_runtime::Scope<Self> = ::oauth_runtime::Scope::known(
        "no_expiry",
    );
}
