//! `SECURITY.md` says what holds each rule: every rule has its row, and what a row names is there and is run.
#![allow(clippy::unwrap_used, reason = "what serves a test fails as the test does")]

use oauth_tests::rules::{Held, Rule, is_row, names_row, root, sources, table};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use syn::{BinOp, ExprBinary, LitStr, visit::Visit};

/// How many rules there are under each letter.
const RULES: &[(char, usize)] = &[
    ('A', 30),
    ('B', 4),
    ('C', 5),
    ('D', 5),
    ('E', 4),
    ('F', 10),
    ('G', 3),
    ('H', 5),
    ('I', 4),
    ('J', 2),
    ('K', 13),
    ('N', 34),
];

/// Parts that are not there, so that their rules have no tests. Whoever builds one takes it out.
const NOT_BUILT: &[&str] = &["command line", "discovery", "device", "pushed requests", "id_token"];

/// Why a test may be ignored by `cargo test`: `.ci/run` runs it.
const IGNORED: &[&str] = &["which .ci/run installs"];

fn rules() -> Vec<Rule> {
    table(&fs::read_to_string(root().join("SECURITY.md")).unwrap())
}

/// Every test of the repository by its name, with the reason why it is ignored.
fn tests() -> BTreeMap<String, Option<String>> {
    let sources = sources(&root()).unwrap();
    let own = sources.iter().filter(|(path, _)| !path.components().any(|part| part.as_os_str() == "bench"));
    own.flat_map(|(_, text)| tests_in(text)).collect()
}

/// Also those within `proptest!`, which is why this reads lines and no syntax.
fn tests_in(text: &str) -> Vec<(String, Option<String>)> {
    let mut tests = Vec::new();
    let (mut is_test, mut ignored) = (false, None);
    for line in text.lines().map(str::trim) {
        if line == "#[test]" || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some(rest) = line.strip_prefix("#[ignore") {
            let reason = rest.split('"').nth(1).unwrap_or_default();
            ignored = Some(reason.to_owned());
        } else if let Some((_, rest)) = line.split_once("fn ") {
            let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
            if is_test {
                tests.push((name.to_owned(), ignored.take()));
            }
            (is_test, ignored) = (false, None);
        }
    }
    tests
}

/// What is wrong with what a row names.
fn fault(
    name: &str,
    tests: &BTreeMap<String, Option<String>>,
    rows: &BTreeSet<String>,
) -> Option<&'static str> {
    if is_row(name) {
        return (!rows.iter().any(|id| names_row(name, id))).then_some("no row of the catalogue");
    }
    if let Some(case) = name.strip_prefix("invalid/") {
        let path = root().join(format!("oauth-derive/codegen/tests/invalid/{case}.toml"));
        return (!path.exists()).then_some("no such invalid definition");
    }
    if let Some(case) = name.strip_prefix("ui/") {
        let path = root().join(format!("tests/tests/ui/{case}.stderr"));
        return (!path.exists()).then_some("no such UI case");
    }
    match tests.get(name) {
        None => Some("no test"),
        Some(Some(reason)) if !IGNORED.iter().any(|known| reason.contains(known)) => Some("ignored"),
        Some(_) => None,
    }
}

