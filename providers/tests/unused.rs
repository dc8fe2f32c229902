//! A program that names three providers, which is this one: none of the others is in it.

use oauth_providers::{github::GitHub, google::Google, stack_exchange::StackExchange};
use oauth_runtime::{Entry, OAuthProvider};
use std::{env, fs, path::Path};

const USED: [Entry; 3] = [Entry::of::<GitHub>(), Entry::of::<Google>(), Entry::of::<StackExchange>()];

/// The documentation of every file, read when the test runs, so that it is not in here because of the test.
fn documentation() -> Vec<(String, String)> {
    let folder = fs::read_dir(env!("CARGO_MANIFEST_DIR")).expect("the folder is there");
    let paths = folder.map(|entry| entry.expect("the folder can be read").path());
    paths.filter_map(|path| Some((path.file_stem()?.to_string_lossy().into_owned(), link(&path)?))).collect()
}

fn link(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with("service_documentation = "))?;
    line.split('"').nth(1).map(str::to_owned)
}

#[test]
fn a_program_has_only_the_providers_that_it_names() {
    let program = fs::read(env::current_exe().expect("a test has a file")).expect("it can be read");
    let program = String::from_utf8_lossy(&program);
    let holds = |text: &str| program.contains(text);
    for entry in USED {
        assert!(holds(entry.service_documentation().expect("every file has one")), "{}", entry.name());
    }
    let used = [GitHub::SPEC.id, Google::SPEC.id, StackExchange::SPEC.id];
    let others: Vec<_> = documentation().into_iter().filter(|(id, _)| !used.contains(&id.as_str())).collect();
    // The program is large: some of them tell as much as all.
    let some: Vec<_> = others.iter().step_by(others.len() / 20).collect();
    assert!(some.len() >= 20, "{} files", others.len());
    let found: Vec<_> = some.into_iter().filter(|(_, link)| holds(link)).map(|(id, _)| id).collect();
    assert!(found.is_empty(), "these are in it without being named: {found:?}");
}
