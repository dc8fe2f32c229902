//! What other libraries do by hand for single providers, each as a line of a definition that is taken apart here, or as an
//! answer that needs no line.
//!
//! requests-oauthlib has nine compliance fixes, grant has twenty branches by a provider's name, Auth.js has `conform` for five.

use oauth_quirks::{CASES, Case};

/// What says it in a definition.
enum Said {
    /// A key: `tests/removal.rs` takes it out, and notices.
    Key(&'static str),
    /// An answer as the provider gives it, which is read by the rules that hold for all: `tests/examples.rs` reads it.
    Example(&'static str),
}

use Said::{Example, Key};

const REQUESTS_OAUTHLIB: &[(&str, Said)] = &[
    ("ebay", Key("token > response > token_types")),
    ("facebook_form", Example("a form")),
    ("fitbit_legacy", Key("token > response > error > code")),
    ("instagram_basic", Key("api > placement")),
    ("mailchimp", Key("token > response > expires_in_zero")),
    ("plentymarkets", Key("token > response > access_token")),
    ("slack_legacy", Key("api > parameter")),
    ("weibo", Example("success, without a type")),
    ("wix", Key("token > encoding")),
];

const GRANT: &[(&str, Said)] = &[
    ("basecamp", Key("token > params > type")),
    ("freelancer", Key("scopes > sets > advanced > parameter")),
    ("instagram_basic", Key("authorization > rename > client_id")),
    ("optimizely", Key("scopes > parameter")),
    ("tiktok", Key("authorization > rename > client_id")),
    ("azure_devops", Key("token > grant_type")),
    ("wechat", Key("token > rename > client_secret")),
    ("zendesk", Key("variables > subdomain")),
    ("unsplash", Key("authorization > raw")),
    ("concur_query", Key("token > encoding")),
    ("reddit", Key("token_endpoint_auth_methods")),
    ("x", Key("token_endpoint_auth_methods")),
    ("signing", Key("token_endpoint_auth_methods")),
    ("notion", Key("token > encoding")),
    ("qq", Key("token > method")),
    ("untappd", Key("token > omit")),
    // Smartsheet's checksum of code and secret.
    ("hooked", Key("hooks > sign_token_request")),
    ("surveymonkey_key", Key("token > query > api_key")),
    ("withings", Key("token > response > root")),
    ("quickbooks", Key("callback > capture")),
];

const AUTH_JS: &[(&str, Said)] = &[
    // Scopes in a list.
    ("twitch", Example("success")),
    // No `token_type`.
    ("wechat", Example("success")),
    ("apple", Key("callback > json")),
    // An issuer for each tenant.
    ("microsoft", Key("issuer")),
];

#[test]
fn the_nine_fixes_of_requests_oauthlib_are_lines_of_definitions() {
    assert_eq!(REQUESTS_OAUTHLIB.len(), 9);
    REQUESTS_OAUTHLIB.iter().for_each(expect);
}

#[test]
fn the_twenty_branches_of_grant_are_lines_of_definitions() {
    assert_eq!(GRANT.len(), 20);
    GRANT.iter().for_each(expect);
}

// The fifth is that of FusionAuth, whose answers have a header that only another reader minds.
#[test]
fn what_auth_js_conforms_is_lines_of_definitions_or_needs_none() {
    assert_eq!(AUTH_JS.len(), 4);
    AUTH_JS.iter().for_each(expect);
}

fn expect((name, said): &(&str, Said)) {
    let is_it = |case: &&Case| case.file.strip_suffix(".toml") == Some(name);
    let case = CASES.iter().find(is_it).unwrap_or_else(|| panic!("{name} is not taken apart"));
    match said {
        Key(at) => assert!(case.removals.iter().any(|removal| removal.at == *at), "{name} has no {at}"),
        Example(title) => {
            assert!(case.examples.iter().any(|example| example.title == *title), "{name} has no {title}");
        }
    }
}
