//! [`Parameters`]: names and values from a query, a form or a JSON object, in the order in which they came.

use serde_json::Value;
use url::form_urlencoded;

/// Names and values. A name may come more than once, which is an error that only the reader can judge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parameters(pub(crate) Vec<(String, String)>);

impl Parameters {
    /// Of a query or of an `application/x-www-form-urlencoded` body.
    pub(crate) fn from_form(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// The members of a JSON object, a text as it is and anything else as JSON writes it.
    pub(crate) fn from_json(text: &[u8]) -> Option<Self> {
        let Value::Object(object) = serde_json::from_slice(text).ok()? else { return None };
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        Some(Self(object.into_iter().map(|(name, value)| (name, text(value))).collect()))
    }

    /// The first value of a name. An empty one counts as absent (RFC 6749 §3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Whether a name comes at all, be it with an empty value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// A name that comes more than once, which no request may have (RFC 6749 §3.1 and §3.2).
    pub(crate) fn repeated(&self) -> Option<&str> {
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_name_is_found() {
        assert_eq!(Parameters::from_form(b"a=1&b=2&a=3").repeated(), Some("a"));
        assert_eq!(Parameters::from_form(b"a=1&b=2").repeated(), None);
    }

    #[test]
    fn a_json_object_is_read_as_names_and_values() {
        let parameters = Parameters::from_json(br#"{"a":"1","b":2,"c":{"d":null}}"#).expect("an object");
        assert_eq!(parameters.get("a"), Some("1"));
        assert_eq!(parameters.get("b"), Some("2"));
        assert_eq!(parameters.get("c"), Some(r#"{"d":null}"#));
        assert_eq!(Parameters::from_json(b"[]"), None);
    }

    #[test]
    fn an_empty_value_counts_as_absent() {
        let parameters = Parameters::from_form(b"code=");
        assert!(parameters.has("code"));
        assert_eq!(parameters.get("code"), None);
    }
}
