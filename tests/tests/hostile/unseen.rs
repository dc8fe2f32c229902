//! Rows that nobody here has seen: what they say is played, or it is said that it cannot be.

use super::{holds, own_row};
use oauth_tests::hostile::{Fate, Pace, Row, ours::Ours, play, row};
use serde_json::{Value, json};

const GOOD: &str = r#"{"access_token":"other_words.7","token_type":"Bearer","expires_in":60}"#;

fn fate(row: Row) -> (Fate, String) {
    let report = play(&[row], &Ours, Pace::QUICK).unwrap();
    (report.rows[0].1.clone(), report.to_string())
}

fn answer(status: u16, content_type: &str, body: &str) -> Value {
    json!({"http": {"status": status, "reason": "", "headers": [["content-type", content_type]], "body": body}})
}

#[test]
fn other_statuses_labels_delays_and_tokens_than_those_of_the_catalogue_are_played() {
    holds(own_row("token", &answer(201, "application/json; charset=UTF-8", GOOD), "accept"));
    holds(own_row("token", &answer(203, "text/html", GOOD), "accept"));
    holds(own_row("token", &answer(418, "application/json", GOOD), "reject"));
    holds(own_row("refresh", &answer(402, "application/problem+json", r#"{"error":"a_new_one"}"#), "reject"));
    let head =
        format!("HTTP/1.1 200 Fine\r\nX: y\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", GOOD.len());
    let (first, second) = GOOD.split_at(25);
    let slow = json!({"steps": [{"send": head}, {"sleep_ms": 120}, {"send": first}, {"trickle": second, "every_ms": 1}]});
    holds(own_row("token", &slow, "accept"));
    let chunks: Vec<String> =
        GOOD.as_bytes().iter().map(|byte| format!("1\r\n{}\r\n", char::from(*byte))).collect();
    let chunked =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n", chunks.concat());
    holds(own_row("token", &json!({"steps": [{"send": chunked}, {"close": true}]}), "accept"));
    holds(own_row("callback", &json!({"query": "code=a&state={STATE}&x=%ff"}), "accept"));
    holds(own_row("callback", &json!({"query": "code=a&state="}), "reject"));
    holds(own_row("refresh", &json!({"tls": "expired certificate"}), "reject"));
}

#[test]
fn a_recipe_of_which_a_part_is_not_understood_falls_short_whatever_is_expected() {
    let mut more = answer(200, "application/json", GOOD);
    more["http"]["trailers"] = json!([]);
    let mut late = answer(200, "application/json", GOOD);
    late["delay_ms"] = 5.into();
    for recipe in [
        more,
        late,
        json!({"http": {"status": "200", "body": ""}}),
        json!({"http": {"status": 200, "body": {}}}),
        json!({"http": {"status": 200, "headers": {"Content-Type": "text/plain"}}}),
        json!({"http": {"status": 70_000}}),
        json!({"steps": [{"send": "x", "times": 2}]}),
        json!({"steps": [{"sleep_ms": "2"}]}),
        json!({"steps": [{"hang": 500}]}),
        json!({"steps": [{"repeat": "", "times": 2}]}),
        json!({"steps": [{"repeat": "x", "times": "2"}]}),
        json!({"steps": "x"}),
        json!({"query": "code=a&state={STATE}", "method": "HEAD"}),
        json!({"tls": "a fault that nobody has thought of"}),
        json!({"tls": "expired certificate", "at": "noon"}),
        json!({"scenario": 3}),
        json!({"juggle": 3}),
        json!([]),
    ] {
        for verdict in ["accept", "reject", "either"] {
            let (fate, report) = fate(own_row("token", &recipe, verdict));
            let says_so =
                |findings: &Vec<String>| findings.iter().any(|found| found.contains("cannot be played"));
            assert!(matches!(&fate, Fate::Short(findings) if says_so(findings)), "{recipe}: {report}");
        }
    }
}

#[test]
fn a_row_that_would_take_all_memory_is_not_played_and_takes_none() {
    for text in
        ["{REP:x:18446744073709551615}", "{REP:x:99999999999}", "{A*99999999999}", "{KEYS:99999999999}"]
    {
        for recipe in [answer(200, "application/json", text), json!({"query": text})] {
            let (fate, report) = fate(own_row("token", &recipe, "reject"));
            assert!(matches!(fate, Fate::Short(_)), "{report}");
        }
    }
    for recipe in [json!({"gzip_bomb": u64::MAX}), json!({"scenario": "stampede", "callers": u64::MAX})] {
        let (fate, report) = fate(own_row("refresh", &recipe, "reject"));
        assert!(matches!(fate, Fate::Short(_)), "{report}");
    }
}

#[test]
fn a_part_that_the_player_does_not_know_is_listed_apart() {
    let (fate, report) = fate(own_row("backchannel", &answer(200, "application/json", GOOD), "accept"));
    assert_eq!(fate, Fate::NotBuilt("backchannel".to_owned()));
    assert_eq!(report, "not built yet, backchannel: 1 rows: X001\npassed 0 of 0");
}

#[test]
fn what_a_row_says_of_a_scenario_and_is_not_looked_at_is_said() {
    let row = own_row("callback", &json!({"scenario": "two_tabs", "tabs": 7}), "accept");
    let (fate, report) = fate(row);
    assert_eq!(fate, Fate::Passed);
    assert_eq!(report, "X001 is played without its tabs\npassed 1 of 1");
}

#[test]
fn any_text_can_be_an_id_and_no_text_moves_the_cursor() {
    let mut row = own_row("token", &json!({"steps": []}), "accept");
    row.id = "a\0b\u{1b}[2J".to_owned();
    row.behaviour = "first\nsecond".to_owned();
    let (fate, report) = fate(row);
    assert!(matches!(fate, Fate::Short(_)), "{report}");
    assert_eq!(report.lines().count(), 2, "{report}");
    assert!(report.starts_with("a b [2J token (first second): "), "{report}");
}

#[test]
fn a_file_without_rows_is_no_catalogue_that_passes() {
    for text in ["", "\n\n", "{}", "[]", "not json", "{\"id\":\"X\"}"] {
        assert!(row::parse(text).unwrap_err().starts_with("line 1"), "{text:?}");
    }
}
