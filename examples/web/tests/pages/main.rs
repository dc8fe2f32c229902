//! Every page of the example, over HTTP: none can be framed, none says where the user was, none stays in a cache, and
//! none runs what somebody else put into it (RFC 9700 §4.12, §4.16).
#![allow(clippy::unwrap_used, reason = "what serves a test fails as the test does")]

mod browser;

use browser::{Browser, Page};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

const PROVIDERS: [&str; 3] = ["github", "stack_exchange", "apaleo"];

/// The running example. It ends with the test.
struct Example {
    process: Child,
    address: String,
}

impl Example {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_web"));
        for provider in PROVIDERS.map(str::to_uppercase) {
            command.env_remove(format!("{provider}_CLIENT_ID"));
        }
        let mut process =
            command.env("PORT", "0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Sign in at ").unwrap().to_owned();
        Self { process, address }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Signs in, starting at this path.
    fn sign_in(&self, browser: &mut Browser, path: &str) -> Page {
        let login = browser.visit(&self.at(path));
        let consent = browser.press(&login, "Sign in");
        browser.press(&consent, "Approve")
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What every answer of the example has to say.
fn assert_protected(page: &Page) {
    let what = format!("{} {}", page.status, page.path);
    let policy = page.header("content-security-policy").unwrap_or_else(|| panic!("no policy: {what}"));
    let directives: Vec<_> = policy.split("; ").collect();
    let needed = [
        "default-src 'none'",
        "style-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ];
    for directive in needed {
        assert!(directives.contains(&directive), "{directive} is missing: {what}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{what}: {policy}");
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(page.header(name), Some(value), "{name}: {what}");
    }
    for cookie in page.cookies() {
        assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax"), "{cookie}: {what}");
    }
    for inline in ["<script", "<style", " style=", " onclick=", "<iframe", "<base", "javascript:"] {
        assert!(!page.body.contains(inline), "{inline}: {what}");
    }
    if let Some(location) = page.header("location") {
        assert!(!location.contains("token") && !location.contains("verifier"), "{location}: {what}");
    }
}

fn assert_all_protected(example: &Example, browser: &Browser) {
    let pages: Vec<_> = browser.seen.iter().filter(|page| page.origin == example.address).collect();
    assert!(!pages.is_empty());
    pages.into_iter().for_each(assert_protected);
}

#[test]
fn every_page_of_a_whole_sign_in_is_protected() {
    let example = Example::start();
    for provider in PROVIDERS {
        let mut browser = Browser::default();
        browser.visit(&example.at("/"));
        let account = example.sign_in(&mut browser, &format!("/login/{provider}"));
        assert_eq!((account.status, &*account.path), (200, &*format!("/account/{provider}")), "{account:?}");
        assert!(account.body.contains("Signed in as"), "{}", account.body);
        if provider != "stack_exchange" {
            let refreshed = browser.press(&account, "Force a refresh");
            assert!(refreshed.body.contains("Signed in as"), "{}", refreshed.body);
        }
        let home = browser.press(&account, "Sign out");
        assert_eq!((home.status, &*home.path), (200, "/"));
        assert_all_protected(&example, &browser);
    }
}

#[test]
fn every_page_about_what_went_wrong_is_protected() {
    let example = Example::start();
    let mut browser = Browser::default();
    for provider in PROVIDERS {
        let login = browser.visit(&example.at(&format!("/login/{provider}")));
        let consent = browser.press(&login, "Sign in");
        let denied = browser.press(&consent, "Deny");
        assert_eq!(denied.status, 403, "{denied:?}");
        for query in [
            "",
            "?code=x&state=y",
            "?error=%3Cscript%3E&state=y",
            "?error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E",
        ] {
            let page = browser.visit(&example.at(&format!("/callback/{provider}{query}")));
            assert_eq!(page.status, 400, "{page:?}");
        }
        let stranger = &mut Browser::default();
        assert_eq!(stranger.visit(&example.at(&format!("/account/{provider}"))).status, 401);
        assert_eq!(
            stranger.send("POST", &example.at(&format!("/sign-out/{provider}")), Some("")).status,
            401
        );
        assert_all_protected(&example, stranger);
    }
    for (path, status) in [("/nowhere", 404), ("/refresh/github", 405), ("/sign-out/github", 405)] {
        let page = browser.visit(&example.at(path));
        assert_eq!((page.status, page.body.contains("<h1>Not here</h1>")), (status, true), "{page:?}");
    }
    assert_eq!(browser.send("POST", &example.at("/"), Some("x=y")).status, 405);
    assert_eq!(browser.send("HEAD", &example.at("/"), None).status, 200);
    assert_eq!(browser.send("HEAD", &example.at("/callback/github?code=x&state=y"), None).status, 405);
    assert_eq!(browser.visit(&example.at("/style.css")).status, 200);
    assert_all_protected(&example, &browser);
}

#[test]
fn a_sign_in_ends_at_the_page_that_was_asked_for_and_at_no_other_site() {
    let example = Example::start();
    for (wanted, expected) in [
        ("/style.css", "/style.css"),
        ("//evil.example", "/account/github"),
        ("https:evil.example", "/account/github"),
        ("/%5Cevil.example", "/account/github"),
        ("", "/account/github"),
    ] {
        let mut browser = Browser::default();
        let wanted = wanted.replace('%', "%25");
        let page = example.sign_in(&mut browser, &format!("/login/github?return_to={wanted}"));
        assert_eq!((page.status, &*page.path, &page.origin), (200, expected, &example.address), "{wanted}");
        assert_all_protected(&example, &browser);
    }
}
