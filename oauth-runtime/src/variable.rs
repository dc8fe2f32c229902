//! The types of variables in addresses: parsed where they are made, so that a host never comes from an unchecked text.

use crate::{
    secret::Secret,
    spec::{Format, Variable},
};
use std::{borrow::Cow, fmt, str::FromStr};

/// Fields of a provider's struct that can give the value of a variable of the type `V`: `V` itself, or an `Option` of it
/// where the definition has a default or does not require it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold this variable of the definition",
    label = "the definition's `format` asks for `{V}`",
    note = "make the field `{V}`, or `Option<{V}>` where the definition has a default or says `required = false`",
    note = "parse it where it comes in: `text.parse::<{V}>()?`"
)]
pub trait Holds<V> {
    /// The value, if there is one.
    fn value(&self) -> Option<&str>;
}

/// For generated code: the value of a field that holds a `V`.
#[doc(hidden)]
pub fn value<V>(field: &impl Holds<V>) -> Option<&str> {
    field.value()
}

impl<V: AsRef<str>> Holds<V> for V {
    fn value(&self) -> Option<&str> {
        Some(self.as_ref())
    }
}

impl<V: AsRef<str>> Holds<V> for Option<V> {
    fn value(&self) -> Option<&str> {
        self.as_ref().map(AsRef::as_ref)
    }
}

/// Fields that always give the value of a variable: those that can hold one that the definition requires.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold this variable of the definition",
    label = "the definition requires the variable, and its `format` asks for `{V}`",
    note = "make the field `{V}`; an `Option<{V}>` needs a default or `required = false` in the definition",
    note = "parse it where it comes in: `text.parse::<{V}>()?`"
)]
pub trait HoldsRequired<V>: Holds<V> {}

impl<V: AsRef<str>> HoldsRequired<V> for V {}

/// For generated code: the value of a field that must hold a `V`.
#[doc(hidden)]
pub fn required<V>(field: &impl HoldsRequired<V>) -> Option<&str> {
    field.value()
}

/// For generated code: the value of a secret variable.
#[doc(hidden)]
pub fn secret(field: &Secret) -> Option<&str> {
    Some(field.expose())
}

/// For generated code: the value of a secret variable that may be missing.
#[doc(hidden)]
#[allow(clippy::ref_option, reason = "generated code has the field at hand")]
pub fn optional_secret(field: &Option<Secret>) -> Option<&str> {
    field.as_ref().map(Secret::expose)
}

/// Whether a text is a value of the variable.
pub(crate) fn fits(variable: &Variable, text: &str) -> bool {
    match variable.format {
        Format::Text => is_text(text),
        Format::HostLabel => is_host_label(text),
        Format::Host => is_host(text),
        Format::PathSegment => is_path_segment(text),
        Format::HttpsUrl => is_https_url(text),
        Format::Digits => is_digits(text),
        Format::Uuid => is_uuid(text),
        Format::Enum => variable.choices.contains(&text),
    }
}

/// What a value of the variable is, for people.
pub(crate) fn expected(variable: &Variable) -> Cow<'static, str> {
    Cow::Borrowed(match variable.format {
        Format::Text => Text::EXPECTED,
        Format::HostLabel => HostLabel::EXPECTED,
        Format::Host => Host::EXPECTED,
        Format::PathSegment => PathSegment::EXPECTED,
        Format::HttpsUrl => HttpsUrl::EXPECTED,
        Format::Digits => Digits::EXPECTED,
        Format::Uuid => Uuid::EXPECTED,
        Format::Enum => return Cow::Owned(format!("one of {}", variable.choices.join(", "))),
    })
}

/// For generated code: parses a value that may have been typed with its surroundings (`prefix`, `suffix`).
#[doc(hidden)]
pub fn parse_trimmed<V: FromStr<Err = InvalidVariable>>(
    text: &str,
    prefix: &str,
    suffix: &str,
) -> Result<V, InvalidVariable> {
    let text = text.strip_prefix(prefix).unwrap_or(text);
    text.strip_suffix(suffix).unwrap_or(text).parse()
}

/// A value that does not have the format of its variable. It names the format, not the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidVariable {
    expected: &'static str,
}

impl InvalidVariable {
    /// For generated code.
    #[doc(hidden)]
    pub const fn expected(expected: &'static str) -> Self {
        Self { expected }
    }
}

impl fmt::Display for InvalidVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value is not {}", self.expected)
    }
}

impl std::error::Error for InvalidVariable {}

