//! Percent-encoding: one table for queries, forms and the parts of HTTP Basic.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
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
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut rest = text;
    // What stands between two bytes that are encoded is pushed in one piece; nearly every text is one.
    while let Some(at) = rest.bytes().position(|byte| !PLAIN[usize::from(byte)]) {
        let (plain, reserved) = rest.split_at(at);
        out.push_str(plain);
        let length = reserved.chars().next().map_or(0, char::len_utf8);
        let (reserved, next) = reserved.split_at(length);
        for byte in reserved.bytes() {
            let digits = [b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
            out.extend(digits.map(char::from));
        }
        rest = next;
    }
    out.push_str(rest);
}

/// Whether a byte stays as it is: the unreserved characters of RFC 3986. A space becomes `%20`, which every decoder of
/// forms reads too, and `-` stays, because some servers compare what they were sent without decoding it.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        plain[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    plain
};

/// `text`, encoded.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode_into(&mut out, text);
    out
}

/// Ends what stands before the next pair of a query or form.
pub(crate) fn next_into(out: &mut String) {
    if !matches!(out.as_bytes().last(), None | Some(b'?' | b'&')) {
        out.push('&');
    }
}

/// Appends `name=value` to a query or form, after `&` unless it is the first.
pub(crate) fn pair_into(out: &mut String, name: &str, value: &str) {
    next_into(out);
    encode_into(out, name);
    out.push('=');
    encode_into(out, value);
}

#[cfg(test)]
mod tests {
    use super::{RESERVED, encode, raw_into};
    use percent_encoding::utf8_percent_encode;

    #[test]
    fn every_character_is_encoded_as_the_standard_has_it() {
        let all: String = (0..=0x2ff).filter_map(char::from_u32).chain("€𝄞".chars()).collect();
        for text in ["", "plain", "https://app.example/a b", &all, &format!("a{all}z")] {
            assert_eq!(encode(text), utf8_percent_encode(text, RESERVED).to_string());
        }
    }

    #[test]
    fn nothing_raw_can_end_its_parameter() {
        let mut url = "https://id.example/?a=".to_owned();
        raw_into(&mut url, "b+c:d/e&state=x#f%26\r\n é\"<>");
        assert_eq!(url, "https://id.example/?a=b+c:d/e%26state=x%23f%2526%0D%0A%20%C3%A9%22%3C%3E");
        let parsed: url::Url = url.parse().expect("it is a URL");
        assert_eq!((parsed.query_pairs().count(), parsed.fragment()), (1, None));
    }
}
