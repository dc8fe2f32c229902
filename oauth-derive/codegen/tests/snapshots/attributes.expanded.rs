#[automatically_derived]
impl ::oauth_runtime::OAuthProvider for StackExchange {
    const SPEC: &'static ::oauth_runtime::spec::Spec = &{
        let mut spec = ::oauth_runtime::spec::Spec::PLAIN;
        spec.id = "stack_exchange";
        spec.name = "StackExchange";
        spec.endpoints.authorization.text = "https://stackoverflow.com/oauth";
        spec.endpoints.token.text = "https://stackoverflow.com/oauth/access_token/json";
        spec.token_endpoint_auth_methods = &[
            ::oauth_runtime::spec::AuthMethod::ClientSecretPost,
        ];
        spec.scopes.separator = ",";
        spec.scopes.catalog = &[
            ::oauth_runtime::spec::ScopeText {
                value: "no_expiry",
                description: "The token does not lapse.",
            },
        ];
        spec.refresh.support = ::oauth_runtime::spec::RefreshSupport::None;
        spec
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