fn catalogue() -> BTreeSet<String> {
    let rows = oauth_tests::hostile::row::parse(oauth_tests::hostile::CATALOGUE).unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

#[test]
fn every_rule_has_one_row() {
    let expected: Vec<String> = RULES
        .iter()
        .flat_map(|(letter, count)| (1..=*count).map(move |number| format!("{letter}{number:02}")))
        .collect();
    let listed: Vec<String> = rules().into_iter().map(|rule| rule.id).collect();
    assert_eq!(listed, expected);
}

#[test]
fn what_a_row_names_is_there_and_is_run() {
    let (tests, rows) = (tests(), catalogue());
    let mut faults = Vec::new();
    for rule in rules() {
        match &rule.held {
            Held::NotBuilt(part) if NOT_BUILT.contains(&part.as_str()) => {}
            Held::NotBuilt(part) => faults.push(format!("{}: {part} is no part", rule.id)),
            Held::By(names) if names.is_empty() => faults.push(format!("{}: nothing holds it", rule.id)),
            Held::By(names) => faults.extend(names.iter().filter_map(|name| {
                fault(name, &tests, &rows).map(|fault| format!("{}: {name}: {fault}", rule.id))
            })),
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_row_that_names_what_is_not_there_is_found() {
    let tests = BTreeMap::from([
        ("honest".to_owned(), None),
        ("skipped".to_owned(), Some(String::new())),
        ("in_ci".to_owned(), Some("starts x, which .ci/run installs".to_owned())),
    ]);
    let rows = catalogue();
    for honest in ["honest", "in_ci", "C007", "C001-C009", "invalid/endpoint_http", "ui/secret/printed"] {
        assert_eq!(fault(honest, &tests, &rows), None, "{honest}");
    }
    for wrong in ["gone", "skipped", "C999", "X001", "C010-C011", "invalid/gone", "ui/gone", ""] {
        assert!(fault(wrong, &tests, &rows).is_some(), "{wrong}");
    }
    let found =
        tests_in("#[test]\n#[ignore = \"why\"]\nfn a() {}\nfn b() {}\n#[tokio::test(x)]\nasync fn c() {}");
    assert_eq!(found, [("a".to_owned(), Some("why".to_owned())), ("c".to_owned(), None)]);
    assert_eq!(table("| A01 | x | y | `a`, `b` |")[0].held, Held::By(vec!["a".to_owned(), "b".to_owned()]));
}

/// Comparisons by `==` of what an attacker could learn byte by byte from the time that they take.
#[derive(Default)]
struct Comparisons(Vec<String>);

impl<'ast> Visit<'ast> for Comparisons {
    fn visit_expr_binary(&mut self, binary: &'ast ExprBinary) {
        let is_secret = |side: &syn::Expr| {
            let syn::Expr::MethodCall(call) = side else { return false };
            ["expose", "state", "verifier"].iter().any(|name| call.method == name)
        };
        if matches!(binary.op, BinOp::Eq(_) | BinOp::Ne(_))
            && (is_secret(&binary.left) || is_secret(&binary.right))
        {
            self.0.push(quoted(binary));
        }
        syn::visit::visit_expr_binary(self, binary);
    }
}

fn quoted(binary: &ExprBinary) -> String {
    let side = |side: &syn::Expr| match side {
        syn::Expr::MethodCall(call) => format!("..{}()", call.method),
        _ => "..".to_owned(),
    };
    format!("{} == {}", side(&binary.left), side(&binary.right))
}

fn comparisons(text: &str) -> Vec<String> {
    let mut found = Comparisons::default();
    found.visit_file(&syn::parse_file(text).unwrap());
    found.0
}

#[test]
fn states_are_compared_by_subtle() {
    let runtime = sources(&root().join("oauth-runtime/src")).unwrap();
    let callback = runtime.iter().find(|(path, _)| path.ends_with("src/callback.rs")).unwrap();
    assert!(callback.1.contains(".ct_eq(record.state()"), "the comparison is not where it was");
    for (path, text) in &runtime {
        assert_eq!(comparisons(text), [""; 0], "{}", path.display());
    }
    assert_eq!(comparisons("fn f() { if a.state() != b { } }").len(), 1);
    assert_eq!(comparisons("fn f() -> bool { x == secret.expose() }").len(), 1);
    assert!(comparisons("fn f() -> bool { x == y }").is_empty());
}

/// Every `Cargo.toml` of this workspace's crates.
fn manifests(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let skipped = ["target", "node_modules", "bench", "fuzz", "ui", "corpus"];
    entries
        .flat_map(|path| match name(&path) {
            name if name.starts_with('.') || skipped.contains(&name.as_str()) => Vec::new(),
            name if name == "Cargo.toml" => vec![path],
            _ if path.is_dir() => manifests(&path),
            _ => Vec::new(),
        })
        .collect()
}

#[test]
fn every_crate_forbids_unsafe_code() {
    let is_root = |text: &str| text.starts_with("[workspace]");
    let texts = manifests(&root()).into_iter().map(|path| (fs::read_to_string(&path).unwrap(), path));
    let (roots, crates): (Vec<_>, Vec<_>) = texts.partition(|(text, _)| is_root(text));
    assert!(roots.len() == 1 && crates.len() > 6, "{roots:?}");
    assert!(roots[0].0.contains("\n[workspace.lints.rust]\n"));
    assert!(roots[0].0.contains("\nunsafe_code = \"forbid\"\n"));
    for (text, path) in crates {
        assert!(text.contains("\n[lints]\nworkspace = true\n"), "{}", path.display());
    }
}

#[test]
fn no_grant_but_those_of_codes_and_refresh_tokens_can_be_asked_for() {
    struct Texts(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Texts {
        fn visit_lit_str(&mut self, text: &'ast LitStr) {
            self.0.insert(text.value());
        }
    }
    let mut texts = Texts(BTreeSet::new());
    for (_, text) in sources(&root().join("oauth-runtime/src/wire")).unwrap() {
        texts.visit_file(&syn::parse_file(&text).unwrap());
    }
    let grants = ["authorization_code", "refresh_token", "password", "implicit", "client_credentials"];
    let asked: Vec<_> = grants.into_iter().filter(|grant| texts.0.contains(*grant)).collect();
    assert_eq!(asked, ["authorization_code", "refresh_token"]);
}
