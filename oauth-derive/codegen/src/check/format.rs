//! What the values of variables look like: the same rules as the runtime's types, for defaults, examples and enums.

use crate::model::Format;

/// The format of a name in a definition.
pub(super) fn named(name: &str) -> Format {
    match name {
        "host_label" => Format::HostLabel,
        "host" => Format::Host,
        "path_segment" => Format::PathSegment,
        "https_url" => Format::HttpsUrl,
        "digits" => Format::Digits,
        "uuid" => Format::Uuid,
        _ => Format::Text,
    }
}

/// Does the value have the format?
pub(super) fn fits(format: Format, value: &str) -> bool {
    match format {
        Format::Text | Format::Enum => is_text(value),
        Format::HostLabel => is_host_label(value),
        Format::Host => is_host(value),
        Format::PathSegment => is_path_segment(value),
        Format::HttpsUrl => is_https_url(value),
        Format::Digits => (1..=64).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit()),
        Format::Uuid => is_uuid(value),
    }
}

/// What a message says that the value is not.
pub(super) fn describe(format: Format) -> &'static str {
    match format {
        Format::Text | Format::Enum => "a text without control characters",
        Format::HostLabel => "one label of a host name: letters, digits and inner hyphens",
        Format::Host => "a host name, such as \"ghe.example.com\"",
        Format::PathSegment => "one segment of a path: letters, digits, `-`, `.`, `_` and `~`",
        Format::HttpsUrl => "an https URL without user, query, fragment or a slash at its end",
        Format::Digits => "digits",
        Format::Uuid => "a UUID",
    }
}

fn is_text(text: &str) -> bool {
    !text.is_empty() && text.len() <= 1024 && !text.chars().any(char::is_control)
}

pub(super) fn is_host_label(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !is_punycode(text)
}

/// `xn--`: a host that looks like another is a way to send a secret elsewhere.
pub(super) fn is_punycode(label: &str) -> bool {
    label.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("xn--"))
}

fn is_host(text: &str) -> bool {
    let last_is_a_name =
        text.rsplit('.').next().is_some_and(|last| !last.bytes().all(|b| b.is_ascii_digit()));
    text.len() <= 253 && text.contains('.') && last_is_a_name && is_host_part(text)
}

/// Labels with dots between them.
pub(super) fn is_host_part(text: &str) -> bool {
    text.split('.').all(is_host_label)
}

pub(super) fn is_path_segment(text: &str) -> bool {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    (1..=255).contains(&text.len()) && text != "." && text != ".." && text.bytes().all(unreserved)
}

pub(super) fn is_https_url(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, "x"));
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0) && path.split('/').all(is_path_segment)
}

fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(str::len);
    groups.eq([8, 4, 4, 4, 12]) && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}
