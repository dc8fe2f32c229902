//! The classes of the catalogue: which of them an error of ours belongs to. This is the only place that knows both.

use super::subject::Failure;
use oauth_runtime::{
    AnswerError, AnswerErrorKind, CallbackError, Error, LoginRequired, Refusal, transport::TransportErrorKind,
};

/// Every class that errors of ours can belong to, coarse and fine. A row that names another one is judged by its verdict.
const KNOWN: &[&str] = &[
    "OAuth",
    "AccessDenied",
    "Http",
    "RedirectRefused",
    "RateLimited",
    "Transient",
    "NotJson",
    "Malformed",
    "EmptyBody",
    "MissingField",
    "InvalidField",
    "DuplicateKey",
    "UnsupportedTokenType",
    "Connect",
    "Transport",
    "Tls",
    "Timeout",
    "Protocol",
    "Truncated",
    "BodyTooLarge",
    "HeadersTooLarge",
    "ReauthRequired",
    "State",
    "StateMissing",
    "StateUnknown",
    "CodeMissing",
    "DuplicateParam",
    "InvalidParam",
    "TooLong",
    "Expired",
    "AlreadyUsed",
    "ProviderMismatch",
    "Issuer",
    "Iss",
    "IssuerMissing",
    "IssuerMismatch",
    "Method",
    "Store",
    "Configuration",
    "InsecureUrl",
];

/// Whether the class is one of those that can be told apart.
pub(crate) fn is_known(class: &str) -> bool {
    KNOWN.contains(&class)
}

/// The classes of an error of ours.
pub(crate) fn failure(error: &Error) -> Failure {
    Failure { classes: classes(error) }
}

fn classes(error: &Error) -> Vec<&'static str> {
    match error {
        Error::Configuration(_) => vec!["Configuration", "InsecureUrl"],
        Error::Denied(refusal) if refusal.code() == "access_denied" => vec!["OAuth", "AccessDenied"],
        Error::Denied(_) => vec!["OAuth"],
        Error::Callback(error) => of_callback(*error),
        Error::Refused(refusal) => of_refusal(refusal),
        Error::Answer(error) => of_answer(error),
        Error::Transport(error) => of_transport(error.kind()),
        Error::LoginRequired(LoginRequired::Expired) => vec!["ReauthRequired", "Expired"],
        Error::LoginRequired(_) => vec!["ReauthRequired"],
        Error::Store(_) => vec!["Store"],
        _ => Vec::new(),
    }
}

fn of_callback(error: CallbackError) -> Vec<&'static str> {
    match error {
        CallbackError::Method => vec!["Method"],
        CallbackError::UnknownState => vec!["State", "StateUnknown"],
        CallbackError::MissingState | CallbackError::ErrorWithoutState => vec!["State", "StateMissing"],
        CallbackError::MissingCode => vec!["CodeMissing"],
        CallbackError::Duplicated(_) => vec!["DuplicateParam"],
        CallbackError::Invalid(_) => vec!["InvalidParam"],
        CallbackError::TooLong => vec!["TooLong"],
        CallbackError::Expired => vec!["Expired", "State"],
        CallbackError::AlreadyUsed => vec!["AlreadyUsed", "State"],
        CallbackError::Mismatch => vec!["ProviderMismatch", "State"],
        CallbackError::Issuer => vec!["Issuer", "Iss", "IssuerMissing", "IssuerMismatch"],
        _ => Vec::new(),
    }
}

fn of_refusal(refusal: &Refusal) -> Vec<&'static str> {
    let mut classes = vec!["OAuth"];
    classes.extend(of_status(refusal.status().unwrap_or_default()));
    if refusal.retry() {
        classes.push("Transient");
    }
    classes
}

fn of_answer(error: &AnswerError) -> Vec<&'static str> {
    let mut classes = match error.kind() {
        AnswerErrorKind::Redirect => vec!["RedirectRefused"],
        AnswerErrorKind::Unavailable { retry_after: Some(_) } => vec!["Transient", "RateLimited"],
        AnswerErrorKind::Unavailable { .. } => vec!["Transient"],
        AnswerErrorKind::NotJson => vec!["NotJson", "EmptyBody", "Malformed"],
        AnswerErrorKind::Missing(_) => vec!["MissingField", "Malformed"],
        AnswerErrorKind::Invalid(_) => vec!["InvalidField", "Malformed"],
        AnswerErrorKind::Duplicated(_) => vec!["DuplicateKey", "Malformed"],
        AnswerErrorKind::TokenType => vec!["UnsupportedTokenType", "Malformed"],
        _ => Vec::new(),
    };
    classes.extend(of_status(error.status()));
    classes
}

/// What the status alone says. An answer without content is called an HTTP error, whatever it lacks.
fn of_status(status: u16) -> &'static [&'static str] {
    match status {
        204 | 205 => &["Http"],
        200..=299 => &[],
        429 => &["Http", "RateLimited", "Transient"],
        500..=599 => &["Http", "Transient"],
        _ => &["Http"],
    }
}

fn of_transport(kind: TransportErrorKind) -> Vec<&'static str> {
    match kind {
        TransportErrorKind::Connect => vec!["Connect", "Transport", "Transient"],
        TransportErrorKind::Tls => vec!["Tls", "Transport"],
        TransportErrorKind::Timeout => vec!["Timeout", "Transport", "Transient"],
        TransportErrorKind::Protocol => vec!["Protocol", "Truncated", "HeadersTooLarge", "Transport"],
        TransportErrorKind::BodyTooLarge => vec!["BodyTooLarge", "Transport"],
        TransportErrorKind::Other => vec!["Transport", "Transient"],
        _ => vec!["Transport"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_of_ours_is_a_known_one() {
        let errors = [
            Error::Callback(CallbackError::Issuer),
            Error::Callback(CallbackError::Mismatch),
            Error::LoginRequired(LoginRequired::Expired),
            Error::Configuration(String::new()),
        ];
        for class in errors.iter().flat_map(classes) {
            assert!(is_known(class), "{class}");
        }
    }
}
