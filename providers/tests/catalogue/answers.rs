//! An answer that is not as the standard has it is shown by an example, which is read as the runtime reads such an answer.

use crate::{Listed, assert_none, listed};
use oauth_runtime::spec::{Callback, Example, Method, Stage, TokenResponse, WithoutState};

/// What the file says of answers and shows by no example.
fn unshown(file: &Listed) -> Vec<&'static str> {
    let spec = file.spec;
    let has = |stage| file.examples.iter().any(|example| example.stage == stage);
    let needs = [
        (!is_standard(&spec.response), has(Stage::Token), "a token answer"),
        (!has_standard_errors(&spec.response), file.examples.iter().any(is_refusal), "a refusal"),
        (spec.refresh.response.is_some(), has(Stage::Refresh), "an answer to a refresh"),
        (!spec.exchanges.is_empty(), has(Stage::Exchange), "an answer to an exchange"),
        (!is_standard_callback(&spec.callback), has(Stage::Callback), "a callback"),
    ];
    needs.into_iter().filter(|(needed, shown, _)| *needed && !shown).map(|(.., what)| what).collect()
}

/// But for its errors.
fn is_standard(response: &TokenResponse) -> bool {
    let plain = TokenResponse::PLAIN;
    let error_code = plain.error_code;
    let error_description = plain.error_description;
    TokenResponse { plain: true, error_code, error_description, ..*response } == plain
}

fn has_standard_errors(response: &TokenResponse) -> bool {
    let plain = TokenResponse::PLAIN;
    (response.error_code, response.error_description) == (plain.error_code, plain.error_description)
}

/// Of a token request, or of a call to the API, which some providers answer alike.
fn is_refusal(example: &Example) -> bool {
    example.expect.contains("\"error\"")
}

fn is_standard_callback(callback: &Callback) -> bool {
    let plain = Callback::PLAIN;
    (callback.code, callback.state, callback.error) == (plain.code, plain.state, plain.error)
        && callback.capture.is_empty()
        && callback.json.is_empty()
        && callback.methods == [Method::Get]
        && callback.without_state == WithoutState::Refuse
}

fn without_example(files: &[Listed]) -> Vec<String> {
    let line = |file: &Listed| {
        let missing = unshown(file);
        (!missing.is_empty()).then(|| format!("{}: {}", file.spec.id, missing.join(", ")))
    };
    files.iter().filter_map(line).collect()
}

#[test]
fn every_answer_that_is_not_as_the_standard_has_it_is_shown_by_an_example() {
    assert_none("no example", &without_example(&listed()));
}

/// The rule, tried on files that break it.
mod planted {
    use super::*;
    use oauth_runtime::spec::{Exchange, Spec};

    const TOKEN: Example = Example {
        stage: Stage::Token,
        title: "success",
        status: 200,
        content_type: "application/json",
        body: r#"{"token":"example"}"#,
        expect: r#"{"access_token":"example"}"#,
    };
    const REFUSAL: Example = Example {
        status: 400,
        body: r#"{"type":"invalid_grant"}"#,
        expect: r#"{"error":"invalid_grant"}"#,
        ..TOKEN
    };
    const NAMED: TokenResponse = TokenResponse { access_token: &["token"], ..TokenResponse::PLAIN };
    const TYPED: TokenResponse = TokenResponse { error_code: &["type"], ..TokenResponse::PLAIN };

    fn of(spec: &'static Spec, examples: &'static [Example]) -> Vec<&'static str> {
        unshown(&Listed { path: "bad::Bad", spec, examples })
    }

    #[test]
    fn a_standard_answer_needs_no_example() {
        assert!(of(&Spec::PLAIN, &[]).is_empty());
    }

    #[test]
    fn a_token_answer_with_other_names_needs_one() {
        const SPEC: Spec = Spec { response: NAMED, ..Spec::PLAIN };
        assert_eq!(of(&SPEC, &[]), ["a token answer"]);
        assert!(of(&SPEC, &[TOKEN]).is_empty());
    }

    #[test]
    fn errors_in_another_place_need_one_of_a_refusal() {
        const SPEC: Spec = Spec { response: TYPED, ..Spec::PLAIN };
        assert_eq!(of(&SPEC, &[TOKEN]), ["a refusal"]);
        assert!(of(&SPEC, &[TOKEN, REFUSAL]).is_empty());
    }

    #[test]
    fn an_exchange_and_a_callback_that_carries_more_need_one_each() {
        const CALLBACK: Callback = Callback { capture: &[("shop", "shop")], ..Callback::PLAIN };
        const SPEC: Spec = Spec { callback: CALLBACK, exchanges: &[Exchange::PLAIN], ..Spec::PLAIN };
        const EXCHANGE: Example = Example { stage: Stage::Exchange, ..TOKEN };
        const WAY_BACK: Example = Example { stage: Stage::Callback, ..TOKEN };
        assert_eq!(of(&SPEC, &[TOKEN]), ["an answer to an exchange", "a callback"]);
        assert!(of(&SPEC, &[EXCHANGE, WAY_BACK]).is_empty());
    }
}
