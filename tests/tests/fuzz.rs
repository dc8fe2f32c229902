//! The seeds of the fuzz targets, and cuts of them: `tests/fuzz/run` goes on from there.
#![allow(clippy::unwrap_used, reason = "what serves a test fails as the test does")]

use oauth_tests::fuzz::TARGETS;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(corpus().join(target)).unwrap_or_else(|error| panic!("{target}: {error}"));
    files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

#[test]
fn each_target_takes_some_of_its_seeds_and_refuses_others() {
    for (name, target) in TARGETS {
        let outcomes: BTreeSet<bool> = seeds(name).iter().map(|seed| target(seed)).collect();
        assert_eq!(outcomes.len(), 2, "{name}: {outcomes:?}");
    }
}

#[test]
fn every_folder_of_seeds_belongs_to_a_target() {
    let folders = fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().file_name());
    let folders: BTreeSet<_> = folders.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(folders, TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect());
}

#[test]
fn a_seed_that_is_cut_changed_or_doubled_breaks_no_target() {
    for (name, target) in TARGETS {
        for seed in seeds(name) {
            let step = (seed.len() / 16).max(1);
            for at in (0..seed.len()).step_by(step) {
                target(&seed[..at]);
                target(&[&seed[..at], &[seed[at] ^ 0x15], &seed[at + 1..]].concat());
                target(&[&seed[..at], &seed[..]].concat());
            }
        }
    }
}
