//! One fuzz target, chosen by the environment variable `TARGET`: `oauth_tests::fuzz` has them all.
//!
//! The fuzzer's macro makes an unmangled C function, so this is the one crate here that cannot forbid `unsafe`.
#![no_main]

use oauth_tests::fuzz::{TARGETS, Target};
use std::{env, process, sync::LazyLock};

static CHOSEN: LazyLock<Target> = LazyLock::new(|| {
    let wanted = env::var("TARGET").unwrap_or_default();
    let found = TARGETS.iter().find(|(name, _)| *name == wanted);
    found.map(|(_, target)| *target).unwrap_or_else(|| {
        let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
        eprintln!("TARGET is {wanted:?}; there are {}", names.join(", "));
        process::exit(2)
    })
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    CHOSEN(data);
});
