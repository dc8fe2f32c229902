//! Tells the tests of rustc's messages whether this rustc says them in the words that were written down.

use std::{env, process::Command};

/// The release whose words the `.stderr` files hold.
const RELEASE: &str = "rustc 1.95.";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(messages_of_this_rustc)");
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version =
        Command::new(rustc).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    if version.starts_with(RELEASE.as_bytes()) {
        println!("cargo::rustc-cfg=messages_of_this_rustc");
    }
}
