//! Values that a definition keeps (`capture`).

mod common;

use common::{ACME, Clock, Server, answer, flow, json_answer, provider, sign_in, stored, time};
use oauth_runtime::{
    AnswerErrorKind as Kind, Error, TokenSet,
    spec::{Capture, Spec, TokenResponse},
};
use serde_json::{Value, json};

provider!(
    Team,
    Spec {
        response: TokenResponse {
            plain: false,
            root: &["data"],
            capture: &[
                Capture { name: "team_id", path: &["team", "id"] },
                Capture { name: "first", path: &["places", "0", "name"] },
                Capture { name: "open_id", path: &["open_id"] },
            ],
            ..TokenResponse::PLAIN
        },
        ..ACME
    }
);

async fn read(body: &Value) -> Result<TokenSet<Team>, Error> {
    sign_in(&flow(Team, &Server::always(json_answer(200, body)))).await
}

#[tokio::test]
async fn a_captured_value_has_its_own_name_and_stays_in_the_answer() {
    let body = json!({
        "open_id": "outside",
        "data": {"access_token": "AT", "team": {"id": 7, "name": "x"}, "places": [{"name": "here"}], "open_id": null}
    });
    let tokens = read(&body).await.expect("a token");
    assert_eq!(tokens.captured("team_id"), Some(&json!(7)));
    assert_eq!(tokens.captured("first"), Some(&json!("here")), "a number is a place in a list");
    assert_eq!(tokens.captured("open_id"), None, "below `root`, and a null is nothing");
    assert_eq!(tokens.captured("team"), None, "only what is named");
    assert_eq!(tokens.extra("data").map(|data| &data["team"]["name"]), Some(&json!("x")));
    let shown = format!("{tokens:?}");
    assert!(shown.contains("team_id") && !shown.contains("here"), "names are shown, values are not: {shown}");
}

#[tokio::test]
async fn a_captured_value_that_stands_there_twice_is_refused() {
    let body = r#"{"data": {"access_token": "AT", "team": {"id": 1, "id": 2}}}"#;
    let server = Server::always(answer(200, "application/json", body));
    match sign_in(&flow(Team, &server)).await {
        Err(Error::Answer(error)) => assert_eq!(error.kind(), Kind::Duplicated("team_id")),
        other => panic!("{other:?}"),
    }
}

provider!(
    Listed,
    Spec {
        response: TokenResponse {
            plain: false,
            root: &["grants", "0"],
            capture: &[Capture { name: "second", path: &["owners", "1"] }],
            ..TokenResponse::PLAIN
        },
        ..ACME
    }
);

#[tokio::test]
async fn a_number_on_the_way_to_the_tokens_is_a_place_in_a_list() {
    let listed = json!({"grants": [{"access_token": "AT", "expires_in": 7, "owners": ["a", "b"]}, {"access_token": "no"}]});
    let server = Server::always(json_answer(200, &listed));
    let tokens = sign_in(&flow(Listed, &server).clock(|| time(1000))).await.expect("a token");
    assert_eq!((tokens.access_token().expose(), tokens.expires_at()), ("AT", Some(time(1007))));
    assert_eq!(tokens.captured("second"), Some(&json!("b")));
    for other in
        [json!({"grants": []}), json!({"grants": {"1": {"access_token": "AT"}}}), json!({"grants": "AT"})]
    {
        let server = Server::always(json_answer(200, &other));
        match sign_in(&flow(Listed, &server)).await {
            Err(Error::Answer(error)) => assert_eq!(error.kind(), Kind::Missing("access_token"), "{other}"),
            outcome => panic!("{other}: {outcome:?}"),
        }
    }
}

#[tokio::test]
async fn captured_values_survive_a_refresh_that_does_not_name_them() {
    for (answered, team, first) in [
        (json!({"access_token": "NEW"}), json!("T1"), json!("here")),
        (json!({"access_token": "NEW", "team": {"id": "T2"}}), json!("T2"), json!("here")),
    ] {
        let server = Server::always(json_answer(200, &json!({"data": answered})));
        let flow = flow(Team, &server).clock(Clock::at(1_000_000).reading());
        let session = flow.session("ada");
        let before = stored(json!({
            "access_token": "OLD", "refresh_token": "RT", "obtained_at": 1000, "expires_at": 2000,
            "captured": {"team_id": "T1", "first": "here", "shop": "from-the-callback"}
        }));
        session.adopt(before).await.expect("it is stored");
        let after = session.tokens().await.expect("it is refreshed");
        assert_eq!(after.access_token().expose(), "NEW");
        assert_eq!((after.captured("team_id"), after.captured("first")), (Some(&team), Some(&first)));
        assert_eq!(after.captured("shop"), Some(&json!("from-the-callback")));
    }
}

#[test]
fn a_record_of_a_plain_provider_says_nothing_of_captured_values() {
    let tokens = stored::<Team>(json!({"access_token": "AT", "obtained_at": 1000}));
    assert_eq!(tokens.captured("team_id"), None, "an older record is read");
    let record = serde_json::to_value(tokens.expose()).expect("it serialises");
    assert_eq!(record.get("captured"), None);
    assert!(tokens.is_fresh(time(2000), std::time::Duration::ZERO));
}
