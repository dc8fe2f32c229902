//! The ways in which an answer says how long a token is good.

mod common;

use common::{ACME, Server, flow, json_answer, provider, sign_in, time};
use oauth_runtime::{
    AnswerErrorKind as Kind, Error,
    provider::HasAuthorizationEndpoint,
    spec::{LifetimeUnit, Spec, TimeFormat, TokenResponse},
};
use serde_json::{Value, json};
use std::time::Duration;

/// 2026-11-21T20:00:00Z
const NOW: u64 = 1_795_291_200;
const TEN_YEARS: u64 = 10 * 365 * 86_400;

const AT: TokenResponse = TokenResponse { plain: false, expires_at: &["expiresAt"], ..TokenResponse::PLAIN };
provider!(Dated, Spec { response: AT, ..ACME });
provider!(Counted, Spec { response: TokenResponse { expires_at_format: TimeFormat::Unix, ..AT }, ..ACME });
provider!(
    Milliseconds,
    Spec {
        response: TokenResponse {
            plain: false,
            expires_in_unit: LifetimeUnit::Milliseconds,
            ..TokenResponse::PLAIN
        },
        ..ACME
    }
);
provider!(
    Defaulted,
    Spec { response: TokenResponse { default_expires_in: Some(Duration::from_secs(60)), ..AT }, ..ACME }
);

/// The lifetime that is read; `None`: none is known.
async fn read<P: HasAuthorizationEndpoint>(
    provider: P,
    name: &str,
    value: Value,
) -> Result<Option<u64>, Kind> {
    let body = json!({"access_token": "AT", name: value});
    match sign_in(&flow(provider, &Server::always(json_answer(200, &body))).clock(|| time(NOW))).await {
        Ok(tokens) => {
            Ok(tokens.expires_at().map(|at| at.duration_since(time(NOW)).expect("not before").as_secs()))
        }
        Err(Error::Answer(error)) => Err(error.kind()),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_date_is_taken_as_the_end_of_the_token() {
    for (value, expected) in [
        (json!("2026-11-21T21:00:00Z"), Ok(Some(3600))),
        (json!("2026-11-21T21:00:00.000+00:00"), Ok(Some(3600))),
        (json!("2026-11-21T20:00:00Z"), Ok(Some(0))),
        (json!("1999-01-01T00:00:00Z"), Ok(Some(0))),
        (json!("9999-12-31T23:59:59Z"), Ok(Some(TEN_YEARS))),
        (json!(""), Ok(None)),
        (json!(null), Ok(None)),
        (json!("tomorrow"), Err(Kind::Invalid("expires_at"))),
        (json!("2026-11-21"), Err(Kind::Invalid("expires_at"))),
        (json!(NOW), Err(Kind::Invalid("expires_at"))),
        (json!({}), Err(Kind::Invalid("expires_at"))),
    ] {
        assert_eq!(read(Dated, "expiresAt", value.clone()).await, expected, "{value}");
    }
    assert_eq!(read(Dated, "other", json!(1)).await, Ok(None), "nothing is said");
}

#[tokio::test]
async fn a_number_is_taken_as_seconds_of_the_epoch_where_the_definition_says_so() {
    for (value, expected) in [
        (json!(NOW + 3600), Ok(Some(3600))),
        (json!((NOW + 3600).to_string()), Ok(Some(3600))),
        (json!(0), Ok(Some(0))),
        (json!(-5), Ok(Some(0))),
        (json!(1e300), Ok(Some(TEN_YEARS))),
        (json!("2026-11-21T21:00:00Z"), Err(Kind::Invalid("expires_at"))),
        (json!(true), Err(Kind::Invalid("expires_at"))),
    ] {
        assert_eq!(read(Counted, "expiresAt", value.clone()).await, expected, "{value}");
    }
}

#[tokio::test]
async fn a_lifetime_is_in_milliseconds_where_the_definition_says_so() {
    for (value, expected) in [
        (json!(86_399_999), Ok(Some(86_399))),
        (json!("3600000"), Ok(Some(3600))),
        (json!(999), Ok(Some(0))),
        (json!(-1), Ok(Some(0))),
        (json!("soon"), Err(Kind::Invalid("expires_in"))),
    ] {
        assert_eq!(read(Milliseconds, "expires_in", value.clone()).await, expected, "{value}");
    }
}

#[tokio::test]
async fn a_time_goes_before_a_lifetime_and_both_before_the_default() {
    assert_eq!(read(Defaulted, "expires_in", json!(7)).await, Ok(Some(7)));
    assert_eq!(read(Defaulted, "expiresAt", json!("2026-11-21T21:00:00Z")).await, Ok(Some(3600)));
    assert_eq!(read(Defaulted, "other", json!(1)).await, Ok(Some(60)));
}
