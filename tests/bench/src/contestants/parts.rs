//! What the works are made of, to read the other figures by.

use super::{challenge, floor::Pkce};
use crate::{
    case::{Call, Case, Work},
    config::CONFIG,
};
use rand::RngCore;
use std::hint::black_box;
use url::Url;

pub fn cases() -> Vec<Case> {
    fn part<T>(name: &'static str, work: impl Fn() -> T + 'static) -> Case {
        Case::new(Work::Parts, name, Call(work, |_| String::new()))
    }
    let parsed = Url::parse(CONFIG.authorization_endpoint).expect("a URL");
    vec![
        part("sha256 and base64url of a verifier", || challenge(black_box(CONFIG.verifier))),
        part("rand::thread_rng, 64 bytes", || {
            let mut random = [0u8; 64];
            rand::thread_rng().fill_bytes(&mut random);
            random
        }),
        part("getrandom, 64 bytes", random::<64>),
        part("getrandom, 512 bytes", random::<512>),
        part("state, verifier and challenge", Pkce::fresh),
        part("SystemTime::now", std::time::SystemTime::now),
        part("std::process::id", std::process::id),
        part("Url::parse of the bare endpoint", || Url::parse(black_box(CONFIG.authorization_endpoint))),
        part("Url::clone", move || black_box(&parsed).clone()),
    ]
}

fn random<const N: usize>() -> [u8; N] {
    let mut random = [0; N];
    getrandom::fill(&mut random).expect("the system has randomness");
    random
}
