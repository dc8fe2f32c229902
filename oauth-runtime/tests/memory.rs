//! A secret is gone from this process's memory when the last value that holds it is dropped.
#![cfg(target_os = "linux")]

mod common;

use common::{Acme, Server, begin, flow, good};
use oauth_runtime::{Credentials, Repost, Secret, StoredTokens, TokenSet};
use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
};
use zeroize::Zeroizing;

/// What is looked for is never held in clear, or it would be found for that alone.
const MASK: u8 = 0xa5;

/// A secret that nobody else knows, masked.
fn secret() -> Vec<u8> {
    let mut bytes = vec![0; 32];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    bytes.iter().map(|byte| (b'a' + byte % 26) ^ MASK).collect()
}

/// The secret in clear, wiped when it is dropped.
fn clear(masked: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(masked.len()));
    text.extend(masked.iter().map(|byte| char::from(byte ^ MASK)));
    text
}

/// How often it stands in the writable memory of this process.
fn copies(masked: &[u8]) -> usize {
    let maps = fs::read_to_string("/proc/self/maps").expect("Linux tells");
    let memory = File::open("/proc/self/mem").expect("Linux tells");
    let ranges = maps.lines().filter(|line| line.contains(" rw-")).filter_map(|line| {
        let (start, end) = line.split(' ').next()?.split_once('-')?;
        Some((u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?))
    });
    let mut found = 0;
    let mut chunk = vec![0; 1 << 16];
    for (start, end) in ranges {
        // Chunks overlap by one byte less than what is looked for.
        let mut at = start;
        while at < end {
            let length = usize::try_from(end - at).unwrap_or(usize::MAX).min(chunk.len());
            let Ok(read) = memory.read_at(&mut chunk[..length], at) else { break };
            let is_it =
                |window: &[u8]| window.iter().zip(masked).all(|(byte, masked)| byte ^ MASK == *masked);
            found += chunk[..read].windows(masked.len()).filter(|window| is_it(window)).count();
            // The chunk is memory of this process too.
            chunk.fill(0);
            at += if read == chunk.len() { read - masked.len() + 1 } else { read.max(1) } as u64;
        }
    }
    found
}

/// Tries what holds a secret, made from its text.
fn is_wiped<T>(what: &str, make: impl FnOnce(&str) -> T) {
    let masked = secret();
    let holder = make(&clear(&masked));
    assert!(copies(&masked) > 0, "{what}: it cannot be found, so its end could not either");
    drop(holder);
    assert_eq!(copies(&masked), 0, "{what}: copies are left");
}

/// A value that moves leaves copies on the stack that are out of reach, so only the last place of a verifier is looked at.
fn is_wiped_where_it_stood_last() {
    let flow = flow(Acme, &Server::always(good()));
    let held = Box::new(begin(&flow).1);
    let masked: Vec<u8> =
        Zeroizing::new(held.expose()).bytes().skip(43).take(43).map(|byte| byte ^ MASK).collect();
    let before = copies(&masked);
    drop(held);
    assert!(copies(&masked) < before, "a verifier: of {before} copies");
}

#[test]
fn no_copy_of_a_secret_outlives_its_last_holder() {
    is_wiped("a secret from a text", |text| Secret::new(text.to_owned()));
    is_wiped("a secret and its clones", |text| {
        let secret = Secret::from(text);
        vec![secret.clone(), secret.clone(), secret]
    });
    is_wiped("credentials", |text| {
        let credentials = Credentials::confidential("id", text);
        (credentials.clone(), credentials)
    });
    is_wiped("stored tokens", |text| {
        let record = Zeroizing::new(format!("{{\"access_token\":\"{text}\",\"obtained_at\":1}}"));
        let stored: StoredTokens = serde_json::from_str(&record).expect("a record");
        let tokens = TokenSet::<Acme>::from(stored);
        (tokens.access_token().clone(), tokens)
    });
    is_wiped("a page", |text| {
        let form = Zeroizing::new(format!("code={text}"));
        Repost::of(&form).expect("a short form")
    });
    // Not a test of its own: each would find what the other has just read.
    is_wiped_where_it_stood_last();
}
