//! Secrets in a text, in every form in which they are commonly written.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};
use std::fmt::{self, Debug, Display};

/// Everything that an error prints: its text, its `Debug` in both forms, and those of everything that caused it.
pub fn printed(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        text.push_str(&format!("{error}\n{error:?}\n{error:#?}\n"));
        next = error.source();
    }
    text
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
    !secret.is_empty() && forms(secret).iter().any(|form| text.contains(form))
}

fn forms(secret: &str) -> Vec<String> {
    let bytes = format!("{:?}", secret.as_bytes());
    let bytes = bytes.trim_matches(['[', ']']);
    vec![
        secret.to_owned(),
        Percent(secret).to_string(),
        Percent(secret).to_string().replace("%20", "+"),
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        BASE64_STANDARD_NO_PAD.encode(secret),
        BASE64_URL_SAFE_NO_PAD.encode(secret),
        BASE64_STANDARD.encode(format!("{}:{}", super::definition::CLIENT_ID, Percent(secret))),
        bytes.to_owned(),
        bytes.replace(' ', ""),
        bytes.replace(' ', "\n    "),
        secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
    ]
}

/// Percent-encoding of everything that is not unreserved.
struct Percent<'a>(&'a str);

impl Display for Percent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.bytes().try_for_each(|byte| match byte {
            b'-' | b'.' | b'_' | b'~' => write!(f, "{}", char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => write!(f, "{}", char::from(byte)),
            byte => write!(f, "%{byte:02X}"),
        })
    }
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
