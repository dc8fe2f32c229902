//! The vocabulary: every key of the definition language, once. Unknown keys, values of the wrong kind and the key
//! documentation all come from this table; both syntaxes share it.

use crate::kind::{ALGORITHMS, AUTH_METHODS, FORMATS, Kind, MEANINGS, REVOCATION_AUTH, STAGES};

/// A key of the definition language, for documentation.
#[derive(Debug)]
#[non_exhaustive]
pub struct Key {
    /// Its way from the top: `token.response.root`. `*` is a name that the definition chooses.
    pub path: &'static str,
    pub(crate) kind: Kind,
    /// What it says, in one line.
    pub meaning: &'static str,
    /// What holds where it is absent; empty: nothing.
    pub default: &'static str,
    /// A value as it stands in a file; empty: it is a table.
    pub example: &'static str,
}

/// Every key of the definition language, in the order of its documentation.
pub fn keys() -> &'static [Key] {
    KEYS
}

const fn key(
    path: &'static str,
    kind: Kind,
    meaning: &'static str,
    default: &'static str,
    example: &'static str,
) -> Key {
    Key { path, kind, meaning, default, example }
}

/// Every key, in the order of the documentation.
#[rustfmt::skip]
pub(crate) static KEYS: &[Key] = &[
    key("schema", Kind::Integer, "the version of this vocabulary", "1", "1"),
    key("id", Kind::Text, "the key of the provider in stores, cookies and logs", "the stem of the file, or the name of the struct in snake case", "\"github\""),
    key("extends", Kind::Text, "the definition that this one takes over and changes: the name of a file beside it, without its ending; in attributes, the path of a file as in `file`. A table is taken over key by key, a list as a whole; `id`, `name`, `verified`, `sources` and `[[example]]` are not", "", "\"github\""),
    key("name", Kind::Text, "the name that people know", "in attributes: the name of the struct", "\"GitHub\""),
    key("service_documentation", Kind::Link, "the provider's own documentation (RFC 8414)", "", "\"https://docs.github.com/en/apps/oauth-apps\""),
    key("verified", Kind::Date, "the day on which the definition was last checked", "", "2026-11-21"),
    key("sources", Kind::Links, "what the definition was checked against", "", "[\"https://docs.github.com/en/apps/oauth-apps\"]"),

    key("issuer", Kind::Urls, "the issuer identifier (RFC 8414), compared with `iss` in callbacks (RFC 9207)", "", "\"https://accounts.google.com\""),
    key("authorization_response_iss_parameter", Kind::Bool, "the provider sends `iss` in every callback (RFC 9207): one without it is refused", "false", "true"),
    key("authorization_endpoint", Kind::Urls, "where the user agent is sent (RFC 6749 section 3.1)", "", "\"https://github.com/login/oauth/authorize\""),
    key("token_endpoint", Kind::Urls, "where a grant becomes a token (RFC 6749 section 3.2)", "", "\"https://github.com/login/oauth/access_token\""),
    key("revocation_endpoint", Kind::Urls, "where a token is revoked (RFC 7009)", "", "\"https://oauth2.googleapis.com/revoke\""),
    key("introspection_endpoint", Kind::Urls, "where a token is looked up (RFC 7662)", "", "\"https://id.example.com/introspect\""),
    key("userinfo_endpoint", Kind::Urls, "the call that says who the user is (OpenID Connect Core section 5.3)", "", "\"https://openidconnect.googleapis.com/v1/userinfo\""),
    key("jwks_uri", Kind::Urls, "the provider's keys (RFC 8414)", "", "\"https://www.googleapis.com/oauth2/v3/certs\""),
    key("device_authorization_endpoint", Kind::Urls, "where a device asks for a code (RFC 8628)", "", "\"https://github.com/login/device/code\""),
    key("pushed_authorization_request_endpoint", Kind::Urls, "where a request is pushed (RFC 9126)", "", "\"https://id.example.com/par\""),
    key("registration_endpoint", Kind::Urls, "where a client registers (RFC 7591)", "", "\"https://id.example.com/register\""),
    key("end_session_endpoint", Kind::Urls, "where the user signs out (OpenID Connect RP-Initiated Logout)", "", "\"https://id.example.com/logout\""),
    key("base_uri", Kind::Url, "what the paths are joined to", "", "\"https://stackoverflow.com\""),
    key("authorization_path", Kind::Path, "the authorization endpoint, below `base_uri`", "with `base_uri`: \"/authorize\"", "\"/oauth\""),
    key("access_token_path", Kind::Path, "the token endpoint, below `base_uri`", "with `base_uri`: \"/access_token\"", "\"/oauth/access_token/json\""),
    key("refresh_path", Kind::Path, "where a token is renewed, below `base_uri`", "the token endpoint", "\"/oauth/refresh\""),
    key("revocation_path", Kind::Path, "the revocation endpoint, below `base_uri`", "", "\"/oauth/revoke\""),
    key("userinfo_path", Kind::Path, "the userinfo endpoint, below `base_uri`", "", "\"/me\""),
    key("token_endpoint_auth_methods", Kind::Words(AUTH_METHODS), "how a client authenticates at the token endpoint, the preferred way first (RFC 7591)", "[\"client_secret_basic\"], with a warning", "[\"client_secret_post\"]"),
    key("code_challenge_methods", Kind::Words(&["S256", "plain"]), "PKCE (RFC 7636); `[]` means that it must not be sent", "[\"S256\"]", "[\"S256\"]"),

    key("revocation_endpoint_auth_methods", Kind::Words(AUTH_METHODS), "how a client authenticates at the revocation endpoint (RFC 8414), where `auth` of `[revocation]` does not say it", "`token_endpoint_auth_methods`", "[\"client_secret_basic\"]"),
    key("grant_types", Kind::Texts, "the grants that the provider knows (RFC 8414); `authorization_code` must be among them", "", "[\"authorization_code\", \"refresh_token\"]"),
    key("response_modes", Kind::Texts, "how the provider can send its answer back (RFC 8414); `query` or `form_post` must be among them", "", "[\"query\", \"form_post\"]"),
    key("response_types", Kind::Texts, "what the provider can answer with (RFC 8414); `code` must be among them", "", "[\"code\"]"),
    key("scopes_supported", Kind::Texts, "the scopes that a metadata document names (RFC 8414): taken, so that it can be pasted; what can be asked for stands in `[scopes]`", "", "[\"openid\", \"email\"]"),
    key("token_endpoint_auth_signing_alg_values", Kind::Texts, "how a client that proves itself by a signature may sign (RFC 8414)", "", "[\"RS256\", \"ES256\"]"),
    key("id_token_signing_alg_values", Kind::Texts, "how the provider signs ID tokens (OpenID Connect Discovery)", "", "[\"RS256\"]"),
    key("dpop_signing_alg_values", Kind::Texts, "how a client may sign proofs of possession (RFC 9449)", "", "[\"ES256\"]"),
    key("require_pushed_authorization_requests", Kind::Bool, "the provider takes no other requests than pushed ones (RFC 9126): such a definition does not compile yet", "false", "false"),

    key("client", Kind::Table, "what a client of the provider is", "", ""),
    key("client.console", Kind::Link, "where a client is registered", "", "\"https://github.com/settings/developers\""),

    key("client.secret", Kind::Word(&["required", "optional", "none"]), "whether a client has a secret: credentials of another kind are refused when a flow is made", "what `token_endpoint_auth_methods` can carry", "\"required\""),
    key("client.basic", Kind::Table, "what HTTP Basic carries, where it is not as RFC 6749 section 2.3.1 has it", "", ""),
    key("client.basic.username", Kind::Template, "what stands before the colon; may hold `{client_id}` and `{client_secret}`", "\"{client_id}\"", "\"{client_secret}\""),
    key("client.basic.password", Kind::Template, "what stands behind it; may be empty", "\"{client_secret}\"", "\"\""),
    key("client.basic.form_encode", Kind::Bool, "both are form-urlencoded first", "true", "false"),
    key("client.redirect", Kind::Table, "which redirect URIs the provider takes: another is refused when a flow is made", "", ""),
    key("client.redirect.https", Kind::Bool, "`https`", "true", "false"),
    key("client.redirect.localhost_http", Kind::Bool, "`http` on `localhost`", "true", "false"),
    key("client.redirect.loopback", Kind::Word(&["no", "exact_port", "any_port"]), "`http` on 127.0.0.1 and [::1] (RFC 8252 section 7.3)", "\"exact_port\"", "\"any_port\""),
    key("client.redirect.custom_scheme", Kind::Bool, "a scheme of the application's own, such as `com.example.app:` (RFC 8252 section 7.1)", "true", "false"),
    key("client.assertion", Kind::Table, "what a client with a private key signs for each request, where it is not as RFC 7523 has it", "", ""),
    key("client.assertion.as", Kind::Word(&["client_assertion", "client_secret"]), "what it is sent as: by `private_key_jwt`, or in the place of the client secret", "\"client_assertion\"", "\"client_secret\""),
    key("client.assertion.alg", Kind::Word(ALGORITHMS), "the only algorithm that the provider takes (RFC 7518 section 3.1)", "that of the client's key", "\"ES256\""),
    key("client.assertion.header", Kind::Table, "further members of its header, or other values of the standard's", "`alg`, `typ`, and `kid` where the key has an id", ""),
    key("client.assertion.header.*", Kind::Value, "the value of the member", "", "\"{key_id}\""),
    key("client.assertion.claims", Kind::Table, "further claims, or other values of the standard's", "`iss` and `sub`: the client id; `aud`: the token endpoint; `iat`, `exp`, and `jti` of a `client_assertion`", ""),
    key("client.assertion.claims.*", Kind::Value, "the value of the claim", "", "\"https://appleid.apple.com\""),
    key("client.assertion.ttl", Kind::Duration, "how long it holds", "\"5m\"", "\"1h\""),

    key("variables", Kind::Table, "what stands in `{..}` in addresses, parameters and headers", "", ""),
    key("variables.*", Kind::Table, "a variable, and the field of the struct that holds it", "", ""),
    key("variables.*.description", Kind::Text, "what it is, for people", "", "\"Directory id, or a verified domain\""),
    key("variables.*.required", Kind::Bool, "there is no client without it", "true, without a `default`", "false"),
    key("variables.*.default", Kind::Text, "taken where none is given", "", "\"common\""),
    key("variables.*.format", Kind::Word(FORMATS), "what a value looks like, and so where in an address it may stand", "any text, which may stand only in a query, a parameter or a header", "\"path_segment\""),
    key("variables.*.enum", Kind::Texts, "the only values there are", "", "[\"com\", \"eu\"]"),
    key("variables.*.example", Kind::Text, "a value that could be, for documentation and tests", "", "\"contoso.onmicrosoft.com\""),
    key("variables.*.prefix", Kind::Text, "what people may type before the value: it is taken off", "", "\"https://\""),
    key("variables.*.suffix", Kind::Text, "what people may type after the value: it is taken off", "", "\".myshopify.com\""),

    key("variables.*.from", Kind::Text, "where a value comes from: `config`, the field of the struct; or learned at each sign-in and kept with its tokens: `callback.X`, a parameter of the callback; `token.X`, a member of the token answer; `userinfo.X`, a member of the userinfo endpoint's answer", "\"config\"", "\"token.api_domain\""),
    key("variables.*.secret", Kind::Bool, "the field holds a `Secret`, which stands in no address and is never shown", "false", "true"),

    key("scope_separator", Kind::Text, "`separator` of `[scopes]`, in short", "\" \"", "\",\""),
    key("scopes", Kind::Table, "what can be asked for", "", ""),
    key("scopes.parameter", Kind::Text, "the parameter that carries them", "\"scope\"", "\"user_scope\""),
    key("scopes.separator", Kind::Text, "what stands between two of them in a request", "\" \"", "\",\""),
    key("scopes.default", Kind::Texts, "asked for where a request names none", "", "[\"read:user\"]"),
    key("scopes.required", Kind::Texts, "asked for always", "", "[\"openid\"]"),
    key("scopes.open", Kind::Bool, "there are others than those of the catalogue", "false", "true"),
    key("scopes.catalog", Kind::Table, "the known scopes, each with a text for people", "", ""),
    key("scopes.catalog.*", Kind::TableOrText, "what the scope allows", "", "\"Read the user's profile\""),
    key("scopes.catalog.*.name", Kind::Text, "the name of the Rust constant", "the scope in upper case", "\"MAIL_FULL\""),
    key("scopes.catalog.*.description", Kind::Text, "what the scope allows", "", "\"Read the user's profile\""),
    key("scopes.source", Kind::Link, "where the list of scopes was taken from, for documentation", "", "\"https://developers.google.com/identity/protocols/oauth2/scopes\""),
    key("scopes.prefix", Kind::Text, "what the scopes start with on the wire, so that they are written short here; not those of OpenID Connect, nor those that are whole addresses", "", "\"https://www.googleapis.com/auth/\""),
    key("scopes.added_by_server", Kind::Texts, "granted without being asked for", "", "[\"openid\"]"),
    key("scopes.dropped_by_server", Kind::Texts, "never named in an answer: they count as granted where they were asked for", "", "[\"offline_access\"]"),
    key("scopes.refresh_scope", Kind::Bool, "the granted scopes are sent with each refresh", "false", "true"),
    key("scopes.sets", Kind::Table, "further lists of scopes, each in a parameter of its own", "", ""),
    key("scopes.sets.*", Kind::Table, "a list; its name is the start of its constants", "", ""),
    key("scopes.sets.*.parameter", Kind::Text, "the parameter that carries them", "", "\"user_scope\""),
    key("scopes.sets.*.separator", Kind::Text, "what stands between two of them in a request", "that of `[scopes]`", "\",\""),
    key("scopes.sets.*.default", Kind::Texts, "asked for where a request names no scope at all", "", "[\"search:read\"]"),
    key("scopes.sets.*.required", Kind::Texts, "asked for always", "", "[\"identity.basic\"]"),
    key("scopes.sets.*.open", Kind::Bool, "there are others than those of the catalogue", "false", "true"),
    key("scopes.sets.*.catalog", Kind::Table, "the known ones, each with a text for people", "", ""),
    key("scopes.sets.*.catalog.*", Kind::TableOrText, "what the scope allows", "", "\"Search as the user\""),
    key("scopes.sets.*.catalog.*.name", Kind::Text, "the name of the Rust constant, without that of the list", "the scope in upper case", "\"SEARCH\""),
    key("scopes.sets.*.catalog.*.description", Kind::Text, "what the scope allows", "", "\"Search as the user\""),

    key("authorization", Kind::Table, "the authorization request", "", ""),
    key("authorization.params", Kind::Table, "further parameters", "", ""),
    key("authorization.params.*", Kind::Value, "the value of the parameter", "", "\"offline\""),

    key("authorization.rename", Kind::Table, "standard parameters under the provider's names: `response_type`, `client_id`, `redirect_uri`, `state`", "", ""),
    key("authorization.rename.*", Kind::Text, "the provider's name", "", "\"client_key\""),
    key("authorization.omit", Kind::Texts, "standard parameters that are left out, or have another value in `params`: `response_type`, `client_id`, `redirect_uri`", "", "[\"response_type\"]"),
    key("authorization.raw", Kind::Texts, "parameters that are not percent-encoded, as far as an address can hold them: `scope`, `redirect_uri`, those of `params`", "", "[\"scope\"]"),
    key("authorization.skip_empty", Kind::Bool, "a parameter without a value is left out", "false", "true"),
    key("authorization.fragment", Kind::Text, "the parameters stand behind a fragment, and this is what it starts with", "", "\"/oauth/authorize\""),
    key("authorization.options", Kind::Table, "what a single request may set: a constant for each value, or a function", "", ""),
    key("authorization.options.*", Kind::Table, "the parameter; `{}`: of any value", "", ""),
    key("authorization.options.*.enum", Kind::Texts, "the only values there are", "any", "[\"none\", \"consent\"]"),
    key("authorization.options.*.default", Kind::Text, "sent where the request sets none", "", "\"consent\""),

    key("callback", Kind::Table, "the callback: what the user agent brings back", "", ""),
    key("callback.methods", Kind::Words(&["GET", "POST"]), "how it comes: in a query, or as a form that the provider's page posts (`response_mode=form_post`)", "[\"GET\"]", "[\"POST\"]"),
    key("callback.code_parameter", Kind::Text, "the parameter that holds the code", "\"code\"", "\"auth_code\""),
    key("callback.state_parameter", Kind::Text, "the parameter that holds the state", "\"state\"", "\"custom_state\""),
    key("callback.error_parameter", Kind::Text, "the parameter that holds the error code", "\"error\"", "\"error_code\""),
    key("callback.capture", Kind::TextsOrTable, "further parameters to keep: a list, or a table of them under names", "none", "[\"realmId\"]"),
    key("callback.capture.*", Kind::Text, "the parameter that is kept under this name", "", "\"selling_partner_id\""),
    key("callback.json", Kind::Texts, "those of `capture` that hold the text of a JSON object", "", "[\"user\"]"),
    key("callback.without_state", Kind::Word(&["refuse", "restart"]), "what becomes of one without a state: `restart` is for sign-ins that begin at the provider, and tells the application to begin one of its own", "\"refuse\"", "\"restart\""),
    key("callback.verify", Kind::Table, "how the provider signs it (the crate's feature `hmac`): one that it did not sign is refused", "", ""),
    key("callback.verify.hmac", Kind::Text, "the parameter that holds the signature, in hexadecimal digits", "", "\"hmac\""),
    key("callback.verify.alg", Kind::Word(&["sha256"]), "the hash", "\"sha256\"", "\"sha256\""),
    key("callback.verify.key", Kind::Word(&["{client_secret}"]), "the key", "\"{client_secret}\"", "\"{client_secret}\""),
    key("callback.verify.message", Kind::Word(&["sorted query without hmac"]), "what is signed: the other parameters, sorted by their names, as `name=value` with `&` between them", "\"sorted query without hmac\"", "\"sorted query without hmac\""),

    key("token", Kind::Table, "the token request", "", ""),
    key("token.method", Kind::Word(&["POST", "GET"]), "the HTTP method", "\"POST\"", "\"GET\""),
    key("token.encoding", Kind::Word(&["form", "json", "query"]), "where the parameters stand", "\"form\"", "\"json\""),
    key("token.params", Kind::Table, "further parameters", "", ""),
    key("token.params.*", Kind::Value, "the value of the parameter", "", "1"),
    key("token.query", Kind::Table, "further parameters that stand in the query, wherever the others stand", "", ""),
    key("token.query.*", Kind::Value, "the value of the parameter", "", "\"2\""),
    key("token.headers", Kind::Table, "further headers", "", ""),
    key("token.headers.*", Kind::Value, "the value of the header", "", "\"2022-06-28\""),
    key("token.rename", Kind::Table, "standard parameters under the provider's names: `grant_type`, `code`, `redirect_uri`, `code_verifier`, `client_id`, `client_secret`, `state`", "", ""),
    key("token.rename.*", Kind::Text, "the provider's name", "", "\"client_key\""),
    key("token.omit", Kind::Texts, "standard parameters that are left out, or have another value in `params`: `grant_type`, `redirect_uri`, `client_id`", "", "[\"redirect_uri\"]"),
    key("token.send_state", Kind::Bool, "`state` is sent here too", "false", "true"),
    key("token.grant_type", Kind::Text, "`grant_type`, where it is not the standard's", "\"authorization_code\"", "\"code\""),

    key("token.response", Kind::Table, "the token answer (RFC 6749 section 5)", "", ""),
    key("token.response.root", Kind::Field, "the object that holds the token", "the whole answer", "\"data\""),
    key("token.response.success", Kind::Table, "what must hold in the whole answer for it to be a success", "", ""),
    key("token.response.success.*", Kind::Constant, "the value that must stand there", "", "true"),
    key("token.response.error", Kind::Table, "where the error stands in the whole answer", "", ""),
    key("token.response.error.code", Kind::Field, "its code", "\"error\"", "\"error.type\""),
    key("token.response.error.description", Kind::Field, "its description", "\"error_description\"", "\"error.message\""),
    key("token.response.access_token", Kind::Field, "where the access token stands, below `root`", "\"access_token\"", "\"accessToken\""),
    key("token.response.refresh_token", Kind::Field, "where the refresh token stands, below `root`", "\"refresh_token\"", "\"refreshToken\""),
    key("token.response.id_token", Kind::Field, "where the ID token stands, below `root`", "\"id_token\"", "\"idToken\""),
    key("token.response.token_type", Kind::Field, "where the token's type stands, below `root`", "\"token_type\"", "\"tokenType\""),
    key("token.response.token_types", Kind::Texts, "types besides `bearer` that mean bearer here", "", "[\"bot\", \"user\"]"),
    key("token.response.scope", Kind::Field, "where the granted scopes stand, below `root`", "\"scope\"", "\"scopes\""),
    key("token.response.scope_separator", Kind::Text, "what stands between two granted scopes", "\" \"", "\",\""),
    key("token.response.expires_in", Kind::Field, "where the lifetime in seconds stands, below `root`", "\"expires_in\"", "\"expires\""),
    key("token.response.expires_in_unit", Kind::Word(&["s", "ms"]), "what `expires_in` counts: seconds or milliseconds", "\"s\"", "\"ms\""),
    key("token.response.expires_in_zero", Kind::Word(&["lapsed", "never"]), "what an `expires_in` of 0 means: the token is of no use any more, or it does not lapse", "\"lapsed\"", "\"never\""),
    key("token.response.expires_at", Kind::Field, "where the time stands at which the access token lapses, below `root`: in place of a lifetime", "none", "\"expiresAt\""),
    key("token.response.expires_at_format", Kind::Word(&["rfc3339", "unix"]), "how that time is written: as a date, or as seconds of the Unix epoch", "\"rfc3339\"", "\"unix\""),
    key("token.response.refresh_token_expires_in", Kind::Field, "where the refresh token's lifetime in seconds stands, below `root`", "\"refresh_token_expires_in\"", "\"refresh_expires_in\""),
    key("token.response.capture", Kind::TextsOrTable, "further values to keep, below `root`: a list, or a table of them under names", "none", "[\"open_id\"]"),
    key("token.response.capture.*", Kind::Field, "where the value that is kept under this name stands", "", "\"team.id\""),
    key("token.response.optional", Kind::Bool, "the access token may be missing, where one of `tokens` is there; in one of `tokens`: that one may be missing", "false", "true"),
    key("token.response.tokens", Kind::Table, "further tokens of the same answer, each a grant of its own: it is stored, renewed and revoked by itself", "", ""),
    key("token.response.tokens.*", Kind::Like("token.response"), "a token, and its constant (`Slack::USER`): the keys of `[token.response]` but `success`, `error` and `tokens`. Its `scope` are of the list `[scopes.sets.X]` of the same name", "", ""),
    key("token.response.defaults", Kind::Table, "taken where the answer is silent", "", ""),
    key("token.response.defaults.expires_in", Kind::Integer, "the lifetime in seconds", "", "3600"),

    key("exchange", Kind::Tables, "a second call, which trades the access token for another: a long-lived one, or one of a session", "", ""),
    key("exchange.after", Kind::WordOrWords(&["code", "refresh"]), "what it follows, each time", "\"code\"", "[\"code\", \"refresh\"]"),
    key("exchange.url", Kind::Urls, "where to ask", "", "\"https://graph.instagram.com/access_token\""),
    key("exchange.method", Kind::Word(&["POST", "GET"]), "the HTTP method", "\"POST\"", "\"GET\""),
    key("exchange.encoding", Kind::Word(&["form", "json", "query"]), "where the parameters stand", "\"form\"", "\"query\""),
    key("exchange.params", Kind::Table, "the parameters, all of them: nothing else is sent. They may hold `{access_token}`, `{client_id}` and `{client_secret}`", "", ""),
    key("exchange.params.*", Kind::Value, "the value of the parameter", "", "\"{access_token}\""),
    key("exchange.response", Kind::Like("token.response"), "the answer, where it is not as that to a code: the keys of `[token.response]`, of which nothing else holds here", "`[token.response]`", ""),
    key("exchange.on_failure", Kind::Word(&["keep", "fail"]), "the first token is kept, because it is good for a while, or the sign-in fails", "\"fail\"", "\"keep\""),

    key("refresh", Kind::Table, "how a token is renewed (RFC 6749 section 6)", "", ""),
    key("refresh.support", Kind::Word(&["rotating", "reusable", "in_place", "none"]), "what becomes of a refresh token when it is used; `in_place`: there is none, the access token itself is renewed before it lapses", "\"reusable\"", "\"rotating\""),
    key("refresh.present", Kind::Word(&["access_token", "refresh_token"]), "the token that is presented, as `refresh_token` unless it is renamed", "the refresh token; with `in_place` the access token", "\"access_token\""),
    key("refresh.leeway", Kind::Duration, "how long before its end a token is renewed, half of its life at the most", "a minute", "\"30d\""),
    key("refresh.endpoint", Kind::Urls, "where to ask", "the token endpoint", "\"https://id.example.com/refresh\""),

    key("refresh.method", Kind::Word(&["POST", "GET"]), "the HTTP method", "\"POST\"", "\"GET\""),
    key("refresh.encoding", Kind::Word(&["form", "json", "query"]), "where the parameters stand", "that of `[token]`", "\"query\""),
    key("refresh.params", Kind::Table, "further parameters", "", ""),
    key("refresh.params.*", Kind::Value, "the value of the parameter", "", "\"{redirect_uri}\""),
    key("refresh.query", Kind::Table, "further parameters that stand in the query, wherever the others stand", "", ""),
    key("refresh.query.*", Kind::Value, "the value of the parameter", "", "\"2\""),
    key("refresh.headers", Kind::Table, "further headers, in place of those of `[token]`", "those of `[token]`", ""),
    key("refresh.headers.*", Kind::Value, "the value of the header", "", "\"2022-06-28\""),
    key("refresh.rename", Kind::Table, "standard parameters under the provider's names: `grant_type`, `refresh_token`, `client_id`, `client_secret`", "", ""),
    key("refresh.rename.*", Kind::Text, "the provider's name", "", "\"client_key\""),
    key("refresh.omit", Kind::Texts, "standard parameters that are left out, or have another value in `params`: `grant_type`, `client_id`", "", "[\"client_id\"]"),
    key("refresh.auth", Kind::WordOrWords(AUTH_METHODS), "how the client authenticates, where it is not as at the token endpoint; the preferred way first", "`token_endpoint_auth_methods`", "\"none\""),
    key("refresh.grant_type", Kind::Text, "`grant_type`, where it is not the standard's", "\"refresh_token\"", "\"fb_exchange_token\""),
    key("refresh.response", Kind::Like("token.response"), "the answer, where it is not as that to a code: the keys of `[token.response]`, of which nothing else holds here", "`[token.response]`", ""),

    key("revocation", Kind::Table, "how a token is revoked, where it is not as RFC 7009 has it", "", ""),
    key("revocation.method", Kind::Word(&["POST", "GET", "DELETE"]), "the HTTP method", "\"POST\"", "\"DELETE\""),
    key("revocation.encoding", Kind::Word(&["form", "json", "query"]), "where the parameters stand", "that of `[token]`", "\"json\""),
    key("revocation.params", Kind::Table, "further parameters", "", ""),
    key("revocation.params.*", Kind::Value, "the value of the parameter", "", "\"{client_id}\""),
    key("revocation.headers", Kind::Table, "further headers, in place of those of `[token]`", "those of `[token]`", ""),
    key("revocation.headers.*", Kind::Value, "the value of the header", "", "\"2022-06-28\""),
    key("revocation.rename", Kind::Table, "standard parameters under the provider's names: `token`, `token_type_hint`, `client_id`, `client_secret`", "", ""),
    key("revocation.rename.*", Kind::Text, "the provider's name", "", "\"access_token\""),
    key("revocation.omit", Kind::Texts, "standard parameters that are left out: `token_type_hint`, `client_id`; and `token`, where it stands in a header", "", "[\"token_type_hint\"]"),
    key("revocation.auth", Kind::WordOrWords(REVOCATION_AUTH), "how the client authenticates, where it is not as at the token endpoint; `bearer`: by the token that is revoked", "`token_endpoint_auth_methods`", "\"bearer\""),
    key("revocation.revokes", Kind::WordOrWords(&["access_token", "refresh_token", "grant"]), "what can be revoked: with `refresh_token` in it the refresh token is handed in, otherwise the access token", "the refresh token, or the access token where there is none", "\"access_token\""),

    key("userinfo", Kind::Table, "what the userinfo endpoint calls the claims of OpenID Connect Core section 5.1", "", ""),
    key("userinfo.source", Kind::Word(&["endpoint", "token", "callback", "id_token"]), "what holds the claims: the answer of the userinfo endpoint, what the token answer has besides the tokens, or what a signed callback (`verify`) brought and `capture` of `[callback]` keeps", "\"endpoint\"", "\"token\""),
    key("userinfo.method", Kind::Word(&["GET", "POST"]), "the HTTP method", "\"GET\"", "\"POST\""),
    key("userinfo.query", Kind::Table, "further query parameters", "", ""),
    key("userinfo.query.*", Kind::Value, "the value of the parameter", "", "\"id,name,picture\""),
    key("userinfo.params", Kind::Table, "the parameters of a POST, such as a query of GraphQL", "", ""),
    key("userinfo.params.*", Kind::Constant, "the value of the parameter, as it stands here", "", "\"{ viewer { id name email } }\""),
    key("userinfo.encoding", Kind::Word(&["form", "json"]), "how these are written", "\"form\"", "\"json\""),
    key("userinfo.headers", Kind::Table, "further headers", "", ""),
    key("userinfo.headers.*", Kind::Value, "the value of the header", "", "\"application/vnd.github+json\""),
    key("userinfo.root", Kind::Field, "the object that holds the claims", "the whole answer", "\"items.0\""),
    key("userinfo.subject", Kind::Field, "where the identifier that stays stands, below `root`", "\"sub\"", "\"id\""),
    key("userinfo.email", Kind::Field, "where the e-mail address stands, below `root`", "\"email\"", "\"mail\""),
    key("userinfo.email_verified", Kind::Field, "where it stands whether the provider checked the address, below `root`", "\"email_verified\"", "\"verified_email\""),
    key("userinfo.name", Kind::Fields, "where the name stands, below `root`; of a list, what stands there with a space between each two", "\"name\"", "[\"first_name\", \"last_name\"]"),
    key("userinfo.preferred_username", Kind::Field, "where the name at the provider stands, below `root`", "\"preferred_username\"", "\"login\""),
    key("userinfo.picture", Kind::Field, "where the address of a picture stands, below `root`", "\"picture\"", "\"avatar_url\""),
    key("userinfo.also", Kind::Table, "claims that another call gives: `email`, `name`, `preferred_username`, `picture`", "", ""),
    key("userinfo.also.*", Kind::Table, "the claim", "", ""),
    key("userinfo.also.*.url", Kind::Urls, "the address of the call, on a host that the token may go to", "", "\"https://api.github.com/user/emails\""),
    key("userinfo.also.*.pick", Kind::Text, "of a list, the member that is true in the object that is meant", "the first object", "\"primary\""),
    key("userinfo.also.*.field", Kind::Field, "where the claim stands in it", "the name of the claim", "\"email\""),
    key("userinfo.also.*.scope", Kind::Text, "the call is made only where this scope was granted", "", "\"user:email\""),

    key("id_token", Kind::Table, "what an ID token must hold (OpenID Connect Core section 3.1.3.7): checked, and refused as long as ID tokens are not verified", "", ""),
    key("id_token.issuer", Kind::Urls, "its `iss`, where it is not `issuer`", "`issuer`", "\"https://id.example.com\""),
    key("id_token.issuer_from_claim", Kind::Text, "the claim that fills a place in `issuer`", "", "\"tid\""),
    key("id_token.nonce", Kind::Word(&["exact", "exact-or-sha256", "none"]), "how the `nonce` of the request comes back", "\"exact\"", "\"exact-or-sha256\""),
    key("id_token.leeway", Kind::Duration, "how far the provider's clock may be off", "\"60s\"", "\"5m\""),

    key("api", Kind::Table, "how the provider's API is called", "", ""),
    key("api.base_url", Kind::Urls, "what a relative path is joined to", "", "\"https://api.github.com\""),
    key("api.origins", Kind::Urls, "further origins that the token may go to", "", "[\"https://uploads.github.com\"]"),
    key("api.placement", Kind::Word(&["header", "query", "body"]), "where the token stands", "\"header\"", "\"query\""),
    key("api.header", Kind::Text, "the header that carries it", "\"Authorization\"", "\"X-Shopify-Access-Token\""),
    key("api.scheme", Kind::Text, "what stands before it in the header; may be empty", "\"Bearer\"", "\"Zoho-oauthtoken\""),
    key("api.parameter", Kind::Text, "the parameter that carries it, in the query or in a form", "\"access_token\"", "\"token\""),
    key("api.headers", Kind::Table, "further headers of every call", "", ""),
    key("api.headers.*", Kind::Value, "the value of the header", "", "\"application/vnd.github+json\""),
    key("api.query", Kind::Table, "further query parameters of every call", "", ""),
    key("api.query.*", Kind::Value, "the value of the parameter", "", "\"{api_key}\""),
    key("api.expired_status", Kind::Integers, "statuses besides 401 that mean that the token has lapsed: it is refreshed once", "", "[403]"),
    key("api.retry_after", Kind::TableOrText, "the header that says how long to wait after a refused call, besides `Retry-After`", "", "\"X-RateLimit-Reset-After\""),
    key("api.retry_after.header", Kind::Text, "its name", "", "\"x-rate-limit-reset\""),
    key("api.retry_after.unit", Kind::Word(&["seconds", "unix_time"]), "what its number counts: seconds to wait, or the time until which to wait", "\"seconds\"", "\"unix_time\""),

    key("hooks", Kind::Table, "functions for what cannot be said here: each that is named must be implemented for the provider, by the trait of `oauth_runtime::hook`", "", ""),
    key("hooks.sign_token_request", Kind::Bool, "changes each token request before it is sent (`SignTokenRequest`)", "false", "true"),
    key("hooks.token_response", Kind::Bool, "makes JSON of each answer to a code or a refresh (`TokenResponse`)", "false", "true"),
    key("hooks.after_connect", Kind::Bool, "calls the API when a sign-in is adopted, and keeps what it finds (`AfterConnect`)", "false", "true"),
    key("hooks.before_disconnect", Kind::Bool, "calls the API before a grant is ended (`BeforeDisconnect`)", "false", "true"),
    key("hooks.profile", Kind::Bool, "turns the userinfo endpoint's answer into what `[userinfo]` reads (`Profile`)", "false", "true"),

    key("errors", Kind::Table, "what the provider's error codes usually mean", "", ""),
    key("errors.*", Kind::Table, "an error code, or what stands before the colon of its description, which explains and decides nothing", "", ""),
    key("errors.*.stage", Kind::Word(STAGES), "where it comes", "anywhere", "\"callback\""),
    key("errors.*.means", Kind::Word(MEANINGS), "the standard's code for it, or `redirect_uri`", "", "\"invalid_grant\""),
    key("errors.*.hint", Kind::Template, "what to do; may hold `{redirect_uri}`, `{client.console}` and variables", "", "\"Add {redirect_uri} at {client.console}.\""),
    key("errors.*.docs", Kind::Link, "a page about it", "", "\"https://docs.github.com/en/apps/oauth-apps\""),
    key("errors.*.retry", Kind::Bool, "the same request may succeed later", "false", "true"),
    key("errors.*.reauthorize", Kind::Bool, "the user has to authorize again", "false", "true"),

    key("example", Kind::Tables, "an answer that the provider gives: a test, the test provider's answer, and documentation", "", ""),
    key("example.stage", Kind::Word(STAGES), "where it comes", "", "\"token\""),
    key("example.title", Kind::Text, "what it shows", "", "\"success\""),
    key("example.status", Kind::Integer, "the HTTP status", "200", "400"),
    key("example.content_type", Kind::Text, "the `Content-Type`", "\"application/json\"", "\"text/html\""),
    key("example.body", Kind::Text, "the body", "", "'{\"access_token\":\"x\"}'"),
    key("example.expect", Kind::Table, "what is read out of it", "", "{ access_token = \"x\" }"),
    key("example.expect.code", Kind::Text, "the code in a callback", "", "\"c0de\""),
    key("example.expect.access_token", Kind::Text, "the access token", "", "\"gho_example\""),
    key("example.expect.refresh_token", Kind::Text, "the refresh token", "", "\"ghr_example\""),
    key("example.expect.id_token", Kind::Text, "the ID token", "", "\"eyJhbGciOiJSUzI1NiJ9.example.example\""),
    key("example.expect.scopes", Kind::Texts, "the granted scopes", "", "[\"read:user\"]"),
    key("example.expect.expires_in", Kind::Integer, "the access token's lifetime in seconds", "", "28800"),
    key("example.expect.refresh_token_expires_in", Kind::Integer, "the refresh token's lifetime in seconds", "", "15897600"),
    key("example.expect.tokens", Kind::Table, "the further tokens of the answer (`[token.response.tokens.X]`)", "", ""),
    key("example.expect.tokens.*", Kind::Like("example.expect"), "what is read of the token: `access_token`, `refresh_token`, `scopes`, lifetimes, `captured`", "", ""),
    key("example.expect.captured", Kind::Table, "the values that are kept, each under its name", "", ""),
    key("example.expect.captured.*", Kind::Constant, "the value; one that is no text, number or boolean cannot be named", "", "\"T1\""),
    key("example.expect.subject", Kind::Text, "the user's identifier", "", "\"1815\""),
    key("example.expect.email", Kind::Text, "the user's e-mail address", "", "\"ada@example.com\""),
    key("example.expect.email_verified", Kind::Bool, "whether the provider checked it", "", "true"),
    key("example.expect.name", Kind::Text, "the user's name", "", "\"Ada Lovelace\""),
    key("example.expect.preferred_username", Kind::Text, "the user's name at the provider", "", "\"ada\""),
    key("example.expect.picture", Kind::Text, "the address of the user's picture", "", "\"https://example.com/ada.png\""),
    key("example.expect.error", Kind::Text, "the provider's error code", "", "\"bad_verification_code\""),
    key("example.expect.means", Kind::Word(MEANINGS), "the standard's code for it", "", "\"invalid_grant\""),
    key("example.expect.description", Kind::Text, "the error's description", "", "\"The code is incorrect or expired.\""),
];

