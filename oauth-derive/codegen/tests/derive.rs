//! The derive: what it says about attributes and fields, and what it leaves when something is wrong.

#![allow(clippy::unwrap_used)]

use proc_macro2::{TokenStream, TokenTree};
use std::{fs, path::Path, path::PathBuf};

const FILE: &str = r#"
name = "GitHub"
authorization_endpoint = "https://{host}/login/oauth/authorize"
token_endpoint = "https://{host}/login/oauth/access_token"
revocation_endpoint = "https://api.github.com/applications/{client_id}/grant"
userinfo_endpoint = "https://api.github.com/user"
token_endpoint_auth_methods = ["client_secret_post"]

[variables.host]
description = "The host of an Enterprise Server"
default = "github.com"
format = "host"

[scopes]
default = ["read:user"]
[scopes.catalog]
"read:user" = "Read the profile"
"user:email" = "Read e-mail addresses"

[authorization]
rename = { client_id = "client_key" }
omit = ["response_type"]
[authorization.options]
prompt = { enum = ["none", "consent"], default = "none" }
login_hint = {}

[token]
params = { expiring = 1 }
rename = { client_id = "client_key" }
send_state = true
[token.response]
success = { ok = true }
expires_in = "expires"
defaults = { expires_in = 3600 }

[refresh]
grant_type = "renew"
auth = ["none"]

[revocation]
method = "DELETE"
encoding = "json"
rename = { token = "access_token" }
omit = ["token_type_hint"]
auth = "bearer"
revokes = ["grant"]

[userinfo]
root = "items.0"
subject = "id"
also = { email = { url = "https://api.github.com/user/emails", pick = "primary", scope = "user:email" } }

[errors.bad_code]
hint = "Send the user through the flow again."
reauthorize = true

[[example]]
stage = "token"
title = "success"
body = '{"access_token":"x"}'
expect = { access_token = "x", scopes = ["read:user"] }
[[example]]
stage = "token"
title = "a used code"
body = '{"error":"bad_code"}'
expect = { error = "bad_code" }
"#;

const ATTRIBUTES: &str = r#"
#[oauth(
    id = "github",
    name = "GitHub",
    authorization_endpoint = "https://{host}/login/oauth/authorize",
    token_endpoint = "https://{host}/login/oauth/access_token",
    revocation_endpoint = "https://api.github.com/applications/{client_id}/grant",
    userinfo_endpoint = "https://api.github.com/user",
    token_endpoint_auth_methods = ["client_secret_post"],
    variables(
        /// The host of an Enterprise Server
        host(default = "github.com", format = "host"),
    ),
    scopes(
        default = ["read:user"],
        /// Read the profile
        READ_USER = "read:user",
        "user:email" = "Read e-mail addresses",
    ),
    authorization(
        rename(client_id = "client_key"),
        omit = ["response_type"],
        options(prompt(enum = ["none", "consent"], default = "none"), login_hint()),
    ),
    token(
        params(expiring = 1),
        rename(client_id = "client_key"),
        send_state = true,
        response(success = { ok = true }, expires_in = "expires", defaults(expires_in = 3600)),
    ),
    refresh(grant_type = "renew", auth = ["none"]),
    revocation(
        method = "DELETE",
        encoding = "json",
        rename(token = "access_token"),
        omit = ["token_type_hint"],
        auth = "bearer",
        revokes = ["grant"],
    ),
    userinfo(
        root = "items.0",
        subject = "id",
        also(email(url = "https://api.github.com/user/emails", pick = "primary", scope = "user:email")),
    ),
    errors(
        /// Send the user through the flow again.
        bad_code(reauthorize = true),
    ),
    example(stage = "token", title = "success", body = "{\"access_token\":\"x\"}", expect = { access_token = "x", scopes = ["read:user"] }),
    example(stage = "token", title = "a used code", body = "{\"error\":\"bad_code\"}", expect(error = "bad_code")),
)]
"#;

/// A folder of its own with one file in it.
fn package(name: &str, path: &str, text: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
    fs::write(root.join(path), text).unwrap();
    root
}

fn derive(item: &str, root: &Path) -> TokenStream {
    oauth_codegen::derive(item.parse().unwrap(), root)
}

fn derive_here(item: &str) -> TokenStream {
    derive(item, Path::new(env!("CARGO_TARGET_TMPDIR")))
}

