//! A value fits a variable's format for the compiler exactly when it does for the runtime: one reads it in a
//! definition, the other where an application gives it.

use oauth_runtime::variable::{Digits, Host, HostLabel, HttpsUrl, PathSegment, Uuid};

const VALUES: &[&str] = &[
    "acme",
    "a-b",
    "-a",
    "a-",
    "A1",
    "a.b",
    "xn--80ak6aa92e",
    "a.xn--80ak6aa92e.example",
    "é",
    "a b",
    "a/b",
    ".",
    "..",
    "a%2fb",
    "a_b",
    "a~b",
    "0",
    "042",
    "4x",
    "ghe.example.com",
    "127.0.0.1",
    "a.example:443",
    "u@a.example",
    "a..example",
    "a.example.",
    "localhost",
    "https://a.example",
    "https://a.example/api/v3",
    "https://a.example:8443",
    "https://a.example/",
    "https://a.example?x",
    "https://a.example/../b",
    "https://a.example:0",
    "http://a.example",
    "https://u@a.example",
    "https://[::1]",
    "72f988bf-86f1-41af-91ab-2d7cd011db47",
    "72F988BF-86F1-41AF-91AB-2D7CD011DB47",
    "72f988bf86f141af91ab2d7cd011db47",
];

/// Whether the compiler takes `value` as the default of a variable with this format, at a place that suits it.
fn compiles(format: &str, value: &str) -> bool {
    let endpoint = match format {
        "https_url" => "{x}/token",
        "host" => "https://{x}/token",
        "host_label" => "https://{x}.example.com/token",
        _ => "https://example.com/{x}/token",
    };
    let definition = format!(
        "name = \"X\"\ntoken_endpoint = \"{endpoint}\"\ntoken_endpoint_auth_methods = [\"none\"]\n\
         [variables.x]\nformat = \"{format}\"\ndefault = \"{value}\"\n"
    );
    oauth_codegen::check("providers/x.toml", &definition).is_empty()
}

#[test]
fn the_compiler_and_the_runtime_agree_on_every_format() {
    for value in VALUES {
        for (format, parses) in [
            ("host_label", value.parse::<HostLabel>().is_ok()),
            ("host", value.parse::<Host>().is_ok()),
            ("path_segment", value.parse::<PathSegment>().is_ok()),
            ("https_url", value.parse::<HttpsUrl>().is_ok()),
            ("digits", value.parse::<Digits>().is_ok()),
            ("uuid", value.parse::<Uuid>().is_ok()),
        ] {
            assert_eq!(compiles(format, value), parses, "{value:?} as {format}");
        }
    }
}
