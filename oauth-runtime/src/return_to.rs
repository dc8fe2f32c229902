//! [`ReturnTo`]: where in the application a user goes on after signing in.

use percent_encoding::percent_decode;
use std::{borrow::Cow, fmt, str::FromStr};
use url::Url;

/// What follows has to fit into a cookie, with everything else that waits there.
const MAX_LENGTH: usize = 1024;

/// Stands in for the application's own origin: what stays at this one stays at any.
const ORIGIN: &str = "https://app.invalid";

/// A path of the application's own, with a query and a fragment: where a user goes on after signing in.
///
/// It cannot lead to another origin, whatever a request said (RFC 9700 §4.11): it begins with one `/`, and a browser
/// reads it as it is written. So it may follow `Location:` alone, or behind the origin of a front end that stands elsewhere.
///
/// ```
/// use oauth_runtime::ReturnTo;
///
/// let wanted: ReturnTo = "/orders?page=2".parse()?;
/// assert_eq!(wanted.as_str(), "/orders?page=2");
///
/// let evil = "//evil.example".parse::<ReturnTo>();
/// assert_eq!(evil.unwrap_or_default().as_str(), "/");
/// # Ok::<(), oauth_runtime::InvalidReturnTo>(())
/// ```
///
/// [`AuthorizationRequest::return_to`](crate::AuthorizationRequest::return_to) keeps it with the sign-in, and
/// [`Callback::return_to`](crate::Callback::return_to) gives it back. With the feature `axum` it is a response that
/// sends the user there. The default is `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo(Cow<'static, str>);

impl ReturnTo {
    /// The path as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ReturnTo {
    fn default() -> Self {
        Self(Cow::Borrowed("/"))
    }
}

impl FromStr for ReturnTo {
    type Err = InvalidReturnTo;

    fn from_str(text: &str) -> Result<Self, InvalidReturnTo> {
        let path = text.split(['?', '#']).next().unwrap_or_default();
        if text.len() <= MAX_LENGTH && is_read_as_written(text) && decodings_are_plain(path) {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(InvalidReturnTo)
        }
    }
}

/// Whether a reader of URLs, which drops tabs, turns `\` into `/` and climbs `..`, makes of it what it says.
fn is_read_as_written(text: &str) -> bool {
    let is_path = text.starts_with('/') && !text[1..].starts_with(['/', '\\']);
    let read = Url::parse(ORIGIN).and_then(|origin| origin.join(text));
    is_path && read.is_ok_and(|url| url.as_str().strip_prefix(ORIGIN) == Some(text))
}

/// Whether a path names no host for somebody who decodes it once more than he should, however often that is.
fn decodings_are_plain(path: &str) -> bool {
    let mut path = path.as_bytes().to_vec();
    loop {
        let names_a_host = path.starts_with(b"/@") || path.windows(2).any(|two| two == b"//");
        if names_a_host || path.iter().any(|byte| byte.is_ascii_control() || *byte == b'\\') {
            return false;
        }
        let decoded: Vec<u8> = percent_decode(&path).collect();
        if decoded == path {
            return true;
        }
        path = decoded;
    }
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no path of the application's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidReturnTo;

impl fmt::Display for InvalidReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a path of this application: it must begin with one `/`, name no host, and be no longer than 1024 bytes")
    }
}

impl std::error::Error for InvalidReturnTo {}
