//! Addresses with variables: what compiles cannot be led to another host by any value that its format takes.

use oauth_runtime::variable::{Digits, Host, HostLabel, HttpsUrl, PathSegment, Uuid};
use std::fmt::Write;
use url::Url;

/// A variable, and who can be its value.
struct Variable {
    name: &'static str,
    format: &'static str,
    usual: &'static str,
    fits: fn(&str) -> bool,
}

impl Variable {
    const fn new(
        name: &'static str,
        format: &'static str,
        usual: &'static str,
        fits: fn(&str) -> bool,
    ) -> Self {
        Self { name, format, usual, fits }
    }

    fn placeholder(&self) -> String {
        format!("{{{}}}", self.name)
    }
}

/// One for each format.
const VARIABLES: &[Variable] = &[
    Variable::new("label", "host_label", "acme", |text| text.parse::<HostLabel>().is_ok()),
    Variable::new("host", "host", "id.acme.example", |text| text.parse::<Host>().is_ok()),
    Variable::new("segment", "path_segment", "acme", |text| text.parse::<PathSegment>().is_ok()),
    Variable::new("base", "https_url", "https://id.acme.example/x", |text| text.parse::<HttpsUrl>().is_ok()),
    Variable::new("digits", "digits", "443", |text| text.parse::<Digits>().is_ok()),
    Variable::new("uuid", "uuid", "0123abcd-0000-4000-8000-0123456789ab", |text| {
        text.parse::<Uuid>().is_ok()
    }),
];

/// The first line is a template, the second a value that somebody gives for its variables.
pub(super) fn addresses(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    let (template, value) = text.split_once('\n').unwrap_or((&text, ""));
    if oauth_codegen::expand("providers/x.toml", &definition(template)).is_err() {
        return false;
    }
    stays(template, |variable| variable.usual);
    stays(template, |variable| if (variable.fits)(value) { value } else { variable.usual });
    true
}

fn definition(template: &str) -> String {
    let quoted = serde_json::Value::from(template).to_string();
    let mut text = format!(
        "name = \"X\"\nauthorization_endpoint = {quoted}\ntoken_endpoint = {quoted}\n\
         token_endpoint_auth_methods = [\"none\"]\n"
    );
    for variable in VARIABLES.iter().filter(|variable| template.contains(&variable.placeholder())) {
        let Variable { name, format, .. } = variable;
        let _ = write!(text, "[variables.{name}]\nrequired = true\nformat = \"{format}\"\n");
    }
    text
}

/// Fills a template that compiled, and looks whether the host is the one that stands in it.
fn stays<'a>(template: &str, value: impl Fn(&Variable) -> &'a str) {
    let fill = |text: &str| {
        VARIABLES
            .iter()
            .fold(text.to_owned(), |text, variable| text.replace(&variable.placeholder(), value(variable)))
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