/// The key `name` of the table at `parent` (`""`: the top), by the name that it has in [`KEYS`].
pub(crate) fn find(parent: &str, name: &str) -> Option<&'static Key> {
    let exact = exact(parent, name);
    let pasted = || match name.strip_suffix("_supported") {
        Some(name) if parent.is_empty() => self::exact(parent, name),
        _ => None,
    };
    exact.or_else(pasted).or_else(|| self::exact(parent, "*"))
}

fn exact(parent: &str, name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| split(key.path) == (parent, name))
}

/// The keys of the table at `parent`.
pub(crate) fn below(parent: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| split(key.path).0 == parent)
}

/// The names in the table at `parent`.
pub(crate) fn names(parent: &str) -> impl Iterator<Item = &'static str> {
    below(parent).map(Key::name).filter(|name| *name != "*")
}

/// The table below the top in which the name has a meaning, if it stands in the wrong one.
pub(crate) fn home(name: &str) -> Option<&'static str> {
    KEYS.iter()
        .map(|key| split(key.path))
        .find(|(of, known)| *known == name && !of.contains('*'))
        .map(|(of, _)| of)
}

/// The key that a doc comment before an entry of the table at `parent` stands for.
pub(crate) fn documented(parent: &str) -> Option<&'static str> {
    match parent {
        "variables" | "scopes.catalog" | "scopes.sets.*.catalog" => Some("description"),
        "errors" => Some("hint"),
        _ => None,
    }
}