/// Each error: what it points at, and its first line.
fn errors(expansion: TokenStream) -> Vec<(String, String)> {
    let tokens: Vec<_> = expansion.into_iter().collect();
    let error = |(at, token): (usize, &TokenTree)| match (token, tokens.get(at + 2)) {
        (TokenTree::Ident(name), Some(TokenTree::Group(message))) if name == "compile_error" => {
            let message: syn::LitStr = syn::parse2(message.stream()).unwrap();
            let first = message.value().lines().next().unwrap().to_owned();
            Some((name.span().source_text().unwrap(), first))
        }
        _ => None,
    };
    tokens.iter().enumerate().filter_map(error).collect()
}

/// The one error of a struct without fields.
fn error_of(attribute: &str) -> (String, String) {
    let found = errors(derive_here(&format!("{attribute} pub struct X;")));
    assert_eq!(found.len(), 1, "{attribute}: {found:?}");
    found.into_iter().next().unwrap()
}

const PLAIN: &str =
    r#"token_endpoint = "https://id.example.com/token", token_endpoint_auth_methods = ["none"]"#;

#[test]
fn a_file_expands_alike_in_both_fronts_but_for_the_struct() {
    let root = package("alike", "providers/github.toml", FILE);
    let item = r#"#[oauth(file = "providers/github.toml")] pub struct GitHub { pub host: Option<Host> }"#;
    let derived = derive(item, &root).to_string();
    let built = oauth_codegen::expand("providers/github.toml", FILE).unwrap();
    let built: TokenStream = built.parse().unwrap();
    let built = built.to_string();
    let start = "# [automatically_derived]";
    let impls = &built[built.find(start).unwrap()..];
    let tracking = derived.find("const _ : & [u8]").unwrap();
    assert_eq!(derived[..tracking].trim(), impls.trim());
}

#[test]
fn attributes_and_a_file_mean_the_same() {
    let root = package("same", "github.toml", FILE);
    let written =
        derive(&format!("{ATTRIBUTES} pub struct GitHub {{ host: Option<Host> }}"), &root).to_string();
    let file = r#"#[oauth(file = "github.toml")] pub struct GitHub { host: Option<Host> }"#;
    let file = derive(file, &root).to_string();
    assert_eq!(written.trim(), file[..file.find("const _ : & [u8]").unwrap()].trim());
}

#[test]
fn an_error_in_attributes_points_at_the_narrowest_token() {
    for (attribute, points_at, message) in [
        ("tokn(method = \"GET\")", "tokn", "unknown key `tokn`; did you mean `token`?"),
        ("name = 7", "7", "`name` must be a text, not a number: `name = \"GitHub\"`"),
        ("name = \"A\", name = \"B\"", "name", "`name` is set twice"),
        ("name = A", "A", "expected a value: a text, a number, `true`, `false`, `[..]` or `{..}`"),
        ("name = 'A'", "'A'", "expected a text, a number, `true` or `false`"),
        ("name", "name", "`name` needs a value: `name = \"..\"`"),
        ("schema", "schema", "`schema` needs a value: `schema = 1`"),
        ("refresh", "refresh", "`refresh` needs a value: `refresh(..)`"),
        (
            "jwks_uri = \"https://{shop}.example.com\"",
            "\"https://{shop}.example.com\"",
            "no variable `shop` is declared: add `variables(shop(..))`",
        ),
        ("expires_in = 1", "expires_in", "unknown key `expires_in`: it stands in `token(response(..))`"),
        ("api(name = 1)", "name", "unknown key `name`: it stands in `oauth(..)` itself"),
        ("scopes(\"1\" = \"One\")", "\"1\"", "`1` makes no name of a constant: write `NAME = \"value\"`"),
        ("scopes(default = [\"x\"])", "\"x\"", "`x` is not in `scopes(..)`: add it, or say `open = true`"),
        ("verified = 1", "1", "`verified` must be a date, not a number: `verified = \"2026-11-21\"`"),
        ("api()", "()", "no `base_url`: add `base_url = \"https://..\"` in `api(..)`"),
        (
            "token(method = \"GET\", encoding = \"json\")",
            "\"json\"",
            "a GET request has no body: it needs `encoding = \"query\"`",
        ),
        ("token(params = [1])", "[1]", "`params` must be a table, not a list"),
        ("scopes(READ = 1)", "1", "a scope is a text: `READ = \"..\"`"),
        (
            "scopes(READ = \"a b\")",
            "\"a b\"",
            "no scope can hold ` `: only visible ASCII without `\"` and `\\`",
        ),
        ("scopes(read = \"read\")", "read", "unknown key `read`"),
        ("scopes(A = \"a.b\", \"a.b\" = \"B\")", "\"a.b\"", "`a.b` is set twice"),
        ("/// Text\n name = \"A\"", "/// Text", "a doc comment has no meaning here: use `//`"),
        (
            "scopes(/// Text\n \"a\" = \"B\")",
            "/// Text",
            "the text stands twice: in the doc comment and after `=`",
        ),
        (
            "jwks_uri = \"http://id.example.com/{x}\"",
            "\"http://id.example.com/{x}\"",
            "an address must use https; http is only for 127.0.0.1, [::1] and localhost",
        ),
        (
            "schema = 0x1_0000_0000_0000_0000",
            "0x1_0000_0000_0000_0000",
            "number too large to fit in target type",
        ),
        ("example(stage = \"token\", status = -1)", "1", "a `status` is a number from 100 to 599"),
    ] {
        let found = errors(derive_here(&format!("#[oauth({PLAIN}, {attribute})] pub struct X;")));
        assert!(found.contains(&(points_at.to_owned(), message.to_owned())), "{attribute}: {found:?}");
    }
}

