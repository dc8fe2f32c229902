//! Reading a query or a form (the WHATWG's `application/x-www-form-urlencoded`), as callbacks bring them.

use percent_encoding::percent_decode;
use std::borrow::Cow;

/// The names and values in `text`, in their order: what `url::form_urlencoded::parse` gives, and at most one allocation
/// for each text that is written with escapes.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

fn decode(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    for (index, part) in text.as_bytes().split(|byte| *byte == b'+').enumerate() {
        if index > 0 {
            bytes.push(b' ');
        }
        bytes.extend(percent_decode(part));
    }
    let text = String::from_utf8(bytes);
    Cow::Owned(text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn a_query_is_read_as_the_standard_has_it() {
        let texts = [
            "",
            "&",
            "=",
            "a",
            "a=",
            "=b",
            "a=b",
            "a=b&c=d",
            "&&a=b&&",
            "a=b=c",
            "a=b+c",
            "a+b=%20",
            "a=%2B",
            "a=%4",
            "a=%",
            "a=%zz",
            "a=%C3%A9",
            "a=%C3",
            "a=é+%FF",
            "%61=b&a=%62",
            "a=%00&a=+",
            "a=4%2F0Aea&state=x",
        ];
        for text in texts {
            let standard: Vec<_> = url::form_urlencoded::parse(text.as_bytes()).collect();
            assert_eq!(pairs(text).collect::<Vec<_>>(), standard, "{text:?}");
        }
    }
}