fn split(path: &'static str) -> (&'static str, &'static str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

impl Key {
    /// The path of the table whose keys may stand in its value: its own, or, of `refresh.response`, `token.response`.
    pub fn content(&self) -> &'static str {
        match self.kind {
            Kind::Like(path) => path,
            _ => self.path,
        }
    }

    /// Its own name, without the way to it.
    pub(crate) fn name(&self) -> &'static str {
        split(self.path).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_stands_once_and_below_a_key_of_its_own() {
        for (at, key) in KEYS.iter().enumerate() {
            let (parent, _) = split(key.path);
            assert!(KEYS[..at].iter().all(|other| other.path != key.path), "{} twice", key.path);
            assert!(parent.is_empty() || KEYS[..at].iter().any(|other| other.path == parent), "{}", key.path);
        }
    }

    #[test]
    fn a_metadata_document_can_be_pasted() {
        assert_eq!(
            find("", "code_challenge_methods_supported").map(Key::name),
            Some("code_challenge_methods")
        );
        assert!(find("token", "method_supported").is_none(), "only at the top");
    }

    #[test]
    fn a_name_that_the_definition_chooses_has_a_key() {
        assert_eq!(find("variables", "tenant").map(|key| key.path), Some("variables.*"));
        assert_eq!(find("variables.*", "format").map(|key| key.path), Some("variables.*.format"));
    }
}