#[test]
fn all_errors_come_out_together_in_their_order() {
    let item = "#[oauth(token_endpoint = \"ftp://x\", scope_separator = \"\", refresh(support = \"no\"), token_endpoint_auth_methods = [\"none\"])] struct X;";
    let found: Vec<_> = errors(derive_here(item)).into_iter().map(|(at, _)| at).collect();
    assert_eq!(found, ["\"ftp://x\"", "\"\"", "\"no\""]);
}

#[test]
fn an_error_leaves_everything_that_the_rest_of_a_crate_uses() {
    let item = r#"#[oauth(
        token_endpoint = "http://id.example.com/token",
        scopes(READ = "read", BAD = "a b"),
        variables(region(enum = ["eu", "us"], suffix = ".example.com")),
        authorization(options(prompt(enum = ["consent"]), login_hint())),
        oops = 1,
    )] pub struct X { region: XRegion }"#;
    let expansion = derive_here(item).to_string();
    for needed in [
        "impl :: oauth_runtime :: OAuthProvider for X",
        "& :: oauth_runtime :: spec :: Spec :: PLAIN",
        "HasAuthorizationEndpoint for X",
        "HasRefresh for X",
        "HasApi for X",
        "HasOpenScopes for X",
        "HasRevocation for X",
        "HasUserinfo for X",
        "pub const PROMPT_CONSENT :",
        "pub fn login_hint",
        "pub const READ :",
        "pub const BAD :",
        "pub struct XRegion",
        "pub const EU : Self",
        "pub fn parse_region",
    ] {
        assert!(expansion.contains(needed), "{needed}\n{expansion}");
    }
}

#[test]
fn what_has_no_endpoint_has_no_capability() {
    let expansion =
        derive_here(&format!("#[oauth({PLAIN}, refresh(support = \"none\"))] struct X;")).to_string();
    assert!(!expansion.contains("Has"), "{expansion}");
    let expansion = derive_here(&format!("#[oauth({PLAIN})] struct X;")).to_string();
    assert!(expansion.contains("HasRefresh for X"), "a refresh is standard: {expansion}");
}

