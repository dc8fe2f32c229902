//! Addresses with variables: what compiles cannot be led to another host by any value that its format takes.

use oauth_runtime::variable::{Digits, Host, HostLabel, HttpsUrl, PathSegment, Uuid};
use std::fmt::Write;
use url::Url;

/// A variable for each format: its name, the format, a value that is one, and whether a text is one.
const VARIABLES: &[(&str, &str, &str, fn(&str) -> bool)] = &[
    ("label", "host_label", "acme", |text| text.parse::<HostLabel>().is_ok()),
    ("host", "host", "id.acme.example", |text| text.parse::<Host>().is_ok()),
    ("segment", "path_segment", "acme", |text| text.parse::<PathSegment>().is_ok()),
    ("base", "https_url", "https://id.acme.example/x", |text| text.parse::<HttpsUrl>().is_ok()),
    ("digits", "digits", "443", |text| text.parse::<Digits>().is_ok()),
    ("uuid", "uuid", "0123abcd-0000-4000-8000-0123456789ab", |text| text.parse::<Uuid>().is_ok()),
];

/// The first line is a template, the second a value that somebody gives for its variables.
pub(super) fn addresses(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    let (template, value) = text.split_once('\n').unwrap_or((&text, ""));
    if oauth_codegen::expand("providers/x.toml", &definition(template)).is_err() {
        return false;
    }
    stays(template, |_, usual, _| usual.to_owned());
    stays(template, |_, usual, fits| if fits(value) { value.to_owned() } else { usual.to_owned() });
    true
}

fn definition(template: &str) -> String {
    let quoted = serde_json::Value::from(template).to_string();
    let mut text = format!(
        "name = \"X\"\nauthorization_endpoint = {quoted}\ntoken_endpoint = {quoted}\n\
         token_endpoint_auth_methods = [\"none\"]\n"
    );
    for (name, format, ..) in VARIABLES.iter().filter(|(name, ..)| template.contains(&format!("{{{name}}}")))
    {
        let _ = write!(text, "[variables.{name}]\nrequired = true\nformat = \"{format}\"\n");
    }
    text
}

/// Fills a template that compiled, and looks whether the host is the one that stands in it.
fn stays(template: &str, value: impl Fn(&str, &str, fn(&str) -> bool) -> String) {
    let fill = |text: &str| {
        VARIABLES.iter().fold(text.to_owned(), |text, (name, _, usual, fits)| {
            text.replace(&format!("{{{name}}}"), &value(name, usual, *fits))
        })
    };
    let address = fill(template);
    let url = Url::parse(&address).unwrap_or_else(|error| panic!("{address:?}: {error}"));
    assert!(url.username().is_empty() && url.password().is_none(), "{address:?}");
    assert!(url.fragment().is_none(), "{address:?}");
    let host = if let Some(rest) = template.strip_prefix("{base}") {
        assert!(rest.is_empty() || rest.starts_with(['/', '?']), "{template:?}");
        fill("{base}")
    } else {
        let after_scheme = template.split_once("://").map_or("", |(_, rest)| rest);
        let authority = fill(after_scheme.split(['/', '?', '#', '\\']).next().unwrap_or_default());
        assert!(!authority.contains(['/', '?', '#', '@', '\\']), "{authority:?} of {template:?}");
        format!("{}://{authority}", url.scheme())
    };
    let host = Url::parse(&host).unwrap_or_else(|error| panic!("{host:?}: {error}"));
    assert_eq!(url.origin(), host.origin(), "{template:?} became {address:?}");
    let is_local = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    assert!(url.scheme() == "https" || is_local, "{address:?}");
}
