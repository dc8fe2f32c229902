//! [`CallbackError`]: why a callback is not used.

use std::fmt;

/// Why a callback is not used. In none of these cases is anything sent to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackError {
    /// It came by another method than GET, or was fetched ahead by a browser.
    Method,
    /// It came by another method than POST, by which alone this provider's callbacks come.
    NotPosted,
    /// It was posted by a page of another site as if it came from the application's own: forged.
    ForeignPost,
    /// No authorization is pending that it could belong to: another browser, a lapsed cookie, or a forged `state`.
    UnknownState,
    /// It has no `state`.
    MissingState,
    /// It has no `state`, because it began at the provider, in its store of applications (`without_state = "restart"`).
    ///
    /// Nobody is signed in by it: [begin](crate::AuthCodeFlow::begin) a sign-in, and send the user there.
    Restart,
    /// It is an error without a `state`, so it cannot be told whose sign-in it ends. Some servers leave it out when a user says no.
    ErrorWithoutState,
    /// It has neither `code` nor `error`.
    MissingCode,
    /// This parameter is missing, which the definition takes a variable from.
    Missing(&'static str),
    /// This parameter occurs twice (RFC 6749 §3.1).
    Duplicated(&'static str),
    /// This parameter holds characters that it may not hold, or is no UTF-8.
    Invalid(&'static str),
    /// The provider signs its callbacks, and did not sign this one.
    Signature,
    /// It is longer than any honest one.
    TooLong,
    /// It came too late: the user took longer than ten minutes.
    Expired,
    /// It was used before: a reload, or a copy.
    AlreadyUsed,
    /// It is of another provider, another tenant or another user than the authorization that was begun (RFC 9700 §4.4).
    Mismatch,
    /// `iss` is not the provider's issuer, or is missing though the provider promises it (RFC 9207 §2.4).
    Issuer,
}

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method => f.write_str("the callback must be a plain GET of the browser"),
            Self::NotPosted => f.write_str("the callback must be a form that the browser posts"),
            Self::ForeignPost => f.write_str("the callback was posted by a page of another site and is not used"),
            Self::Restart => f.write_str("the sign-in began at the provider; begin one here"),
            Self::Signature => f.write_str("the callback is not signed by the provider and is not used"),
            Self::UnknownState => f.write_str(
                "no sign-in is pending for this callback: it began in another browser, took too long, or was not begun here; start again",
            ),
            Self::MissingState => f.write_str("the callback has no `state`; start the sign-in again"),
            Self::ErrorWithoutState => f.write_str("the provider reports that the sign-in failed or was denied, and left out `state`; start again"),
            Self::MissingCode => f.write_str("the callback has neither `code` nor `error`; start the sign-in again"),
            Self::Missing(name) => write!(f, "the callback has no `{name}`; start the sign-in again"),
            Self::Duplicated(name) => write!(f, "the callback has `{name}` twice and is not used"),
            Self::Invalid(name) => write!(f, "the callback's `{name}` holds what it may not hold and is not used"),
            Self::TooLong => f.write_str("the callback is longer than any honest one and is not used"),
            Self::Expired => f.write_str("the sign-in took longer than ten minutes; start again"),
            Self::AlreadyUsed => f.write_str("this callback was used already, perhaps by a reload; start again if you are not signed in"),
            Self::Mismatch => f.write_str("the callback belongs to another provider, tenant or user than the sign-in that was begun; start again"),
            Self::Issuer => f.write_str("the callback's `iss` is not the issuer of this provider, as in a mix-up attack; it is not used"),
        }
    }
}

impl std::error::Error for CallbackError {}
