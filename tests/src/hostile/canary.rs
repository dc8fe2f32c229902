//! Secrets in a text, in every form in which they are commonly written.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Debug;

/// A shorter code of a row stands in some word by chance.
const SHORTEST: usize = 4;

/// Everything that an error prints: its text, its `Debug` in both forms, and those of everything that caused it.
pub fn printed(error: &(dyn std::error::Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(|error| format!("{error}\n{error:?}\n{error:#?}")).collect::<Vec<_>>().join("\n")
}

/// What a value shows of itself.
pub fn shown(value: &impl Debug) -> String {
    format!("{value:?}\n{value:#?}\n")
}

/// The secrets that occur in `text`.
pub fn hits<'a>(text: &str, secrets: &'a [String]) -> Vec<&'a str> {
    secrets.iter().map(String::as_str).filter(|secret| occurs(text, secret)).collect()
}

fn occurs(text: &str, secret: &str) -> bool {
    secret.len() >= SHORTEST && forms(secret).iter().any(|form| text.contains(form))
}

fn forms(secret: &str) -> Vec<String> {
    let bytes = format!("{:?}", secret.as_bytes());
    let bytes = bytes.trim_matches(['[', ']']);
    vec![
        secret.to_owned(),
        percent(secret),
        percent(secret).replace("%20", "+"),
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        BASE64_STANDARD_NO_PAD.encode(secret),
        BASE64_URL_SAFE_NO_PAD.encode(secret),
        BASE64_STANDARD.encode(format!("{}:{}", super::definition::CLIENT_ID, percent(secret))),
        bytes.to_owned(),
        bytes.replace(' ', ""),
        bytes.replace(' ', "\n    "),
        secret.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat(),
    ]
}

/// Percent-encoding of everything that is not unreserved (RFC 3986 §2.3).
fn percent(text: &str) -> String {
    const UNFIT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, UNFIT).to_string()
}

/// Words of a text that are tokens by the catalogue's convention: `AT-GOOD`, `RT-2`.
pub fn tokens(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let mut tokens: Vec<_> =
        words.filter(|word| word.starts_with("AT-") || word.starts_with("RT-")).map(str::to_owned).collect();
    tokens.sort();
    tokens.dedup();
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secret = ["a:b+c%".to_owned()];
        for text in ["xa:b+c%x", "a%3Ab%2Bc%25", "YTpiK2Ml", "[97, 58, 98, 43, 99, 37]", "613a622b6325"] {
            assert_eq!(hits(text, &secret), ["a:b+c%"], "{text}");
        }
        assert!(hits("a:b c", &secret).is_empty());
    }
}
