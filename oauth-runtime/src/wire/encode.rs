//! Percent-encoding: one table for queries, forms and the parts of HTTP Basic.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986. A space becomes `%20`, which every decoder of forms reads too,
/// and `-` stays, because some servers compare what they were sent without decoding it.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What would end a value, or is no part of a query at all (RFC 3986 §3.4): encoded even where a definition wants values as they are.
const UNSAFE: &AsciiSet = &RESERVED
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b'/')
    .remove(b':')
    .remove(b';')
    .remove(b'=')
    .remove(b'?')
    .remove(b'@');

/// Appends `text` as it is, as far as it can be a part of a value.
pub(crate) fn raw_into(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, UNSAFE));
}

/// Appends `text`, encoded.
pub(crate) fn encode_into(out: &mut String, text: &str) {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    // Nearly every text is plain, and then it is one piece.
    if text.bytes().all(is_plain) {
        out.push_str(text);
    } else {
        out.extend(utf8_percent_encode(text, RESERVED));
    }
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

#[cfg(test)]
mod tests {
    use super::raw_into;

    #[test]
    fn nothing_raw_can_end_its_parameter() {
        let mut url = "https://id.example/?a=".to_owned();
        raw_into(&mut url, "b+c:d/e&state=x#f%26\r\n é\"<>");
        assert_eq!(url, "https://id.example/?a=b+c:d/e%26state=x%23f%2526%0D%0A%20%C3%A9%22%3C%3E");
        let parsed: url::Url = url.parse().expect("it is a URL");
        assert_eq!((parsed.query_pairs().count(), parsed.fragment()), (1, None));
    }
}
