//! Percent-encoding: one table for queries, forms and the parts of HTTP Basic.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986. A space becomes `%20`, which every decoder of forms reads too,
/// and `-` stays, because some servers compare what they were sent without decoding it.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Appends `text`, encoded.
pub(crate) fn encode_into(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, RESERVED));
}

/// `text`, encoded.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Appends `name=value` to a query or form, after `&` unless it is the first.
pub(crate) fn pair_into(out: &mut String, name: &str, value: &str) {
    if !out.is_empty() && !out.ends_with(['?', '&']) {
        out.push('&');
    }
    encode_into(out, name);
    out.push('=');
    encode_into(out, value);
}
