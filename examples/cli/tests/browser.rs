//! The tool, with a user who approves and one who denies.
#![allow(clippy::unwrap_used, reason = "what serves a test fails as the test does")]

#[path = "../../web/tests/pages/browser.rs"]
#[allow(dead_code, reason = "this test uses its part of it")]
mod browser;

use browser::Browser;
use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
};

/// Runs the tool, and presses this button on the consent page: the page after it, whether the tool succeeded, and what it said.
fn runs(button: &str) -> (String, bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cli"));
    command.env_remove("GITHUB_CLIENT_ID").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut tool = command.spawn().unwrap();
    let mut lines = BufReader::new(tool.stdout.take().unwrap());
    let (mut first, mut address) = (String::new(), String::new());
    lines.read_line(&mut first).unwrap();
    lines.read_line(&mut address).unwrap();
    let mut user = Browser::default();
    let login = user.visit(address.trim());
    let consent = user.press(&login, "Sign in");
    let page = user.press(&consent, button);
    let mut said = String::new();
    lines.read_to_string(&mut said).unwrap();
    tool.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (page.body, tool.wait().unwrap().success(), said)
}

#[test]
fn a_user_who_approves_is_signed_in_and_may_close_the_page() {
    let (page, is_success, said) = runs("Approve");
    assert!(page.contains("go back to the terminal"), "{page}");
    assert_eq!((is_success, &*said), (true, "Signed in as ada\n"));
}

#[test]
fn a_user_who_denies_gets_the_page_too_and_the_tool_says_so() {
    let (page, is_success, said) = runs("Deny");
    assert!(page.contains("go back to the terminal"), "{page}");
    assert!(!is_success && said.contains("access_denied"), "{said}");
}
