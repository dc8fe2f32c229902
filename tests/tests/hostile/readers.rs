//! Our readers of token answers against a strict one that shares no code with them.

use oauth_tests::hostile::{
    definition::ASKED,
    in_process::{Declared, InProcess, Standard},
    mutation,
    reference::{self, Answer},
    subject::Got,
};
use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value, json};

#[test]
fn of_mutated_answers_nothing_is_accepted_that_the_reference_refuses() {
    let summary = mutation::run(10_000, 7).unwrap();
    assert_eq!(summary.faults, 0, "{summary}");
    assert!(summary.accepted > 500, "hardly anything is accepted, so hardly anything is tried: {summary}");
}

#[test]
fn the_same_seed_tries_the_same_answers() {
    let [first, again] = [mutation::run(500, 3).unwrap(), mutation::run(500, 3).unwrap()];
    assert_eq!(first.accepted, again.accepted);
    assert_ne!(first.accepted, 0);
}

/// A value for a member, honest or not.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[!-~]{0,12}".prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "-?[0-9]{1,24}".prop_map(Value::from),
        vec("[a-z:]{0,6}", 0..4).prop_map(Value::from),
        Just(json!({"error": "x"})),
        Just(json!("Bearer")),
    ]
}

fn members() -> impl Strategy<Value = Map<String, Value>> {
    let names = [
        "access_token",
        "refresh_token",
        "id_token",
        "token_type",
        "scope",
        "expires_in",
        "refresh_token_expires_in",
        "error",
        "x",
    ];
    let some = prop::option::weighted(0.3, value());
    vec(some, names.len()).prop_map(move |values| {
        let mut members: Map<_, _> =
            names.iter().zip(values).filter_map(|(name, value)| Some(((*name).to_owned(), value?))).collect();
        members.entry("access_token").or_insert_with(|| "AT-1".into());
        members
    })
}

fn normal(got: Got) -> Got {
    Got {
        scopes: got.scopes.iter().flat_map(|scope| scope.split_whitespace()).map(str::to_owned).collect(),
        ..got
    }
}

fn read(body: &str) -> [Option<Got>; 2] {
    let answer = Answer { status: 200, content_type: Some("application/json"), body: body.as_bytes() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let standard = InProcess::new(Standard).unwrap();
    let declared = InProcess::new(Declared).unwrap();
    standard.answers(&answer);
    declared.answers(&answer);
    runtime.block_on(async {
        [standard.sign_in().await, declared.sign_in().await].map(|got| got.ok().map(normal))
    })
}

proptest! {
    // What it finds is in its message: no file is left.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn well_formed_answers_are_read_as_the_reference_reads_them(members in members()) {
        let body = Value::Object(members).to_string();
        let answer = Answer { status: 200, content_type: Some("application/json"), body: body.as_bytes() };
        let expected = reference::tokens(&answer, ASKED).ok().map(normal);
        for got in read(&body) {
            prop_assert_eq!(&got, &expected, "{}", body);
        }
    }
}
