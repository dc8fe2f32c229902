//! The proof that no quirk can go unnoticed: each key is taken out of each definition in turn, and something must differ.
//!
//! A key is noticed when the rest does not compile; when a client of the rest has another journey at the provider of the
//! whole, or a client of the whole at the provider of the rest; when an error is explained otherwise, or an example read
//! otherwise; or, for a key that is about Rust items, when a crate has other items at hand.

use oauth_codegen::{Key, keys};
use oauth_quirks::{CASES, Case, Outcome, Removal, error, exempt, is_exempt, journey};
use oauth_test_provider::AnyProvider;
use std::{
    collections::BTreeSet,
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Keys that are about the items of a provider's type, which the messages of rustc are tested for.
const ITEMS: &[&str] = &[
    "authorization.options.*",
    "authorization.options.*.enum",
    "scopes.catalog.*",
    "scopes.catalog.*.name",
    "scopes.open",
    "scopes.sets.*",
    "scopes.sets.*.catalog.*",
    "scopes.sets.*.catalog.*.name",
    "scopes.sets.*.open",
    "variables.*.enum",
    "variables.*.format",
    "variables.*.prefix",
    "variables.*.required",
    "variables.*.secret",
    "variables.*.suffix",
];

/// Steps of a journey that succeed with the whole definition.
const STEPS: &[&str] =
    &["a flow", "the end", "call", "another origin", "renewed", "refused", "late", "user", "revoked"];

/// What came of taking a key out.
struct Verdict {
    file: &'static str,
    removal: &'static Removal,
    noticed: Option<&'static str>,
}

/// What came of every key; of a definition whose own journey fails, why.
static VERDICTS: LazyLock<Vec<Result<Verdict, String>>> = LazyLock::new(|| {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut verdicts = Vec::new();
        while let Some(case) = CASES.get(next.fetch_add(1, Ordering::Relaxed)) {
            match Whole::new(case) {
                Ok(whole) => verdicts.extend(whole.verdicts().into_iter().map(Ok)),
                Err(fault) => verdicts.push(Err(fault)),
            }
        }
        verdicts
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(2, usize::from);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no journey panics")).collect()
    })
});

/// A definition with all of its keys, and what happens then.
struct Whole {
    case: &'static Case,
    runtime: tokio::runtime::Runtime,
    provider: AnyProvider,
    journey: Vec<String>,
}

impl Whole {
    fn new(case: &'static Case) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("the system has what a runtime needs");
        let provider = AnyProvider::new(case.spec, case.examples);
        let journey = runtime.block_on(journey(provider, provider));
        let whole = Self { case, runtime, provider, journey };
        let again = whole.again();
        if let Some((first, second)) =
            whole.journey.iter().zip(&again).find(|(first, second)| first != second)
        {
            return Err(format!("{}: the journey is another each time: {first} and {second}", case.file));
        }
        let fails = |line: &&String| STEPS.iter().any(|step| line.starts_with(&format!("{step}: error")));
        match whole.journey.iter().find(fails) {
            Some(line) => Err(format!("{}: the journey fails: {line}", case.file)),
            None => Ok(whole),
        }
    }

    fn again(&self) -> Vec<String> {
        self.runtime.block_on(journey(self.provider, self.provider))
    }

    fn verdicts(&self) -> Vec<Verdict> {
        let of = |removal| Verdict { file: self.case.file, removal, noticed: self.notice(removal) };
        self.case.removals.iter().map(of).collect()
    }

    fn notice(&self, removal: &Removal) -> Option<&'static str> {
        let Outcome::Compiled { spec, examples, items_differ } = removal.outcome else {
            return Some("the compiler");
        };
        let rest = AnyProvider::new(spec, examples);
        if self.runtime.block_on(journey(rest, self.provider)) != self.journey {
            Some("the client")
        } else if self.runtime.block_on(journey(self.provider, rest)) != self.journey {
            Some("the provider")
        } else if code_of(removal).is_some_and(|code| self.explains_otherwise(rest, code)) {
            Some("its errors")
        } else if !rest.differences(self.provider).is_empty() {
            Some("its examples")
        } else {
            (items_differ && ITEMS.contains(&removal.key)).then_some("rustc")
        }
    }

    fn explains_otherwise(&self, rest: AnyProvider, code: &str) -> bool {
        let of = |client| self.runtime.block_on(error(client, self.provider, code));
        of(rest) != of(self.provider)
    }
}

/// The error that a key is about.
fn code_of(removal: &Removal) -> Option<&'static str> {
    let mut way = removal.at.split(" > ");
    match removal.key {
        "client.console" => Some("invalid_client"),
        key if key.starts_with("errors.") => way.nth(1),
        _ => None,
    }
}

#[test]
fn every_definition_makes_a_journey_that_succeeds_and_is_always_the_same() {
    let faults: Vec<_> = VERDICTS.iter().filter_map(|verdict| verdict.as_ref().err()).cloned().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_key_that_is_taken_out_is_noticed() {
    let unnoticed: Vec<_> = VERDICTS
        .iter()
        .flatten()
        .filter(|verdict| verdict.noticed.is_none())
        .map(|verdict| format!("{}: {}", verdict.file, verdict.removal.at))
        .collect();
    assert!(unnoticed.is_empty(), "nobody notices when these are taken out:\n{}", unnoticed.join("\n"));
}

#[test]
fn what_needs_no_notice_is_a_key() {
    let known = |key: &str| keys().iter().any(|known| known.path == key);
    assert_eq!(exempt().chain(ITEMS.iter().copied()).find(|key| !known(key)), None);
}

#[test]
fn every_key_stands_in_a_definition() {
    let taken_out: BTreeSet<_> = VERDICTS.iter().flatten().map(|verdict| verdict.removal.key).collect();
    let is_meant = |key: &&Key| !key.has_keys() || key.path.ends_with('*');
    let missing: Vec<_> = keys()
        .iter()
        .filter(is_meant)
        .map(|key| key.path)
        .filter(|path| !is_exempt(path) && !taken_out.contains(path))
        .collect();
    assert!(missing.is_empty(), "no definition that is taken apart has these:\n{}", missing.join("\n"));
}