macro_rules! variable {
    ($(#[$doc:meta])* $name:ident, $check:path, $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            const EXPECTED: &str = $expected;
        }

        impl FromStr for $name {
            type Err = InvalidVariable;

            fn from_str(text: &str) -> Result<Self, InvalidVariable> {
                if $check(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidVariable::expected(Self::EXPECTED))
                }
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

variable!(
    /// Any text of visible characters: it may stand only in a query, where it is percent-encoded (`format` unset).
    Text, is_text, "a text without control characters");
variable!(
    /// One DNS label, such as a shop's name: letters, digits and inner hyphens, at most 63 (`format = "host_label"`).
    HostLabel, is_host_label, "one label of a host name: letters, digits and hyphens");
variable!(
    /// A host name of at least two labels, without a port (`format = "host"`).
    Host, is_host, "a host name, such as \"ghe.example.com\"");
variable!(
    /// One segment of a path: unreserved characters of RFC 3986, not `.` or `..` (`format = "path_segment"`).
    PathSegment, is_path_segment, "one segment of a path: letters, digits, `-`, `.`, `_` and `~`");
variable!(
    /// An `https` URL without user, query or fragment, and without a slash at its end (`format = "https_url"`).
    HttpsUrl, is_https_url, "an https URL without user, query, fragment or a slash at its end");
variable!(
    /// ASCII digits (`format = "digits"`).
    Digits, is_digits, "digits");
variable!(
    /// A UUID as `8-4-4-4-12` hexadecimal digits (`format = "uuid"`).
    Uuid, is_uuid, "a UUID");

fn is_text(text: &str) -> bool {
    !text.is_empty() && text.len() <= 1024 && !text.chars().any(char::is_control)
}

fn is_host_label(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !is_punycode(text)
}

/// `xn--`: a host that looks like another is a way to send a secret elsewhere.
fn is_punycode(label: &str) -> bool {
    label.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("xn--"))
}

fn is_host(text: &str) -> bool {
    let last_is_a_name =
        text.rsplit('.').next().is_some_and(|last| !last.bytes().all(|b| b.is_ascii_digit()));
    text.len() <= 253 && text.contains('.') && last_is_a_name && text.split('.').all(is_host_label)
}

fn is_path_segment(text: &str) -> bool {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    (1..=255).contains(&text.len()) && text != "." && text != ".." && text.bytes().all(unreserved)
}

fn is_https_url(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, "x"));
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    is_host(host)
        && is_digits(port)
        && port.parse::<u16>().is_ok_and(|port| port > 0)
        && path.split('/').all(is_path_segment)
}

fn is_digits(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(str::len);
    groups.eq([8, 4, 4, 4, 12]) && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_there_is_short_and_has_no_control_characters() {
        for good in ["a", "Zoë & Co.", &"a".repeat(1024)] {
            assert!(good.parse::<Text>().is_ok(), "{good}");
        }
        for bad in ["", "a\nb", "\0", "a\u{85}", &"a".repeat(1025)] {
            assert!(bad.parse::<Text>().is_err(), "{bad:?}");
        }
        assert!("".parse::<Text>().is_err_and(|error| !error.to_string().is_empty()));
    }

    #[test]
    fn a_secret_of_a_variable_is_what_was_bound() {
        assert_eq!(optional_secret(&Some(Secret::from("hush"))), Some("hush"));
        assert_eq!(optional_secret(&None), None);
    }

    #[test]
    fn a_host_label_is_one_plain_label() {
        for good in ["acme", "a-b", "A1"] {
            assert!(good.parse::<HostLabel>().is_ok(), "{good}");
        }
        for bad in ["", "a.b", "a/b", "-a", "a-", "a b", "a@b", "xn--80ak6aa92e", "é", "a\u{0}"] {
            assert!(bad.parse::<HostLabel>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_host_has_no_port_no_user_and_is_no_address() {
        assert!("ghe.example.com".parse::<Host>().is_ok());
        for bad in [
            "localhost",
            "127.0.0.1",
            "a.example:443",
            "u@a.example",
            "a..example",
            "a.example.",
            "a.example/x",
        ] {
            assert!(bad.parse::<Host>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_path_segment_cannot_leave_its_place() {
        assert!("contoso.onmicrosoft.com".parse::<PathSegment>().is_ok());
        for bad in ["", ".", "..", "a/b", "a%2fb", "a?b", "a#b", "a\\b"] {
            assert!(bad.parse::<PathSegment>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_https_url_is_origin_and_path_only() {
        for good in ["https://a.example", "https://a.example/api/v3", "https://a.example:8443"] {
            assert!(good.parse::<HttpsUrl>().is_ok(), "{good}");
        }
        for bad in [
            "http://a.example",
            "https://u@a.example",
            "https://a.example/",
            "https://a.example?x",
            "https://a.example/../b",
            "https://a.example:0",
            "https://a.example:+443",
            "https://a.example:",
            "https://[::1]",
            "https://a",
        ] {
            assert!(bad.parse::<HttpsUrl>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn digits_and_uuids_are_what_they_are_called() {
        assert!("042".parse::<Digits>().is_ok());
        assert!("4x".parse::<Digits>().is_err());
        assert!("72f988bf-86f1-41af-91ab-2d7cd011db47".parse::<Uuid>().is_ok());
        assert!("72f988bf-86f1-41af-91ab2d7cd011db47-".parse::<Uuid>().is_err());
    }

    #[test]
    fn what_is_typed_with_the_value_is_taken_off() {
        let shop: HostLabel =
            parse_trimmed("https://acme.myshopify.com", "https://", ".myshopify.com").expect("acme");
        assert_eq!(shop.as_ref(), "acme");
    }
}