#[test]
fn an_error_in_a_file_is_shown_with_its_place() {
    let text = "name = \"X\"\ntoken_endpoint = \"http://id.example.com/token\"\ntoken_endpoint_auth_methods = [\"none\"]\n";
    let root = package("place", "providers/x.toml", text);
    let expansion = derive("#[oauth(file = \"providers/x.toml\")] struct X;", &root);
    assert_eq!(errors(expansion.clone())[0].0, "\"providers/x.toml\"");
    let text = expansion.to_string();
    assert!(text.contains(r" --> providers/x.toml:2:18\n  |\n2 | token_endpoint = "), "{text}");
    assert!(text.contains(r#""/providers/x.toml""#), "the file is still tracked: {text}");
}

#[test]
fn a_file_is_below_the_package_and_alone() {
    package("paths", "providers/x.toml", FILE);
    package("outside", "x.toml", FILE);
    let root = package("inside", "x.toml", FILE);
    fs::write(root.join("large.toml"), "#".repeat((1 << 20) + 1)).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("x.toml", root.join("link.toml")).unwrap();
    for (file, expected) in [
        ("../outside/x.toml", "`file` is a path below the folder of your Cargo.toml"),
        ("/etc/passwd", "`file` is a path below the folder of your Cargo.toml"),
        ("", "`file` is a path below the folder of your Cargo.toml"),
        ("none.toml", "cannot read `none.toml`: "),
        ("link.toml", "`link.toml` is reached by a symbolic link"),
        ("large.toml", "`large.toml` is larger than 1 MiB"),
    ] {
        let expansion = derive(&format!("#[oauth(file = {file:?})] struct X;"), &root);
        assert!(!expansion.to_string().contains("include_bytes"), "{file}: it would be a second error");
        let found = errors(expansion);
        assert_eq!(found.len(), 1, "{file}: {found:?}");
        assert!(found[0].1.starts_with(expected), "{found:?}");
    }
    let expansion =
        derive("#[oauth(file = \"x.toml\", name = \"X\")] struct X { host: Option<Host> }", &root);
    assert_eq!(
        errors(expansion),
        [("name".to_owned(), "`name` stands in the file: remove it here".to_owned())]
    );
}

#[test]
fn a_definition_takes_over_another_one_and_both_files_are_tracked() {
    let root = package("extends", "providers/base.toml", FILE);
    fs::write(root.join("providers/x.toml"), "extends = \"base\"\nname = \"Mine\"\n").unwrap();
    let by_file = derive("#[oauth(file = \"providers/x.toml\")] struct X { host: Option<Host> }", &root);
    let text = by_file.to_string();
    assert_eq!(errors(by_file), []);
    assert!(text.contains("\"Mine\"") && text.contains("\"x\""), "its own name and id: {text}");
    for file in ["/providers/x.toml", "/providers/base.toml"] {
        assert!(text.contains(file), "{file} is tracked: {text}");
    }
    let by_attributes =
        "#[oauth(extends = \"providers/base.toml\", name = \"Mine\")] struct X { host: Option<Host> }";
    let by_attributes = derive(by_attributes, &root);
    assert!(by_attributes.to_string().contains("/providers/base.toml"), "tracked");
    assert_eq!(errors(by_attributes), []);
    let outside = errors(derive("#[oauth(extends = \"../x.toml\", name = \"Mine\")] struct X;", &root));
    assert!(
        outside[0].1.starts_with("`extends` is a path below the folder of your Cargo.toml"),
        "{outside:?}"
    );
}

#[test]
fn fields_and_variables_have_the_same_names() {
    let attribute = format!(
        "#[oauth({PLAIN}, jwks_uri = \"https://id.example.com/{{tenant}}\", variables(tenant(format = \"path_segment\")))]"
    );
    for (fields, points_at, message) in [
        (
            "{ tenent: PathSegment }",
            "tenent",
            "the definition declares no variable `tenent`; did you mean `tenant`?",
        ),
        ("{ tenant: PathSegment, x: u8 }", "x", "the definition declares no variable `x`"),
        ("{}", "X", "the definition's variable `tenant` needs a field: `pub tenant: PathSegment`"),
    ] {
        let found = errors(derive_here(&format!("{attribute} struct X {fields}")));
        assert_eq!(found, [(points_at.to_owned(), message.to_owned())], "{fields}");
    }
}

#[test]
fn a_provider_is_a_plain_struct() {
    for (item, points_at, message) in [
        ("enum X { A }", "X", "a provider is a struct: its fields are the variables of the definition"),
        ("struct X(u8);", "X", "a field is a variable of the definition and has its name: name the fields"),
        ("struct X<T> { t: T }", "T", "a provider has no generic parameters: one flow serves one provider"),
    ] {
        let found = errors(derive_here(&format!("#[oauth({PLAIN})] {item}")));
        assert!(found.contains(&(points_at.to_owned(), message.to_owned())), "{item}: {found:?}");
    }
}

#[test]
fn without_an_attribute_the_derive_says_what_is_missing() {
    for attribute in ["", "#[oauth]", "#[oauth = \"https://id.example.com\"]"] {
        let (points_at, message) = error_of(attribute);
        assert_eq!(points_at, if attribute.is_empty() { "X" } else { "oauth" });
        assert!(message.ends_with("`#[oauth(file = \"providers/x.toml\")]`"), "{message}");
    }
}

#[test]
fn a_misspelled_file_is_one_error() {
    let found = errors(derive_here("#[oauth(fil = \"x.toml\")] struct X { host: Option<Host> }"));
    assert_eq!(found, [("fil".to_owned(), "unknown key `fil`; did you mean `file`?".to_owned())]);
}

#[test]
fn a_generic_struct_has_no_impls() {
    let expansion = derive_here(&format!("#[oauth({PLAIN})] struct X<'a> {{ x: &'a str }}")).to_string();
    assert!(!expansion.contains("impl"), "rustc would report each: {expansion}");
}
