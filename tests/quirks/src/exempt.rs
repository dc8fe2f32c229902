//! Keys whose removal nobody has to notice, and why.

/// The keys: each is one of the language.
pub fn exempt() -> impl Iterator<Item = &'static str> {
    [DOCUMENTATION, METADATA, ADDRESSES, SINGLE, UNUSED].into_iter().flatten().copied()
}

/// Whether this is one of them.
pub fn is_exempt(key: &str) -> bool {
    exempt().any(|exempt| exempt == key)
}

/// Texts for people, in documentation and messages; and what only tests read.
const DOCUMENTATION: &[&str] = &[
    "schema",
    "service_documentation",
    "verified",
    "sources",
    "variables.*.description",
    "variables.*.example",
    "scopes.catalog.*.description",
    "scopes.sets.*.catalog.*.description",
    "scopes.source",
    "example",
    "example.stage",
    "example.title",
    "example.status",
    "example.content_type",
    "example.body",
    "example.expect.code",
    "example.expect.access_token",
    "example.expect.refresh_token",
    "example.expect.id_token",
    "example.expect.captured.*",
    "example.expect.tokens.*",
    "example.expect.scopes",
    "example.expect.expires_in",
    "example.expect.refresh_token_expires_in",
    "example.expect.subject",
    "example.expect.email",
    "example.expect.email_verified",
    "example.expect.name",
    "example.expect.preferred_username",
    "example.expect.picture",
    "example.expect.error",
    "example.expect.means",
    "example.expect.description",
];

/// What a metadata document offers besides, so that it can be pasted; it is checked, and changes nothing.
const METADATA: &[&str] = &[
    "grant_types",
    "response_modes",
    "response_types",
    "scopes_supported",
    "token_endpoint_auth_signing_alg_values",
    "id_token_signing_alg_values",
    "dpop_signing_alg_values",
    "require_pushed_authorization_requests",
];

/// Addresses that nothing is sent to: a definition may name them, and there is no flow for them.
const ADDRESSES: &[&str] = &[
    "introspection_endpoint",
    "jwks_uri",
    "device_authorization_endpoint",
    "pushed_authorization_request_endpoint",
    "registration_endpoint",
    "end_session_endpoint",
];

/// Keys with one value, which holds where they are absent.
const SINGLE: &[&str] = &["callback.verify.alg", "callback.verify.key", "callback.verify.message"];

/// Keys that no definition may have, as long as ID tokens are not verified.
const UNUSED: &[&str] =
    &["id_token.issuer", "id_token.issuer_from_claim", "id_token.nonce", "id_token.leeway"];
